import { findSecret } from "../answer/secrets.ts";
import { InvalidArgument } from "../failure.ts";
import type { Git } from "../system/git.ts";
import type { RepositoryRoot } from "../system/repository.ts";
import { type Change, makeCheckedDiff } from "./checked-diff.ts";
import { type FileDiff, readDiff } from "./diffs.ts";
import { applyReplacements, type Replacement } from "./edits.ts";
import { EditRefused, PatchRefused } from "./errors.ts";
import { flagsOf } from "./flags.ts";
import { hashOf, PatchStore, patchId } from "./store.ts";
import { readTarget, type Target } from "./targets.ts";
import { readText, splitLines, type TextFile, writeText } from "./text-file.ts";

/** What an agent wants changed in one file. */
export type Edit =
	| {
			readonly path: string;
			readonly old_text: string;
			readonly new_text: string;
			readonly line?: number | undefined;
	  }
	| { readonly path: string; readonly content: string }
	| { readonly path: string; readonly delete: true };

export interface PatchRequest {
	readonly title: string;
	readonly rationale: string;
	readonly edits?: readonly Edit[] | undefined;
	readonly diff?: string | undefined;
	readonly errorCode?: string | undefined;
}

export interface TouchedFile {
	readonly path: string;
	readonly change: "changed" | "new" | "deleted";
	readonly added: number;
	readonly removed: number;
}

export interface ProposedPatch {
	readonly id: string;
	readonly diff: string;
	/** Where the diff is kept, outside the work tree. */
	readonly file: string;
	readonly files: readonly TouchedFile[];
	/** Files with power beyond the code. */
	readonly flags: readonly string[];
	readonly notes: readonly string[];
}

export interface PatchProposer {
	/** @throws {EditRefused} {PatchRefused} {PathRefused} {InvalidArgument} */
	propose(request: PatchRequest, signal: AbortSignal): Promise<ProposedPatch>;
	/** @throws {PatchUnknown} */
	read(
		id: string,
		signal: AbortSignal,
	): Promise<{ readonly title: string; readonly diff: string; readonly stale: boolean }>;
}

const maxFiles = 50;
const maxLines = 5000;

export function createPatchProposer(options: {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly stateFolder: string;
}): PatchProposer {
	const { root, git, stateFolder } = options;
	const store = new PatchStore(stateFolder);
	const target = (path: string, signal: AbortSignal) => readTarget(root, git, path, signal);
	return {
		async propose(request, signal) {
			const wishes = readWishes(request);
			if (wishes.length > maxFiles) throw new PatchRefused("too_many_files", undefined, `${wishes.length}`);
			const notes: string[] = [];
			const changes: Change[] = [];
			for (const wish of wishes) {
				const before = await target(wish.path, signal);
				const { after, notes: more } = fulfil(wish, before);
				notes.push(...more);
				const unchanged =
					after === undefined ? before.content === undefined : before.content?.equals(after) === true;
				if (!unchanged)
					changes.push({ path: before.path, before: before.content, after, executable: before.executable });
			}
			if (changes.length === 0) throw new PatchRefused("no_change", undefined);
			const diff = await makeCheckedDiff(changes, git, signal);
			const files = changes.map((change) => touched(change, diff));
			const lines = files.reduce((sum, { added, removed }) => sum + added + removed, 0);
			if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
			refuseSecrets(diff);
			const id = patchId(diff);
			const file = await store.keep({
				id,
				title: request.title,
				rationale: request.rationale,
				errorCode: request.errorCode,
				diff,
				root,
				files: Object.fromEntries(changes.map(({ path, before }) => [path, hashOf(before)])),
			});
			return { id, diff, file, files, flags: flagsOf(changes.map(({ path }) => path)), notes };
		},

		async read(id, signal) {
			const { title, diff, files } = await store.read(id);
			const stale = await Promise.all(
				Object.entries(files).map(async ([path, hash]) => {
					const now = await target(path, signal).catch(() => undefined);
					return now === undefined || hashOf(now.content) !== hash;
				}),
			);
			return { title, diff, stale: stale.includes(true) };
		},
	};
}

/** All that is wanted of one file. */
type Wish = { readonly path: string } & (
	| { readonly replace: readonly Replacement[]; readonly endBare?: boolean }
	| { readonly create: string }
	| { readonly write: string }
	| { readonly delete: true }
);

function readWishes(request: PatchRequest): readonly Wish[] {
	const { edits, diff } = request;
	if ((edits === undefined) === (diff === undefined)) {
		throw new InvalidArgument(
			"edits",
			"exactly one of edits and diff is taken.",
			"Give one of them, and leave the other out.",
		);
	}
	return diff === undefined ? wishesOfEdits(edits ?? []) : readDiff(diff).flatMap(wishesOfDiff);
}

