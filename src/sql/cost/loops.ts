// The loops of a compiled program: what they visit at most, if each reads the whole of its table.
import type { Operation } from "../engine/compiled.ts";
import type { Root } from "../mirror/catalog.ts";

export interface Loops {
	/** By where they stand in the program, without those that do nothing but call. */
	readonly each: readonly { readonly from: number; readonly to: number }[];
	/** Where the program ends; behind it constants are set up, once. */
	readonly end: number;
	/** What its cursors read of production. */
	readonly opened: ReadonlyMap<number, Root>;
	/**
	 * For each loop over a table, that table and those of the loops around. Undefined where a loop over anything else
	 * stands inside of another, or around one: how often is then not clear.
	 */
	readonly nests: readonly (readonly string[])[] | undefined;
	/** How often a row of them looks for another. */
	readonly seeks: number;
	/** Tables and indexes that are read each for itself; not the table of an index. */
	readonly reads: number;
}

interface Loop {
	readonly from: number;
	readonly to: number;
	/** Undefined where it goes through something of the query's own. */
	readonly table: string | undefined;
}

/** What repeats in ways that the program does not tell by itself. */
const untold = new Set("OpenDup VOpen OpenAutoindex ReopenIdx".split(" "));
const rowEnds = new Set("Next Prev SorterNext VNext".split(" "));
const otherEnds = new Set("Goto If IfNot IfPos IfNotZero Jump RowSetRead".split(" "));
const seeking = new Set(
	"SeekRowid NotExists DeferredSeek SeekGE SeekGT SeekLE SeekLT NotFound Found".split(" "),
);

/** @see https://sqlite.org/opcode.html */
export function loopsOf(program: readonly Operation[], roots: ReadonlyMap<number, Root>): Loops {
	const end = program[0]?.name === "Init" ? program[0].p2 : program.length;
	const opened = new Map<number, Root>();
	const each: Loop[] = [];
	const others: Loop[] = [];
	const calls: Operation[] = [];
	/** By the register that knows where a subroutine returns to. */
	const returns = new Map<number, number>();
	const lookups: number[] = [];
	const indexes = new Set<number>();
	let isTold = true;
	for (let at = 0; at < end; at += 1) {
		const operation = program[at];
		if (operation === undefined) continue;
		const { name, p1, p2 } = operation;
		if (name === "OpenRead") {
			const root = roots.get(p2);
			if (root !== undefined) opened.set(p1, root);
		} else if (rowEnds.has(name)) {
			if (p2 < at) each.push({ from: p2, to: at, table: opened.get(p1)?.table });
		} else if (otherEnds.has(name)) {
			if (p2 < at) others.push({ from: p2, to: at, table: undefined });
		} else if (seeking.has(name)) {
			lookups.push(at);
			if (name === "DeferredSeek") indexes.add(p1);
		} else if (name === "Count") others.push({ from: at, to: at, table: opened.get(p1)?.table });
		else if (name === "Gosub") calls.push(operation);
		else if (name === "Return") returns.set(p1, at);
		else if (untold.has(name)) isTold = false;
	}
	const isCalled = ({ from }: Loop) =>
		calls.some(({ p1, p2 }) => from >= p2 && from <= (returns.get(p1) ?? end));
	const all = [...each, ...others];
	const nests = isTold && !all.some(isCalled) ? nestsOf(all) : undefined;
	const repeated = lookups.filter((at) => all.some(({ from, to }) => at >= from && at <= to));
	const inner = nests?.filter(({ length }) => length > 1) ?? [];
	return {
		each,
		end,
		opened,
		nests,
		seeks: repeated.length + inner.length,
		reads: opened.size - indexes.size,
	};
}

function nestsOf(loops: readonly Loop[]): Loops["nests"] {
	const nests: string[][] = [];
	for (const loop of loops) {
		const nest = loop.table === undefined ? [] : [loop.table];
		for (const other of loops) {
			if (other === loop || other.from > loop.from || other.to < loop.to) continue;
			if (loop.table === undefined || other.table === undefined) return undefined;
			nest.push(other.table);
		}
		if (loop.table !== undefined) nests.push(nest);
	}
	return nests;
}
