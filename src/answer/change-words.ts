// What a suspect changed: its lines for the table, and the part that differs for one line.

import type { ChangedLines } from "../cause/index.ts";
import { foreign, shortLine } from "./code-line.ts";

/** Lines of each side that are shown, and characters of each. */
const shownLines = 2;
const maxLine = 110;
/** Characters of each side of the part that differs. */
const maxPart = 40;

/** `config/limits.json:6: "pageSize": 50 → "pageSize": 5000`: show_commit is for what does not fit. */
export function changeWords({ path, line, removed, added, count }: ChangedLines): string {
	const shown = (lines: readonly string[]) => lines.slice(0, shownLines).map((one) => one.trim());
	const [before, after] = [shown(removed), shown(added)];
	const side = (lines: readonly string[], others: readonly string[]) =>
		lines
			.map((one, at) => shortLine(one, sameFrom(one.split(""), (others[at] ?? "").split("")), maxLine))
			.join(" ⏎ ");
	const left = count - before.length - after.length;
	const more = left > 0 ? ` (+${left} lines)` : "";
	return `${foreign(path, maxLine)}:${line}: ${side(before, after) || "(nothing)"} → ${side(after, before) || "(nothing)"}${more}`;
}

/** `50 → 5000`, of one line that took another's place; undefined for what is longer. */
export function partThatChanged({ removed, added, count }: ChangedLines): string | undefined {
	const [before, after] = [removed[0], added[0]];
	if (count !== 2 || before === undefined || after === undefined) return undefined;
	// Masked as whole lines: what names a secret may be in both, and is cut off below.
	const [old, now] = [wordsOf(before), wordsOf(after)];
	let start = sameFrom(old, now);
	if (start === old.length && start === now.length) return undefined;
	const most = Math.min(old.length, now.length) - start;
	const end = Math.min(most, sameFrom([...old].reverse(), [...now].reverse()));
	const part = (words: readonly string[]) =>
		words
			.slice(start, words.length - end)
			.join("")
			.trim();
	// What is only put in, or taken out, is told behind the word before it.
	while (start > 0 && (part(old) === "" || part(now) === "")) start -= 1;
	const sides = [part(old), part(now)];
	return sides.every(({ length }) => length > 0 && length <= maxPart) ? sides.join(" → ") : undefined;
}

function wordsOf(line: string): readonly string[] {
	return foreign(line.trim(), maxLine).match(/\w+(?:\.\w+)*|\s+|[^\w\s]/g) ?? [];
}

/** How many of the first are the same in both. */
function sameFrom(one: readonly string[], other: readonly string[]): number {
	const at = one.findIndex((part, place) => part !== other[place]);
	return at < 0 ? one.length : at;
}
