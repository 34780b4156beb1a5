import { type Audited, type CompileCheck, NameMissing } from "./engine/compile-check.ts";
import { CannotBeSent, FormRefused, SqlInvalid } from "./failures/index.ts";
import { refuseForFilter, writeForFilter } from "./text/api-filter.ts";
import type { Parsed } from "./text/structure.ts";

/** `c1`, `c2`: what is sent names its columns by place, since the agent's names may be none, or twice the same. */
export function positions(count: number): readonly string[] {
	return Array.from({ length: count }, (_, index) => `c${index + 1}`);
}

/**
 * The agent's text inside of a SELECT of ours, closed on a line of its own, with the outer LIMIT: the API refuses a text
 * that begins with WITH, and appends no LIMIT of its own.
 *
 * @throws {CannotBeSent}
 */
export function writeToSend(parsed: Parsed, columns: number, rows: number): string {
	const list = positions(columns).join(", ");
	const inside = writeForFilter(parsed.tokens);
	const sent = `SELECT ${list} FROM (WITH asked(${list}) AS (\n${inside}\n) SELECT * FROM asked) LIMIT ${rows}`;
	refuseForFilter(sent);
	return sent;
}

/**
 * Compiles what is sent, and looks through its program. What compiled before and does no more has a string where only a
 * name may stand.
 *
 * @throws {SqlFailure}
 */
export function auditSent(check: CompileCheck, sent: string, columns: number): Audited {
	try {
		const audited = check.audit(sent);
		if (audited.columns.join() !== positions(columns).join()) {
			throw new FormRefused("operation", "other columns");
		}
		return audited;
	} catch (error) {
		if (error instanceof SqlInvalid) throw new CannotBeSent(error.said);
		if (error instanceof NameMissing) throw new FormRefused("operation", error.missing);
		throw error;
	}
}
