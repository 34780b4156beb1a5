import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import { Failure, InvalidArgument } from "../failure.ts";
import type { Clock } from "../system/clock.ts";
import { PathRefused, resolveConfined } from "../system/confined-file.ts";
import type { Git } from "../system/git.ts";
import { isHiddenFile } from "../system/hidden-files.ts";
import type { RepositoryRoot } from "../system/repository.ts";
import { compileGlob } from "./glob.ts";
import { type FileKind, fileKind, fileKinds } from "./paths.ts";
import { type RawLine, ripgrep, type SearchMode } from "./ripgrep.ts";

export interface SearchRequest {
	/** Exactly one of `query` and `errorCode`. */
	readonly query?: string | undefined;
	readonly errorCode?: string | undefined;
	readonly mode?: SearchMode | undefined;
	readonly path?: string | undefined;
	readonly glob?: string | undefined;
	readonly type?: string | undefined;
	readonly caseSensitive?: boolean | undefined;
	/** Lines around a match, 0 to 10. */
	readonly context?: number | undefined;
	/** Matches, 1 to 200. */
	readonly limit?: number | undefined;
	readonly cursor?: string | undefined;
}

export interface ShownLine {
	readonly line: number;
	readonly text: string;
	readonly isMatch: boolean;
}

/** A file with the matches that are shown of it. */
export interface FoundFile {
	readonly path: string;
	readonly kind: FileKind;
	/** In the whole file. */
	readonly matches: number;
	readonly shown: number;
	/** With their context merged where it overlaps, in order. */
	readonly lines: readonly ShownLine[];
}

export interface SearchResult {
	readonly pattern: string;
	readonly matches: number;
	readonly fileCount: number;
	readonly shown: number;
	readonly files: readonly FoundFile[];
	readonly nextCursor: string | undefined;
	/** Why the counts may be too low. */
	readonly cut: "matches" | "time" | "bytes" | undefined;
	readonly unreadable: boolean;
	/** Matches in files that are never shown (`.env`, private keys). */
	readonly hiddenFiles: number;
}

/** Searches the local repository. */
export interface CodeSearch {
	/** @throws {InvalidArgument} {PathRefused} {PatternInvalid} {PathIgnored} */
	search(request: SearchRequest, signal: AbortSignal): Promise<SearchResult>;
}

/** git ignores the path, so it is not part of the code. */
export class PathIgnored extends Failure {
	readonly kind = "path_ignored";
	constructor(readonly path: string) {
		super("path is ignored by git");
	}
}

/** Matches that are looked at; a query that finds more is too wide to be ranked. */
const maxMatches = 100_000;
const maxPattern = 1000;
/** Of one file in the first round, so that it does not bury the others. */
const perFile = 5;

export function createCodeSearch(options: {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly clock: Clock;
}): CodeSearch {
	const { root, git } = options;
	return {
		async search(request, signal) {
			const pattern = patternOf(request);
			const path = request.path === undefined ? undefined : await confine(root, git, request.path, signal);
			const inGlob = request.glob === undefined ? () => true : compileGlob(request.glob);
			const hidden = new Set<string>();
			const { limit = 30, context = 2 } = request;
			const found = await ripgrep({
				root,
				pattern,
				mode: request.errorCode === undefined ? (request.mode ?? "literal") : "literal",
				caseSensitive: request.errorCode === undefined ? request.caseSensitive : true,
				type: request.type,
				path,
				context,
				maxMatches,
				signal,
				accepts: (file) => {
					if (!inGlob(file)) return false;
					if (!isHiddenFile(file)) return true;
					hidden.add(file);
					return false;
				},
			});
			const files = rank(groupByFile(found.lines), pattern);
			const identity = digest(request);
			const offset = request.cursor === undefined ? 0 : readCursor(request.cursor, identity);
			const page = choose(files, offset, limit);
			const shown = page.reduce((sum, file) => sum + file.shown, 0);
			return {
				pattern,
				matches: found.matches,
				fileCount: files.length,
				shown,
				files: page,
				nextCursor: offset + shown < found.matches && shown > 0 ? `${identity}-${offset + shown}` : undefined,
				cut: found.cut,
				unreadable: found.unreadable,
				hiddenFiles: hidden.size,
			};
		},
	};
}

function patternOf({ query, errorCode }: SearchRequest): string {
	const pattern = errorCode ?? query ?? "";
	if ((query === undefined) === (errorCode === undefined)) {
		throw new InvalidArgument(
			"query",
			"exactly one of query and error_code is taken.",
			"Give one of them, and leave the other out.",
		);
	}
	if (pattern === "") throw new InvalidArgument("query", "it is empty.", "Give the text to look for.");
	if (pattern.length > maxPattern || /[\0\r\n]/.test(pattern) || !pattern.isWellFormed()) {
		throw new InvalidArgument(
			"query",
			`it is longer than ${maxPattern} characters, or holds a line break.`,
			"Give one line of text.",
		);
	}
	return pattern;
}

