// A mirror of production's schema, to compile queries against.

import { type Clock, once } from "../../system/index.ts";
import { Compiler } from "../engine/compiler.ts";
import { tableFunctions } from "../engine/functions.ts";
import { name as quoted } from "../sql.ts";
import { fold } from "../text/tokens.ts";
import type { Catalog, CatalogColumn, MirrorTable, Root } from "./catalog.ts";
import { type Dialect, probe, readDialect } from "./dialect.ts";
import { defineTable, readRoots } from "./mirror-tables.ts";
import { type WithheldAs, withheldColumn } from "./withheld.ts";

function onlyKey(columns: readonly CatalogColumn[]): string | undefined {
	const keys = columns.filter(({ primaryKey }) => primaryKey > 0);
	return keys.length === 1 ? keys[0]?.name : undefined;
}

/** How long production's schema is believed. */
const cacheMs = 10 * 60_000;
/** A name that the mirror lacks makes it ask again, but not more often than this. */
const refreshMs = 30_000;

interface Held {
	readonly table: MirrorTable;
	readonly definition: string;
	readonly at: number;
}

/**
 * An empty copy of production's schema in SQLite's own engine, to compile on: a table comes in when it is first
 * mentioned. Withheld columns are in it: left out, their names would bind to something else here than there.
 */
export class Mirror {
	readonly #held = new Map<string, Held>();
	/** The engine, loaded at its first use. */
	readonly compiler = once(() => Compiler.open());
	#listed: { readonly names: readonly string[]; readonly at: number } | undefined;
	/** The listed tables' names in lowercase. */
	#keys: ReadonlySet<string> = new Set();
	/** The list of which the mirror has no other table any more. */
	#dropped: readonly string[] | undefined;
	#counts: { readonly rows: Readonly<Record<string, number>>; readonly at: number } | undefined;
	#dialect: { readonly is: Dialect | undefined; readonly at: number } | undefined;
	#roots: ReadonlyMap<number, Root> | undefined;
	#tableFunctions: ReadonlySet<string> | undefined;

	constructor(
		private readonly catalog: Catalog,
		private readonly clock: Clock,
		/** Columns that the user has opened, as `table.column` in lowercase. */
		private readonly opened: ReadonlySet<string> = new Set(),
	) {}

	/** The tables that production lists. */
	async listed(signal: AbortSignal): Promise<readonly string[]> {
		const now = this.clock.now();
		if (this.#listed === undefined || now - this.#listed.at >= cacheMs) {
			const names = await this.catalog.tables(signal);
			this.#listed = { names: names.filter((name) => !/^sqlite_|^pragma_/i.test(name)), at: now };
			this.#keys = new Set(this.#listed.names.map((name) => name.toLowerCase()));
		}
		return this.#listed.names;
	}

	/** Rows a table, at most ten minutes old. */
	async rowCounts(signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
		const now = this.clock.now();
		if (this.#counts === undefined || now - this.#counts.at >= cacheMs) {
			this.#counts = { rows: await this.catalog.rowCounts(signal), at: now };
		}
		return this.#counts.rows;
	}

