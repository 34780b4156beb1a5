// The text that is sent: the agent's, in a SELECT of ours.

import { type Audited, NameMissing } from "./engine/compile-check.ts";
import { FormRefused, SqlInvalid } from "./failures/index.ts";
import type { Prepared } from "./prepare.ts";
import { refuseForFilter, writeForFilter } from "./text/api-filter.ts";
import type { Parsed } from "./text/structure.ts";

/** `c1`, `c2`: what is sent names its columns by place, since the agent's names may be none, or twice the same. */
export function positions(count: number): readonly string[] {
	return Array.from({ length: count }, (_, index) => `c${index + 1}`);
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
 * @throws {CannotBeSent}
 */
export function writeToSend(
	parsed: Parsed,
	tables: readonly string[],
	columns: number,
	rows: number,
): Written {
	const list = positions(columns).join(", ");
	const before = tables.map((table) => `${table}, `).join("");
	const wrap = (inside: string) =>
		`SELECT ${list} FROM (WITH ${before}asked(${list}) AS (\n${inside}\n) SELECT * FROM asked) LIMIT ${rows}`;
	const { text, isRewritten } = writeForFilter(parsed.tokens);
	const sent = wrap(text);
	refuseForFilter(sent);
	return { sent, plain: isRewritten ? wrap(parsed.text) : sent };
}

/**
 * Compiles what is sent, and looks through its program. What compiled before and does no more is looked through as it
 * was meant, which tells why: `USING (email)` names a column that what is sent does not have.
 *
 * @throws {SqlFailure}
 */
export function auditSent({ check, meant }: Prepared, sent: string, columns: number): Audited {
	try {
		const audited = check.audit(sent);
		if (audited.columns.join() !== positions(columns).join()) {
			throw new FormRefused("operation", "other columns");
		}
		return audited;
	} catch (error) {
		if (!(error instanceof SqlInvalid || error instanceof NameMissing)) throw error;
		check.audit(meant.text);
		throw new FormRefused("operation", error instanceof SqlInvalid ? error.said : error.missing);
	}
}
