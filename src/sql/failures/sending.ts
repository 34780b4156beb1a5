// A query that is sound, and that production still cannot be sent.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** The API's filter would refuse it, and it cannot be written otherwise. */
export class CannotBeSent extends Failure {
	readonly kind = "cannot_be_sent";

	/** @param word a forbidden word or sign, where it stands in a name */
	constructor(readonly word: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Production's API refuses every query that contains ${quoteUntrusted(this.word, 60)}, and here it stands in a name, which cannot be written otherwise.`,
			next: "Use another name or alias; in a text in single quotes it is accepted.",
		};
	}
}

/** A query of this server's does not keep its own rules: a fault of this server. */
export class OwnQueryUnsound extends Failure {
	readonly kind = "own_query_unsound";

	constructor(readonly problem: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `A query of prod-debugger-mcp itself breaks its own rules (${this.problem}), so it was not sent.`,
			next: "Please report it.",
		};
	}
}

/** A query of this server's needs a table or a column that this deployment does not have. */
export class DeploymentLacks extends Failure {
	readonly kind = "deployment_lacks";

	constructor(
		readonly what: "table" | "column",
		readonly missing: string,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Production has no ${this.what} ${quoteUntrusted(this.missing, 80)}, which this question needs: its deployment differs from the one this server is made for.`,
			next: "describe_database shows what exists.",
		};
	}
}
