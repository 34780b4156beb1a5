// Translates indentation: an edit's into the file's, where the two differ alike over a whole block.

/** One kind of white space, so many times. */
interface Indent {
	readonly char: " " | "\t" | "";
	readonly width: number;
}

/** The indentation of the file, as a line `width = slope * of + offset` of the edit's. */
export interface IndentRule {
	readonly char: " " | "\t";
	readonly slope: number;
	readonly offset: number;
}

/** Blanks that one level has, where they stand for a tab. */
const units: ReadonlySet<number> = new Set([2, 3, 4, 8]);

/**
 * The rule that turns each line's indentation into that of its counterpart, blank lines aside.
 *
 * @param fileLines all lines of the file: where no counterpart is indented, they say what it indents with
 * @param more further lines of the edit, whose depth tells how wide a level is
 * @returns undefined where none fits all lines, or a line mixes tabs and blanks
 */
export function indentRule(
	edit: readonly string[],
	there: readonly string[],
	more: readonly string[],
	fileLines: readonly string[],
): IndentRule | undefined {
	const pairs = new Map<number, number>();
	let [own, theirs]: [Indent["char"], Indent["char"]] = ["", ""];
	for (const [index, line] of edit.entries()) {
		if (line.trim() === "") continue;
		const [one, other] = [indentOf(line), indentOf(there[index] ?? "")];
		if (one === undefined || other === undefined) return undefined;
		if (clash(own, one.char) || clash(theirs, other.char)) return undefined;
		own ||= one.char;
		theirs ||= other.char;
		if ((pairs.get(one.width) ?? other.width) !== other.width) return undefined;
		pairs.set(one.width, other.width);
	}
	const widths = [...edit, ...more].flatMap((line) => {
		const indent = line.trim() === "" ? undefined : indentOf(line);
		if (indent === undefined || indent.width === 0) return [];
		own ||= indent.char;
		return [indent.width];
	});
	const char = theirs === "" ? usualChar(fileLines) : theirs;
	if (own === "" || char === undefined) return undefined;
	return lineThrough([...pairs], { char, isSame: own === char, unit: widths.reduce(divisor, 0) });
}

function clash(known: Indent["char"], next: Indent["char"]): boolean {
	return known !== "" && next !== "" && known !== next;
}

function lineThrough(
	[first, ...others]: readonly (readonly [of: number, width: number])[],
	{ char, isSame, unit }: { readonly char: " " | "\t"; readonly isSame: boolean; readonly unit: number },
): IndentRule | undefined {
	if (first === undefined) return undefined;
	const [second] = others;
	const slope =
		second !== undefined
			? (second[1] - first[1]) / (second[0] - first[0])
			: isSame
				? 1
				: slopeOfOne(first, char, unit);
	if (slope === undefined || slope <= 0) return undefined;
	// One blank a level is nobody's indentation, but an accident.
	const isOdd = second !== undefined && slope !== 1 && Math.min(...stepsOf(first, second)) < 2;
	if (isSame ? isOdd : !units.has(char === "\t" ? 1 / slope : slope)) return undefined;
	const rule = { char, slope, offset: first[1] - slope * first[0] };
	return others.every(([of, width]) => Math.abs(widthBy(rule, of) - width) < 1e-9) ? rule : undefined;
}

function stepsOf(
	first: readonly [number, number],
	second: readonly [number, number],
): readonly [number, number] {
	return [Math.abs(second[0] - first[0]), Math.abs(second[1] - first[1])];
}

/** Of a single depth: blanks for tabs, or the other way round, by a usual number of blanks a level. */
function slopeOfOne(
	[of, width]: readonly [number, number],
	char: " " | "\t",
	unit: number,
): number | undefined {
	const level =
		of > 0 && width > 0 ? (char === "\t" ? of / width : width / of) : char === "\t" ? unit : undefined;
	if (level === undefined || !units.has(level)) return undefined;
	return char === "\t" ? 1 / level : level;
}

function widthBy({ slope, offset }: IndentRule, of: number): number {
	return slope * of + offset;
}

/** The line with the file's indentation; undefined where it would have a part of a level, or less than none. */
export function reindent(line: string, rule: IndentRule): string | undefined {
	if (line.trim() === "") return line;
	const indent = indentOf(line);
	if (indent === undefined) return undefined;
	const width = Math.round(widthBy(rule, indent.width) * 1e6) / 1e6;
	if (!Number.isInteger(width) || width < 0) return undefined;
	return rule.char.repeat(width) + line.slice(indent.width);
}

/** undefined for a mixture. The blank before a comment's star aligns it, and is no level of its own. */
function indentOf(line: string): Indent | undefined {
	const [white = ""] = /^[ \t]*(?= \*)/.exec(line) ?? /^[ \t]*/.exec(line) ?? [];
	const char = white.charAt(0);
	if (char !== " " && char !== "\t") return { char: "", width: 0 };
	return white === char.repeat(white.length) ? { char, width: white.length } : undefined;
}

function usualChar(lines: readonly string[]): " " | "\t" | undefined {
	let tabs = 0;
	let blanks = 0;
	for (const line of lines) {
		if (line.startsWith("\t")) tabs += 1;
		else if (line.startsWith("  ")) blanks += 1;
	}
	if (tabs === blanks) return undefined;
	return tabs > blanks ? "\t" : " ";
}

/** Euclid. */
function divisor(one: number, other: number): number {
	return other === 0 ? one : divisor(other, one % other);
}
