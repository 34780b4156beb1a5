// The whole way of an agent's SQL, from its text to what may be sent.

import type { CheckedSelect } from "./checked-select.ts";
import { namedPlan } from "./cost/named-plan.ts";
import { maxRecursion } from "./cost/plan.ts";
import { affordableLimit, type Grounds } from "./cost/plan-check.ts";
import type { Bounded } from "./cost/recursion.ts";
import type { Operation } from "./engine/compiled.ts";
import type { Compiler } from "./engine/compiler.ts";
import { CannotBeSent, FormRefused, PlanUnbounded } from "./failures/index.ts";
import type { MirrorTable } from "./mirror/catalog.ts";
import { lackingOf, optionalIn } from "./mirror/dialect.ts";
import { type Ground, type Prepared, prepare, prepareAtOnce } from "./prepare.ts";
import { auditSent, positions, writeToSend } from "./send.ts";
import { namesIn, type Parsed } from "./text/structure.ts";
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
export interface AgentGround extends Ground, Grounds {
	/** What is sent has to pass the API's filter of words; default true. */
	readonly wordFilter?: boolean;
}

/**
 * The whole way of an agent's SQL: text, stars and recursions written out, compiled, its tables and names fixed, wrapped
 * and rewritten for the API, and then what is sent compiled again, its program looked through and its cost judged.
 *
 * @param limit rows wanted; one more is asked for
 * @throws {SqlFailure}
 */
export async function checkAgentSql(ground: AgentGround, sql: string, limit: number): Promise<AgentSelect> {
	const started = performance.now();
	const asked = checkText(sql);
	const named = namesIn(asked);
	await ground.mirror.include(named, ground.signal);
	const compiler = await ground.mirror.compiler();
	const audited = auditAtOnce(ground, compiler, asked, named, limit);
	const prepared = audited?.prepared ?? (await prepare(ground, asked, named));
	try {
		return await judge(ground, audited ?? audit(ground, prepared, limit), limit, started);
	} catch (error) {
		throw inOwnNames(error, prepared);
	}
}

/** What is to be sent, compiled and looked through. */
interface Audited {
	readonly prepared: Prepared;
	readonly bounded: Bounded;
	readonly text: string;
	/** The same where no filter of words has to take it. */
	readonly plain: string;
	/** Of `plain`. */
	readonly program: readonly Operation[];
}

/** Undefined where it is not sound: why, the text tells as it is meant. */
function auditAtOnce(
	ground: AgentGround,
	compiler: Compiler,
	asked: Parsed,
	named: ReadonlySet<string>,
	limit: number,
): Audited | undefined {
	try {
		const prepared = prepareAtOnce(ground, compiler, asked, named);
		return prepared && audit(ground, prepared, limit);
	} catch {
		return undefined;
	}
}

/** @throws {SqlFailure} */
function audit(
	{ wordFilter = true }: AgentGround,
	prepared: Prepared,
	limit: number,
	bounded = prepared.written.bounded,
): Audited {
	const { check, columns, written } = prepared;
	const { sent, plain } = writeToSend(bounded.parsed, written.fixed, columns.length, limit + 1, wordFilter);
	const audited = auditSent(prepared, sent, columns.length);
	const { program } = plain === sent ? audited : check.audit(plain);
	return { prepared, bounded, text: sent, plain, program };
}

async function judge(
	ground: AgentGround,
	audited: Audited,
	limit: number,
	started: number,
): Promise<AgentSelect> {
	const { prepared, bounded, program } = audited;
	const { check, columns, written } = prepared;
	const { wordFilter = true } = ground;
	const affordable = await affordableLimit(ground, written, bounded, program, () =>
		namedPlan(
			check,
			audited.text,
			written.sources,
			() => writeToSend(bounded.parsed, [], columns.length, limit + 1, wordFilter).sent,
		),
	);
	const isAsBounded = affordable === bounded.added;
	const sent = isAsBounded
		? audited
		: audit(ground, prepared, limit, written.boundedBy(affordable ?? maxRecursion));
	await refuseLacking(ground, sent.bounded);
	const { text, plain } = sent;
	return {
		select: {
			text,
			plain: plain === text ? undefined : plain,
			columns: positions(columns.length),
			maxRows: limit + 1,
			guardMs: performance.now() - started,
		} as unknown as CheckedSelect,
		columns,
		meant: prepared.meant.text,
		texts: prepared.texts,
		asHex: written.asHex,
		withoutIndex: prepared.withoutIndex,
		omitted: prepared.omitted,
		recursionLimit: sent.bounded.added,
		tables: written.tables,
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
function inOwnNames(error: unknown, { written: { back } }: Prepared): unknown {
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
