// Bounds the text that a register of a program may hold.

/**
 * What is known, as an upper bound, of the text that a register of a program may hold. `typical` takes a cell of production
 * for as long as most are, `longest` for as long as one may be; what the query makes itself is as long in both.
 */
export interface HeldText {
	/** Bytes. */
	readonly longest: number;
	/** Bytes. */
	readonly typical: number;
	/** Of the typical ones, those that are the query's own and not production's. */
	readonly own: number;
	/** Wildcards of LIKE and GLOB; infinite where a function may have made any. */
	readonly wildcards: number;
	/** All texts that it may be; undefined where others are possible. */
	readonly constants: readonly string[] | undefined;
}

/** Constants that are distinguished; a CASE of more is taken for anything. */
const maxConstants = 8;

/** A cell of production: error messages and summaries are cut at some hundreds of characters. */
export const cell: HeldText = { longest: 1000, typical: 100, own: 0, wildcards: 0, constants: undefined };

export function constant(text: string): HeldText {
	const wildcards = text.match(/[%*]/g)?.length ?? 0;
	const bytes = Buffer.byteLength(text);
	return { longest: bytes, typical: bytes, own: bytes, wildcards, constants: [text] };
}

/** A text that a query makes, of which nothing else is known. */
export function made(longest: number, typical: number, wildcards: number): HeldText {
	return { longest, typical, own: typical, wildcards, constants: undefined };
}

/** What may be either. */
export function either(one: HeldText | undefined, other: HeldText | undefined): HeldText | undefined {
	if (one === undefined || other === undefined || one === other) return one ?? other;
	const constants =
		one.constants === undefined || other.constants === undefined
			? undefined
			: [...new Set([...one.constants, ...other.constants])];
	return {
		longest: Math.max(one.longest, other.longest),
		typical: Math.max(one.typical, other.typical),
		own: Math.max(one.own, other.own),
		wildcards: Math.max(one.wildcards, other.wildcards),
		constants: constants !== undefined && constants.length > maxConstants ? undefined : constants,
	};
}
