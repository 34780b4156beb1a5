// Groups a page's matches by file, with their context lines.

import type { LineCommit } from "../history/blame.ts";
import { isNewer, type LineMark, marksOf } from "../history/marks.ts";
import type { Note } from "../syntax/annotate.ts";
import type { Role } from "../syntax/roles.ts";
import type { LineRange } from "../way/line-range.ts";
import type { HitFile } from "./hits.ts";
import type { FileKind } from "./paths.ts";
import { type Source, shownText } from "./source.ts";
import type { Span } from "./spans.ts";

export interface ShownLine {
	readonly line: number;
	readonly text: string;
	/** Where the match begins, 0-based; undefined for a context line. */
	readonly column: number | undefined;
}

/** One match and what is known of it. */
export interface FoundMatch {
	readonly line: number;
	readonly role: Role;
	/** The function, method or class around it. */
	readonly enclosing: string | undefined;
	/** Of a raising line: the conditions under which it is reached, the nearest first. */
	readonly guards: readonly string[];
	/** The alias that matched, if it is not the error code itself. */
	readonly via: string | undefined;
	/** The line's last commit; undefined if not requested or unknown to git. */
	readonly commit: LineCommit | undefined;
}

/** Matches of one file that are shown together. */
export interface FoundFile {
	readonly path: string;
	readonly kind: FileKind;
	/** In the whole file. */
	readonly matches: number;
	readonly items: readonly FoundMatch[];
	/** In order; overlapping context is merged. */
	readonly lines: readonly ShownLine[];
	/** Lines of the file's other matches, which this page does not show. */
	readonly others: readonly number[];
	/** Commits newer than a match's own, among the shown lines and those of its function; the newest first. */
	readonly marks: readonly LineMark[];
	/** Parts of functions that were asked for whole and are too long. */
	readonly left: readonly (LineRange & { readonly name: string })[];
}

/** A match on the page with its file's text and its note. */
export interface PageMatch {
	readonly file: HitFile;
	/** Of the match in the file. */
	readonly index: number;
	readonly source: Source;
	readonly note: Note;
	readonly via: string | undefined;
}

/** A match and the lines around it. */
export interface SpannedMatch extends PageMatch {
	readonly span: Span;
}

/** Last commits by path, then line. */
export type Blamed = ReadonlyMap<string, ReadonlyMap<number, LineCommit>>;

/** Groups are in the order of their first match. */
export function groupMatches(
	matches: readonly SpannedMatch[],
	blamed: Blamed,
	sameGroup: (one: PageMatch, other: PageMatch) => boolean,
): readonly FoundFile[] {
	const groups: SpannedMatch[][] = [];
	for (const match of matches) {
		const group = groups.find(([first]) => first !== undefined && sameGroup(first, match));
		if (group === undefined) groups.push([match]);
		else group.push(match);
	}
	return groups.flatMap((group) => {
		const [first] = group;
		if (first === undefined) return [];
		const { file, source } = first;
		const commits = blamed.get(file.path) ?? new Map<number, LineCommit>();
		const sorted = [...group].sort((one, other) => one.note.line - other.note.line);
		// A file's other matches are said with its last group.
		const isLast = groups.findLast(([one]) => one?.file.path === file.path) === group;
		const onPage = new Set(matches.filter((one) => one.file === file).map(({ note }) => note.line));
		return [
			{
				path: file.path,
				kind: file.kind,
				matches: file.lines.length,
				items: sorted.map(({ note, via }) => ({
					line: note.line,
					role: note.role,
					enclosing: note.enclosing?.name,
					guards: note.guards,
					via,
					commit: commits.get(note.line),
				})),
				lines: shownLines(source, sorted),
				others: isLast ? file.lines.filter((line) => !onPage.has(line)) : [],
				marks: newerMarks(sorted, commits),
				left: distinctLeft(sorted),
			},
		];
	});
}

function shownLines(source: Source, matches: readonly SpannedMatch[]): readonly ShownLine[] {
	const columns = new Map(matches.map(({ file, index, note }) => [note.line, file.columns[index] ?? 0]));
	const wanted = new Set<number>();
	for (const { note, span } of matches) {
		for (let { from: line } = span.shown; line <= span.shown.to; line += 1) wanted.add(line);
		wanted.add(note.line);
	}
	return [...wanted]
		.sort((one, other) => one - other)
		.map((line) => ({ line, text: shownText(source, line, line)[0] ?? "", column: columns.get(line) }));
}

/** A fault is rarely on the line that matched: of a function shown whole, the newest commit is always said. */
function newerMarks(
	matches: readonly SpannedMatch[],
	commits: ReadonlyMap<number, LineCommit>,
): readonly LineMark[] {
	const wanted = new Map<number, LineCommit>();
	const seen = new Map<number, LineCommit>();
	for (const { note, span } of matches) {
		const own = commits.get(note.line);
		if (own === undefined) continue;
		for (const { from, to } of [span.shown, span.around]) {
			for (let line = from; line <= to; line += 1) {
				const commit = commits.get(line);
				if (commit === undefined) continue;
				seen.set(line, commit);
				if (isNewer(commit, own)) wanted.set(line, commit);
			}
		}
	}
	const isWhole = matches.some(({ span }) => span.whole !== undefined);
	const newer = marksOf(wanted);
	const [newest, second] = marksOf(seen);
	return newer.length === 0 && isWhole && newest !== undefined && second !== undefined ? [newest] : newer;
}

function distinctLeft(matches: readonly SpannedMatch[]): FoundFile["left"] {
	const left = matches.flatMap(
		({ span: { whole } }) => whole?.left.map((part) => ({ ...part, name: whole.name })) ?? [],
	);
	return [...new Map(left.map((part) => [`${part.from}-${part.to}`, part])).values()];
}
