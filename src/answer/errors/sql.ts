import { type SqlFailure, withheldByName } from "../../sql/index.ts";
import { quoteUntrusted } from "../../text/index.ts";

/** Names that a sentence offers at most. */
const maxOffered = 20;

/** What an agent is told when the guard refuses SQL: the rule, the thing, what is allowed. */
export function describeSql(failure: SqlFailure): string {
	switch (failure.kind) {
		case "sql_text_refused":
			return describeText(failure.problem, failure.detail);
		case "not_one_select":
			return describeStatement(failure.problem, failure.detail);
		case "sql_invalid":
			return `SQLite does not take it: ${quoteUntrusted(failure.said)}. Nothing was sent to production; mend it and try again.`;
		case "name_unknown":
			return describeUnknown(failure);
		case "column_withheld":
			return `${failure.table}.${failure.column} ${withheldBecause(failure.why)}, in whatever form it is used. Readable columns of ${failure.table}: ${offered(failure.readable)}.`;
		case "name_withheld":
			return failure.why === "secret"
				? `The name ${quoteUntrusted(failure.alias, 60)} is refused, as an alias too: it is what a secret's column is called, and production may have such a column. ${/^key$/i.test(failure.alias) ? "With its source it passes where that has such a column, as json_each and system_settings have: j.key. " : ""}Use another name, such as ${otherNames(failure.alias)}.`
				: `The name ${quoteUntrusted(failure.alias, 60)} is refused, as an alias too: it is what a column with personal data is called, and production may have such a column. Use another name.`;
		case "form_refused":
			return describeForm(failure.form, failure.detail);
		case "plan_unbounded":
			return `It would visit about ${failure.rows.toPrecision(2)} rows, since ${failure.scans.length === 0 ? "its parts repeat one another" : `${listOf(failure.scans)} ${failure.scans.length === 1 ? "is" : "are"} read whole inside of one another`}; at most 20 million are allowed. Narrow each by created_at, join on an id, or count in a subquery (GROUP BY) before you join.`;
		case "cannot_be_sent":
			return `Production's API refuses every query in which ${quoteUntrusted(failure.word, 60)} stands, and here it stands in a name, which cannot be written otherwise. Use another name or alias; in a text in single quotes it passes.`;
		case "deployment_lacks":
			return `Production has no ${failure.what} ${quoteUntrusted(failure.missing, 80)}, which this question needs: its deployment differs from the one this server is made for. describe_database shows what there is.`;
		case "own_query_unsound":
			return `A query of prod-debugger-mcp itself breaks its own rules (${failure.problem}), so it was not sent. Please report it.`;
	}
}

/** In the plural, where that is no secret's name as well. */
function otherNames(alias: string): string {
	const plural = `${alias.replace(/["\s]/g, "").slice(0, 20)}s`;
	return withheldByName(plural) === undefined ? `${JSON.stringify(plural)} or "label"` : '"label"';
}

type TextProblem = Extract<SqlFailure, { kind: "sql_text_refused" }>["problem"];

function describeText(problem: TextProblem, detail: string): string {
	switch (problem) {
		case "empty":
			return "sql is empty: give one SELECT.";
		case "too_long":
			return `sql has ${detail} characters, and at most 10,000 are taken: ask for less at once.`;
		case "control_character":
			return `sql holds the character ${detail}, which is not taken: of control characters only tabs and line breaks are.`;
		case "ill_formed":
			return "sql is no well-formed Unicode (half of a surrogate pair stands alone): write it again.";
		case "unterminated":
			return `A string, a quoted name or a comment that begins with ${quoteUntrusted(detail, 40)} does not end: close it.`;
		case "illegal":
			return `${quoteUntrusted(detail, 40)} has no meaning in SQLite's SQL: remove it, or put it into a text in single quotes.`;
	}
}

type StatementProblem = Extract<SqlFailure, { kind: "not_one_select" }>["problem"];

function describeStatement(problem: StatementProblem, detail: string): string {
	switch (problem) {
		case "another_statement":
			return `Only one statement is taken, and a second one begins at ${quoteUntrusted(detail, 40)}: ask them one after the other.`;
		case "not_select":
			return `Only SELECT is taken (WITH … SELECT too), and this begins with ${quoteUntrusted(detail, 40)}: production can be read, never changed. describe_database shows tables and columns.`;
		case "explain":
			return "EXPLAIN is not taken: ask the SELECT itself.";
		case "parameter":
			return `Parameters are not taken${detail === "" ? "" : `, and ${quoteUntrusted(detail, 40)} is one`}: write the value itself, a text in single quotes.`;
		case "no_column":
			return "It yields no column: give a SELECT that does.";
	}
}

