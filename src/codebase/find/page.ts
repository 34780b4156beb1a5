// Groups a page's matches by file, with their context lines.

import type { LineCommit } from "../history/blame.ts";
import type { Note } from "../syntax/annotate.ts";
import type { Role } from "../syntax/roles.ts";
import type { HitFile } from "./hits.ts";
import type { FileKind } from "./paths.ts";
import { lineAt, lineCount, type Source } from "./source.ts";

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

/** Upper bound of the function lines shown around a match. */
const maxFunctionLines = 80;

/** Groups are in the order of their first match. */
export function groupMatches(
	matches: readonly PageMatch[],
	contextOf: (note: Note) => number | "function",
	commitOf: (path: string, line: number) => LineCommit | undefined,
	sameGroup: (one: PageMatch, other: PageMatch) => boolean,
): readonly FoundFile[] {
	const groups: PageMatch[][] = [];
	for (const match of matches) {
		const group = groups.find(([first]) => first !== undefined && sameGroup(first, match));
		if (group === undefined) groups.push([match]);
		else group.push(match);
	}
	return groups.flatMap((group) => {
		const [first] = group;
		if (first === undefined) return [];
		const { file, source } = first;
		const sorted = [...group].sort((one, other) => one.note.line - other.note.line);
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
					commit: commitOf(file.path, note.line),
				})),
				lines: shownLines(source, sorted, contextOf),
			},
		];
	});
}

function shownLines(
	source: Source,
	matches: readonly PageMatch[],
	contextOf: (note: Note) => number | "function",
): readonly ShownLine[] {
	const columns = new Map(matches.map(({ file, index, note }) => [note.line, file.columns[index] ?? 0]));
	const wanted = new Set<number>();
	const last = lineCount(source);
	for (const { note } of matches) {
		const [from, to] = spanOf(note, contextOf(note));
		for (let line = Math.max(1, from); line <= Math.min(last, to); line += 1) wanted.add(line);
		wanted.add(note.line);
	}
	return [...wanted]
		.sort((one, other) => one - other)
		.map((line) => ({ line, text: lineAt(source, line), column: columns.get(line) }));
}

function spanOf({ line, enclosing }: Note, context: number | "function"): readonly [number, number] {
	if (context !== "function") return [line - context, line + context];
	if (enclosing === undefined) return [line - 2, line + 2];
	const { from, to } = enclosing;
	if (to - from < maxFunctionLines) return [from, to];
	return [Math.max(from, line - maxFunctionLines / 2), Math.min(to, line + maxFunctionLines / 2)];
}
