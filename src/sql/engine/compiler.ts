// Compiles SQL in the embedded SQLite.

import type { CInterface } from "./c-interface.ts";
import {
	type Authorizer,
	type Compiled,
	CompileError,
	type Opcode,
	type Operation,
	opcodeOf,
	type PlanLine,
	perOpcode,
} from "./compiled.ts";
import { type Engine, openEngine } from "./engine.ts";
import { boundHeap, bufferBytes, limitEngine, maxCompileMs } from "./engine-limits.ts";

/** Operations whose fourth parameter is looked at. */
const withP4 = new Set(
	"Function PureFunc AggStep AggStep1 AggInverse AggValue AggFinal VOpen String8 String".split(" "),
);
const tellsP4 = perOpcode((name) => withP4.has(name));

// Result codes, flags and counters of sqlite3.h.
const denied = 1;
const tooBig = 18;
const row = 100;
const done = 101;
const openReadWriteCreate = 0x2 | 0x4;
const statusMemoryUsed = 0;

/** A compiled text, and its program. */
export type Inspected = Compiled & { readonly program: readonly Operation[] };

/**
 * SQLite's compiler on a database in memory without rows. A text from outside is compiled and explained, never run.
 */
export class Compiler {
	readonly #engine: Engine;
	readonly #c: CInterface;
	readonly #db: number;
	/** Where the text stands that is compiled. */
	readonly #buffer: number;
	readonly #bufferView: Uint8Array;
	/** Where a call puts two numbers: prepare the statement and the tail. */
	readonly #out: number;
	readonly #encoder = new TextEncoder();
	/** Names of operations stand in static memory, so that their address tells them. */
	readonly #opcodes = new Map<number, Opcode>();
	#authorizer: Authorizer = () => false;
	/** Bytes of the text that is compiled. */
	#written = 0;
	/** By `performance.now()`: a text whose compilation takes longer is given up. */
	#deadline = 0;

