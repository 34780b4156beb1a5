// The operations that the program of a SELECT may consist of.

import type { Root } from "../mirror/catalog.ts";
import { type Operation, perOpcode } from "./compiled.ts";
import { isAllowedFunction } from "./functions.ts";

/**
 * What the program of a SELECT consists of (https://sqlite.org/opcode.html). None of these writes to a table, reads
 * the schema or a file, or runs another program; those that write take a cursor on a table of the query's own.
 */
const allowed = new Set(
	[
		// Flow, subroutines and coroutines.
		"Init Goto Gosub Return InitCoroutine EndCoroutine Yield BeginSubrtn Halt Once Jump Noop Explain Abortable",
		// Registers and values.
		"Integer Int64 Real String8 String Null SoftNull Blob Move Copy SCopy IntCopy MustBeInt RealAffinity Cast",
		"Affinity Concat Add Subtract Multiply Divide Remainder BitAnd BitOr BitNot ShiftLeft ShiftRight AddImm Not",
		"And Or IsTrue ZeroOrNull IsNull NotNull IsType Eq Ne Lt Le Gt Ge ElseEq Permutation Compare If IfNot",
		"CollSeq Function PureFunc ClrSubtype GetSubtype SetSubtype",
		// Cursors, read.
		"OpenRead ReopenIdx OpenDup OpenAutoindex OpenEphemeral OpenPseudo SorterOpen Close ColumnsUsed CursorHint",
		"SeekLT SeekLE SeekGE SeekGT SeekScan SeekHit SeekRowid SeekEnd IfNotOpen IfNoHope IfEmpty NoConflict NotFound",
		"Found NotExists Sequence SequenceTest Column Count RowData SorterData SorterCompare Rowid NullRow IfNullRow",
		"Last IfSizeBetween IfSmaller SorterSort Sort Rewind SorterNext Prev Next DeferredSeek FinishSeek IdxRowid IdxLE",
		"IdxGT IdxLT IdxGE RowSetAdd RowSetRead RowSetTest Filter FilterAdd CursorLock CursorUnlock Transaction",
		"VOpen VFilter VColumn VNext VInitIn",
		// Results, aggregates, limits.
		"ResultRow MakeRecord AggStep AggStep1 AggInverse AggValue AggFinal IfPos OffsetLimit IfNotZero DecrJumpZero MemMax",
		// Written to the query's own tables.
		"NewRowid Insert IdxInsert SorterInsert Delete ResetSorter",
	]
		.join(" ")
		.split(" "),
);

/** What has to be looked at in an operation, beside that it is allowed. */
type Kind =
	| "unknown"
	| "plain"
	| "writes"
	| "opens own"
	| "opens table"
	| "opens function"
	| "calls"
	| "reads"
	| "transaction";

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
	...[...allowed].map((name) => [name, "plain"] as const),
	...of("writes", "NewRowid Insert IdxInsert SorterInsert Delete ResetSorter RowData"),
	...of("opens own", "OpenEphemeral OpenAutoindex OpenPseudo SorterOpen OpenDup"),
	...of("opens table", "OpenRead ReopenIdx"),
	...of("opens function", "VOpen"),
	...of("calls", "Function PureFunc AggStep AggStep1 AggInverse AggValue AggFinal"),
	...of("reads", "Column"),
	...of("transaction", "Transaction"),
]);

const kindOf = perOpcode((name): Kind => kinds.get(name) ?? "unknown");

function of(kind: Kind, names: string): readonly (readonly [string, Kind])[] {
	return names.split(" ").map((name) => [name, kind]);
}

export interface Allowed {
	readonly roots: ReadonlyMap<number, Root>;
	readonly tableFunctions: ReadonlySet<string>;
	mayRead(table: string, column: string): boolean;
}

/** What a program does that it may not. */
export type Offence =
	| { readonly what: "column"; readonly table: string; readonly column: string }
	| { readonly what: "operation"; readonly detail: string }
	/** Something is opened that is none of production's tables. */
	| { readonly what: "source"; readonly detail: string };

/**
 * Looks at every operation of a compiled program: allowed ones only, every cursor on a table or an index that is
 * known, every column that is read allowed. This sees what the authorizer is not asked about (USING, FULL JOIN).
 *
 * Parameters of the operations as of SQLite 3.54; the engine is pinned, and an operation that is new is refused.
 */
export function findOffence(program: readonly Operation[], rules: Allowed): Offence | undefined {
	const opened = new Map<number, Source[]>();
	const others: Operation[] = [];
	for (const operation of program) {
		const kind = kindOf(operation.opcode);
		if (kind === "plain") continue;
		const source = sourceOf(kind, operation, rules);
		if (source === undefined) {
			others.push(operation);
			continue;
		}
		if (source === "unknown") return { what: "source", detail: operation.opcode.name };
		const sources = opened.get(operation.p1);
		if (sources === undefined) opened.set(operation.p1, [source]);
		else sources.push(source);
	}
	for (const operation of others) {
		const offence = judge(operation, opened, rules);
		if (offence !== undefined) return offence;
	}
	return undefined;
}

/** What a cursor is on. */
type Source = Root | "own" | "function";

/** What an operation opens; undefined where it opens nothing. */
function sourceOf(kind: Kind, { p2, p3, p4 }: Operation, rules: Allowed): Source | "unknown" | undefined {
	switch (kind) {
		case "opens own":
			return "own";
		case "opens table":
			// p3 is the database: 0 is main. p5 bit 0x10 (the root page in a register) comes with writes only.
			return p3 === 0 ? (rules.roots.get(p2) ?? "unknown") : "unknown";
		case "opens function":
			return p4 !== undefined && rules.tableFunctions.has(p4) ? "function" : "unknown";
		default:
			return undefined;
	}
}

function judge(
	operation: Operation,
	opened: ReadonlyMap<number, readonly Source[]>,
	rules: Allowed,
): Offence | undefined {
	const { opcode, p1, p2, p4 } = operation;
	const { name } = opcode;
	switch (kindOf(opcode)) {
		case "unknown":
			return { what: "operation", detail: name };
		case "plain":
		case "opens own":
		case "opens table":
		case "opens function":
			return undefined;
		case "transaction":
			// p2 is not 0 where something is written.
			return p1 === 0 && p2 === 0 ? undefined : { what: "operation", detail: name };
		case "calls":
			return isAllowedFunction(functionOf(p4)) ? undefined : { what: "operation", detail: functionOf(p4) };
		case "writes": {
			const sources = opened.get(p1) ?? [];
			const isOwn = sources.length > 0 && sources.every((source) => source === "own");
			return isOwn ? undefined : { what: "operation", detail: name };
		}
		case "reads":
			return judgeColumn(p2, opened.get(p1) ?? [], rules);
	}
}

function judgeColumn(place: number, sources: readonly Source[], rules: Allowed): Offence | undefined {
	if (sources.length === 0) return { what: "operation", detail: "Column" };
	for (const source of sources) {
		if (source === "own" || source === "function") continue;
		const column = place < source.columns.length ? (source.columns[place] ?? "ROWID") : undefined;
		if (column === undefined) return { what: "operation", detail: "Column" };
		if (column !== "ROWID" && !rules.mayRead(source.table, column)) {
			return { what: "column", table: source.table, column };
		}
	}
	return undefined;
}

/** `count(1)`, or `ntile` in a window: the name before the number of arguments. */
function functionOf(p4: string | undefined): string {
	const name = p4 ?? "";
	const open = name.lastIndexOf("(");
	return open < 0 ? name : name.slice(0, open);
}
