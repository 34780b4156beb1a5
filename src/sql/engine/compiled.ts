// What a compiled query is: its columns, its program, its plan.

/** What an operation does: one object for each name, with a number of its own. */
export interface Opcode {
	readonly name: string;
	readonly index: number;
}

const opcodes = new Map<string, Opcode>();

export function opcodeOf(name: string): Opcode {
	const known = opcodes.get(name);
	if (known !== undefined) return known;
	const made: Opcode = { name, index: opcodes.size };
	opcodes.set(name, made);
	return made;
}

/** What holds for each operation of a name, looked up by its number: every check asks for each of a program's. */
export function perOpcode<T>(of: (name: string) => T): (opcode: Opcode) => T {
	const known: T[] = [];
	return ({ name, index }) => {
		const found = known[index];
		if (found !== undefined) return found;
		const made = of(name);
		known[index] = made;
		return made;
	};
}

/** One operation of a compiled program, as EXPLAIN tells it. */
export interface Operation {
	readonly opcode: Opcode;
	readonly p1: number;
	readonly p2: number;
	readonly p3: number;
	/** Of operations that call, open a virtual table or hold a text; undefined for others. */
	readonly p4: string | undefined;
}

/** One line of EXPLAIN QUERY PLAN. */
export interface PlanLine {
	readonly id: number;
	readonly parent: number;
	readonly detail: string;
}

export interface Compiled {
	readonly columns: readonly string[];
	readonly readOnly: boolean;
	readonly explain: boolean;
	readonly parameters: number;
	/** What stands after the first statement. */
	readonly rest: string;
}

/**
 * Asked of each thing that a statement does while it is compiled; true allows it.
 * Action codes and arguments as of `sqlite3_set_authorizer`.
 */
export type Authorizer = (
	action: number,
	first: string | undefined,
	second: string | undefined,
	database: string | undefined,
) => boolean;

/** SQLite does not take it; `message` is SQLite's own. */
export class CompileError extends Error {
	constructor(
		message: string,
		/** SQLITE_NOMEM, SQLITE_TOOBIG and the like are limits, not mistakes. */
		readonly code: number,
	) {
		super(message);
	}
}
