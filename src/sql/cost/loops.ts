// The loops of a compiled program: what they visit at most, if each reads the whole of its table.
import { type Operation, perOpcode } from "../engine/compiled.ts";
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

/** What an operation tells of loops. */
type Role =
	| "none"
	| "opens"
	| "ends row"
	| "ends other"
	| "seeks"
	| "defers"
	| "counts"
	| "calls"
	| "returns"
	/** It repeats in ways that the program does not tell by itself. */
	| "untold";

const roles: ReadonlyMap<string, Role> = new Map<string, Role>([
	...of("opens", "OpenRead"),
	...of("ends row", "Next Prev SorterNext VNext"),
	...of("ends other", "Goto If IfNot IfPos IfNotZero Jump RowSetRead"),
	...of("seeks", "SeekRowid NotExists SeekGE SeekGT SeekLE SeekLT NotFound Found"),
	...of("defers", "DeferredSeek"),
	...of("counts", "Count"),
	...of("calls", "Gosub"),
	...of("returns", "Return"),
	...of("untold", "OpenDup VOpen OpenAutoindex ReopenIdx"),
]);

function of(role: Role, names: string): readonly (readonly [string, Role])[] {
	return names.split(" ").map((name) => [name, role]);
}

const roleOf = perOpcode((name): Role => roles.get(name) ?? "none");

/** @see https://sqlite.org/opcode.html */
export function loopsOf(program: readonly Operation[], roots: ReadonlyMap<number, Root>): Loops {
	const end = program[0]?.opcode.name === "Init" ? program[0].p2 : program.length;
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
		const { opcode, p1, p2 } = operation;
		switch (roleOf(opcode)) {
			case "none":
				break;
			case "opens": {
				const root = roots.get(p2);
				if (root !== undefined) opened.set(p1, root);
				break;
			}
			case "ends row":
				if (p2 < at) each.push({ from: p2, to: at, table: opened.get(p1)?.table });
				break;
			case "ends other":
				if (p2 < at) others.push({ from: p2, to: at, table: undefined });
				break;
			case "defers":
				indexes.add(p1);
				lookups.push(at);
				break;
			case "seeks":
				lookups.push(at);
				break;
			case "counts":
				others.push({ from: at, to: at, table: opened.get(p1)?.table });
				break;
			case "calls":
				calls.push(operation);
				break;
			case "returns":
				returns.set(p1, at);
				break;
			case "untold":
				isTold = false;
				break;
		}
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
