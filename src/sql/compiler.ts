import type { Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import { instantiateSqlite } from "../system/sqlite-engine.ts";
import type { CInterface } from "./c-interface.ts";
import { type Authorizer, type Compiled, CompileError, type Operation, type PlanLine } from "./compiled.ts";
import { bufferBytes, limitEngine, maxCompileMs } from "./engine-limits.ts";

/** Operations whose fourth parameter is looked at. */
const tellsP4 = new Set(
	"Function PureFunc AggStep AggStep1 AggInverse AggValue AggFinal VOpen String8 String".split(" "),
);

const row = 100;

/**
 * SQLite's compiler on a database in memory without rows. A text from outside is compiled and explained, never run.
 */
export class Compiler {
	readonly #capi: Sqlite3Static["capi"];
	readonly #wasm: Sqlite3Static["wasm"];
	readonly #c: CInterface;
	readonly #db: InstanceType<Sqlite3Static["oo1"]["DB"]>;
	readonly #pointer: number;
	readonly #buffer: number;
	/** Where prepare puts the statement and the tail. */
	readonly #out: number;
	readonly #encoder = new TextEncoder();
	/** Names of operations stand in static memory, so that their address tells them. */
	readonly #operationNames = new Map<number, string>();
	#authorizer: Authorizer = () => false;
	/** Bytes of the text that is compiled. */
	#written = 0;
	/** By `performance.now()`: a text whose compilation takes longer is given up. */
	#deadline = 0;

	private constructor(sqlite: Sqlite3Static) {
		this.#capi = sqlite.capi;
		this.#wasm = sqlite.wasm;
		this.#c = sqlite.wasm.exports as unknown as CInterface;
		this.#db = new sqlite.oo1.DB(":memory:");
		this.#pointer = Number(this.#db.pointer);
		this.#buffer = Number(this.#wasm.alloc(bufferBytes));
		this.#out = Number(this.#wasm.alloc(8));
		limitEngine(sqlite.capi, this.#db);
		// A callback that throws, or returns anything but true, denies. The package's own wrapper of this call turns every
		// argument into a string in its general way, which took a tenth of a check.
		const authorize = this.#wasm.installFunction(
			"i(pipppp)",
			(_: number, action: number, first: number, second: number, database: number) => {
				try {
					const allowed = this.#authorizer(
						action,
						this.#text(first) || undefined,
						this.#text(second) || undefined,
						this.#text(database) || undefined,
					);
					return allowed === true ? 0 : this.#capi.SQLITE_DENY;
				} catch {
					return this.#capi.SQLITE_DENY;
				}
			},
		);
		this.#c.sqlite3_set_authorizer(this.#pointer, Number(authorize), 0);
		// SQLite asks it while it compiles, too (since 3.41).
		this.#capi.sqlite3_progress_handler(
			this.#pointer,
			1000,
			() => (performance.now() > this.#deadline ? 1 : 0),
			0,
		);
	}

	static async open(): Promise<Compiler> {
		return new Compiler(await instantiateSqlite());
	}

	/** Runs a statement of ours on the mirror, such as CREATE TABLE. @throws {Error} */
	run(statement: string): void {
		this.#withoutAuthorizer(() => this.#db.exec(statement));
	}

	/** Rows of a question of ours about the mirror, such as its root pages. */
	rows(question: string): readonly (readonly unknown[])[] {
		return this.#withoutAuthorizer(() => this.#db.selectArrays(question));
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
	 * Compiles a text, and tells its program too: the one that was compiled, and not that of an EXPLAIN of the text, under
	 * which SQLite is more lenient. What is stepped is the listing; the program itself is not.
	 *
	 * @throws {CompileError}
	 */
	inspect(text: string, authorizer: Authorizer): Compiled & { readonly program: readonly Operation[] } {
		return this.#prepared(text, authorizer, (statement) => {
			const compiled = this.#describe(statement, text);
			return { ...compiled, program: statement === 0 || compiled.explain ? [] : this.#program(statement) };
		});
	}

	#describe(statement: number, text: string): Compiled {
		const count = statement === 0 ? 0 : this.#c.sqlite3_column_count(statement);
		return {
			columns: Array.from({ length: count }, (_, index) =>
				this.#text(this.#c.sqlite3_column_name(statement, index)),
			),
			readOnly: statement === 0 || this.#c.sqlite3_stmt_readonly(statement) !== 0,
			explain: statement !== 0 && this.#c.sqlite3_stmt_isexplain(statement) !== 0,
			parameters: statement === 0 ? 0 : this.#c.sqlite3_bind_parameter_count(statement),
			rest: this.#rest(text),
		};
	}

	/** @throws {CompileError} where SQLite does not turn the statement into its listing */
	#program(statement: number): readonly Operation[] {
		const code = this.#c.sqlite3_stmt_explain(statement, 1);
		if (code !== 0 || this.#c.sqlite3_stmt_isexplain(statement) !== 1) {
			throw new CompileError("no listing of the program", code);
		}
		const operations: Operation[] = [];
		while (this.#c.sqlite3_step(statement) === row) {
			const name = this.#operationName(this.#c.sqlite3_column_text(statement, 1));
			operations.push({
				name,
				p1: this.#c.sqlite3_column_int(statement, 2),
				p2: this.#c.sqlite3_column_int(statement, 3),
				p3: this.#c.sqlite3_column_int(statement, 4),
				p4: tellsP4.has(name) ? this.#text(this.#c.sqlite3_column_text(statement, 5)) : undefined,
			});
		}
		return operations;
	}

	/** The plan of a text that compiles. @throws {CompileError} */
	plan(text: string, authorizer: Authorizer): readonly PlanLine[] {
		return this.#prepared(`EXPLAIN QUERY PLAN ${text}`, authorizer, (statement) => {
			const lines: PlanLine[] = [];
			while (this.#c.sqlite3_step(statement) === row) {
				lines.push({
					id: this.#c.sqlite3_column_int(statement, 0),
					parent: this.#c.sqlite3_column_int(statement, 1),
					detail: this.#text(this.#c.sqlite3_column_text(statement, 3)),
				});
			}
			return lines;
		});
	}

	/** Bytes of the engine's memory, which never shrinks. */
	memoryBytes(): number {
		return this.#wasm.heap8u().length;
	}

	close(): void {
		this.#db.close();
	}

	#withoutAuthorizer<T>(work: () => T): T {
		this.#authorizer = () => true;
		this.#deadline = performance.now() + maxCompileMs;
		try {
			return work();
		} finally {
			this.#authorizer = () => false;
		}
	}

	#prepared<T>(text: string, authorizer: Authorizer, read: (statement: number) => T): T {
		const memory = this.#wasm.heap8u();
		const { read: units, written } = this.#encoder.encodeInto(
			text,
			memory.subarray(this.#buffer, this.#buffer + bufferBytes - 1),
		);
		if (units < text.length) throw new CompileError("string or blob too big", this.#capi.SQLITE_TOOBIG);
		memory[this.#buffer + written] = 0;
		this.#written = written;
		this.#authorizer = authorizer;
		this.#deadline = performance.now() + maxCompileMs;
		try {
			const code = this.#c.sqlite3_prepare_v3(
				this.#pointer,
				this.#buffer,
				written + 1,
				0,
				this.#out,
				this.#out + 4,
			);
			if (code !== 0) throw new CompileError(this.#text(this.#c.sqlite3_errmsg(this.#pointer)), code);
			const statement = Number(this.#wasm.peekPtr(this.#out));
			try {
				return read(statement);
			} finally {
				this.#c.sqlite3_finalize(statement);
			}
		} finally {
			this.#authorizer = () => false;
		}
	}

	#rest(text: string): string {
		const tail = Number(this.#wasm.peekPtr(this.#out + 4)) - this.#buffer;
		if (tail >= this.#written) return "";
		return Buffer.from(text, "utf8").subarray(tail).toString("utf8");
	}

	#text(pointer: number): string {
		if (pointer === 0) return "";
		// Names are short and ASCII, as a rule; the general way costs ten times as much.
		const memory = this.#wasm.heap8u();
		let text = "";
		for (let at = pointer; at < pointer + 64; at += 1) {
			const byte = memory[at] ?? 0;
			if (byte === 0) return text;
			if (byte > 0x7f) break;
			text += String.fromCharCode(byte);
		}
		return this.#wasm.cstrToJs(pointer) ?? "";
	}

	#operationName(pointer: number): string {
		let name = this.#operationNames.get(pointer);
		if (name === undefined) {
			name = this.#text(pointer);
			this.#operationNames.set(pointer, name);
		}
		return name;
	}
}
