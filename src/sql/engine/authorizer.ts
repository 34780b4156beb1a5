// Answers SQLite's authorizer: which columns and functions a query may use.

import type { Authorizer } from "./compiled.ts";
import { isAllowedFunction, tableFunctions } from "./functions.ts";

// Action codes of sqlite3_set_authorizer (sqlite3.h).
const actionRead = 20;
const actionSelect = 21;
const actionFunction = 31;
const actionRecursive = 33;

/** The first thing that was denied. */
export type Denial =
	| { readonly what: "column"; readonly table: string; readonly column: string }
	| { readonly what: "function"; readonly name: string }
	| { readonly what: "recursion" }
	| { readonly what: "action"; readonly action: number; readonly subject: string };

export interface Readable {
	/** Whether a column of a table may be read; the table's name as the mirror has it. */
	mayRead(table: string, column: string): boolean;
	/** Recursive common table expressions. */
	readonly mayRecurse: boolean;
}

/**
 * Denies by default: a SELECT, reads of allowed columns, allowed functions and, where it may be, recursion pass.
 * What SQLite does not ask about (the columns of USING and NATURAL) is seen in the program, by `program.ts`.
 */
export class Judge {
	/** Undefined while nothing was denied. */
	denial: Denial | undefined;

	constructor(private readonly readable: Readable) {}

	readonly authorize: Authorizer = (action, first, second, database) => {
		const denial = this.#deny(action, first ?? "", second ?? "", database);
		if (denial === undefined) return true;
		this.denial ??= denial;
		return false;
	};

	#deny(action: number, first: string, second: string, database: string | undefined): Denial | undefined {
		switch (action) {
			case actionSelect:
				return undefined;
			case actionRead:
				// No column: something is named in FROM, as the query calls it, and none of its columns is read
				// (count(*)); what is opened then, the program tells.
				if (second === "" && (database === undefined || database === "main")) return undefined;
				if (database === "main" && (tableFunctions.includes(first) || this.readable.mayRead(first, second)))
					return undefined;
				return { what: "column", table: first, column: second };
			case actionFunction:
				return isAllowedFunction(second) ? undefined : { what: "function", name: second };
			case actionRecursive:
				return this.readable.mayRecurse ? undefined : { what: "recursion" };
			default:
				return { what: "action", action, subject: first };
		}
	}
}
