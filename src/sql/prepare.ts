// Makes of an agent's text what can be sent: stars written out, names judged, tables fixed, aliases renamed.

import { nearest } from "../text/index.ts";
import { maxRecursion } from "./cost/plan.ts";
import { type Bounded, boundRecursion } from "./cost/recursion.ts";
import { CompileCheck, NameMissing } from "./engine/compile-check.ts";
import { NameUnknown, QuotedTextUnclear } from "./failures/index.ts";
import type { MirrorTable } from "./mirror/catalog.ts";
import { withPlainFunctions } from "./mirror/dialect.ts";
import type { Mirror } from "./mirror/mirror.ts";
import { asText, quotedName } from "./names/double-quotes.ts";
import {
	fixedTable,
	fixTables,
	type IsReadable,
	withoutIndexHints,
	withoutSchema,
} from "./names/fixed-tables.ts";
import { knownNames, renameAliases } from "./names/rename.ts";
import { type Expanded, expandStars } from "./text/star.ts";
import { allSources, commonTables, namesIn, type Parsed, type Source } from "./text/structure.ts";
import { fold } from "./text/tokens.ts";

/** What a text is held against. */
export interface Ground {
	readonly mirror: Mirror;
	readonly isReadable: IsReadable;
	readonly signal: AbortSignal;
}

/** A text as the agent means it, and as it is sent. */
export interface Prepared {
	/** With the agent's own names. */
	readonly meant: Parsed;
	/** What stood in double quotes, and is a text. */
	readonly texts: readonly string[];
	/** Its INDEXED BY was left out. */
	readonly withoutIndex: boolean;
	/** Columns that `*` does not stand for, since they are withheld. */
	readonly omitted: Expanded["omitted"];
	/** The columns of its result, as SQLite calls them. */
	readonly columns: readonly string[];
	/** Every name that its text holds, as SQLite compares names. */
	readonly names: ReadonlySet<string>;
	/** The tables of the mirror that it names anywhere. */
	readonly tables: readonly MirrorTable[];
	/** Their definitions, as they stand before the text. */
	readonly fixed: readonly string[];
	/** Columns that hold bytes, and are read as hex(). */
	readonly asHex: readonly string[];
	/** The sources of what is sent. */
	readonly sources: readonly Source[];
	/** What is sent, with the highest LIMIT in the recursions that have none. */
	readonly bounded: Bounded;
	/** The same with another. */
	boundedBy(limit: number): Bounded;
	/** A text with the agent's own names again. */
	back(text: string): string;
	readonly check: CompileCheck;
}

/**
 * Compiles the text as it is meant; where a name is missing, production is asked for what the mirror may lack, and once
 * more. What compiles is then given its tables and its names.
 *
 * @throws {SqlFailure}
 */
export async function prepare(ground: Ground, asked: Parsed): Promise<Prepared> {
	const { mirror, isReadable, signal } = ground;
	const named = namesIn(asked);
	await mirror.include(named, signal);
	const compiler = await mirror.compiler();
	const texts: string[] = [];
	const unhinted = named.has("indexed") ? withoutIndexHints(asked) : asked;
	let read = named.has("main")
		? withoutSchema(
				unhinted,
				commonTables(asked.places).map(({ name }) => name),
			)
		: unhinted;
	const withoutIndex = unhinted !== asked;
	let mayRefresh = true;
	for (;;) {
		const expanded = expandStars(read, (name) => starOf(ground, name));
		const meant = expanded.parsed;
		const mayRecurse = boundRecursion(meant, maxRecursion).recursive.length > 0;
		const check = new CompileCheck(mirror, compiler, { isReadable, mayRecurse });
		try {
			const { columns } = check.compile(meant.text);
			return {
				...write(ground, meant, meant === asked ? named : namesIn(meant)),
				meant,
				texts,
				withoutIndex,
				omitted: expanded.omitted,
				columns,
				check,
			};
		} catch (error) {
			if (!(error instanceof NameMissing)) throw error;
			if (await learn(mirror, error, named, mayRefresh, signal)) {
				mayRefresh = mayRefresh && error.what === "table" && mirror.table(error.missing) !== undefined;
				continue;
			}
			const text = error.what === "column" ? quotedName(error.missing) : undefined;
			const known = readableIn(ground, error, allSources(meant.places));
			if (text === undefined) throw await unknownName(ground, error, known);
			const near = nearest(text, known);
			if (near !== undefined) throw new QuotedTextUnclear(text, near);
			texts.push(text);
			read = asText(read, text);
		}
	}
}

function write(
	{ mirror, isReadable }: Ground,
	meant: Parsed,
	names: ReadonlySet<string>,
): Omit<Prepared, "meant" | "texts" | "withoutIndex" | "omitted" | "columns" | "check"> {
	const tables = mirror.tables().filter(({ name }) => names.has(fold(name)));
	const fixed = tables.map((table) => fixedTable(table, isReadable));
	const { parsed, back } = renameAliases(withPlainFunctions(meant), knownNames(names, fixed));
	const boundedBy = (limit: number) => boundRecursion(parsed, limit);
	const bounded = boundedBy(maxRecursion);
	return {
		names,
		tables,
		...fixTables(parsed, names, fixed),
		sources: allSources(bounded.parsed.places),
		bounded,
		boundedBy,
		back,
	};
}

function starOf({ mirror, isReadable }: Ground, name: string) {
	const table = mirror.table(name);
	if (table === undefined) return undefined;
	const names = (readable: boolean) =>
		table.columns.flatMap((column) => (isReadable(table, column.name) === readable ? [column.name] : []));
	return { readable: names(true), withheld: names(false) };
}

/** Whether production was asked and there may be more to know. */
async function learn(
	mirror: Mirror,
	{ what, missing }: NameMissing,
	named: ReadonlySet<string>,
	mayRefresh: boolean,
	signal: AbortSignal,
): Promise<boolean> {
	if (what === "table" && mirror.table(missing) === undefined) {
		await mirror.include([missing], signal);
		if (mirror.table(missing) !== undefined) return true;
	}
	return mayRefresh && (await mirror.refresh([missing, ...named], signal));
}

/** The readable columns where a column is missing. */
function readableIn(
	{ mirror, isReadable }: Ground,
	{ missing }: NameMissing,
	sources: readonly Source[],
): readonly string[] {
	const dot = missing.lastIndexOf(".");
	const qualifier = missing.slice(0, Math.max(0, dot)).toLowerCase();
	const meant = sources.filter(({ alias }) => qualifier === "" || alias?.toLowerCase() === qualifier);
	const columns = meant.flatMap(({ name }) => {
		const table = mirror.table(name);
		return (table?.columns ?? []).flatMap((one) =>
			table !== undefined && isReadable(table, one.name) ? [one.name] : [],
		);
	});
	return [...new Set(columns)];
}

async function unknownName(
	{ mirror, signal }: Ground,
	{ what, missing }: NameMissing,
	known: readonly string[],
): Promise<NameUnknown> {
	if (what === "table") {
		const listed = await mirror.listed(signal);
		return new NameUnknown("table", missing, nearest(missing, listed), listed);
	}
	const column = missing.slice(missing.lastIndexOf(".") + 1).replaceAll('"', "");
	return new NameUnknown("column", missing, nearest(column, known), known);
}
