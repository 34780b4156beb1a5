// What a program does for each row that it visits, in microseconds of the slowest engine that was measured.
import type { Operation } from "../engine/compiled.ts";
import { isJoining } from "../engine/functions.ts";
import type { Root } from "../mirror/catalog.ts";

export interface Work {
	/** Microseconds for a row. */
	readonly perRow: number;
	/** The widest record that is sorted or kept, in bytes. */
	readonly width: number;
	/** Records that hold a row for each row of a table: sorters and the like. */
	readonly temporaries: number;
	/** Of them, sorters that keep every row whatever the LIMIT is. */
	readonly sorters: number;
	/** Copies of rows that windows keep. */
	readonly windows: number;
	/** Characters of the longest text that functions are given. */
	readonly length: number;
	/** Cursors that read production. */
	readonly reads: number;
	/** Whether anything may be read inside of something else. */
	readonly mayRepeat: boolean;
}

/** What ends a loop. */
const ends = new Set(["Next", "Prev", "VNext", "SorterNext"]);
const dates = new Set("date datetime time strftime julianday unixepoch timediff".split(" "));
const trigonometry = new Set(
	"acos acosh asin asinh atan atan2 atanh cos cosh degrees exp ln log log10 log2 pow power radians sin sinh sqrt tan tanh".split(
		" ",
	),
);

/** What SQLite writes down and searches. */
const keeping: Readonly<Record<string, number>> = {
	IdxInsert: 1.2,
	SorterInsert: 1.5,
	Insert: 0.4,
	Found: 0.8,
	NotFound: 0.8,
	NoConflict: 0.8,
	MakeRecord: 0.2,
	SorterData: 0.1,
	AggInverse: 0.15,
	AggStep: 0.15,
	AggStep1: 0.15,
	AggValue: 0.1,
	Column: 0.06,
	Concat: 0.2,
	Compare: 0.1,
	OpenEphemeral: 0.2,
};
const anyOperation = 0.02;

function costOf({ name, p4 }: Operation, length: number): number {
	switch (name) {
		case "Function":
		case "PureFunc":
			return costOfCall(nameOf(p4), length);
		case "AggStep":
		case "AggStep1":
			return isJoining(nameOf(p4)) ? 0.5 + length * 0.004 : 0.15;
		case "Concat":
			return 0.15 + length * 0.002;
		case "Eq":
		case "Ne":
		case "Lt":
		case "Le":
		case "Gt":
		case "Ge":
			return 0.05;
		default:
			return keeping[name] ?? anyOperation;
	}
}

function costOfCall(name: string, length: number): number {
	if (dates.has(name)) return 1.2;
	if (trigonometry.has(name)) return 0.3;
	if (name === "like" || name === "glob") return 0.3 + length * 0.02;
	if (name === "printf" || name === "format") return 1.5;
	if (name.startsWith("json") || name.startsWith("->")) return 1.5 + length * 0.01;
	if (name === "replace" || name === "instr" || name.endsWith("trim")) return 0.3 + length * 0.008;
	if (name === "round") return 0.5;
	return 0.15 + length * 0.004;
}

function nameOf(called: string | undefined): string {
	return (called ?? "").replace(/\(-?\d{1,4}\)$/, "");
}

/** What is known of a program without production's statistics. */
export interface Profile extends Pick<Work, "temporaries" | "sorters" | "windows" | "reads" | "mayRepeat"> {
	/** Microseconds for a row of each loop: in any case, and for a character of the texts. */
	readonly loops: readonly { readonly fixed: number; readonly each: number }[];
}

