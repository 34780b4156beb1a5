import { integer, type Sql, sql } from "../sql/index.ts";

/** Characters of a text that are read: clients write what they like. */
export const maxReadLength = 500;

/** A text column, cut in production. */
export function readText(column: Sql): Sql {
	return sql`substr(${column}, 1, ${integer(maxReadLength)})`;
}

/** How long a text is that was read so, in words. */
export function readLength(text: string): string {
	return text.length < maxReadLength ? String(text.length) : `${maxReadLength} or more`;
}
