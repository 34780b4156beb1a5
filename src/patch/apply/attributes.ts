// Predicts where git's attributes and line-ending settings will change what a patch writes.

import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Git, type RepositoryRoot, readUserSetting } from "../../system/index.ts";
import { applyToCopies, type Change, type Copies, makeGitDir, plain } from "./checked-diff.ts";

/** Attributes that make git write bytes other than the patch says. */
const watched = ["text", "eol", "crlf", "ident", "working-tree-encoding", "filter"] as const;

export type Attributes = ReadonlyMap<string, string>;

/** How the user's git ends lines. */
export interface EndingSettings {
	readonly autocrlf: string | undefined;
	readonly eol: string | undefined;
}

/** Costs two processes. A plain folder has no git that would read it. */
export async function readEndingSettings(root: RepositoryRoot): Promise<EndingSettings> {
	const isRepository = await lstat(join(root, ".git")).catch(() => undefined);
	if (isRepository === undefined) return { autocrlf: undefined, eol: undefined };
	const [autocrlf, eol] = await Promise.all([
		readUserSetting(root, "core.autocrlf"),
		readUserSetting(root, "core.eol"),
	]);
	return { autocrlf: autocrlf === "false" ? undefined : autocrlf?.toLowerCase(), eol: eol?.toLowerCase() };
}

/**
 * git applies the patch to copies with the repository's attributes and settings, and the results are compared. Filters
 * are programs, so they are named and not run.
 */
export async function predictAttributeEffects(
	copies: Copies,
	attributes: ReadonlyMap<string, Attributes>,
	{ autocrlf, eol }: EndingSettings,
	git: Git,
	signal: AbortSignal,
): Promise<readonly string[]> {
	const notes = [...attributes].flatMap(([path, own]) => {
		const filter = own.get("filter");
		return filter === undefined || filter === "unset" || filter === "set"
			? []
			: [`${path}: when the patch is applied, git runs the filter ${JSON.stringify(filter)} on the file`];
	});
	if (attributes.size === 0 && autocrlf === undefined) return notes;
	const lines = [...attributes].map(([path, own]) => `${patternOf(path)} ${spell(own)}`);
	const gitDir = await makeGitDir(copies.folder, "git-attributes", `${lines.join("\n")}\n`);
	const asUser = [
		...plain,
		...(autocrlf === undefined ? [] : ["-c", `core.autocrlf=${autocrlf}`]),
		"-c",
		`core.eol=${eol ?? "native"}`,
	];
	const tree = { ...copies, gitDir };
	const { problem, different } = await applyToCopies(tree, "tree-attributes", asUser, git, signal);
	if (problem !== undefined) {
		return [
			...notes,
			`with this repository's attributes and line-ending settings git apply says: ${problem}`,
		];
	}
	return [
		...notes,
		...different.map((path) => {
			const own = attributes.get(path);
			const why = own === undefined ? `core.autocrlf=${autocrlf ?? ""}` : spell(own);
			return `${path}: git apply will write bytes other than the patch says, mostly line endings (${why})`;
		}),
	];
}

/** The attributes that the repository specifies for each file that the patch writes. */
export async function readAttributes(
	root: RepositoryRoot,
	changes: readonly Change[],
	tracked: () => Promise<ReadonlySet<string>>,
	git: Git,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, Attributes>> {
	const paths = changes.filter(({ after }) => after !== undefined).map(({ path }) => path);
	const gitFolder = await lstat(join(root, ".git")).catch(() => undefined);
	if (gitFolder === undefined || paths.length === 0) return new Map();
	// A linked work tree has its `info/attributes` elsewhere.
	if (gitFolder.isDirectory() && !(await mayHaveAttributes(root, tracked, paths))) return new Map();
	const { stdout } = await git.run(["check-attr", "-z", ...watched, "--", ...paths], { signal });
	const fields = stdout.toString("utf8").split("\0");
	const found = new Map<string, Map<string, string>>();
	for (let index = 0; index + 2 < fields.length; index += 3) {
		const [path = "", name = "", value = ""] = fields.slice(index, index + 3);
		// git allows no space in them, so each stays one word in an attributes file.
		if (value === "unspecified" || /\s/.test(value)) continue;
		const known = found.get(path) ?? new Map<string, string>();
		found.set(path, known.set(name, value));
	}
	return found;
}

/** Where gitattributes(5) has git look for the attributes of some paths: in each folder on the way. */
export function attributeFiles(paths: readonly string[]): readonly string[] {
	const folders = new Set<string>();
	for (const path of paths) {
		for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
	}
	return [...folders].map((folder) => join(folder, ".gitattributes"));
}

/**
 * Whether git could find attributes for these paths at all: in the work tree, else in the index, or in
 * `info/attributes`. Most repositories have none, and to start git costs more than to look.
 */
async function mayHaveAttributes(
	root: RepositoryRoot,
	tracked: () => Promise<ReadonlySet<string>>,
	paths: readonly string[],
): Promise<boolean> {
	const files = attributeFiles(paths);
	for (const file of [...files, join(".git", "info", "attributes")]) {
		if ((await lstat(join(root, file)).catch(() => undefined)) !== undefined) return true;
	}
	const inIndex = await tracked();
	return files.some((file) => inIndex.has(file));
}

/** A pattern that matches one path only, in quotation marks as gitattributes(5) defines them. */
function patternOf(path: string): string {
	const literal = `/${path}`.replace(/[*?[\]\\]/g, "\\$&");
	return `"${literal.replace(/[\\"]/g, "\\$&")}"`;
}

function spell(attributes: Attributes): string {
	return [...attributes]
		.filter(([name]) => name !== "filter")
		.map(([name, value]) => (value === "set" ? name : value === "unset" ? `-${name}` : `${name}=${value}`))
		.join(" ");
}
