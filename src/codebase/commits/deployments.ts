// When which commit was deployed, as tags, a branch's reflog or a file say.

import { open } from "node:fs/promises";
import type { Git } from "../../system/index.ts";

/** Where deployments are told. */
export type DeploymentSource =
	| { readonly by: "tags"; readonly glob: string }
	| { readonly by: "branch"; readonly name: string }
	| { readonly by: "file"; readonly path: string };

export interface Deployment {
	/** Epoch seconds. */
	readonly at: number;
	/** The whole hash, or its beginning where a file has no more. */
	readonly commit: string;
	readonly version?: string;
}

const maxDeployments = 1000;
const timeoutMs = 3000;
/** The end of a longer file is read. */
const maxFileBytes = 2 * 1024 * 1024;

/** Newest first. @throws {GitFailed}, and what the file system throws */
export async function readDeployments(
	git: Git,
	source: DeploymentSource,
	signal: AbortSignal,
): Promise<readonly Deployment[]> {
	const found = await readFrom(git, source, signal);
	return [...found].sort((one, other) => other.at - one.at).slice(0, maxDeployments);
}

async function readFrom(
	git: Git,
	source: DeploymentSource,
	signal: AbortSignal,
): Promise<readonly Deployment[]> {
	switch (source.by) {
		case "tags":
			return readTags(git, source.glob, signal);
		case "branch":
			return readReflog(git, source.name, signal);
		case "file":
			return readLines(await readEnd(source.path));
	}
}

/** Only tags that match: `*` and `?`; `*` matches any text. */
async function readTags(git: Git, glob: string, signal: AbortSignal): Promise<readonly Deployment[]> {
	const { stdout } = await git.run(
		[
			"for-each-ref",
			"--sort=-creatordate",
			`--count=${5 * maxDeployments}`,
			"--format=%(objectname) %(*objectname) %(creatordate:unix) %(refname:strip=2)",
			"refs/tags/",
		],
		{ signal, timeoutMs },
	);
	const matches = matcher(glob);
	return stdout
		.toString("utf8")
		.split("\n")
		.flatMap((row) => {
			const [, own = "", peeled = "", at = "", name = ""] =
				/^([0-9a-f]+) ([0-9a-f]*) (\d+) (.+)$/.exec(row) ?? [];
			if (name === "" || !matches(name)) return [];
			return [{ at: Number(at), commit: peeled === "" ? own : peeled, version: name }];
		});
}

function matcher(glob: string): (name: string) => boolean {
	const parts = glob.split(/([*?])/).map((part) => {
		if (part === "*") return ".*";
		return part === "?" ? "." : part.replace(/[\\^$.+()[\]{}|]/g, "\\$&");
	});
	const pattern = new RegExp(`^${parts.join("").replace(/(?:\.\*){2,}/g, ".*")}$`, "s");
	return (name) => pattern.test(name.slice(0, 200));
}

/** Tags that look like versions: the default where nothing is set. */
export function isVersion(tag: string): boolean {
	return /^(?:[\w-]{1,40}[@/-])?v?\d{1,8}\.\d{1,8}(?:\.\d{1,8})?(?:[-+.][\w.+-]{1,40})?$/.test(tag);
}

async function readReflog(git: Git, branch: string, signal: AbortSignal): Promise<readonly Deployment[]> {
	const { stdout } = await git.run(
		[
			"log",
			"--walk-reflogs",
			"--date=unix",
			"--no-color",
			"--format=%H %gd",
			`--max-count=${maxDeployments}`,
			`refs/remotes/${branch.includes("/") ? branch : `origin/${branch}`}`,
			"--",
		],
		{ signal, timeoutMs },
	);
	return stdout
		.toString("utf8")
		.split("\n")
		.flatMap((row) => {
			const [, commit, at] = /^([0-9a-f]+) .*@\{(\d+)\}$/.exec(row) ?? [];
			return commit === undefined || at === undefined ? [] : [{ at: Number(at), commit }];
		});
}

async function readEnd(path: string): Promise<string> {
	const file = await open(path, "r");
	try {
		const { size } = await file.stat();
		const start = Math.max(0, size - maxFileBytes);
		const bytes = Buffer.alloc(size - start);
		await file.read(bytes, 0, bytes.length, start);
		const text = bytes.toString("utf8");
		return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
	} finally {
		await file.close();
	}
}

/** A line that is not as it should be is passed over. */
function readLines(text: string): readonly Deployment[] {
	return text.split("\n").flatMap((line): readonly Deployment[] => {
		let entry: unknown;
		try {
			entry = JSON.parse(line);
		} catch {
			return [];
		}
		if (typeof entry !== "object" || entry === null || !("at" in entry) || !("commit" in entry)) return [];
		const { at, commit } = entry;
		const seconds = typeof at === "number" ? at : typeof at === "string" ? Date.parse(at) / 1000 : Number.NaN;
		if (typeof commit !== "string" || !/^[0-9a-f]{7,64}$/.test(commit) || !Number.isFinite(seconds))
			return [];
		const version = "version" in entry && typeof entry.version === "string" ? entry.version : undefined;
		return [{ at: seconds, commit, ...(version === undefined ? {} : { version: version.slice(0, 100) }) }];
	});
}
