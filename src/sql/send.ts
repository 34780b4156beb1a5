// The text that is sent: the agent's, in a SELECT of ours.

import { NameMissing } from "./engine/compile-check.ts";
import type { Inspected } from "./engine/compiler.ts";
import { FormRefused, SqlInvalid } from "./failures/index.ts";
import type { Prepared } from "./prepare.ts";
import { refusedIn, refuseForFilter, writeForFilter } from "./text/api-filter.ts";
import type { Parsed } from "./text/structure.ts";

/** More than SQLite is let compile (engine/engine-limits.ts). */
const maxColumns = 1000;
const allPositions = Array.from({ length: maxColumns }, (_, index) => `c${index + 1}`);

/** `c1`, `c2`: what is sent names its columns by place, since the agent's names may be none, or twice the same. */
export function positions(count: number): readonly string[] {
	return allPositions.slice(0, count);
}

/** A text to send. */
export interface Written {
	readonly sent: string;
	/** The same before strings were written so that the API's filter takes them: a pattern in it is still one literal. */
	readonly plain: string;
}

/**
 * The agent's text inside of a SELECT of ours, closed on a line of its own, with the outer LIMIT: the API refuses a text
 * that begins with WITH, and appends no LIMIT of its own.
 *
 * @param tables the definitions of the tables that it names
 * @param wordFilter it has to pass the API's filter; else it stays as it is
 * @throws {CannotBeSent}
 */
export function writeToSend(
	parsed: Parsed,
	tables: readonly string[],
	columns: number,
	rows: number,
	wordFilter: boolean,
): Written {
	const list = positions(columns).join(", ");
	const before = tables.length === 0 ? "" : `${tables.join(", ")}, `;
	const wrap = (inside: string) =>
		`SELECT ${list} FROM (WITH ${before}asked(${list}) AS (\n${inside}\n) SELECT * FROM asked) LIMIT ${rows}`;
	const plain = wrap(parsed.text.trim());
	if (!wordFilter || refusedIn(plain) === undefined) return { sent: plain, plain };
	const sent = wrap(writeForFilter(parsed.tokens).trim());
	refuseForFilter(sent);
	return { sent, plain };
}

/**
 * Compiles what is sent, and looks through its program. What compiled before and does no more is looked through as it
 * was meant, which tells why: `USING (email)` names a column that what is sent does not have.
 *
 * @throws {SqlFailure}
 */
export function auditSent({ check, meant }: Prepared, sent: string, columns: number): Inspected {
	try {
		const audited = check.audit(sent);
		if (!isPositions(audited.columns, columns)) {
			throw new FormRefused("operation", "other columns");
		}
		return audited;
	} catch (error) {
		if (!(error instanceof SqlInvalid || error instanceof NameMissing)) throw error;
		check.audit(meant.text);
		throw new FormRefused("operation", error instanceof SqlInvalid ? error.said : error.missing);
	}
}

function isPositions(names: readonly string[], count: number): boolean {
	return names.length === count && names.every((name, index) => name === allPositions[index]);
}
