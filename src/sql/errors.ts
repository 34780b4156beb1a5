import { Failure } from "../text/index.ts";
import type { WithheldAs } from "./mirror/withheld.ts";

/** The text itself cannot be SQL that is sent. */
export class SqlTextRefused extends Failure {
	readonly kind = "sql_text_refused";
	/** @param detail the character or the piece, where there is one */
	constructor(
		readonly problem: "empty" | "too_long" | "control_character" | "ill_formed" | "unterminated" | "illegal",
		readonly detail: string,
	) {
		super(`SQL text: ${problem}`);
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
		super(`not one SELECT: ${problem}`);
	}
}

/** SQLite cannot compile it. */
export class SqlInvalid extends Failure {
	readonly kind = "sql_invalid";
	/** @param said SQLite's own words */
	constructor(readonly said: string) {
		super("SQLite cannot compile it");
	}
}

/** A table, a column or a function that there is not, or that is not offered. */
export class NameUnknown extends Failure {
	readonly kind = "name_unknown";
	/**
	 * @param near what was most likely meant
	 * @param known what there is, the nearest first
	 */
	constructor(
		readonly what: "table" | "column" | "function",
		readonly missing: string,
		readonly near: string | undefined,
		readonly known: readonly string[],
	) {
		super(`unknown ${what}`);
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
		super(`${table}.${column} is withheld`);
	}
}

/** A name that a deployment may give to a withheld column which this server has not seen yet. */
export class NameWithheld extends Failure {
	readonly kind = "name_withheld";
	constructor(
		readonly alias: string,
		readonly why: WithheldAs,
	) {
		super("a name of a withheld column");
	}
}

/** A form of SQL that is refused whatever it reads. */
export class FormRefused extends Failure {
	readonly kind = "form_refused";
	constructor(
		readonly form:
			| "natural_join"
			| "metadata"
			| "foreign_source"
			| "unaliased_star"
			| "shadowed_star"
			| "whole_row"
			| "aliased_join"
			| "keyword_name"
			| "recursion"
			| "recursion_name"
			| "odd_alias"
			| "growth"
			| "work"
			| "window"
			| "blob"
			| "ambiguous_star"
			| "too_complex"
			| "operation",
		/** What of it: a name, a function, an operation. */
		readonly detail: string,
	) {
		super(`refused form: ${form}`);
	}
}

/** It would take too long, by its plan. */
export class PlanUnbounded extends Failure {
	readonly kind = "plan_unbounded";
	/**
	 * @param rows how many rows it would visit, about
	 * @param scans what is read whole inside of one another
	 */
	constructor(
		readonly rows: number,
		readonly scans: readonly string[],
	) {
		super(`about ${rows} rows`);
	}
}

/** The API's own filter would refuse it, and it cannot be written otherwise. */
export class CannotBeSent extends Failure {
	readonly kind = "cannot_be_sent";
	/** @param word a forbidden word or sign, where it stands in a name */
	constructor(readonly word: string) {
		super("the API's filter would refuse it");
	}
}

/** A query of ours does not keep our own rules: a fault of this server. */
export class OwnQueryUnsound extends Failure {
	readonly kind = "own_query_unsound";
	constructor(readonly problem: string) {
		super(`own query: ${problem}`);
	}
}

/** A query of ours needs a table or a column that this deployment does not have. */
export class DeploymentLacks extends Failure {
	readonly kind = "deployment_lacks";
	constructor(
		readonly what: "table" | "column",
		readonly missing: string,
	) {
		super(`no such ${what} in this deployment`);
	}
}

export type SqlFailure =
	| SqlTextRefused
	| NotOneSelect
	| SqlInvalid
	| NameUnknown
	| ColumnWithheld
	| NameWithheld
	| FormRefused
	| PlanUnbounded
	| CannotBeSent
	| DeploymentLacks
	| OwnQueryUnsound;