export function profileOf(program: readonly Operation[]): Profile {
	const ranges = program.flatMap(({ name, p1, p2 }, at) =>
		ends.has(name) && p2 < at ? [{ cursor: p1, from: p2, to: at }] : [],
	);
	// The innermost loop is the shortest around an operation; subroutines stand outside of all.
	const byLength = [...ranges].sort((one, other) => one.to - one.from - (other.to - other.from));
	const setUp = program[0]?.name === "Init" ? program[0].p2 : program.length;
	const loops = new Map<unknown, { fixed: number; each: number }>();
	const counts = new Map<string, number>();
	const tables = new Set<number>();
	const windows = new Set<number>();
	program.forEach((operation, at) => {
		const { name, p1, p2 } = operation;
		counts.set(name, (counts.get(name) ?? 0) + 1);
		if (name === "OpenRead") tables.add(p1);
		if (name === "OpenDup") windows.add(p2);
		if (at >= setUp) return;
		const inner = byLength.find(({ from, to }) => at >= from && at <= to);
		const loop = loops.get(inner) ?? { fixed: 0, each: 0 };
		const fixed = costOf(operation, 0);
		loop.fixed += fixed;
		if (growing.has(name)) loop.each += costOf(operation, 1) - fixed;
		loops.set(inner, loop);
	});
	const count = (...names: readonly string[]) =>
		names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
	return {
		loops: [...loops.values()],
		temporaries: count("SorterOpen", "OpenEphemeral", "OpenAutoindex"),
		sorters: count("SorterOpen"),
		windows: windows.size,
		reads: tables.size,
		mayRepeat:
			ranges.filter(({ cursor }) => tables.has(cursor)).length > 1 ||
			count("InitCoroutine") > 1 ||
			count("OpenDup", "VOpen", "BeginSubrtn", "OpenAutoindex") > 0,
	};
}

/** A row that is looked at goes through the heaviest loop, and some of them through others: as was measured. */
const passes: readonly number[] = [1, 0.6, 0.3];

/** Operations whose cost depends on how long texts are. */
const growing = new Set(["Function", "PureFunc", "AggStep", "AggStep1", "Concat"]);

/**
 * @param length characters of the longest text that functions are given
 * @param width of a column of production's
 */
export function workOf(
	{ loops, ...profile }: Profile,
	program: readonly Operation[],
	roots: ReadonlyMap<number, Root>,
	made: number,
	length: number,
	width: (table: string, column: string) => number,
): Work {
	const costs = loops.map(({ fixed, each }) => fixed + each * length);
	const heaviest = costs.sort((one, other) => other - one).slice(0, passes.length);
	return {
		...profile,
		perRow: heaviest.reduce((sum, one, at) => sum + one * (passes[at] ?? 0), 0),
		width: widestRecord(program, roots, made, width),
		length,
	};
}

/** A record's fields, by what was last put into their registers before it. */
function widestRecord(
	program: readonly Operation[],
	roots: ReadonlyMap<number, Root>,
	made: number,
	width: (table: string, column: string) => number,
): number {
	if (!program.some(({ name }) => name === "MakeRecord")) return 0;
	const opened = new Map<number, Root>();
	for (const { name, p1, p2 } of program) {
		const root = name === "OpenRead" ? roots.get(p2) : undefined;
		if (root !== undefined) opened.set(p1, root);
	}
	const registers: number[] = [];
	let widestColumn = 9;
	let widest = 0;
	// Constants are set up at the end.
	for (const { name, p1, p2, p3 } of program) {
		switch (name) {
			case "Column": {
				const column = opened.get(p1)?.columns[p2];
				const table = opened.get(p1)?.table;
				const wide = table === undefined || column === undefined ? widestColumn : width(table, column);
				if (table !== undefined) widestColumn = Math.max(widestColumn, wide);
				registers[p3] = wide;
				break;
			}
			case "Function":
			case "PureFunc":
			case "Concat":
				registers[p3] = Math.max(25, made);
				break;
			case "AggFinal":
			case "AggValue":
				registers[name === "AggValue" ? p3 : p1] = 9;
				break;
			case "Copy":
			case "SCopy":
				registers[p2] = registers[p1] ?? 9;
				break;
			case "Move":
				for (let offset = 0; offset < p3; offset += 1) registers[p2 + offset] = registers[p1 + offset] ?? 9;
				break;
			case "MakeRecord": {
				let total = 8;
				for (let offset = 0; offset < p2; offset += 1) total += 1 + (registers[p1 + offset] ?? 9);
				widest = Math.max(widest, total);
				break;
			}
		}
	}
	return widest;
}
