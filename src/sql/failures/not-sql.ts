// SQL that is not one SELECT which SQLite compiles.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";
import { castInstead } from "./other-dialects.ts";

/** The text itself cannot be SQL that is sent. */
export class SqlTextRefused extends Failure {
	readonly kind = "sql_text_refused";

	/** @param detail the character or the piece, where there is one */
	constructor(
		readonly problem: "empty" | "too_long" | "control_character" | "ill_formed" | "unterminated" | "illegal",
		readonly detail: string,
	) {
		super();
	}

	explain(): Explanation {
		const piece = quoteUntrusted(this.detail, 40);
		switch (this.problem) {
			case "empty":
				return { problem: "sql is empty.", next: "Give one SELECT." };
			case "too_long":
				return {
					problem: `sql has ${this.detail} characters, and at most 10,000 are accepted.`,
					next: "Ask for less at once.",
				};
			case "control_character":
				return {
					problem: `sql holds the control character ${this.detail}, which is not accepted.`,
					next: "Use only tabs and line breaks.",
				};
			case "ill_formed":
				return {
					problem: "sql is not well-formed Unicode: half of a surrogate pair stands alone.",
					next: "Write it again.",
				};
			case "unterminated":
				return {
					problem: `A string, a quoted name or a comment that begins with ${piece} does not end.`,
					next: "Close it.",
				};
			case "illegal":
				return {
					problem: `${piece} has no meaning in SQLite's SQL.`,
					next: "Remove it, or put it into a text in single quotes.",
				};
		}
	}
}

/** It is not one SELECT. */
export class NotOneSelect extends Failure {
	readonly kind = "not_one_select";

	/** @param detail the word or the sign */
	constructor(
		readonly problem: "another_statement" | "not_select" | "explain" | "parameter" | "no_column",
		readonly detail: string,
	) {
		super();
	}

	explain(): Explanation {
		const piece = quoteUntrusted(this.detail, 40);
		switch (this.problem) {
			case "another_statement":
				return {
					problem: `Only one statement is accepted, and a second one begins at ${piece}.`,
					next: "Send them one after the other.",
				};
			case "not_select":
				return {
					problem: `Only SELECT is accepted (WITH … SELECT too), and this begins with ${piece}: production can be read, never changed.`,
					next: "Write a SELECT; describe_database shows tables and columns.",
				};
			case "explain":
				return { problem: "EXPLAIN is not accepted.", next: "Send the SELECT itself." };
			case "parameter": {
				const cast = castInstead(this.detail);
				if (cast !== undefined) {
					return {
						problem: `${piece} is PostgreSQL's cast, and production is SQLite.`,
						next: `Write ${cast}.`,
					};
				}
				return {
					problem: `Parameters are not accepted${this.detail === "" ? "" : `, and ${piece} is one`}.`,
					next: "Write the value itself, a text in single quotes.",
				};
			}
			case "no_column":
				return { problem: "It yields no column.", next: "Write a SELECT that does." };
		}
	}
}

/** SQLite cannot compile it. */
export class SqlInvalid extends Failure {
	readonly kind = "sql_invalid";

	/**
	 * @param said SQLite's own words
	 * @param foreign a form of another database's in it, and what SQLite writes instead
	 */
	constructor(
		readonly said: string,
		readonly foreign?: { readonly form: string; readonly instead: string },
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `SQLite does not compile it: ${quoteUntrusted(this.said)}. Nothing was sent to production.`,
			next:
				this.foreign === undefined
					? "Correct it and try again."
					: `${this.foreign.form} is another database's: write ${this.foreign.instead}.`,
		};
	}
}