function describeUnknown(failure: Extract<SqlFailure, { kind: "name_unknown" }>): string {
	const { what, missing: name, near, known } = failure;
	const quoted = name.includes('"') ? " (a text takes single quotes, a name double ones)" : "";
	const meant = near === undefined ? "" : `; did you mean ${near}?`;
	const first = `no such ${what}: ${quoteUntrusted(name.replaceAll('"', ""), 80).slice(1, -1)}${meant}${quoted}`;
	const end = first.endsWith("?") ? "" : ".";
	if (known.length === 0) return `${first}${end} describe_database shows tables and columns.`;
	const offer = near === undefined ? known : [near, ...known.filter((one) => one !== near)];
	const kind =
		what === "table" ? "Tables" : what === "column" ? "Readable columns here" : "Functions that are allowed";
	return `${first}${end} ${kind}: ${offered(offer, what === "function" ? 100 : 30)}.`;
}

function withheldBecause(why: "secret" | "personal" | "rowid"): string {
	switch (why) {
		case "secret":
			return "is withheld, since it is a secret";
		case "personal":
			return "is withheld, since it is personal data (the user can set PROD_DEBUGGER_SHOW_PERSONAL_DATA=1)";
		case "rowid":
			return "is withheld, since a row's number can tell of the table's withheld columns";
	}
}

type Form = Extract<SqlFailure, { kind: "form_refused" }>["form"];

function describeForm(form: Form, detail: string): string {
	switch (form) {
		case "natural_join":
			return "NATURAL JOIN is refused, since the columns it compares are whatever both tables have at that moment: name them, JOIN … USING (column) or ON.";
		case "metadata":
			return `${quoteUntrusted(detail, 60)} is refused: SQLite's own metadata is not read, only production's tables. describe_database shows them.`;
		case "foreign_source":
			return "It reads something that is none of production's tables, and only those are read: describe_database shows them.";
		case "unaliased_star":
			return "* beside a subquery without a name cannot be written out: give the subquery an alias, or name the columns.";
		case "shadowed_star":
			return `${quoteUntrusted(detail, 60)} is a table and a WITH expression's name as well, so * of it could mean either: give the WITH expression another name.`;
		case "whole_row":
			return `A join in parentheses, or a * that could not be written out, reads rows of ${quoteUntrusted(detail, 60)} with all columns that they may ever have: write the join without parentheses, or as a SELECT of its own that names its columns.`;
		case "aliased_join":
			return `The alias ${quoteUntrusted(detail, 60)} of a join in parentheses is refused, since it stands for all columns that there may ever be: give each table an alias of its own, or write (SELECT columns FROM … JOIN …) AS ${quoteUntrusted(detail, 60).slice(1, -1)}.`;
		case "keyword_name":
			return `${quoteUntrusted(detail, 60)} is a word of a join and stands here as a name: put it in double quotes, or use another.`;
		case "odd_alias":
			return `The name ${quoteUntrusted(detail, 60)} of a source in FROM or WITH is refused: letters, digits and _ only, such as "a".`;
		case "recursion":
			return `The recursion${detail === "" ? "" : ` ${quoteUntrusted(detail, 60)}`} cannot be shown to end: put a LIMIT with a number of at most 5000 at the end of the recursive SELECT, inside its parentheses.`;
		case "recursion_name":
			return `Two WITH expressions are called ${quoteUntrusted(detail, 60)}, and one of them recurses: give each a name of its own.`;
		case "work":
			return `${quoteUntrusted(detail, 60)} would work through too many characters, over all rows: keep what it is given short, or narrow the rows first (created_at, LIMIT in a subquery).`;
		case "growth":
			return `${quoteUntrusted(detail, 60)} can cost production too much memory or time here: keep texts about as long as they are, give printf() a constant format with widths below 1000, and a pattern at most 6 wildcards.`;
		case "window":
			return `${detail} in a window is refused, since it makes production go through all rows again for each row: leave it out, or aggregate in a subquery with GROUP BY.`;
		case "blob":
			return `The column ${quoteUntrusted(detail, 60)} holds bytes (a BLOB), which production's API does not carry: read hex() of it, or CAST(… AS TEXT).`;
		case "ambiguous_star":
			return `${quoteUntrusted(`${detail}.*`, 60)} fits two sources of that name: give each an alias of its own.`;
		case "too_complex":
			return `It is too large or too deep for the checks (${quoteUntrusted(detail, 80)}): ask for less at once.`;
		case "operation":
			return `It does something that is not among the operations of a read (${quoteUntrusted(detail, 60)}), so it is refused: say it in a simpler way.`;
	}
}

function offered(names: readonly string[], most = maxOffered): string {
	const shown = names.slice(0, most).map((name) => quoteUntrusted(name, 60).slice(1, -1));
	return `${shown.join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`;
}

function listOf(names: readonly string[]): string {
	const shown = [...new Set(names)].slice(0, 6).map((name) => quoteUntrusted(name, 40).slice(1, -1));
	return shown.join(" and ");
}