	private constructor(engine: Engine) {
		this.#engine = engine;
		this.#c = engine.c;
		this.#buffer = this.#c.malloc(bufferBytes);
		this.#bufferView = engine.memory.subarray(this.#buffer, this.#buffer + bufferBytes - 1);
		this.#out = this.#c.malloc(16);
		this.#write(":memory:");
		const code = this.#c.sqlite3_open_v2(this.#buffer, this.#out, openReadWriteCreate, 0);
		this.#db = engine.number(this.#out);
		if (code !== 0) throw new Error(`SQLite opens no database in memory: code ${code}`);
		limitEngine(this.#c, this.#db);
		this.run(boundHeap);
		// A callback that throws, or returns anything but true, denies.
		const authorize = engine.callback(6, (_, action = 0, first = 0, second = 0, database = 0) => {
			try {
				const allowed = this.#authorizer(
					action,
					engine.text(first) || undefined,
					engine.text(second) || undefined,
					engine.text(database) || undefined,
				);
				return allowed === true ? 0 : denied;
			} catch {
				return denied;
			}
		});
		this.#c.sqlite3_set_authorizer(this.#db, authorize, 0);
		// SQLite asks it while it compiles, too (since 3.41).
		const expired = engine.callback(1, () => (performance.now() > this.#deadline ? 1 : 0));
		this.#c.sqlite3_progress_handler(this.#db, 1000, expired, 0);
	}

	static async open(): Promise<Compiler> {
		return new Compiler(await openEngine());
	}

	/** Runs statements of ours on the mirror, such as CREATE TABLE. @throws {CompileError} */
	run(statements: string): void {
		this.#write(statements);
		this.#allowing(
			() => true,
			() => this.#checked(this.#c.sqlite3_exec(this.#db, this.#buffer, 0, 0, 0)),
		);
	}

	/** Rows of a question of ours about the mirror, such as its root pages, as texts; undefined is NULL. @throws {CompileError} */
	rows(question: string): readonly (readonly (string | undefined)[])[] {
		return this.#prepared(
			question,
			() => true,
			(statement) => {
				const columns = this.#c.sqlite3_column_count(statement);
				return this.#listed(statement, () =>
					Array.from({ length: columns }, (_, column) => {
						const pointer = this.#c.sqlite3_column_text(statement, column);
						return pointer === 0 ? undefined : this.#engine.text(pointer);
					}),
				);
			},
		);
	}

	/**
	 * Compiles a text and asks the authorizer of all that it does.
	 *
	 * @throws {CompileError}
	 */
	compile(text: string, authorizer: Authorizer): Compiled {
		return this.#prepared(text, authorizer, (statement) => this.#describe(statement, text));
	}

	/**
	 * Compiles a text under the authorizer, and tells its program too. The text itself is compiled, and not an EXPLAIN of it,
	 * under which SQLite is more lenient. What is stepped is the listing; the program itself is not.
	 *
	 * @throws {CompileError}
	 */
	inspect(text: string, authorizer: Authorizer): Inspected {
		return this.#prepared(text, authorizer, (statement) => {
			const { columns, readOnly, explain, parameters, rest } = this.#describe(statement, text);
			const program = statement === 0 || explain ? [] : this.#program(statement);
			return { columns, readOnly, explain, parameters, rest, program };
		});
	}

	#describe(statement: number, text: string): Compiled {
		const count = statement === 0 ? 0 : this.#c.sqlite3_column_count(statement);
		const columns: string[] = [];
		for (let index = 0; index < count; index += 1) {
			columns.push(this.#text(this.#c.sqlite3_column_name(statement, index)));
		}
		return {
			columns,
			readOnly: statement === 0 || this.#c.sqlite3_stmt_readonly(statement) !== 0,
			explain: statement !== 0 && this.#c.sqlite3_stmt_isexplain(statement) !== 0,
			parameters: statement === 0 ? 0 : this.#c.sqlite3_bind_parameter_count(statement),
			rest: this.#rest(text),
		};
	}

	/** Of the statement's own listing. @throws {CompileError} */
	#program(statement: number): readonly Operation[] {
		const c = this.#c;
		const code = c.sqlite3_stmt_explain(statement, 1);
		if (code !== 0 || c.sqlite3_stmt_isexplain(statement) !== 1)
			throw new CompileError("no listing of the program", code);
		return this.#listed(statement, () => {
			const opcode = this.#opcode(c.sqlite3_column_text(statement, 1));
			return {
				opcode,
				p1: c.sqlite3_column_int(statement, 2),
				p2: c.sqlite3_column_int(statement, 3),
				p3: c.sqlite3_column_int(statement, 4),
				p4: tellsP4(opcode) ? this.#text(c.sqlite3_column_text(statement, 5)) : undefined,
			};
		});
	}

	/** The plan of a text that compiles. @throws {CompileError} */
	plan(text: string, authorizer: Authorizer): readonly PlanLine[] {
		return this.#prepared(`EXPLAIN QUERY PLAN ${text}`, authorizer, (statement) =>
			this.#listed(statement, () => ({
				id: this.#c.sqlite3_column_int(statement, 0),
				parent: this.#c.sqlite3_column_int(statement, 1),
				detail: this.#text(this.#c.sqlite3_column_text(statement, 3)),
			})),
		);
	}

	/** Bytes of the engine's memory that are in use. */
	memoryUsed(): number {
		this.#c.sqlite3_status64(statusMemoryUsed, this.#out, this.#out + 8, 0);
		return this.#engine.number(this.#out);
	}

	#prepared<T>(text: string, authorizer: Authorizer, read: (statement: number) => T): T {
		this.#write(text);
		return this.#allowing(authorizer, () => {
			this.#checked(
				this.#c.sqlite3_prepare_v3(this.#db, this.#buffer, this.#written + 1, 0, this.#out, this.#out + 4),
			);
			const statement = this.#engine.number(this.#out);
			try {
				return read(statement);
			} finally {
				this.#c.sqlite3_finalize(statement);
			}
		});
	}

	/**
	 * Every row of a listing, read to its end: one that breaks off, for want of memory for example, would look like a
	 * shorter program.
	 *
	 * @throws {CompileError}
	 */
	#listed<T>(statement: number, read: () => T): readonly T[] {
		const rows: T[] = [];
		let code = this.#c.sqlite3_step(statement);
		for (; code === row; code = this.#c.sqlite3_step(statement)) rows.push(read());
		if (code !== done) throw new CompileError(this.#text(this.#c.sqlite3_errmsg(this.#db)), code);
		return rows;
	}

	/** For one piece of work; all that comes after it is denied. */
	#allowing<T>(authorizer: Authorizer, work: () => T): T {
		this.#authorizer = authorizer;
		this.#deadline = performance.now() + maxCompileMs;
		try {
			return work();
		} finally {
			this.#authorizer = () => false;
		}
	}

	/** @throws {CompileError} where a call has failed */
	#checked(code: number): void {
		if (code !== 0) throw new CompileError(this.#text(this.#c.sqlite3_errmsg(this.#db)), code);
	}

	/** Lays a text where the engine reads it. @throws {CompileError} where there is no room for it */
	#write(text: string): void {
		const { read, written } = this.#encoder.encodeInto(text, this.#bufferView);
		if (read < text.length) throw new CompileError("string or blob too big", tooBig);
		this.#engine.memory[this.#buffer + written] = 0;
		this.#written = written;
	}

	#rest(text: string): string {
		const tail = this.#engine.number(this.#out + 4) - this.#buffer;
		if (tail >= this.#written) return "";
		return Buffer.from(text, "utf8").subarray(tail).toString("utf8");
	}

	#text(pointer: number): string {
		return this.#engine.text(pointer);
	}

	#opcode(pointer: number): Opcode {
		let opcode = this.#opcodes.get(pointer);
		if (opcode === undefined) {
			opcode = opcodeOf(this.#text(pointer));
			this.#opcodes.set(pointer, opcode);
		}
		return opcode;
	}
}
