// The whole way of an agent's SQL, from its text to what may be sent.

import type { CheckedSelect } from "./checked-select.ts";
import { findGrowth, noGrowth } from "./cost/growth.ts";
import { recursionLimits } from "./cost/plan.ts";
import { findUnbounded, isOrdinary } from "./cost/plan-check.ts";
import type { Bounded } from "./cost/recursion.ts";
import type { Operation, PlanLine } from "./engine/compiled.ts";
import { CannotBeSent, FormRefused, PlanUnbounded } from "./failures/index.ts";
import type { MirrorTable } from "./mirror/catalog.ts";
import { lackingOf, optionalIn } from "./mirror/dialect.ts";
import { holdsBytes } from "./names/fixed-tables.ts";
import { type Ground, type Prepared, prepare } from "./prepare.ts";
import { auditSent, positions, type Written, writeToSend } from "./send.ts";
import { name as quoted } from "./sql.ts";
import { argumentCounts } from "./text/argument-counts.ts";
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

/**
 * The whole way of an agent's SQL: text, stars and recursions written out, compiled, its tables and names fixed, wrapped
 * and rewritten for the API, and then what is sent compiled again, its program and its plan looked through.
 *
 * @param limit rows wanted; one more is asked for
 * @throws {SqlFailure}
 */
export async function checkAgentSql(ground: Ground, sql: string, limit: number): Promise<AgentSelect> {
	const prepared = await prepare(ground, checkText(sql));
	try {
		return await judge(ground, prepared, limit);
	} catch (error) {
		throw inOwnNames(error, prepared);
	}
}

async function judge(ground: Ground, prepared: Prepared, limit: number): Promise<AgentSelect> {
	const { check, fixed, meant, tables, texts, omitted } = prepared;
	const columns = positions(prepared.columns.length);
	const write = (bounded: Bounded) => writeToSend(bounded.parsed, fixed, columns.length, limit + 1);
	const findRefusal = (bounded: Bounded, plan: readonly PlanLine[], growth = noGrowth) =>
		findUnbounded(ground.mirror, { ...prepared, bounded, growth }, plan, ground.signal);
	const counts = argumentCounts(prepared.bounded.parsed.places);
	let refusal: Error | undefined;
	for await (const bounded of boundsToTry(prepared, write, findRefusal)) {
		const { sent: text, plain } = write(bounded);
		const audited = auditSent(prepared, text, columns.length);
		const { program } = plain === text ? audited : check.audit(plain);
		const growth = findGrowth(program, counts);
		if (growth.refused !== undefined) throw new FormRefused("growth", growth.refused);
		const isPlanned = bounded.recursive.length > 0 || mayRepeat(program) || !isOrdinary(growth);
		refusal = isPlanned ? await findRefusal(bounded, check.plan(text), growth) : undefined;
		if (refusal !== undefined) continue;
		await refuseLacking(ground, bounded);
		return {
			select: { text, columns, maxRows: limit + 1 } as unknown as CheckedSelect,
			columns: prepared.columns,
			meant: meant.text,
			texts,
			asHex: bytesOf(prepared),
			withoutIndex: prepared.withoutIndex,
			omitted,
			recursionLimit: bounded.added,
			tables,
		};
	}
	throw refusal;
}

/** Production is asked only of what may be sent otherwise. @throws {FunctionLacking} */
async function refuseLacking({ mirror, signal }: Ground, { parsed }: Bounded): Promise<void> {
	const used = optionalIn(parsed.places);
	const dialect = used.length === 0 ? undefined : await mirror.dialect(signal);
	const error = dialect === undefined ? undefined : lackingOf(dialect, used);
	if (error !== undefined) throw error;
}

function bytesOf({ tables, fixed }: Prepared): readonly string[] {
	return tables.flatMap((table) =>
		table.columns.flatMap(({ name, type }) =>
			holdsBytes(type) && fixed.some((one) => one.includes(`hex(${quoted(table.name)}.${quoted(name)})`))
				? [`${table.name}.${name}`]
				: [],
		),
	);
}

/** A refusal of what is sent, in the agent's own names. */
function inOwnNames(error: unknown, { back }: Prepared): unknown {
	if (error instanceof FormRefused) return new FormRefused(error.form, back(error.detail));
	if (error instanceof PlanUnbounded) return new PlanUnbounded(error.rows, error.scans.map(back));
	if (error instanceof CannotBeSent) return new CannotBeSent(back(error.word));
	return error;
}

/**
 * The text with each LIMIT for its recursion that its plan can afford, the highest first. Where it can afford none, the
 * text with the highest, whose refusal is then reported.
 */
async function* boundsToTry(
	{ bounded, boundedBy, check }: Prepared,
	write: (bounded: Bounded) => Written,
	judge: (bounded: Bounded, plan: readonly PlanLine[]) => Promise<Error | undefined>,
): AsyncGenerator<Bounded> {
	if (bounded.added === undefined) {
		yield bounded;
		return;
	}
	const plan = check.plan(write(bounded).sent);
	let isBorne = false;
	for (const limit of recursionLimits) {
		const other = boundedBy(limit);
		if ((await judge(other, plan)) !== undefined) continue;
		isBorne = true;
		yield other;
	}
	if (!isBorne) yield bounded;
}

/** Whether a program may read anything inside of something else: it has more than one cursor to read by. */
function mayRepeat(program: readonly Operation[]): boolean {
	const tables = new Set<number>();
	for (const { name, p1 } of program) {
		if (name === "InitCoroutine" || name === "OpenDup" || name === "VOpen" || name === "BeginSubrtn")
			return true;
		if (name === "OpenRead") tables.add(p1);
	}
	return tables.size > 1;
}
