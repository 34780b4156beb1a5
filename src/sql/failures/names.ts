// Names that do not exist, or that are withheld.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";
import type { WithheldAs } from "../mirror/withheld.ts";

/** Names that a sentence offers at most. */
const maxOffered = 20;

/** A table, a column or a function that does not exist, or that is not offered. */
export class NameUnknown extends Failure {
	readonly kind = "name_unknown";

	/**
	 * @param near what was most likely meant
	 * @param known the names that exist, the nearest first
	 */
	constructor(
		readonly what: "table" | "column" | "function",
		readonly missing: string,
		readonly near: string | undefined,
		readonly known: readonly string[],
		/** What SQLite writes for it, where it is another database's. */
		readonly instead?: string,
	) {
		super();
	}

	explain(): Explanation {
		const { what, missing, near, known, instead } = this;
		if (instead !== undefined) {
			return {
				problem: `no such ${what}: ${bare(missing, 80)} is another database's, and production is SQLite.`,
				next: `Write ${instead}.`,
			};
		}
		const quotes = missing.includes('"') ? " (a text takes single quotes, a name double ones)" : "";
		const meant = near === undefined ? "" : `; did you mean ${near}?`;
		const first = `no such ${what}: ${bare(missing.replaceAll('"', ""), 80)}${meant}${quotes}`;
		const problem = first.endsWith("?") ? first : `${first}.`;
		if (known.length === 0) return { problem, next: "describe_database shows tables and columns." };
		const offer = near === undefined ? known : [near, ...known.filter((one) => one !== near)];
		return { problem, next: `${heading(what)}: ${offered(offer, what === "function" ? 100 : 30)}.` };
	}
}

function heading(what: NameUnknown["what"]): string {
	switch (what) {
		case "table":
			return "Tables";
		case "column":
			return "Readable columns here";
		case "function":
			return "Functions that are allowed";
	}
}

/** A function that production's SQLite does not have, though the guard's own has it. */
export class FunctionLacking extends Failure {
	readonly kind = "function_lacking";

	constructor(
		/** Its name, or what of it. */
		readonly missing: string,
		/** Of production's SQLite. */
		readonly version: string,
		/** Empty where there is nothing like it. */
		readonly instead: string,
	) {
		super();
	}

	explain(): Explanation {
		const name = this.missing.endsWith(")") ? this.missing : `${this.missing}()`;
		return {
			problem: `Production's SQLite (${bare(this.version, 20)}) does not have ${name}.`,
			next:
				this.instead === "" ? "Read the values and compute it from them." : `Write ${this.instead} instead.`,
		};
	}
}

/** A text in double quotes that may be a misspelt column. */
export class QuotedTextUnclear extends Failure {
	readonly kind = "quoted_text_unclear";

	constructor(
		readonly text: string,
		/** The column. */
		readonly near: string,
	) {
		super();
	}

	explain(): Explanation {
		const [text, near] = [bare(this.text, 80), bare(this.near, 60)];
		return {
			problem: `"${text}" in double quotes is a name, and there is no such column; did you mean the column ${near}, or the text '${text}'?`,
			next: `Write ${near}, or '${text}' in single quotes.`,
		};
	}
}

/** A column that is withheld. */
export class ColumnWithheld extends Failure {
	readonly kind = "column_withheld";

	/** @param readable the table's readable columns */
	constructor(
		readonly table: string,
		readonly column: string,
		readonly why: WithheldAs | "rowid",
		readonly readable: readonly string[],
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `${this.table}.${this.column} is withheld, ${because(this)}, in whatever form it is used.`,
			next: `Readable columns of ${this.table}: ${offered(this.readable, maxOffered)}.`,
		};
	}
}

function because({ table, column, why }: ColumnWithheld): string {
	const opens = `(the user can set PROD_DEBUGGER_READABLE_COLUMNS=${bare(`${table}.${column}`, 130)})`;
	switch (why) {
		case "secret":
			return "since it is a secret";
		case "personal":
			return "since it is personal data (the user can set PROD_DEBUGGER_SHOW_PERSONAL_DATA=1)";
		case "secret_name":
			return `since a column of that name may hold a secret ${opens}`;
		case "unlisted":
			return `since Skillomatic's contract does not know it and ${bare(table, 60)} holds secrets or personal data ${opens}`;
		case "rowid":
			return "since a row's number can reveal the table's withheld columns";
	}
}

function offered(names: readonly string[], most: number): string {
	const shown = names.slice(0, most).map((name) => bare(name, 60));
	return `${shown.join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`;
}

/** Quoted safely, without the quotation marks. */
function bare(name: string, maxLength: number): string {
	return quoteUntrusted(name, maxLength).slice(1, -1);
}
