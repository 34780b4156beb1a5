// Bounds the length of the texts that a program makes, and the work on them.

import type { Operation } from "../engine/compiled.ts";
import { isJoining } from "../engine/functions.ts";
import { cell, constant, either, type HeldText, made } from "./held-text.ts";
import { anyFormat, longestFloat, widest } from "./printf-format.ts";
import {
	added,
	aNumber,
	briefText,
	isBrief,
	isSteady,
	longestOf,
	mostWildcards,
	resultOf,
	seeking,
	seekWork,
	sum,
} from "./text-functions.ts";

/**
 * How long the texts are that a program makes, and how much work they are, as upper bounds: a few functions nested into each
 * other make gigabytes of nothing. Lengths are followed through the program's registers, branch by branch: what
 * several ways lead to (the arms of a CASE, a loop) may be what any of them brings.
 */
export interface Growth {
	/** The function or operator that makes a text too long, or whose cost cannot be known; undefined where none does. */
	readonly refused: string | undefined;
	/** Bytes that are worked through for one row, about. */
	readonly work: number;
	/** What does most of it; empty where nothing does any. */
	readonly worker: string;
	/** Bytes that are kept of each row, about: those of the query's own making, and all that aggregates join. */
	readonly kept: number;
}

/** Of a program that makes no text. */
export const noGrowth: Growth = { refused: undefined, work: 0, worker: "", kept: 0 };

/** The most bytes that one value may come to. */
const maxLength = 2_000_000;
/** An aggregate that joins texts is taken to join so many. */
const joined = 100;
/** To keep a byte costs more than to look at it. */
const keepWork = 10;
/** Registers that a function of any number of arguments may take. */
const maxArguments = 32;
/** Wildcards of a pattern; each one multiplies the time that it takes. */
const maxWildcards = 6;

/** `%J` of strftime() has two characters, and becomes seventeen. */
const longestField = 9;
/** `%Y-%m-%d` makes ten of eight. */
const typicalField = 2;

/** Operations that may go on at p2 (https://sqlite.org/opcode.html); Jump at p1 and p3 as well. */
const jumping = new Set(
	"Init Goto Gosub InitCoroutine Yield Once Jump IsTrue IsNull NotNull IsType Eq Ne Lt Le Gt Ge ElseEq If IfNot MustBeInt SeekLT SeekLE SeekGE SeekGT SeekScan SeekRowid IfNotOpen IfNoHope IfEmpty NoConflict NotFound Found NotExists SequenceTest IfNullRow Last IfSizeBetween IfSmaller SorterSort Sort Rewind SorterNext Prev Next SorterCompare IdxLE IdxGT IdxLT IdxGE RowSetRead RowSetTest Filter VFilter VNext IfPos IfNotZero DecrJumpZero".split(
		" ",
	),
);

/** Operations after which something else runs before the next one does. */
const comesBack = new Set("Yield Gosub Return EndCoroutine".split(" "));

/** What makes a text, or seeks one in another; most programs do neither. */
function isGrowing({ name, p4 }: Operation): boolean {
	switch (name) {
		case "Concat":
			return true;
		case "Function":
		case "PureFunc":
		case "AggStep":
		case "AggStep1":
			return isTelling(nameOf(p4 ?? ""));
		default:
			return false;
	}
}

function isTelling(name: string): boolean {
	return seeking.has(name) || !isSteady(name);
}

/** `count(1)`: the name before the number of arguments. */
function nameOf(called: string): string {
	return called.slice(0, called.lastIndexOf("("));
}

/** @param counts the most arguments with which each function is called, where that is known */
export function findGrowth(
	program: readonly Operation[],
	counts: ReadonlyMap<string, number> = new Map(),
): Growth {
	if (!program.some(isGrowing)) return noGrowth;
	const walk = new Walk(counts);
	walk.go(program);
	// Once more where there is anything to it: what a loop brings to its own beginning is there then.
	if (walk.refused === undefined && walk.work > ordinary) walk.go(program);
	return { refused: walk.refused, work: walk.work, worker: walk.worker, kept: walk.kept };
}

/** Characters a row that are negligible. */
const ordinary = 1000;

type Registers = (HeldText | undefined)[];

class Walk {
	constructor(private readonly counts: ReadonlyMap<string, number>) {}