function wishesOfEdits(edits: readonly Edit[]): readonly Wish[] {
	const replacements = new Map<string, Replacement[]>();
	const wishes: Wish[] = [];
	for (const [index, edit] of edits.entries()) {
		const known = replacements.get(edit.path);
		if ("old_text" in edit) {
			const replacement = {
				what: `edits[${index}]`,
				oldText: edit.old_text,
				newText: edit.new_text,
				hint: edit.line,
			};
			if (known !== undefined) known.push(replacement);
			else {
				const list = [replacement];
				replacements.set(edit.path, list);
				wishes.push({ path: edit.path, replace: list });
			}
			continue;
		}
		if (known !== undefined || wishes.some(({ path }) => path === edit.path)) {
			throw new InvalidArgument(
				`edits[${index}]`,
				`${JSON.stringify(edit.path)} is changed by another edit too.`,
				"Give one whole content, or only old_text and new_text, for a file.",
			);
		}
		wishes.push(
			"content" in edit ? { path: edit.path, write: edit.content } : { path: edit.path, delete: true },
		);
	}
	return wishes;
}

function wishesOfDiff(file: FileDiff): readonly Wish[] {
	const { oldPath, newPath, hunks } = file;
	if (newPath === undefined) return oldPath === undefined ? [] : [{ path: oldPath, delete: true }];
	if (oldPath === undefined) {
		const lines = hunks.flatMap(({ newLines }) => newLines);
		const bare = hunks.at(-1)?.newEndsBare === true;
		return [{ path: newPath, create: lines.join("\n") + (bare || lines.length === 0 ? "" : "\n") }];
	}
	if (oldPath !== newPath) {
		throw new PatchRefused(
			"no_diff",
			newPath,
			`it renames ${oldPath}: write a rename as one deleted and one new file`,
		);
	}
	const replace = hunks.map((hunk, index) => ({
		what: `hunk ${index + 1}`,
		oldText: hunk.oldLines.map((line) => `${line}\n`).join(""),
		newText: hunk.newLines.map((line) => `${line}\n`).join(""),
		hint: hunk.oldStart,
	}));
	return [{ path: newPath, replace, endBare: hunks.at(-1)?.newEndsBare === true }];
}

function fulfil(
	wish: Wish,
	before: Target,
): { readonly after: Buffer | undefined; readonly notes: readonly string[] } {
	const { path, content } = before;
	if ("delete" in wish) {
		if (content === undefined) throw new EditRefused(path, "delete", { kind: "no_such_file" });
		return { after: undefined, notes: [] };
	}
	if ("create" in wish) {
		if (content !== undefined) throw new EditRefused(path, "new file", { kind: "file_exists" });
		return { after: Buffer.from(wish.create, "utf8"), notes: [] };
	}
	if ("write" in wish) return { after: rewrite(path, content, wish.write), notes: [] };
	if (content === undefined)
		throw new EditRefused(path, wish.replace[0]?.what ?? "edit", { kind: "no_such_file" });
	const { file, notes } = applyReplacements(path, readText(path, content), wish.replace);
	return { after: writeText(wish.endBare === true ? endBare(file) : file), notes };
}

/** A whole new content keeps the file's endings and its byte-order mark. */
function rewrite(path: string, content: Buffer | undefined, text: string): Buffer {
	if (content === undefined) return Buffer.from(text, "utf8");
	const old = readText(path, content);
	const crlf = old.lines.length > 0 && old.lines.every(({ ending }) => ending !== "\n");
	const lines = splitLines(text).map((line) =>
		crlf && line.ending === "\n" ? { ...line, ending: "\r\n" as const } : line,
	);
	return writeText({ ...old, lines });
}

/** The diff says that the new file has no newline at its end. */
function endBare(file: TextFile): TextFile {
	const last = file.lines.at(-1);
	return last === undefined
		? file
		: { ...file, lines: [...file.lines.slice(0, -1), { ...last, ending: "" }] };
}

function touched(change: Change, diff: string): TouchedFile {
	const from = diff
		.split(/^(?=diff --git )/m)
		.find((part) => part.startsWith("diff --git ") && part.includes(`b/${change.path}`));
	const body = (from ?? "").split("\n").filter((line) => !/^(---|\+\+\+) /.test(line));
	return {
		path: change.path,
		change: change.before === undefined ? "new" : change.after === undefined ? "deleted" : "changed",
		added: body.filter((line) => line.startsWith("+")).length,
		removed: body.filter((line) => line.startsWith("-")).length,
	};
}

/** A courtesy against accidents, not a wall. */
function refuseSecrets(diff: string): void {
	for (const line of diff.split("\n")) {
		if (!line.startsWith("+") || line.startsWith("+++ ")) continue;
		const secret = findSecret(line.slice(1));
		if (secret !== undefined) throw new PatchRefused("secret", undefined, secret.kind);
	}
}
