// Finds the last commit of lines, without running anything that the repository configures.

import { createHash } from "node:crypto";
import { diffArrays } from "diff";
import { type Git, once } from "../../system/index.ts";
import { decode, type Source } from "../find/source.ts";
import { rangesOf } from "../find/spans.ts";
import { instant } from "./history.ts";

/** The commit that last changed a line; `uncommitted` if HEAD does not have the line. */
export type LineCommit =
	| {
			readonly at: string;
			readonly id: string;
			readonly subject: string;
			/** A shallow clone ends with this commit: an older one changed the line, or this. */
			readonly isOldestKnown?: true;
	  }
	| "uncommitted";

export interface BlameRequest {
	readonly source: Source;
	/** 1-based. */
	readonly lines: readonly number[];
}

/** Upper bound in milliseconds for all files together: history is optional, and can be long. */
const timeoutMs = 1500;
const parallel = 4;
const maxDiffLines = 20_000;

/**
 * Blames HEAD and never the work tree: to read that, git would run filters that the repository configures. Lines are
 * matched to HEAD's by comparing the texts here.
 *
 * @param versions those of the requests' files
 * @returns by path, then line; without lines that git did not answer in time
 */
export async function blame(
	git: Git,
	requests: readonly BlameRequest[],
	versions: Promise<HeadVersions | undefined>,
	signal: AbortSignal,
	/** Of the paths, where git's repository is a nested one: `nested/`. */
	prefix = "",
): Promise<ReadonlyMap<string, ReadonlyMap<number, LineCommit>>> {
	const found = new Map<string, ReadonlyMap<number, LineCommit>>();
	if (requests.length === 0) return found;
	const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
	const blobs = await versions;
	signal.throwIfAborted();
	if (blobs === undefined) return found;
	const isShallow = once(() => readShallow(git, ends));
	const open = [...requests];
	const work = async () => {
		for (let request = open.shift(); request !== undefined; request = open.shift()) {
			const { path } = request.source;
			const file = { request, path: path.slice(prefix.length), blob: blobs.get(path) };
			const lines = await blameFile(git, file, isShallow, ends).catch(() => undefined);
			if (lines !== undefined) found.set(path, lines);
		}
	};
	await Promise.all(Array.from({ length: parallel }, work));
	signal.throwIfAborted();
	return found;
}

/** The ids of files as HEAD has them, by path. */
export type HeadVersions = ReadonlyMap<string, string>;

/**
 * Starts one request for the versions of all files in HEAD, to be awaited later.
 *
 * @returns undefined without git, before the first commit, and if git does not answer in time
 */
export async function headVersions(
	git: Git,
	paths: readonly string[],
	signal: AbortSignal,
	prefix = "",
): Promise<HeadVersions | undefined> {
	if (paths.length === 0) return new Map();
	const asked = await git
		.run(["ls-tree", "-z", "--full-tree", "HEAD", "--", ...paths.map((path) => path.slice(prefix.length))], {
			signal,
			timeoutMs,
			accept: [128],
		})
		.catch(() => undefined);
	if (asked?.exitCode !== 0) return undefined;
	const entries = asked.stdout.toString("utf8").split("\0");
	return new Map(
		entries.flatMap((entry) => {
			const [, id, path] = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
			return id === undefined || path === undefined ? [] : [[prefix + path, id]];
		}),
	);
}

async function blameFile(
	git: Git,
	file: { readonly request: BlameRequest; readonly path: string; readonly blob: string | undefined },
	isShallow: () => Promise<boolean>,
	signal: AbortSignal,
): Promise<ReadonlyMap<number, LineCommit>> {
	const { request, path, blob } = file;
	const { source, lines } = request;
	const found = new Map<number, LineCommit>();
	const inHead =
		blob === undefined ? new Map<number, number>() : await linesInHead(git, source, lines, blob, signal);
	if (inHead === undefined) return found;
	for (const line of lines) if (!inHead.has(line)) found.set(line, "uncommitted");
	if (inHead.size === 0) return found;
	const { stdout } = await git.run(
		[
			"-c",
			"blame.ignoreRevsFile=",
			"blame",
			"--porcelain",
			"--no-textconv",
			...rangesOf(inHead.values()).flatMap(({ from, to }) => ["-L", `${from},${to}`]),
			"HEAD",
			"--",
			path,
		],
		{ signal },
	);
	const text = stdout.toString("utf8");
	// A repository's first commit is a boundary too.
	const commits = readPorcelain(text, /^boundary$/m.test(text) && (await isShallow()));
	for (const [line, there] of inHead) {
		const commit = commits.get(there);
		if (commit !== undefined) found.set(line, commit);
	}
	return found;
}

/**
 * Which line of HEAD's version each line is; a line that HEAD does not have is left out.
 *
 * @returns undefined if the two differ too much to be compared
 */
async function linesInHead(
	git: Git,
	{ text }: Source,
	lines: readonly number[],
	blob: string,
	signal: AbortSignal,
): Promise<ReadonlyMap<number, number> | undefined> {
	const bytes = Buffer.from(text, "utf8");
	const hash = createHash(blob.length === 64 ? "sha256" : "sha1");
	if (hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex") === blob) {
		return new Map(lines.map((line) => [line, line]));
	}
	const { stdout } = await git.run(["cat-file", "blob", blob], { signal });
	const now = text.split(/\r?\n/);
	const then = (decode(stdout) ?? "").split(/\r?\n/);
	if (now.length + then.length > maxDiffLines) return undefined;
	const parts = diffArrays(then, now, { maxEditLength: 4000 });
	if (parts === undefined) return undefined;
	const wanted = new Set(lines);
	const found = new Map<number, number>();
	let [line, there] = [1, 1];
	for (const { added, removed, value } of parts) {
		if (removed) there += value.length;
		else if (added) line += value.length;
		else {
			for (let step = 0; step < value.length; step += 1) {
				if (wanted.has(line + step)) found.set(line + step, there + step);
			}
			line += value.length;
			there += value.length;
		}
	}
	return found;
}

async function readShallow(git: Git, signal: AbortSignal): Promise<boolean> {
	const { stdout } = await git.run(["rev-parse", "--is-shallow-repository"], { signal, accept: [128] });
	return stdout.toString("utf8").trim() === "true";
}

/** git prints a commit's details with its first line only. */
function readPorcelain(text: string, isShallow: boolean): ReadonlyMap<number, LineCommit> {
	const particulars = new Map<string, { at: string; subject: string; isOldestKnown?: true }>();
	const found = new Map<number, LineCommit>();
	let id = "";
	let line = 0;
	for (const row of text.split("\n")) {
		const [, commit, final] = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(row) ?? [];
		if (commit !== undefined) {
			id = commit;
			line = Number(final);
			if (!particulars.has(id)) particulars.set(id, { at: "", subject: "" });
			continue;
		}
		const known = particulars.get(id);
		if (known === undefined) continue;
		if (row.startsWith("committer-time ")) known.at = instant(row.slice(15));
		else if (row.startsWith("summary ")) known.subject = row.slice(8);
		else if (row === "boundary" && isShallow) known.isOldestKnown = true;
		else if (row.startsWith("\t")) found.set(line, { ...known, id: id.slice(0, 7) });
	}
	return found;
}