	refused: string | undefined;
	work = 0;
	worker = "";
	kept = 0;
	#heaviest = 0;
	/** What registers hold where the walk stands; replaced, and not written to, while others have it too. */
	#registers: Registers = [];
	#isShared = false;
	/** What registers hold where jumps lead to. */
	readonly #arrivals = new Map<number, Registers>();
	/** What coroutines and subroutines leave, wherever they go on. */
	#left: Registers = [];
	/** The fields of the records that registers hold, and of those in the tables of the query's own, by cursor. */
	readonly #records = new Map<number, Registers>();
	readonly #tables = new Map<number, Registers>();
	/** Cursors on production's tables. */
	readonly #production = new Set<number>();
	/** The registers that cursors on a single record look at. */
	readonly #pseudo = new Map<number, number>();
	/** Anything that was made: the elements of a JSON text may be as long. */
	#made: HeldText | undefined;

	go(program: readonly Operation[]): void {
		this.work = 0;
		this.kept = 0;
		this.#heaviest = 0;
		// The part at the end, which Init jumps to, sets constants up and runs first.
		const setUp = program[0]?.name === "Init" ? program[0].p2 : program.length;
		this.#through(program, setUp, program.length);
		this.#through(program, 0, setUp);
	}

	#through(program: readonly Operation[], from: number, to: number): void {
		let isReached = true;
		for (let address = from; address < to; address += 1) {
			const operation = program[address];
			if (operation === undefined) continue;
			const arriving = this.#arrivals.get(address);
			if (arriving !== undefined) {
				this.#registers = isReached ? union(this.#registers, arriving) : arriving;
				this.#isShared = true;
			}
			this.#follow(operation);
			const { name, p1, p2, p3 } = operation;
			if (comesBack.has(name)) {
				this.#left = union(this.#left, this.#registers);
				this.#registers = this.#left;
				this.#isShared = true;
			}
			isReached = name !== "Goto" && name !== "Jump";
			if (!jumping.has(name)) continue;
			this.#arrive(p2);
			if (name !== "Jump") continue;
			this.#arrive(p1);
			this.#arrive(p3);
		}
	}

	#arrive(address: number): void {
		const known = this.#arrivals.get(address);
		this.#arrivals.set(address, known === undefined ? this.#registers : union(known, this.#registers));
		this.#isShared = true;
	}

	#set(register: number, value: HeldText | undefined): void {
		if (this.#registers[register] === value) return;
		if (this.#isShared) this.#registers = this.#registers.slice();
		this.#isShared = false;
		this.#registers[register] = value;
	}

	#follow({ name, p1, p2, p3, p4 }: Operation): void {
		switch (name) {
			case "String8":
			case "String":
				this.#set(p2, constant(p4 ?? ""));
				return;
			case "Blob":
				this.#set(p2, made(p1, p1, Number.POSITIVE_INFINITY));
				return;
			case "Column":
				this.#set(p3, this.#column(p1, p2));
				return;
			case "VColumn":
				this.#set(p3, either(cell, this.#made));
				return;
			case "Copy":
				for (let offset = 0; offset <= p3; offset += 1) this.#set(p2 + offset, this.#registers[p1 + offset]);
				return;
			case "SCopy":
			case "IntCopy":
				this.#set(p2, this.#registers[p1]);
				return;
			case "AggValue":
				this.#set(p3, this.#registers[p1]);
				return;
			case "Move":
				for (let offset = 0; offset < p3; offset += 1) this.#set(p2 + offset, this.#registers[p1 + offset]);
				return;
			case "MakeRecord":
				this.#record(p3, this.#all(p1, p2));
				return;
			case "Insert":
			case "IdxInsert":
			case "SorterInsert":
				this.#tables.set(p1, union(this.#tables.get(p1) ?? [], this.#records.get(p2) ?? []));
				return;
			case "SorterData":
			case "RowData":
				this.#records.set(p2, union(this.#records.get(p2) ?? [], this.#tables.get(p1) ?? []));
				return;
			case "OpenPseudo":
				this.#pseudo.set(p1, p2);
				return;
			case "OpenDup":
				this.#tables.set(p1, this.#tables.get(p2) ?? []);
				return;
			case "OpenRead":
				this.#production.add(p1);
				return;
			case "Concat": {
				const [one, other] = [this.#at(p1), this.#at(p2)];
				this.#spend("||", one.typical + other.typical);
				this.#make(p3, "||", added([one, other], 1));
				return;
			}
			case "Function":
			case "PureFunc":
				this.#call(p4 ?? "", p2, p3);
				return;
			case "AggStep":
			case "AggStep1":
				this.#aggregate(p4 ?? "", p2, p3);
				return;
		}
	}

	/** A column of production's, or of a table or a record of the query's own. */
	#column(cursor: number, place: number): HeldText {
		const register = this.#pseudo.get(cursor);
		const fields = register === undefined ? this.#tables.get(cursor) : this.#records.get(register);
		if (fields === undefined && this.#production.has(cursor)) return cell;
		return fields?.[place] ?? either(cell, this.#made) ?? cell;
	}

	#at(register: number): HeldText {
		return this.#registers[register] ?? aNumber;
	}

	#all(first: number, count: number): readonly HeldText[] {
		return Array.from({ length: count }, (_, offset) => this.#at(first + offset));
	}

	#record(register: number, fields: readonly HeldText[]): void {
		this.#records.set(register, union(this.#records.get(register) ?? [], fields));
		// It may be sorted, or looked up, by what the query made.
		for (const { own } of fields) {
			this.kept += own;
			if (own > aNumber.own) this.#spend("a long value", own * keepWork);
		}
	}

	#make(register: number, by: string, value: HeldText): void {
		this.#set(register, value);
		this.#made = either(this.#made, value);
		if (value.longest > maxLength) this.refused ??= by;
	}

	#spend(by: string, characters: number): void {
		this.work += characters;
		if (characters <= this.#heaviest) return;
		this.#heaviest = characters;
		this.worker = by;
	}

	#call(called: string, first: number, result: number): void {
		const name = nameOf(called);
		const count = Number(called.slice(name.length + 1, -1));
		const given = this.#all(first, count < 0 ? (this.counts.get(name) ?? maxArguments) : count);
		const [one = aNumber, other = aNumber, third = aNumber] = given;
		const looked = sum(given.map(({ typical }) => typical));
		switch (name) {
			case "replace": {
				// What is replaced may be one character, unless it is a constant.
				const shortest = Math.min(...(other.constants ?? ["?"]).map((text) => Math.max(1, text.length)));
				const longest = one.longest * Math.max(1, third.longest / shortest);
				const typical = one.typical * Math.max(1, third.typical / shortest);
				this.#spend(name, looked + typical + one.own * longestOf(other));
				this.#make(result, name, made(longest, typical, one.wildcards + third.wildcards * longest));
				return;
			}
			case "printf":
			case "format": {
				const format = widest(one.constants);
				if (format === undefined) this.refused ??= name;
				const { width, values, floats, factor } = format ?? anyFormat;
				const value = added(given.slice(0, values + 1), factor);
				const typical = width + floats * aNumber.typical;
				this.#spend(name, value.typical + typical);
				this.#make(result, name, {
					longest: value.longest + width + floats * longestFloat,
					typical: value.typical + typical,
					own: value.own + typical,
					wildcards: Number.POSITIVE_INFINITY,
					constants: undefined,
				});
				return;
			}
			case "strftime":
				this.#spend(name, one.typical * typicalField);
				this.#make(result, name, made(one.longest * longestField, one.typical * typicalField, one.wildcards));
				return;
			case "like":
			case "glob": {
				const wildcards = one.constants === undefined ? one.wildcards : mostWildcards(name, one.constants);
				if (wildcards > maxWildcards)
					this.refused ??= `${name} with ${Number.isFinite(wildcards) ? wildcards : "any number of"} wildcards`;
				this.#spend(name, seekWork(other, one));
				this.#set(result, aNumber);
				return;
			}
			default: {
				this.#spend(name, seeking.has(name) && given.length > 1 ? seekWork(one, other) : looked);
				this.#make(result, name, resultOf(name, given));
			}
		}
	}

	#aggregate(called: string, first: number, accumulator: number): void {
		const name = nameOf(called);
		const one = either(this.#at(first), this.#at(first + 1)) ?? aNumber;
		if (isBrief(name)) this.#set(accumulator, briefText);
		else if (isJoining(name)) {
			this.#spend(name, one.typical * keepWork);
			this.kept += one.typical;
			this.#make(
				accumulator,
				name,
				made(one.longest * joined, one.typical * joined, Number.POSITIVE_INFINITY),
			);
		} else this.#set(accumulator, either(this.#registers[accumulator], { ...one, constants: undefined }));
	}
}

function union(one: readonly (HeldText | undefined)[], other: readonly (HeldText | undefined)[]): Registers {
	if (one === other) return one as Registers;
	const all: Registers = [];
	const length = Math.max(one.length, other.length);
	for (let register = 0; register < length; register += 1) {
		const [held, otherwise] = [one[register], other[register]];
		all.push(held === otherwise ? held : either(held, otherwise));
	}
	return all;
}
