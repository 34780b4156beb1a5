// What a program does for each row that it visits, in microseconds of the slowest engine that was measured.
import { type Operation, perOpcode } from "../engine/compiled.ts";
import { isJoining } from "../engine/functions.ts";
import type { Root } from "../mirror/catalog.ts";
import { type Loops, loopsOf } from "./loops.ts";
import { widestRecord } from "./records.ts";

export interface Work {
	/** Microseconds for a row. */
	readonly perRow: number;
	/** The same for a row that goes through each loop once. */
	readonly perRowOfAll: number;
	/** The widest record that is sorted or kept, in bytes. */
	readonly width: number;
	/** Records that hold a row for each row of a table: sorters and the like. */
	readonly temporaries: number;
	/** Of them, sorters that keep every row whatever the LIMIT is. */
	readonly sorters: number;
	/** Parts that yield rows one by one, which older engines may keep. */
	readonly coroutines: number;
	/** Copies of rows that windows keep. */
	readonly windows: number;
	/** Characters of the longest text that functions are given. */
	readonly length: number;
	/** Tables and indexes of production's that are read. */
	readonly reads: number;
}

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
	// It is sought first.
	Delete: 0.8,
	OpenEphemeral: 0.2,
};
/** Operations whose cost depends on how long texts are. */
const growing = new Set(["Function", "PureFunc", "AggStep", "AggStep1", "Concat"]);
const comparing = new Set(["Eq", "Ne", "Lt", "Le", "Gt", "Ge"]);

/** Microseconds of an operation: in any case, and for a character of the texts. */
interface Cost {
	readonly fixed: number;
	readonly each: number;
}

/** By what is called; of operations that call nothing, once. */
const costsOf = perOpcode((name) => {
	const calls = new Map<string, Cost>();
	const isCall = growing.has(name);
	return (p4: string | undefined): Cost => {
		const called = isCall ? (p4 ?? "") : "";
		const known = calls.get(called);
		if (known !== undefined) return known;
		const fixed = microsecondsOf(name, p4, 0);
		const cost = { fixed, each: microsecondsOf(name, p4, 1) - fixed };
		calls.set(called, cost);
		return cost;
	};
});

/** What operations are counted as. */
type Count = "none" | "sorter" | "temporary" | "coroutine" | "window" | "value" | "deleted" | "record";
const counted: Readonly<Record<string, Count>> = {
	SorterOpen: "sorter",
	OpenEphemeral: "temporary",
	OpenAutoindex: "temporary",
	EndCoroutine: "coroutine",
	OpenDup: "window",
	AggValue: "value",
	Delete: "deleted",
	MakeRecord: "record",
};
const countOf = perOpcode((name): Count => counted[name] ?? "none");

function microsecondsOf(name: string, p4: string | undefined, length: number): number {
	switch (name) {
		case "Function":
		case "PureFunc":
			return costOfCall(nameOf(p4), length);
		case "AggStep":
		case "AggStep1":
			return isJoining(nameOf(p4)) ? 0.5 + length * 0.004 : 0.15;
		case "Concat":
			return 0.15 + length * 0.002;
		default:
			return comparing.has(name) ? 0.05 : (keeping[name] ?? 0.02);
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
export interface Profile extends Pick<Work, "temporaries" | "sorters" | "coroutines" | "windows"> {
	readonly loops: Loops;
	/** For a row of each loop. */
	readonly costs: readonly Cost[];
	readonly makesRecords: boolean;
}

export function profileOf(program: readonly Operation[], roots: ReadonlyMap<number, Root>): Profile {
	const loops = loopsOf(program, roots);
	const { each, end } = loops;
	const costs = each.map(() => ({ fixed: 0, each: 0 }));
	// What stands in no loop goes last.
	costs.push({ fixed: 0, each: 0 });
	let [temporaries, sorters, coroutines, makesRecords] = [0, 0, 0, false];
	const windows = new Set<number>();
	/** How often a program deletes rows of a cursor. */
	const deletions = new Map<number, number>();
	let isNumbering = true;
	for (let at = 0; at < program.length; at += 1) {
		const operation = program[at];
		if (operation === undefined) continue;
		const { opcode, p1, p2, p4 } = operation;
		const count = countOf(opcode);
		if (count === "sorter") sorters += 1;
		if (count === "sorter" || count === "temporary") temporaries += 1;
		else if (count === "coroutine") coroutines += 1;
		else if (count === "window") windows.add(p2);
		else if (count === "value") isNumbering &&= nameOf(p4) === "row_number";
		else if (count === "deleted") deletions.set(p1, (deletions.get(p1) ?? 0) + 1);
		else if (count === "record") makesRecords = true;
		if (at >= end) continue;
		const loop = costs[innermost(each, at)];
		const cost = costsOf(opcode)(p4);
		if (loop === undefined) continue;
		loop.fixed += cost.fixed;
		loop.each += cost.each;
	}
	// A row's number is known at once, and the row deleted then; at the end of a partition all that are left are.
	const kept = [...windows].filter((cursor) => !isNumbering || (deletions.get(cursor) ?? 0) < 2);
	return { loops, costs, temporaries, sorters, coroutines, windows: kept.length, makesRecords };
}

/** The place of the shortest loop around an operation. */
function innermost(loops: Loops["each"], at: number): number {
	let [found, shortest] = [loops.length, Number.POSITIVE_INFINITY];
	for (let place = 0; place < loops.length; place += 1) {
		const loop = loops[place];
		if (loop === undefined || at < loop.from || at > loop.to || loop.to - loop.from >= shortest) continue;
		found = place;
		shortest = loop.to - loop.from;
	}
	return found;
}

/** A row that is looked at goes through the heaviest loop, and some of them through others: as was measured. */
const passes: readonly number[] = [1, 0.6, 0.3];

/**
 * @param length characters of the longest text that functions are given
 * @param width of a column of production's
 */
export function workOf(
	profile: Profile,
	program: readonly Operation[],
	made: number,
	length: number,
	width: (table: string, column: string) => number,
): Work {
	const { temporaries, sorters, coroutines, windows, makesRecords } = profile;
	const { reads, opened } = profile.loops;
	const costs: number[] = [];
	let perRowOfAll = 0;
	for (const { fixed, each } of profile.costs) {
		costs.push(fixed + each * length);
		perRowOfAll += fixed + each * length;
	}
	if (costs.length > 1) costs.sort((one, other) => other - one);
	return {
		perRowOfAll,
		perRow: passes.reduce((sum, share, at) => sum + share * (costs[at] ?? 0), 0),
		width: makesRecords ? widestRecord(program, opened, made, width) : 0,
		temporaries,
		sorters,
		coroutines,
		windows,
		reads,
		length,
	};
}
