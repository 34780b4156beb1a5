// Forms of SQL that are refused whatever they read.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** Each form, with its words. `name` is what of the query it is, quoted; `detail` the same, unquoted. */
const forms = {
	natural_join: () => ({
		problem:
			"NATURAL JOIN is refused, since the columns that it compares are whatever both tables have at that moment.",
		next: "Name them: JOIN … USING (column), or ON.",
	}),
	metadata: ({ name }) => ({
		problem: `${name} is refused: only production's tables are read, not SQLite's own metadata.`,
		next: "describe_database shows the tables.",
	}),
	foreign_source: () => ({
		problem: "It reads something that is not one of production's tables, and only those are read.",
		next: "describe_database shows them.",
	}),
	unaliased_star: () => ({
		problem: "* beside a subquery without a name cannot be written out.",
		next: "Give the subquery an alias, or name the columns.",
	}),
	shadowed_star: ({ name }) => ({
		problem: `${name} is the name of a table and of a WITH expression, so * of it could mean either.`,
		next: "Give the WITH expression another name.",
	}),
	shadowed_table: ({ name }) => ({
		problem: `main.${name.slice(1, -1)} beside something else of that name is refused.`,
		next: "Give the other one a different name, and leave main. out.",
	}),
	keyword_name: ({ name }) => ({
		problem: `${name} is a keyword of joins and stands here as a name.`,
		next: "Put it in double quotes, or use another.",
	}),
	recursion: ({ name, detail }) => ({
		problem: `The recursion${detail === "" ? "" : ` ${name}`} cannot be shown to end.`,
		next: "Put a LIMIT with a number of at most 5000 at the end of the recursive SELECT, inside its parentheses.",
	}),
	recursion_name: ({ name }) => ({
		problem: `Two WITH expressions are called ${name}, and one of them is recursive.`,
		next: "Give each a different name.",
	}),
	growth: ({ name }) => ({
		problem: `${name} can cost production too much memory or time here.`,
		next: "Keep texts about as long as they are, give printf() a constant format with widths of at most 100 in all, and a pattern at most 6 wildcards.",
	}),
	window: ({ detail }) => ({
		problem: `${detail} in a window is refused, since production would go through all rows again for each row.`,
		next: "Leave it out, or aggregate in a subquery with GROUP BY.",
	}),
	blob: ({ name }) => ({
		problem: `The column ${name} holds bytes (a BLOB), which production's API does not return.`,
		next: "Read hex() of it.",
	}),
	bytes: ({ name }) => ({
		problem: `${name} is refused, since bytes can become a text that is not valid Unicode.`,
		next: "Compare and join texts; hex(), length(), octet_length(), quote() and typeof() may read bytes.",
	}),
	code_point: ({ name }) => ({
		problem: `char() with ${name} is refused, since it may be half of a character.`,
		next: "Give char() code points as plain numbers, none from 55296 to 57343, or write the text in single quotes.",
	}),
	half_escape: ({ name }) => ({
		problem: `${name} is refused beside a function that decodes JSON, since it may become half of a character.`,
		next: "Write the characters themselves, or leave out the backslash.",
	}),
	ambiguous_star: ({ detail }) => ({
		problem: `${quoteUntrusted(`${detail}.*`, 60)} fits two sources of that name.`,
		next: "Give each a different alias.",
	}),
	too_complex: ({ detail }) => ({
		problem: `It is too large or too deeply nested to check (${quoteUntrusted(detail, 80)}).`,
		next: "Ask for less at once.",
	}),
	operation: ({ name }) => ({
		problem: `It does something that is not among the operations of a read (${name}).`,
		next: "Write it in a simpler way.",
	}),
} satisfies Record<string, (of: { name: string; detail: string }) => Explanation>;

/** A form of SQL that is refused whatever it reads. */
export class FormRefused extends Failure {
	readonly kind = "form_refused";

	/** @param detail what of it: a name, a function, an operation */
	constructor(
		readonly form: keyof typeof forms,
		readonly detail: string,
	) {
		super();
	}

	explain(): Explanation {
		return forms[this.form]({ name: quoteUntrusted(this.detail, 60), detail: this.detail });
	}
}
