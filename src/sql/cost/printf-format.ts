// Bounds what a constant format of printf() and strftime() can make.

/** Arguments that printf() takes here at most. */
const maxValues = 32;

/** What constant formats ask for, the most of each; undefined where it cannot be known, or is large. */
export function widest(formats: readonly string[] | undefined): Format | undefined {
	const read = (formats ?? [undefined]).map(readFormat);
	if (!read.every((one) => one !== undefined)) return undefined;
	const most = (of: (format: Format) => number) => Math.max(...read.map(of));
	return {
		width: most(({ width }) => width),
		values: most(({ values }) => values),
		floats: most(({ floats }) => floats),
		factor: most(({ factor }) => factor),
	};
}

/** What a format of printf() asks for. */
export interface Format {
	/** All widths together. */
	readonly width: number;
	/** Arguments that it takes, at most. */
	readonly values: number;
	/** Those of them that are written as floating-point numbers. */
	readonly floats: number;
	/** How much longer they become at most: quotation marks are doubled. */
	readonly factor: number;
}

/** In place of one that is refused. */
export const anyFormat: Format = { width: 0, values: maxValues, floats: 0, factor: 1 };

/** `%f` writes 1e308 out. */
export const longestFloat = 330;

function readFormat(format: string | undefined): Format | undefined {
	if (format === undefined) return undefined;
	const directives = format.match(/%[^a-zA-Z%]*[a-zA-Z%]?/g) ?? [];
	if (directives.some((directive) => directive.includes("*"))) return undefined;
	const numbers = directives.flatMap((directive) => directive.match(/\d+/g) ?? []).map(Number);
	if (numbers.some((number) => number > 999)) return undefined;
	return {
		width: numbers.reduce((all, number) => all + number, 0),
		values: directives.length,
		floats: directives.filter((directive) => /[eEfgG]$/.test(directive)).length,
		factor: directives.some((directive) => /[qQw]$/.test(directive)) ? 2 : 1,
	};
}
