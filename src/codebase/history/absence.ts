// Explains an error code that nothing raises: who may send it, build it, or removed it.

import type { Git, RepositoryRoot } from "../../system/index.ts";
import { buildingPatterns, passingPatterns } from "../find/code-parts.ts";
import { fileKind } from "../find/paths.ts";
import { ripgrep } from "../find/ripgrep.ts";
import { decode, lineAt, readSource, type Source } from "../find/source.ts";
import { annotate } from "../syntax/annotate.ts";
import type { Files } from "../trail/files.ts";
import { type AskedFunction, functionsAround } from "../trail/read-asked.ts";
import { instant, plainDiff } from "./history.ts";

export interface CodeLine {
	readonly path: string;
	readonly line: number;
	readonly text: string;
	/** The function around it, where that is looked for. */
	readonly inside?: AskedFunction;
}

export interface Removal {
	/** ISO 8601 UTC to the second. */
	readonly at: string;
	readonly id: string;
	readonly subject: string;
	/** The raising line before it was removed. */
	readonly path: string;
	readonly text: string;
}

/** What is known of a code that no line raises. */
export interface Absence {
	/** Lines that write `error_events`, which may store a client's code. */
	readonly writers: FoundLines;
	/** Lines that may build the code from parts. */
	readonly built: FoundLines;
	/** Lines that pass the missing part to one of those. */
	readonly passed: FoundLines;
	/** The commit that removed the last raising line; undefined if none was found. */
	readonly removed: Removal | undefined;
	readonly history: HistorySearch;
}

export interface FoundLines {
	readonly lines: readonly CodeLine[];
	/** How many more were found. */
	readonly more: number;
	/** The search ended early. */
	readonly isCut: boolean;
}

/**
 * How much history was searched: all of three years; only the newest commits that add or remove the code; only what a
 * shallow or partial clone holds; or none.
 */
export type HistorySearch = "all" | "none" | "shallow" | "partial" | { readonly newest: number };

const timeoutMs = 3000;
const maxLines = 8;
/** Upper bound of the commits searched that add or remove the code. */
const maxCommits = 10;
const since = "3.years.ago";

/** @param history git again, where it is asked who changed what */
export async function explainAbsence(
	files: Files,
	git: Git,
	code: string,
	history: Git | undefined,
): Promise<Absence> {
	const { root, accepts, signal } = files.options;
	const isCode = (path: string) => fileKind(path) === "code" && accepts(path);
	const [writers, built, removal] = await Promise.all([
		linesMatching(root, writing, isCode, signal),
		linesMatching(root, buildingPatterns(code), isCode, signal),
		findRemoval(git, code, signal),
	]);
	const passed = await passedParts(root, code, built.lines, isCode, signal);
	return {
		writers,
		built,
		passed: await withFunctions(files, passed, history),
		removed: removal.removed,
		history: removal.searched,
	};
}

/** Names the functions that pass a missing part, those before what stands in none, such as a type's list of parts. */
async function withFunctions(files: Files, found: FoundLines, git: Git | undefined): Promise<FoundLines> {
	const around = await functionsAround(files, found.lines, git);
	const lines = found.lines.map((line, index) => {
		const inside = around[index];
		return inside === undefined ? line : { ...line, inside };
	});
	const isApart = ({ inside }: CodeLine) => (inside === undefined ? 1 : 0);
	return { ...found, lines: lines.sort((one, other) => isApart(one) - isApart(other)) };
}

