// The operations that the program of a SELECT may consist of.

import type { Root } from "../mirror/catalog.ts";
import type { Operation } from "./compiled.ts";
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

const writing = new Set([
	"NewRowid",
	"Insert",
	"IdxInsert",
	"SorterInsert",
	"Delete",
	"ResetSorter",
	"RowData",
]);
const opensOwn = new Set(["OpenEphemeral", "OpenAutoindex", "OpenPseudo", "SorterOpen", "OpenDup"]);
const calls = new Set(["Function", "PureFunc", "AggStep", "AggStep1", "AggInverse", "AggValue", "AggFinal"]);

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
	const opened = new Map<number, (Root | "own" | "function")[]>();
	for (const operation of program) {
		const source = sourceOf(operation, rules);
		if (source === undefined) continue;
		if (source === "unknown") return { what: "source", detail: operation.name };
		opened.set(operation.p1, [...(opened.get(operation.p1) ?? []), source]);
	}
	for (const operation of program) {
		const offence = judge(operation, opened.get(operation.p1) ?? [], rules);
		if (offence !== undefined) return offence;
	}
	return undefined;
}

/** What an operation opens; undefined where it opens nothing. */
function sourceOf(operation: Operation, rules: Allowed): Root | "own" | "function" | "unknown" | undefined {
	const { name, p2, p3, p4 } = operation;
	if (opensOwn.has(name)) return "own";
	if (name === "OpenRead" || name === "ReopenIdx") {
		// p3 is the database: 0 is main. p5 bit 0x10 (the root page in a register) comes with writes only.
		return p3 === 0 ? (rules.roots.get(p2) ?? "unknown") : "unknown";
	}
	if (name === "VOpen") return p4 !== undefined && rules.tableFunctions.has(p4) ? "function" : "unknown";
	return undefined;
}

function judge(
	operation: Operation,
	sources: readonly (Root | "own" | "function")[],
	rules: Allowed,
): Offence | undefined {
	const { name, p1, p2, p4 } = operation;
	if (!allowed.has(name)) return { what: "operation", detail: name };
	// Transaction's p2 is not 0 where something is written.
	if (name === "Transaction" && (p1 !== 0 || p2 !== 0)) return { what: "operation", detail: "Transaction" };
	if (calls.has(name) && !isAllowedFunction(functionOf(p4)))
		return { what: "operation", detail: functionOf(p4) };
	if (writing.has(name) && !(sources.length > 0 && sources.every((source) => source === "own"))) {
		return { what: "operation", detail: name };
	}
	if (name !== "Column") return undefined;
	if (sources.length === 0) return { what: "operation", detail: "Column" };
	for (const source of sources) {
		if (source === "own" || source === "function") continue;
		const column = p2 < source.columns.length ? (source.columns[p2] ?? "ROWID") : undefined;
		if (column === undefined) return { what: "operation", detail: "Column" };
		if (column !== "ROWID" && !rules.mayRead(source.table, column)) {
			return { what: "column", table: source.table, column };
		}
	}
	return undefined;
}

/** `count(1)`, or `ntile` in a window: the name before the number of arguments. */
function functionOf(p4: string | undefined): string {
	return (p4 ?? "").replace(/\(-?\d{1,4}\)$/, "");
}
