// Decides which lines around a match are shown, and which lines are looked up in the history with it.

import type { Note } from "../syntax/annotate.ts";
import { type Enclosing, maxWholeLines } from "../syntax/enclosing.ts";
import type { LineRange } from "../way/line-range.ts";

/** The lines around a match. */
export interface Span {
	readonly shown: LineRange;
	/** The function around the match, or the part of it whose history is read. */
	readonly around: LineRange;
	/** A whole function was asked for: what of it is not shown, for its length. */
	readonly whole: { readonly name: string; readonly left: readonly LineRange[] } | undefined;
}

/** A declaration of fewer lines is shown whole. */
const maxListed = 12;
/** Lines of a function whose last commit is looked up. */
const maxLookedUp = 240;

/** @param last the file's last line */
export function spanOf({ line, enclosing }: Note, context: number | "function", last: number): Span {
	const within = ({ from, to }: LineRange): LineRange => ({
		from: Math.max(1, from),
		to: Math.min(last, to),
	});
	const near = within({ from: line - 2, to: line + 2 });
	const around = enclosing === undefined ? near : windowOf(enclosing, line, maxLookedUp);
	if (context !== "function") {
		return { shown: within({ from: line - context, to: line + context }), around, whole: undefined };
	}
	if (enclosing === undefined || isLongList(enclosing, line))
		return { shown: near, around, whole: undefined };
	const shown = windowOf(enclosing, line, maxWholeLines);
	const { name, from, to } = enclosing;
	const left = [
		{ from, to: shown.from - 1 },
		{ from: shown.to + 1, to },
	].filter((part) => part.to >= part.from);
	return { shown, around, whole: { name, left } };
}

/** No function or class: of a list of codes or a table of texts only the matching entries are of use. */
function isLongList({ isDeclaration, from, to }: Enclosing, line: number): boolean {
	return isDeclaration && line !== from && to - from >= maxListed;
}

/** At most `size` lines of a range, with the given one among them. */
function windowOf({ from, to }: LineRange, line: number, size: number): LineRange {
	const start = Math.max(from, Math.min(line - Math.floor(size / 2), to - size + 1));
	return { from: start, to: Math.min(to, start + size - 1) };
}

/** Lines as few ranges. */
export function rangesOf(lines: Iterable<number>): readonly LineRange[] {
	const ranges: { from: number; to: number }[] = [];
	for (const line of [...lines].sort((one, other) => one - other)) {
		const open = ranges.at(-1);
		if (open !== undefined && line <= open.to + 1) open.to = line;
		else ranges.push({ from: line, to: line });
	}
	return ranges;
}