/** Lines that write `error_events`. */
export function eventWriters(
	root: RepositoryRoot,
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<FoundLines> {
	return linesMatching(root, writing, (path) => fileKind(path) === "code" && accepts(path), signal);
}

const writing = [
	"(?i)insert(\\s+or\\s+\\w+)?\\s+into\\s+[\"'`]?error_?events",
	"(?i)\\binsert(_?into)?\\(\\s*[\"'`]?(\\w+\\.)?error_?events",
	"(?i)\\berror_?events?\\.(create|createMany|insert|insertOne|save|objects\\.create)\\b",
] as const;

/** The parts that those lines leave open, as texts elsewhere: `RATE_LIMITED` for `GMAIL_${reason}`. */
async function passedParts(
	root: RepositoryRoot,
	code: string,
	built: readonly CodeLine[],
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<FoundLines> {
	const patterns = passingPatterns(
		code,
		built.map(({ text }) => text),
	);
	const found = await linesMatching(root, patterns, accepts, signal);
	const isBuilding = ({ path, line }: CodeLine) =>
		built.some((one) => one.path === path && one.line === line);
	return { ...found, lines: found.lines.filter((line) => !isBuilding(line)) };
}

async function linesMatching(
	root: RepositoryRoot,
	patterns: readonly string[],
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<FoundLines> {
	if (patterns.length === 0) return { lines: [], more: 0, isCut: false };
	const found: { path: string; line: number }[] = [];
	const { cut } = await ripgrep({
		root,
		patterns,
		mode: "regex",
		caseSensitive: true,
		type: undefined,
		path: undefined,
		accepts,
		onHit: ({ path, line }) => found.push({ path, line }),
		maxMatches: 200,
		timeoutMs,
		signal,
	});
	found.sort((one, other) =>
		one.path === other.path ? one.line - other.line : one.path < other.path ? -1 : 1,
	);
	const lines: CodeLine[] = [];
	for (const { path, line } of found.slice(0, maxLines)) {
		const source = await readSource(root, path);
		if (source !== undefined) lines.push({ path, line, text: lineAt(source, line).trim() });
	}
	return { lines, more: Math.max(0, found.length - maxLines), isCut: cut !== undefined };
}

/** Walks the commits that changed the number of the code's occurrences, newest first, until one removed a raising line. */
async function findRemoval(
	git: Git,
	code: string,
	signal: AbortSignal,
): Promise<{ readonly removed: Removal | undefined; readonly searched: HistorySearch }> {
	const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
	try {
		const searching = git.run(
			[
				"log",
				`-S${code}`,
				`--since=${since}`,
				`--max-count=${maxCommits}`,
				"--format=%x1e%H%x1f%ct%x1f%s%x1f",
				"--name-only",
				"-z",
				...plainDiff,
				"HEAD",
				"--",
			],
			{ signal: ends, accept: [128] },
		);
		const shallow = git.run(["rev-parse", "--is-shallow-repository"], { signal: ends, accept: [128] });
		const [{ exitCode, stdout }, state] = await Promise.all([searching, shallow]);
		// What git printed before it met an object that a partial clone lacks counts.
		const entries = stdout.toString("utf8").split("\x1e").slice(1);
		const isShallow = state.stdout.toString("utf8").trim() === "true";
		const searched = searchedOf(exitCode === 0, state.exitCode === 0, isShallow, entries.length);
		for (const entry of entries) {
			const [id = "", at = "", subject = "", files = ""] = entry.split("\x1f");
			for (const path of files.split("\0").map((name) => name.replace(/^\n/, ""))) {
				if (path === "" || fileKind(path) !== "code") continue;
				const before = await raisingLines(git, `${id}^:${path}`, path, code, ends);
				const [line] = before;
				if (line === undefined || (await raisingLines(git, `${id}:${path}`, path, code, ends)).length > 0)
					continue;
				return {
					removed: { at: instant(at), id: id.slice(0, 7), subject, path, text: line },
					searched,
				};
			}
		}
		return { removed: undefined, searched };
	} catch (error) {
		signal.throwIfAborted();
		if (ends.aborted) return { removed: undefined, searched: "none" };
		throw error;
	}
}

function searchedOf(
	isWhole: boolean,
	isRepository: boolean,
	isShallow: boolean,
	found: number,
): HistorySearch {
	if (!isWhole) return isRepository && found > 0 ? "partial" : "none";
	if (found >= maxCommits) return { newest: maxCommits };
	return isShallow ? "shallow" : "all";
}

/** The raising lines of a file in a commit; none if the file is missing. */
async function raisingLines(
	git: Git,
	object: string,
	path: string,
	code: string,
	signal: AbortSignal,
): Promise<readonly string[]> {
	const { exitCode, stdout } = await git.run(["cat-file", "blob", object], { signal, accept: [128] });
	const text = exitCode === 0 ? decode(stdout) : undefined;
	if (text === undefined) return [];
	const lines = text.split("\n");
	const starts: number[] = [];
	let start = 0;
	for (const line of lines) {
		starts.push(start);
		start += line.length + 1;
	}
	const source: Source = { path, text, lineStarts: starts };
	const places = lines.flatMap((line, index) => {
		const column = line.indexOf(code);
		return column < 0 ? [] : [{ line: index + 1, column, matched: code, whole: isWhole(line, column, code) }];
	});
	const notes = await annotate(source, "code", places.slice(0, 50), { kind: "code" });
	return notes.filter(({ role }) => role === "raises").map(({ line }) => lineAt(source, line).trim());
}

function isWhole(line: string, column: number, code: string): boolean {
	return !/\w/.test(line.charAt(column - 1)) && !/\w/.test(line.charAt(column + code.length));
}
