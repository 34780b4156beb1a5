// Places under the lines that a hunk names: `@@ class A` and `@@ save() {` stand above what is changed.

/** More lines that a name fits say nothing about a place. */
const maxOpeners = 500;

/**
 * The places in the block that a named line opens; without one there, those after it; without such a line, all.
 *
 * @param anchors the outermost first
 * @param places ascending
 */
export function placesUnder(
	texts: readonly string[],
	anchors: readonly string[],
	places: readonly number[],
): readonly number[] {
	if (places.length < 2 || anchors.length === 0) return places;
	const openers = openersOf(texts, anchors);
	const first = openers[0]?.at;
	if (first === undefined || openers.length > maxOpeners) return places;
	const within = places.filter((place) => openers.some(({ at, end }) => at <= place && place < end));
	if (within.length > 0) return within;
	const after = places.filter((place) => place > first);
	return after.length > 0 ? after : places;
}

interface Opener {
	readonly at: number;
	/** After the last line of its block. */
	readonly end: number;
}

function openersOf(texts: readonly string[], anchors: readonly string[]): readonly Opener[] {
	let openers: readonly Opener[] = [];
	for (const [depth, anchor] of anchors.entries()) {
		const from = openers[0]?.at ?? -1;
		const named = linesNamed(texts, anchor, from + 1).slice(0, maxOpeners + 1);
		const inside =
			depth === 0 ? [] : named.filter((line) => openers.some(({ at, end }) => at < line && line < end));
		openers = (inside.length > 0 ? inside : named).map((at) => ({ at, end: blockEnd(texts, at) }));
	}
	return openers;
}

/** Models leave out the end of a line that they name. */
function linesNamed(texts: readonly string[], anchor: string, from: number): readonly number[] {
	const those = (fits: (line: string) => boolean) =>
		texts.flatMap((line, index) => (index >= from && fits(line.trim()) ? [index] : []));
	const exact = those((line) => line === anchor);
	return exact.length > 0 ? exact : those((line) => line.startsWith(anchor));
}

/** The next line that is indented as much or less, closing brackets and comments aside. */
function blockEnd(texts: readonly string[], at: number): number {
	const depth = indentOf(texts[at] ?? "");
	for (let index = at + 1; index < texts.length; index += 1) {
		const line = texts[index] ?? "";
		if (/^\s*[\p{L}\p{N}_$"'`@]/u.test(line) && indentOf(line) <= depth) return index;
	}
	return texts.length;
}

function indentOf(line: string): number {
	return line.length - line.trimStart().length;
}