	/** What production's SQLite knows; undefined where it does not tell, and is then not asked again for ten minutes. */
	async dialect(signal: AbortSignal): Promise<Dialect | undefined> {
		const now = this.clock.now();
		if (
			this.#dialect === undefined ||
			(this.#dialect.is === undefined && now - this.#dialect.at >= cacheMs)
		) {
			const rows = await this.catalog.ask?.(probe, signal).catch((error: unknown) => {
				// What is not known is not worth a query that would have been answered.
				if (signal.aborted) throw error;
				return [];
			});
			this.#dialect = { is: readDialect(rows?.[0]), at: now };
		}
		return this.#dialect.is;
	}

	/** A table that is in the mirror, by its name in any letter case. */
	table(name: string): MirrorTable | undefined {
		return this.#held.get(name.toLowerCase())?.table;
	}

	tables(): readonly MirrorTable[] {
		return [...this.#held.values()].map(({ table }) => table);
	}

	/** Brings tables in, those of them that production lists, and those again that are older than ten minutes. */
	async include(names: Iterable<string>, signal: AbortSignal): Promise<void> {
		await this.#load(names, cacheMs, signal);
	}

	/**
	 * Asks for tables again, since a query names what they lack; at most twice a minute each.
	 *
	 * @returns whether anything was asked
	 */
	async refresh(names: Iterable<string>, signal: AbortSignal): Promise<boolean> {
		if (this.#listed !== undefined && this.clock.now() - this.#listed.at >= refreshMs)
			this.#listed = undefined;
		return this.#load(names, refreshMs, signal);
	}

	async #load(names: Iterable<string>, maxAgeMs: number, signal: AbortSignal): Promise<boolean> {
		// The engine compiles while the network is waited for.
		const loading = this.compiler();
		loading.catch(() => {});
		const listed = await this.listed(signal);
		const now = this.clock.now();
		const isDue = (key: string) => now - (this.#held.get(key)?.at ?? Number.NEGATIVE_INFINITY) >= maxAgeMs;
		const due = new Set<string>();
		for (const name of names) {
			const key = name.toLowerCase();
			if (this.#keys.has(key) && isDue(key)) due.add(key);
		}
		if (due.size === 0 && this.#dropped === listed) return false;
		const wanted = listed.filter((table) => due.has(table.toLowerCase()));
		const [compiler] = await Promise.all([
			loading,
			...wanted.map(async (table) => {
				const columns = await this.catalog.columns(table, signal);
				this.#define(await loading, table, columns);
			}),
		]);
		for (const [key, { table }] of this.#held) {
			if (!listed.includes(table.name)) this.#drop(compiler, key, table.name);
		}
		this.#dropped = listed;
		return wanted.length > 0;
	}

	/** What each root page of the mirror belongs to. */
	roots(compiler: Compiler): ReadonlyMap<number, Root> {
		this.#roots ??= readRoots(compiler);
		return this.#roots;
	}

	/** How a program names the table-valued functions that it may open; another address after each change of the schema. */
	tableFunctions(compiler: Compiler): ReadonlySet<string> {
		this.#tableFunctions ??= new Set(
			tableFunctions.flatMap((name) =>
				compiler
					.inspect(`SELECT value FROM ${name}('[]')`, () => true)
					.program.flatMap((operation) =>
						operation.opcode.name === "VOpen" && operation.p4 !== undefined ? [operation.p4] : [],
					),
			),
		);
		return this.#tableFunctions;
	}

	#define(compiler: Compiler, name: string, columns: readonly CatalogColumn[]): void {
		const key = name.toLowerCase();
		const table: MirrorTable = {
			name,
			folded: fold(name),
			columns: columns.map((column) => ({
				name: column.name,
				folded: fold(column.name),
				type: column.type,
				notNull: column.notNull,
				withheld: this.#withheld(name, column.name),
			})),
			key: onlyKey(columns),
			rowidReadable: columns.every((column) => this.#withheld(name, column.name) === undefined),
		};
		const definition = defineTable(table, columns);
		if (this.#held.get(key)?.definition !== definition) {
			if (this.#held.has(key)) this.#drop(compiler, key, name);
			if (columns.length === 0) return;
			compiler.run(definition);
			this.#roots = undefined;
			this.#tableFunctions = undefined;
		}
		this.#held.set(key, { table, definition, at: this.clock.now() });
	}

	#withheld(table: string, column: string): WithheldAs | undefined {
		const why = withheldColumn(table, column);
		const isOpened = this.opened.has(`${table}.${column}`.toLowerCase());
		return isOpened && (why === "unlisted" || why === "secret_name") ? undefined : why;
	}

	#drop(compiler: Compiler, key: string, name: string): void {
		this.#held.delete(key);
		this.#roots = undefined;
		this.#tableFunctions = undefined;
		compiler.run(`DROP TABLE ${quoted(name)}`);
	}
}
