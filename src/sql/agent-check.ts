import { nearest } from "../nearest.ts";
import { refuseForFilter, writeForFilter } from "./api-filter.ts";
import type { CheckedSelect } from "./checked-select.ts";
import { type Audited, CompileCheck, NameMissing } from "./compile-check.ts";
import type { Compiled, Compiler, Operation } from "./compiler.ts";
import { CannotBeSent, FormRefused, NameUnknown, SqlInvalid } from "./errors.ts";
import type { Mirror, MirrorTable } from "./mirror.ts";
import { refuseWithheldNames } from "./names.ts";
import { recursionLimits } from "./plan.ts";
import { findUnbounded } from "./plan-check.ts";
import { type Bounded, boundRecursion } from "./recursion.ts";
import { expandStars } from "./star.ts";
import { allSources, type CommonTable, commonTables, type Parsed, type Source } from "./structure.ts";
import { checkText } from "./text-checks.ts";
import { nameOf } from "./tokens.ts";
import type { WithheldAs } from "./withheld.ts";

/** A query of an agent's, as it may be sent. */
export interface AgentSelect {
	readonly select: CheckedSelect;
	/** The columns by the agent's own names, in the order of `select.columns`. */
	readonly columns: readonly string[];
	/** Columns that `*` does not stand for, since they are withheld. */
	readonly omitted: readonly { readonly table: string; readonly columns: readonly string[] }[];
	/** The LIMIT that a recursion was given. */
	readonly recursionLimit: number | undefined;
	/** The tables that it names. */
	readonly tables: readonly MirrorTable[];
}

interface Request {
	readonly limit: number;
	readonly signal: AbortSignal;
}

/** A text as the agent means it, and what was written out in it. */
interface Prepared {
	readonly parsed: Parsed;
	readonly sources: readonly Source[];
	/** The tables of the mirror that it names anywhere. */
	readonly tables: readonly MirrorTable[];
	readonly omitted: AgentSelect["omitted"];
	readonly bounded: Bounded;
	readonly compiled: Compiled;
	readonly check: CompileCheck;
}

/**
 * The whole way of an agent's SQL: text, stars and recursions written out, compiled, its names, wrapped and
 * rewritten for the API, and then what is sent compiled again, its program and its plan looked through.
 *
 * @throws {SqlFailure}
 */
export async function checkAgentSql(
	mirror: Mirror,
	isWithheld: (why: WithheldAs) => boolean,
	sql: string,
	{ limit, signal }: Request,
): Promise<AgentSelect> {
	const parsed = checkText(sql);
	const compiler = await mirror.compiler();
	const named = allSources(parsed.places).map(({ name }) => name);
	await mirror.include(named, signal);
	const isReadable = (table: MirrorTable, name: string) =>
		table.columns.some(
			(column) => column.name === name && (column.withheld === undefined || !isWithheld(column.withheld)),
		);
	const write = async (recursionLimit: number) => {
		const prepared = await prepare(
			mirror,
			compiler,
			isReadable,
			parsed,
			named,
			isWithheld,
			recursionLimit,
			signal,
		);
		const sent = writeToSend(prepared.parsed, prepared.compiled.columns.length, limit + 1);
		const { program } = auditSent(prepared, sent);
		const refusal =
			prepared.bounded.recursive.length > 0 || mayRepeat(program)
				? await findUnbounded(mirror, prepared, prepared.check.plan(sent), signal)
				: undefined;
		return { prepared, sent, refusal };
	};
	const [most = 0, ...fewer] = recursionLimits;
	let { prepared, sent, refusal } = await write(most);
	for (const recursionLimit of prepared.bounded.added === undefined ? [] : fewer) {
		if (refusal === undefined) break;
		({ prepared, sent, refusal } = await write(recursionLimit));
	}
	if (refusal !== undefined) throw refusal;
	return {
		select: {
			text: sent,
			columns: positions(prepared.compiled.columns.length),
			maxRows: limit + 1,
		} as unknown as CheckedSelect,
		columns: prepared.compiled.columns,
		omitted: prepared.omitted,
		recursionLimit: prepared.bounded.added,
		tables: prepared.tables,
	};
}

