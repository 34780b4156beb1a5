// Compiles a query and checks what its program reads.

import { nearest } from "../../text/index.ts";
import { ColumnWithheld, FormRefused, NameUnknown, NotOneSelect, SqlInvalid } from "../failures/index.ts";
import { foreignForm, insteadOfFunction } from "../failures/other-dialects.ts";
import type { MirrorTable } from "../mirror/catalog.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { withheldColumn } from "../mirror/withheld.ts";
import { type Denial, Judge, type Readable } from "./authorizer.ts";
import { type Authorizer, type Compiled, CompileError, type Operation, type PlanLine } from "./compiled.ts";
import type { Compiler, Inspected } from "./compiler.ts";
import { functionNames } from "./functions.ts";
import { findOffence } from "./program.ts";

/** Which columns a query may read. */
export interface Rules {
	isReadable(table: MirrorTable, column: string): boolean;
	readonly mayRecurse: boolean;
}

/** A name that SQLite does not know: production may have it, and the mirror not yet. */
export class NameMissing extends Error {
	constructor(
		readonly what: "table" | "column",
		/** As SQLite says it: a column may be qualified, and stands in quotation marks where it was written in them. */
		readonly missing: string,
	) {
		super(`no such ${what}`);
	}
}

/** What the checks of a compiled text have in common. */
export class CompileCheck {
	constructor(
		private readonly mirror: Mirror,
		private readonly compiler: Compiler,
		private readonly rules: Rules,
	) {}

	/**
	 * Compiles one text under the authorizer: one statement that reads, with at least one column and no parameter.
	 *
	 * @throws {NameMissing} {SqlFailure}
	 */
	compile(text: string): Compiled {
		return this.#judged(text, (authorizer) => this.compiler.compile(text, authorizer));
	}

	/**
	 * Compiles one text, and looks through its program: what it opens, reads and calls.
	 *
	 * @throws {NameMissing} {SqlFailure}
	 */
	audit(text: string): Inspected {
		const inspected = this.#judged(text, (authorizer) => this.compiler.inspect(text, authorizer));
		this.#lookThrough(inspected.program);
		return inspected;
	}

	#lookThrough(program: readonly Operation[]): void {
		const offence = findOffence(program, {
			roots: this.mirror.roots(this.compiler),
			tableFunctions: this.mirror.tableFunctions(this.compiler),
			mayRead: (table, column) => this.#mayRead(table, column),
		});
		switch (offence?.what) {
			case undefined:
				break;
			case "column":
				throw this.#withheld(offence.table, offence.column);
			case "operation":
				throw new FormRefused("operation", offence.detail);
			case "source":
				throw new FormRefused("foreign_source", offence.detail);
		}
	}

	/** The plan of a text that compiles. @throws {SqlFailure} where it takes too much to plan */
	plan(text: string): readonly PlanLine[] {
		try {
			return this.compiler.plan(text, () => true);
		} catch (error) {
			throw error instanceof CompileError ? explain(error, text) : error;
		}
	}

	#judged<T extends Compiled>(text: string, compile: (authorizer: Authorizer) => T): T {
		const judge = new Judge(this.#readable());
		let compiled: T;
		try {
			compiled = compile(judge.authorize);
		} catch (error) {
			if (judge.denial !== undefined) throw this.#denied(judge.denial);
			if (error instanceof CompileError) throw explain(error, text);
			throw error;
		}
		if (judge.denial !== undefined) throw this.#denied(judge.denial);
		if (compiled.explain) throw new NotOneSelect("explain", "EXPLAIN");
		if (!compiled.readOnly) throw new FormRefused("operation", "a write");
		if (compiled.columns.length === 0) throw new NotOneSelect("no_column", "");
		if (compiled.parameters !== 0) throw new NotOneSelect("parameter", "");
		const rest = compiled.rest === "" ? "" : compiled.rest.replaceAll(";", "").trim();
		if (rest !== "") throw new NotOneSelect("another_statement", rest.slice(0, 40));
		return compiled;
	}

	#readable(): Readable {
		return {
			mayRead: (table, column) => this.#mayRead(table, column),
			mayRecurse: this.rules.mayRecurse,
		};
	}

	/** A row's number has several names, and SQLite calls it ROWID. */
	#mayRead(tableName: string, column: string): boolean {
		const table = this.mirror.table(tableName);
		if (table === undefined) return false;
		if (column === "ROWID" && !table.columns.some(({ name }) => name.toUpperCase() === "ROWID"))
			return table.rowidReadable;
		return this.rules.isReadable(table, column);
	}

	#denied(denial: Denial): Error {
		switch (denial.what) {
			case "column":
				return this.#withheld(denial.table, denial.column);
			case "function":
				return unknownFunction(denial.name);
			case "recursion":
				return new FormRefused("recursion", "");
			case "action":
				return new FormRefused("operation", denial.subject);
		}
	}

	#withheld(tableName: string, column: string): Error {
		const table = this.mirror.table(tableName);
		if (table === undefined) return new FormRefused("operation", `a read of ${tableName}`);
		return new ColumnWithheld(
			table.name,
			column,
			withheldColumn(table.name, column) ?? "rowid",
			table.columns.filter(({ name }) => this.rules.isReadable(table, name)).map(({ name }) => name),
		);
	}
}

function unknownFunction(name: string): NameUnknown {
	const near = nearest(name, functionNames);
	return new NameUnknown("function", name, near, functionNames, insteadOfFunction(name));
}

/** SQLite's words, as far as they ask for another answer than themselves. */
function explain(error: CompileError, text: string): Error {
	const said = error.message;
	const missing = /^no such (table|column): (?:main\.)?(.{1,300}?)(?: - should this be .*)?$/.exec(said);
	if (missing !== null) {
		return new NameMissing(missing[1] === "table" ? "table" : "column", missing[2] ?? "");
	}
	const called = /^no such function: (.{1,100})$/.exec(said)?.[1];
	if (called !== undefined) return unknownFunction(called);
	const tooMuch =
		/^(?:too many|parser stack overflow|Expression tree is too large|string or blob too big|out of memory|interrupted|VIEWs and\/or subqueries nested too deep)/i;
	if (tooMuch.test(said)) return new FormRefused("too_complex", said);
	return new SqlInvalid(said, foreignForm(text));
}