/** Inside the repository through all links, and not ignored: an ignored folder that is named would be searched. */
async function confine(root: RepositoryRoot, git: Git, path: string, signal: AbortSignal): Promise<string> {
	const real = await resolveConfined(root, path);
	const way = relative(root, real).split(sep).join("/");
	if (way === "") return "";
	if (isHiddenFile(way)) throw new PathRefused(path, "unreadable");
	const ignored = await git.run(["check-ignore", "--quiet", "--", way], { signal, accept: [1, 128] });
	if (ignored.exitCode === 0) throw new PathIgnored(path);
	return way;
}

function groupByFile(lines: readonly RawLine[]): Map<string, RawLine[]> {
	const files = new Map<string, RawLine[]>();
	for (const line of lines) {
		const known = files.get(line.path);
		if (known === undefined) files.set(line.path, [line]);
		else known.push(line);
	}
	for (const [path, found] of files) if (!found.some(({ isMatch }) => isMatch)) files.delete(path);
	return files;
}

interface RankedFile {
	readonly path: string;
	readonly kind: FileKind;
	readonly lines: readonly RawLine[];
	readonly matches: readonly RawLine[];
}

/** Production code first, then tests, docs and what was generated; whole words before parts; then by path. */
function rank(files: ReadonlyMap<string, readonly RawLine[]>, pattern: string): readonly RankedFile[] {
	const word = /^\w+$/.test(pattern) ? new RegExp(`(?<!\\w)${pattern}(?!\\w)`) : undefined;
	const isWhole = (file: RankedFile) =>
		word === undefined || file.matches.some(({ text }) => word.test(text)) ? 0 : 1;
	return [...files]
		.map(([path, lines]) => ({
			path,
			kind: fileKind(path),
			lines: [...lines].sort((one, other) => one.line - other.line),
			matches: lines.filter(({ isMatch }) => isMatch).sort((one, other) => one.line - other.line),
		}))
		.sort(
			(one, other) =>
				fileKinds.indexOf(one.kind) - fileKinds.indexOf(other.kind) ||
				isWhole(one) - isWhole(other) ||
				(one.path < other.path ? -1 : 1),
		);
}

/** The next matches after `offset`: of each file some first, then the rest of them in the same order. */
function choose(files: readonly RankedFile[], offset: number, limit: number): readonly FoundFile[] {
	const order = [
		...files.flatMap((file) => file.matches.slice(0, perFile).map((match) => ({ file, match }))),
		...files.flatMap((file) => file.matches.slice(perFile).map((match) => ({ file, match }))),
	].slice(offset, offset + limit);
	const chosen = new Map<RankedFile, RawLine[]>();
	for (const { file, match } of order) {
		const known = chosen.get(file);
		if (known === undefined) chosen.set(file, [match]);
		else known.push(match);
	}
	return [...chosen].map(([file, matches]) => ({
		path: file.path,
		kind: file.kind,
		matches: file.matches.length,
		shown: matches.length,
		lines: withContext(file.lines, matches),
	}));
}

/** The matches with the unbroken run of lines around each, once where they overlap. */
function withContext(lines: readonly RawLine[], matches: readonly RawLine[]): readonly ShownLine[] {
	const wanted = new Set<number>();
	for (const match of matches) {
		const at = lines.indexOf(match);
		wanted.add(at);
		for (const step of [-1, 1]) {
			for (let place = at + step; isContext(lines[place], lines[place - step]); place += step)
				wanted.add(place);
		}
	}
	return [...wanted]
		.sort((one, other) => one - other)
		.flatMap((place) => {
			const line = lines[place];
			return line === undefined ? [] : [{ line: line.line, text: line.text, isMatch: line.isMatch }];
		});
}

function isContext(line: RawLine | undefined, neighbour: RawLine | undefined): boolean {
	return (
		line !== undefined &&
		neighbour !== undefined &&
		!line.isMatch &&
		Math.abs(line.line - neighbour.line) === 1
	);
}

/** A cursor is good for the same search only. */
function digest(request: SearchRequest): string {
	const { cursor: _, limit: __, ...same } = request;
	return createHash("sha256").update(JSON.stringify(same)).digest("hex").slice(0, 8);
}

function readCursor(cursor: string, identity: string): number {
	const [, made, offset] = /^([0-9a-f]{8})-(\d{1,6})$/.exec(cursor) ?? [];
	if (made !== identity) {
		throw new InvalidArgument(
			"cursor",
			"it was made for another search.",
			"Give the same arguments as before, or leave the cursor out.",
		);
	}
	return Number(offset);
}
