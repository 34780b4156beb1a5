// Makes of an agent's text what can be sent: stars written out, names judged, tables fixed, aliases renamed.

import { nearest } from "../text/index.ts";
import { maxRecursion } from "./cost/plan.ts";
import { type Bounded, boundRecursion } from "./cost/recursion.ts";
import { CompileCheck, NameMissing } from "./engine/compile-check.ts";
import type { Compiler } from "./engine/compiler.ts";
import { NameUnknown, QuotedTextUnclear, SqlInvalid } from "./failures/index.ts";
import type { MirrorTable } from "./mirror/catalog.ts";
import { withPlainFunctions } from "./mirror/dialect.ts";
import type { Mirror } from "./mirror/mirror.ts";
import { asText, quotedName, withKeywordQuoted } from "./names/double-quotes.ts";
import {
	type FixedTable,
	fixedTable,
	fixTables,
	type IsReadable,
	withoutIndexHints,
	withoutSchema,
} from "./names/fixed-tables.ts";
import { knownNames, renameAliases } from "./names/rename.ts";
import { resultColumns } from "./names/result-columns.ts";
import { type Expanded, expandStars } from "./text/star.ts";
import { allSources, commonTables, isBalanced, namesIn, type Parsed, type Source } from "./text/structure.ts";

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
	readonly written: Written;
	readonly check: CompileCheck;
}

/** What is made of a text to be sent. */
export interface Written {
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
}

/**
 * The text without a compilation of it as it is meant: where its columns' names stand in it, and nothing in it can be
 * meant otherwise than it is sent. Whether it is sound, what is sent tells; undefined, or a failure, says nothing of it.
 *
 * @param named the names that stand in the text, of which the mirror has what production lists
 */
export function prepareAtOnce(
	ground: Ground,
	compiler: Compiler,
	asked: Parsed,
	named: ReadonlySet<string>,
): Prepared | undefined {
	if (named.has("indexed") || named.has("main") || !isBalanced(asked)) return undefined;
	const { parsed: meant, omitted } = expandStars(asked, (name) => starOf(ground, name));
	const names = meant === asked ? named : namesIn(meant);
	const tables = tablesIn(ground, names);
	const fixed = tables.map((table) => fixedTable(table, ground.isReadable));
	// Such a name may be meant for what is withheld, whatever else it could be.
	if (fixed.some(({ hidden }) => hidden.some((name) => names.has(name)))) return undefined;
	const columns = resultColumns(meant, fixed);
	if (columns === undefined) return undefined;
	const written = write(meant, names, tables, fixed);
	const check = new CompileCheck(ground.mirror, compiler, {
		isReadable: ground.isReadable,
		mayRecurse: written.bounded.recursive.length > 0,
	});
	return { meant, texts: [], withoutIndex: false, omitted, columns, written, check };
}

/**
 * Compiles the text as it is meant; where a name is missing, production is asked for what the mirror may lack, and once
 * more. What compiles is then given its tables and its names.
 *
 * @param named the names that stand in the text, of which the mirror has what production lists
 * @throws {SqlFailure}
 */
export async function prepare(ground: Ground, asked: Parsed, named: ReadonlySet<string>): Promise<Prepared> {
	const { mirror, signal } = ground;
	const compiler = await mirror.compiler();
	const texts: string[] = [];
	const unhinted = named.has("indexed") ? withoutIndexHints(asked) : asked;
	let read = named.has("main")
		? withoutSchema(
				unhinted,
				commonTables(asked.places).map(({ name }) => name),
			)
		: unhinted;
	let mayRefresh = true;
	for (;;) {
		const { parsed: meant, omitted } = expandStars(read, (name) => starOf(ground, name));
		const mayRecurse = boundRecursion(meant, maxRecursion).recursive.length > 0;
		const check = new CompileCheck(mirror, compiler, { isReadable: ground.isReadable, mayRecurse });
		try {
			const { columns } = check.compile(meant.text);
			const names = meant === asked ? named : namesIn(meant);
			const tables = tablesIn(ground, names);
			const fixed = tables.map((table) => fixedTable(table, ground.isReadable));
			const written = write(meant, names, tables, fixed);
			return { meant, texts, withoutIndex: unhinted !== asked, omitted, columns, written, check };
		} catch (error) {
			if (error instanceof SqlInvalid) {
				const quoted = withKeywordQuoted(read, error.said);
				if (quoted === undefined) throw error;
				read = quoted;
				continue;
			}
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
function tablesIn({ mirror }: Ground, names: ReadonlySet<string>): readonly MirrorTable[] {
	return mirror.tables().filter(({ folded }) => names.has(folded));
}

function write(
	meant: Parsed,
	names: ReadonlySet<string>,
	tables: readonly MirrorTable[],
	fixed: readonly FixedTable[],
): Written {
	const { parsed, back } = renameAliases(withPlainFunctions(meant), knownNames(names, fixed));
	const boundedBy = (limit: number) => boundRecursion(parsed, limit);
	const bounded = boundedBy(maxRecursion);
	const definitions = fixTables(parsed, names, fixed);
	return {
		names,
		tables,
		fixed: definitions.fixed,
		asHex: definitions.asHex,
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
