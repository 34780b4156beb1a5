// Reads lines of one file, with the last commit of each.

import { type Git, PathRefused, type RepositoryRoot } from "../system/index.ts";
import { type Explanation, Failure, InvalidArgument, quoteUntrusted } from "../text/index.ts";
import { type PathScope, scopeOf } from "./find/confine.ts";
import { listFiles } from "./find/list-files.ts";
import { lineCount, readSource, shownText } from "./find/source.ts";
import { type BlameRequest, blame, headVersions, type LineCommit } from "./history/blame.ts";
import { historyOf } from "./history/nested-history.ts";

export interface LinesRequest {
	/** `12-80`, `12`, or `all`. */
	readonly lines: string;
	readonly path?: string | undefined;
	/** Neither may be given. */
	readonly query?: string | undefined;
	readonly errorCode?: string | undefined;
	/** Whether to look up the last commits; default true. */
	readonly history?: boolean | undefined;
}

export interface LinesRead {
	readonly path: string;
	/** Of the whole file. */
	readonly total: number;
	/** The first line, 1-based. */
	readonly from: number;
	readonly texts: readonly string[];
	/** The last line of the range within the file; `texts` may end before it. */
	readonly until: number;
	/** The last line that was asked for, where the file ends before it. */
	readonly past: number | undefined;
	/** By line; undefined if history was not asked for. */
	readonly commits: ReadonlyMap<number, LineCommit> | undefined;
}

/** The file has no lines to show. */
export class NotText extends Failure {
	readonly kind = "not_text";

	constructor(readonly path: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `path: ${quoteUntrusted(this.path)} is not shown: it is binary, or larger than 4 MB.`,
			next: "Name another file.",
		};
	}
}

/** Upper bound of the lines of one answer: more would not fit. */
const maxLines = 3000;

/** @throws {InvalidArgument} {PathRefused} {PathMissing} {PathIgnored} {PathHidden} {NotText} */
export async function readLines(
	root: RepositoryRoot,
	git: Git,
	request: LinesRequest,
	mayShow: (file: string) => boolean,
	signal: AbortSignal,
): Promise<LinesRead> {
	const range = rangeOf(request);
	const scope = await scopeOf(root, git, range.path, mayShow, signal);
	const { path } = scope;
	if (!(await isListed(root, scope, mayShow, signal))) throw new PathRefused(range.path, "not_a_file");
	const source = await readSource(root, path);
	if (source === undefined) throw new NotText(range.path);
	const total = lineCount(source);
	if (range.from > total) {
		throw new InvalidArgument(
			"lines",
			`the file has ${total} ${total === 1 ? "line" : "lines"}.`,
			`Give a range within 1-${total}, or all.`,
		);
	}
	const until = Math.min(range.to, total);
	const to = Math.min(until, range.from + maxLines - 1);
	const lines = Array.from({ length: to - range.from + 1 }, (_, index) => range.from + index);
	const commits =
		request.history === false ? undefined : await commitsOf(root, git, { source, lines }, scope, signal);
	return {
		path,
		total,
		from: range.from,
		texts: shownText(source, range.from, to),
		until,
		past: Number.isFinite(range.to) && range.to > total ? range.to : undefined,
		commits,
	};
}

async function commitsOf(
	root: RepositoryRoot,
	git: Git,
	asked: BlameRequest,
	{ path, nested }: PathScope,
	signal: AbortSignal,
): Promise<ReadonlyMap<number, LineCommit>> {
	const { own, prefix } = await historyOf(git, root, nested);
	const versions = headVersions(own, [path], signal, prefix);
	return (await blame(own, [asked], versions, signal, prefix)).get(path) ?? new Map();
}

/** Without git, and in a repository inside this one, ripgrep's walk says what is ignored. */
async function isListed(
	root: RepositoryRoot,
	{ path, isFile, isJudged, nested }: PathScope,
	accepts: (file: string) => boolean,
	signal: AbortSignal,
): Promise<boolean> {
	if (!isFile || (isJudged && nested === undefined)) return isFile;
	const { files } = await listFiles({ root, path: nested, accepts, signal });
	return files.includes(path);
}

function rangeOf({ lines, path, query, errorCode }: LinesRequest): {
	readonly path: string;
	readonly from: number;
	readonly to: number;
} {
	if (query !== undefined || errorCode !== undefined) {
		throw new InvalidArgument(
			"lines",
			"it reads lines of one file, and is given without query and error_code.",
			"Leave them out, or leave lines out.",
		);
	}
	if (path === undefined) {
		throw new InvalidArgument("lines", "it needs path, which names one file.", "Give path as well.");
	}
	if (/^all$/i.test(lines.trim())) return { path, from: 1, to: Number.POSITIVE_INFINITY };
	const [, first, dash, last] = /^L?(\d{1,9})(?:\s?([-–:,])\s?(?:L?(\d{1,9}))?)?$/i.exec(lines.trim()) ?? [];
	const from = Math.max(1, Number(first));
	const to = last !== undefined ? Number(last) : dash === undefined ? from : Number.POSITIVE_INFINITY;
	if (first === undefined || to < from) {
		throw new InvalidArgument("lines", "it takes a range such as 12-80, or all.", "Give one of these.");
	}
	return { path, from, to };
}