/** Compiles; where a name is missing, production is asked for what the mirror may lack, and once more. */
async function prepare(
	mirror: Mirror,
	compiler: Compiler,
	isReadable: (table: MirrorTable, name: string) => boolean,
	asked: Parsed,
	named: readonly string[],
	isWithheld: (why: WithheldAs) => boolean,
	recursionLimit: number,
	signal: AbortSignal,
): Promise<Prepared> {
	let mayRefresh = true;
	for (;;) {
		const expanded = expandStars(asked, (name) => {
			const table = mirror.table(name);
			if (table === undefined) return undefined;
			const readable = table.columns.filter((column) => isReadable(table, column.name));
			return {
				readable: readable.map((column) => column.name),
				withheld: table.columns.filter((column) => !readable.includes(column)).map((column) => column.name),
			};
		});
		const bounded = boundRecursion(expanded.parsed, recursionLimit);
		const mayRecurse = bounded.recursive.length > 0;
		const check = new CompileCheck(mirror, compiler, { isReadable, mayRecurse });
		const { parsed } = bounded;
		const sources = allSources(parsed.places);
		const tables = tablesNamed(mirror, parsed);
		refuseOddNames(sources, commonTables(parsed.places), mirror);
		const checkNames = () => refuseWithheldNames(parsed.places, { tables, sources, isWithheld, exempt: [] });
		try {
			const compiled = check.compile(parsed.text);
			checkNames();
			return { parsed, sources, tables, omitted: expanded.omitted, bounded, compiled, check };
		} catch (error) {
			if (!(error instanceof NameMissing)) throw error;
			const known = await learn(mirror, error, named, mayRefresh, signal);
			if (!known) {
				checkNames();
				throw await unknownName(mirror, isReadable, error, sources, signal);
			}
			mayRefresh = mayRefresh && error.what === "table" && mirror.table(error.missing) !== undefined;
		}
	}
}

/** Whether production was asked and there may be more to know. */
async function learn(
	mirror: Mirror,
	{ what, missing }: NameMissing,
	named: readonly string[],
	mayRefresh: boolean,
	signal: AbortSignal,
): Promise<boolean> {
	if (what === "table" && mirror.table(missing) === undefined) {
		await mirror.include([missing], signal);
		if (mirror.table(missing) !== undefined) return true;
	}
	return mayRefresh && (await mirror.refresh([missing, ...named], signal));
}

async function unknownName(
	mirror: Mirror,
	isReadable: (table: MirrorTable, name: string) => boolean,
	{ what, missing }: NameMissing,
	sources: readonly Source[],
	signal: AbortSignal,
): Promise<NameUnknown> {
	if (what === "table") {
		const listed = await mirror.listed(signal);
		return new NameUnknown("table", missing, nearest(missing, listed), listed);
	}
	const dot = missing.lastIndexOf(".");
	const qualifier = missing.slice(0, Math.max(0, dot)).toLowerCase();
	const column = missing.slice(dot + 1).replaceAll('"', "");
	const meant = sources.filter(({ alias }) => qualifier === "" || alias?.toLowerCase() === qualifier);
	const columns = meant.flatMap(({ name }) => {
		const table = mirror.table(name);
		return (table?.columns ?? []).flatMap((one) =>
			table !== undefined && isReadable(table, one.name) ? [one.name] : [],
		);
	});
	const known = [...new Set(columns)];
	return new NameUnknown("column", missing, nearest(column, known), known);
}

/**
 * The plan calls sources by their aliases, among words of its own: one that holds spaces or signs could pass for them.
 *
 * @throws {FormRefused}
 */
function refuseOddNames(sources: readonly Source[], common: readonly CommonTable[], mirror: Mirror): void {
	const names = [...sources.flatMap(({ alias }) => alias ?? []), ...common.map(({ name }) => name)];
	const odd = names.find((name) => !/^\w{1,60}$/.test(name) && mirror.table(name) === undefined);
	if (odd !== undefined) throw new FormRefused("odd_alias", odd);
}

/** Every table of the mirror that a text names anywhere. */
function tablesNamed(mirror: Mirror, { tokens }: Parsed): readonly MirrorTable[] {
	const names = new Set(tokens.map((token) => nameOf(token)?.toLowerCase()));
	return mirror.tables().filter(({ name }) => names.has(name.toLowerCase()));
}

/** `c1`, `c2`: what is sent names its columns by place, since the agent's names may be none, or twice the same. */
function positions(count: number): readonly string[] {
	return Array.from({ length: count }, (_, index) => `c${index + 1}`);
}

/**
 * The agent's text inside of a SELECT of ours, closed on a line of its own, with the outer LIMIT: the API refuses a text
 * that begins with WITH, and appends no LIMIT of its own.
 *
 * @throws {CannotBeSent}
 */
function writeToSend(parsed: Parsed, columns: number, rows: number): string {
	const list = positions(columns).join(", ");
	const inside = writeForFilter(parsed.tokens);
	const sent = `SELECT ${list} FROM (WITH asked(${list}) AS (\n${inside}\n) SELECT * FROM asked) LIMIT ${rows}`;
	refuseForFilter(sent);
	return sent;
}

/** What compiled before and does no more, since a string stands where only a name may. @throws {CannotBeSent} */
function auditSent(prepared: Prepared, sent: string): Audited {
	try {
		const audited = prepared.check.audit(sent, { boundGrowth: true });
		if (audited.columns.join() !== positions(prepared.compiled.columns.length).join()) {
			throw new FormRefused("operation", "other columns");
		}
		return audited;
	} catch (error) {
		if (error instanceof SqlInvalid) throw new CannotBeSent(error.said);
		if (error instanceof NameMissing) throw new FormRefused("operation", error.missing);
		throw error;
	}
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
