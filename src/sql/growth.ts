import type { Operation } from "./compiled.ts";
import { isJoining } from "./functions.ts";

/**
 * How long a text a program can make, from above: a few functions nested into each other make gigabytes of nothing.
 * Lengths are followed through the program's registers in the order in which it is written, which for a SELECT is that
 * in which values come about (subroutines and coroutines stand before what uses them; constants are set up first).
 */

/** The most characters that one value may come to. */
const maxLength = 2_000_000;
/** A cell of production is taken to have so many characters. */
const cellLength = 1000;
/** An aggregate that joins texts is taken to join so many. */
const joined = 100;
/** Registers that a function of any number of arguments may take. */
const maxArguments = 32;
/** Wildcards of a pattern; each one multiplies the time that it takes. */
const maxWildcards = 6;

/** Functions whose result is about as long as their arguments, times so much. */
const factors: Readonly<Record<string, number>> = {
	hex: 2,
	quote: 2,
	json: 2,
	json_quote: 2,
	json_array: 2,
	json_object: 2,
	json_insert: 2,
	json_replace: 2,
	json_set: 2,
	strftime: 15,
};

/** The function or operator that makes a text too long, or whose cost cannot be told; undefined where none does. */
export function findGrowth(program: readonly Operation[]): string | undefined {
	const state = new Lengths();
	const setUp = program[0]?.name === "Init" ? program[0].p2 : program.length;
	// The part at the end runs first.
	for (const operation of program.slice(setUp)) {
		const found = state.follow(operation);
		if (found !== undefined) return found;
	}
	for (const operation of program.slice(0, setUp)) {
		const found = state.follow(operation);
		if (found !== undefined) return found;
	}
	return undefined;
}

class Lengths {
	readonly #lengths = new Map<number, number>();
	/** The text of registers that hold a constant. */
	readonly #constants = new Map<number, string>();
	/** The longest value that was put into a table of the query's own. */
	#stored = 0;

	follow(operation: Operation): string | undefined {
		const { name, p1, p2, p3, p4 } = operation;
		switch (name) {
			case "String8":
			case "String":
				this.#constants.set(p2, p4 ?? "");
				this.#lengths.set(p2, p4?.length ?? 0);
				return undefined;
			case "Column":
			case "VColumn":
			case "RowData":
				this.#set(p3, Math.max(cellLength, this.#stored));
				return undefined;
			case "Copy":
				for (let offset = 0; offset <= p3; offset += 1) this.#copy(p1 + offset, p2 + offset);
				return undefined;
			case "SCopy":
			case "IntCopy":
				this.#copy(p1, p2);
				return undefined;
			case "Move":
				for (let offset = 0; offset < p3; offset += 1) this.#copy(p1 + offset, p2 + offset);
				return undefined;
			case "MakeRecord":
				for (let offset = 0; offset < p2; offset += 1) {
					this.#stored = Math.max(this.#stored, this.#length(p1 + offset));
				}
				return undefined;
			case "Concat":
				return this.#make(p3, this.#length(p1) + this.#length(p2), "||");
			case "Function":
			case "PureFunc":
				return this.#call(p4 ?? "", p2, p3);
			case "AggStep":
			case "AggStep1":
				return this.#aggregate(p4 ?? "", p2, p3);
			case "AggFinal":
				return undefined;
			case "AggValue":
				this.#copy(p1, p3);
				return undefined;
			default:
				return undefined;
		}
	}

	#length(register: number): number {
		return this.#lengths.get(register) ?? 0;
	}

	#set(register: number, length: number): void {
		this.#constants.delete(register);
		this.#lengths.set(register, length);
	}

	#copy(from: number, to: number): void {
		const constant = this.#constants.get(from);
		this.#set(to, this.#length(from));
		if (constant !== undefined) this.#constants.set(to, constant);
	}

	#make(register: number, length: number, by: string): string | undefined {
		this.#set(register, length);
		return length > maxLength ? by : undefined;
	}

	#call(called: string, first: number, result: number): string | undefined {
		const [, name = "", count = "0"] = /^(.*)\((-?\d{1,4})\)$/.exec(called) ?? [];
		const own = Number(count) < 0 ? maxArguments : Number(count);
		const sum = Array.from({ length: own }, (_, offset) => this.#length(first + offset)).reduce(
			(total, length) => total + length,
			0,
		);
		switch (name) {
			case "replace":
				return this.#make(
					result,
					this.#length(first) * Math.max(1, this.#length(first + 2) / Math.max(1, this.#shortest(first + 1))),
					name,
				);
			case "printf":
			case "format": {
				const width = this.#width(first);
				return width === undefined ? name : this.#make(result, sum + width, name);
			}
			case "like":
			case "glob": {
				const wildcards = this.#constants.get(first)?.match(name === "like" ? /%+/g : /\*+/g) ?? [];
				return wildcards.length > maxWildcards ? `${name} with ${wildcards.length} wildcards` : undefined;
			}
			default:
				return this.#make(result, sum * (factors[name] ?? 1), name);
		}
	}

	/** What is replaced may be one character, unless it is a constant. */
	#shortest(register: number): number {
		return this.#constants.get(register)?.length ?? 1;
	}

	/** The widths that a constant format asks for, together; undefined where they cannot be told, or are large. */
	#width(register: number): number | undefined {
		const format = this.#constants.get(register);
		if (format === undefined) return undefined;
		const directives = format.match(/%[^a-zA-Z%]{0,40}/g) ?? [];
		if (directives.some((directive) => directive.includes("*"))) return undefined;
		const numbers = directives.flatMap((directive) => directive.match(/\d{1,40}/g) ?? []).map(Number);
		return numbers.some((number) => number > 999) ? undefined : numbers.reduce((sum, one) => sum + one, 0);
	}

	#aggregate(called: string, first: number, accumulator: number): string | undefined {
		const name = called.replace(/\(-?\d{1,4}\)$/, "");
		const longest = Math.max(this.#length(first), this.#length(first + 1));
		if (!isJoining(name)) {
			this.#set(accumulator, longest);
			return undefined;
		}
		return this.#make(accumulator, longest * joined, name);
	}
}
