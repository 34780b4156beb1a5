// Integers beyond 2^53, which production's API does not return: read again as text.

import { DatabaseError } from "../../source/index.ts";

/** libSQL's client refuses a whole answer for one such integer. */
export function isTooLarge(error: unknown): boolean {
	return error instanceof DatabaseError && /too large to be safely represented/i.test(error.serverMessage);
}

/**
 * The same query, with those integers as text.
 *
 * @param sql one SELECT without a semicolon or a comment
 * @param columns how many it yields
 */
export function withWholeNumbers(sql: string, columns: number): string {
	const names = Array.from({ length: columns }, (_, index) => `n${index + 1}`);
	const largest = Number.MAX_SAFE_INTEGER;
	const shown = names.map(
		(name) =>
			`CASE WHEN typeof(${name}) = 'integer' AND (${name} > ${largest} OR ${name} < -${largest}) THEN CAST(${name} AS TEXT) ELSE ${name} END`,
	);
	return `WITH whole_numbers(${names.join(", ")}) AS (\n${sql}\n) SELECT ${shown.join(", ")} FROM whole_numbers`;
}

/** Whether a text is an integer that JavaScript's numbers cannot hold. */
export function isWholeNumber(cell: unknown): boolean {
	return typeof cell === "string" && /^-?\d{16,19}$/.test(cell) && !Number.isSafeInteger(Number(cell));
}
