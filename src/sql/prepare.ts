import { nearest } from "../text/index.ts";
import { maxRecursion } from "./cost/plan.ts";
import { type Bounded, boundRecursion } from "./cost/recursion.ts";
import { CompileCheck, NameMissing } from "./engine/compile-check.ts";
import type { Compiled } from "./engine/compiled.ts";
import { FormRefused, NameUnknown, SqlInvalid } from "./failures/index.ts";
import type { MirrorTable } from "./mirror/catalog.ts";
import type { Mirror } from "./mirror/mirror.ts";
import { decoy } from "./mirror/mirror-tables.ts";
import { refuseWithheldNames } from "./mirror/names.ts";
import type { WithheldAs } from "./mirror/withheld.ts";
import { expandStars } from "./text/star.ts";
import { allSources, type CommonTable, commonTables, type Parsed, type Source } from "./text/structure.ts";
import { nameOf } from "./text/tokens.ts";

/** What a text is held against. */
export interface Ground {
	readonly mirror: Mirror;
	isReadable(table: MirrorTable, column: string): boolean;
	isWithheld(why: WithheldAs): boolean;
	readonly signal: AbortSignal;
}

/** A text as the agent means it, compiled, and what was written out in it. */
export interface Prepared {
	readonly sources: readonly Source[];
	/** The tables of the mirror that it names anywhere. */
	readonly tables: readonly MirrorTable[];
	/** Columns that `*` does not stand for, since they are withheld. */
	readonly omitted: readonly { readonly table: string; readonly columns: readonly string[] }[];
	/** The text with the highest LIMIT in the recursions that have none. */
	readonly bounded: Bounded;
	/** The text with another. */
	boundedBy(limit: number): Bounded;
	readonly compiled: Compiled;
	readonly check: CompileCheck;
}

/**
 * Writes stars and recursions out and compiles; where a name is missing, production is asked for what the mirror may
 * lack, and once more.
 *
 * @throws {SqlFailure}
 */
export async function prepare(
	{ mirror, isReadable, isWithheld, signal }: Ground,
	asked: Parsed,
): Promise<Prepared> {
	const named = allSources(asked.places).map(({ name }) => name);
	await mirror.include(named, signal);
	const compiler = await mirror.compiler();
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
		const boundedBy = (limit: number) => boundRecursion(expanded.parsed, limit);
		const bounded = boundedBy(maxRecursion);
		const { parsed } = bounded;
		const check = new CompileCheck(mirror, compiler, {
			isReadable,
			mayRecurse: bounded.recursive.length > 0,
		});
		const sources = allSources(parsed.places);
		const tables = tablesNamed(mirror, parsed);
		refuseOddNames(sources, commonTables(parsed.places), mirror);
		const checkNames = () => refuseWithheldNames(parsed.places, { tables, sources, isWithheld, exempt: [] });
		try {
			const compiled = check.compile(parsed.text);
			checkNames();
			return { sources, tables, omitted: expanded.omitted, bounded, boundedBy, compiled, check };
		} catch (error) {
			if (isOfDecoy(error)) checkNames();
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

/** Whether the mirror's own column is the cause: it may have been asked for by its name, which is told better. */
function isOfDecoy(error: unknown): boolean {
	if (error instanceof FormRefused) return error.form === "whole_row";
	return error instanceof SqlInvalid && error.said.toLowerCase() === `ambiguous column name: ${decoy}`;
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
