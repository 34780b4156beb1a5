// The whole way of an agent's SQL, from its text to what may be sent.

import type { CheckedSelect } from "./checked-select.ts";
import { namedPlan } from "./cost/named-plan.ts";
import { maxRecursion } from "./cost/plan.ts";
import { affordableLimit, type Grounds } from "./cost/plan-check.ts";
import type { Bounded } from "./cost/recursion.ts";
import { CannotBeSent, FormRefused, PlanUnbounded } from "./failures/index.ts";
import type { MirrorTable } from "./mirror/catalog.ts";
import { lackingOf, optionalIn } from "./mirror/dialect.ts";
import { type Ground, type Prepared, prepare } from "./prepare.ts";
import { auditSent, positions, writeToSend } from "./send.ts";
import { checkText } from "./text/text-checks.ts";

/** A query of an agent's, as it may be sent. */
export interface AgentSelect {
	readonly select: CheckedSelect;
	/** The columns by the agent's own names, in the order of `select.columns`. */
	readonly columns: readonly string[];
	/** The text as it was understood, in the agent's own names. */
	readonly meant: string;
	/** What stood in double quotes, named nothing and was sent as a text. */
	readonly texts: readonly string[];
	/** Columns that hold bytes, and are read as hex(). */
	readonly asHex: readonly string[];
	/** Its INDEXED BY was left out. */
	readonly withoutIndex: boolean;
	/** Columns that `*` does not stand for, since they are withheld. */
	readonly omitted: Prepared["omitted"];
	/** The LIMIT that a recursion was given. */
	readonly recursionLimit: number | undefined;
	/** The tables that it names. */
	readonly tables: readonly MirrorTable[];
}

/** What a text is judged by, beside what it names. */
export interface AgentGround extends Ground, Pick<Grounds, "known" | "isThorough"> {
	/** What is sent has to pass the API's filter of words; default true. */
	readonly wordFilter?: boolean;
	/** Milliseconds since the epoch. */
	now(): number;
}

/**
 * The whole way of an agent's SQL: text, stars and recursions written out, compiled, its tables and names fixed, wrapped
 * and rewritten for the API, and then what is sent compiled again, its program looked through and its cost judged.
 *
 * @param limit rows wanted; one more is asked for
 * @throws {SqlFailure}
 */
export async function checkAgentSql(ground: AgentGround, sql: string, limit: number): Promise<AgentSelect> {
	const prepared = await prepare(ground, checkText(sql));
	try {
		return await judge(ground, prepared, limit);
	} catch (error) {
		throw inOwnNames(error, prepared);
	}
}

async function judge(ground: AgentGround, prepared: Prepared, limit: number): Promise<AgentSelect> {
	const { check, fixed, meant, tables, texts, omitted } = prepared;
	const { wordFilter = true } = ground;
	const columns = positions(prepared.columns.length);
	const grounds = { ...ground, now: () => ground.now() / 1000 };
	const audit = (bounded: Bounded) => {
		const { sent, plain } = writeToSend(bounded.parsed, fixed, columns.length, limit + 1, wordFilter);
		const audited = auditSent(prepared, sent, columns.length);
		return { text: sent, plain, program: plain === sent ? audited.program : check.audit(plain).program };
	};
	let { bounded } = prepared;
	let { text, plain, program } = audit(bounded);
	const affordable = await affordableLimit(grounds, prepared, bounded, program, () =>
		namedPlan(
			check,
			text,
			prepared.sources,
			() => writeToSend(bounded.parsed, [], columns.length, limit + 1, wordFilter).sent,
		),
	);
	if (affordable !== bounded.added) {
		bounded = prepared.boundedBy(affordable ?? maxRecursion);
		({ text, plain, program } = audit(bounded));
	}
	await refuseLacking(ground, bounded);
	return {
		select: {
			text,
			...(plain === text ? {} : { plain }),
			columns,
			maxRows: limit + 1,
		} as unknown as CheckedSelect,
		columns: prepared.columns,
		meant: meant.text,
		texts,
		asHex: prepared.asHex,
		withoutIndex: prepared.withoutIndex,
		omitted,
		recursionLimit: bounded.added,
		tables,
	};
}

/** Production is asked only of what may be sent otherwise. @throws {FunctionLacking} */
async function refuseLacking({ mirror, signal }: Ground, { parsed }: Bounded): Promise<void> {
	const used = optionalIn(parsed);
	const dialect = used.length === 0 ? undefined : await mirror.dialect(signal);
	const error = dialect === undefined ? undefined : lackingOf(dialect, used);
	if (error !== undefined) throw error;
}

/** A refusal of what is sent, in the agent's own names. */
function inOwnNames(error: unknown, { back }: Prepared): unknown {
	if (error instanceof FormRefused) return new FormRefused(error.form, back(error.detail));
	if (error instanceof PlanUnbounded) {
		const { scans, unlimited } = error.cost;
		return new PlanUnbounded({
			...error.cost,
			scans: scans.map(back),
			unlimited: unlimited && { ...unlimited, names: unlimited.names.map(back) },
		});
	}
	if (error instanceof CannotBeSent) return new CannotBeSent(back(error.word));
	return error;
}
