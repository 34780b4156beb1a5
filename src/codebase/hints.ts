// What a search's matches alone do not say: other letter case, names that fit, a commit's hash.

import type { Git, RepositoryRoot } from "../system/index.ts";
import type { HitFile } from "./find/hits.ts";
import { listFiles } from "./find/list-files.ts";
import { filesNamed } from "./find/names.ts";
import { fileKinds } from "./find/paths.ts";
import type { Asked } from "./find/request.ts";
import { instant } from "./history/history.ts";

/** Lines that match in other letter case only. */
export interface OtherCase {
	readonly lines: number;
	readonly path: string;
	readonly line: number;
}

/** Files whose name fits a query that no content matches. */
export interface FittingNames {
	readonly paths: readonly string[];
	readonly total: number;
}

export interface HashCommit {
	/** As the query gives it. */
	readonly hash: string;
	readonly at: string;
	readonly subject: string;
}

/** Whether smart case tells capitals apart: ripgrep does so for a pattern that has any. */
export function tellsCaseApart(pattern: string, { mode, caseSensitive, errorCode }: Asked): boolean {
	if (caseSensitive !== undefined || errorCode !== undefined) return false;
	const literal = mode === "regex" ? pattern.replace(/\\[pP]\{[^}]*\}|\\./g, "") : pattern;
	return /\p{Lu}/u.test(literal);
}

/** What a search without regard to case has found beyond the other. */
export function otherCaseOf(found: readonly HitFile[], all: readonly HitFile[]): OtherCase | undefined {
	const known = new Map(found.map((file) => [file.path, new Set(file.lines)]));
	const more = all.flatMap(({ path, kind, lines }) => {
		const others = lines.filter((line) => known.get(path)?.has(line) !== true);
		return others.length === 0 ? [] : [{ path, kind, lines: others }];
	});
	const [first] = [...more].sort((one, other) => fileKinds.indexOf(one.kind) - fileKinds.indexOf(other.kind));
	const [line] = first?.lines ?? [];
	if (first === undefined || line === undefined) return undefined;
	return { lines: more.reduce((sum, { lines }) => sum + lines.length, 0), path: first.path, line };
}

const maxNames = 5;

export async function fittingNames(
	root: RepositoryRoot,
	pattern: string,
	accepts: (file: string) => boolean,
	signal: AbortSignal,
): Promise<FittingNames | undefined> {
	// A short text, or an expression, fits names by accident.
	if (!/^[\w@./ -]{3,100}$/.test(pattern)) return undefined;
	const { files } = await listFiles({ root, accepts, signal });
	const named = filesNamed(pattern, files);
	return named.length === 0
		? undefined
		: { paths: named.slice(0, maxNames).map(({ path }) => path), total: named.length };
}

/** The commit whose hash the query is. */
export async function commitNamed(
	git: Git,
	pattern: string,
	signal: AbortSignal,
): Promise<HashCommit | undefined> {
	if (!/^[0-9a-f]{4,40}$/i.test(pattern)) return undefined;
	const { exitCode, stdout } = await git
		.run(["log", "-1", "--no-show-signature", "--format=%H%x1f%ct%x1f%s", `${pattern}^{commit}`, "--"], {
			signal,
			accept: [128],
		})
		.catch(() => ({ exitCode: 128, stdout: Buffer.alloc(0) }));
	const [hash = "", at = "", subject = ""] = stdout.toString("utf8").trim().split("\x1f");
	// A branch may have the same name.
	if (exitCode !== 0 || !hash.startsWith(pattern.toLowerCase())) return undefined;
	return { hash: pattern.toLowerCase(), at: instant(at), subject };
}
