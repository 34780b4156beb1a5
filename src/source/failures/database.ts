// Production's database itself cannot be asked, or not with this token.

import { type Explanation, Failure, isoInstant, quoteUntrusted } from "../../text/index.ts";
import type { TokenProblem } from "../turso/token.ts";

/** Makes a token that may only read, and for a month. */
const makesToken = "turso db tokens create NAME --read-only --expiration 30d";

/** What to do about a token, and how to grant even less. */
export const tokenAdvice = `Make one with ${makesToken} and set SKILLOMATIC_DATABASE_TOKEN to it; with -p error_events:data_read -p skill_usage_logs:data_read -p skills:data_read -p users:data_read -p organizations:data_read it reads these tables only.`;

/** The token may do more than read, or is none. It was not sent. */
export class TokenUnfit extends Failure {
	readonly kind = "token_unfit";

	constructor(readonly problem: TokenProblem) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `The database token ${problemWords(this.problem)}, so it was not sent.`,
			next: tokenAdvice,
			by: "user",
		};
	}
}

function problemWords(problem: TokenProblem): string {
	switch (problem.is) {
		case "not_a_jwt":
			return "is not a JWT, as Turso's tokens are";
		case "not_read_only":
			return problem.held === undefined
				? 'lacks the claim a: "ro", and without it may write'
				: `has the claim a: ${quoteUntrusted(problem.held, 40)}, where only "ro" is certain to read and do nothing else`;
		case "grants_more":
			return `grants more than reading (claim ${quoteUntrusted(problem.claim, 40)})`;
		case "expiry_unclear":
			return "has an expiry that is not a number of seconds";
		case "expired":
			return `has expired (${isoInstant(problem.at)})`;
	}
}

/** No token is set, and the database is not on this machine. */
export class TokenMissing extends Failure {
	readonly kind = "token_missing";

	explain(): Explanation {
		return {
			problem: "No token for production's database is set; without one it is asked on this machine only.",
			next: tokenAdvice,
			by: "user",
		};
	}
}

/** 401 or 403: the database does not accept the token. */
export class TokenRejected extends Failure {
	readonly kind = "token_rejected";

	constructor(readonly status: 401 | 403) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Production's database rejected the token (${this.status}): it was revoked, or is another database's.`,
			next: tokenAdvice,
			by: "user",
		};
	}
}

/** 404 wherever the protocol may be, or a database of something else. */
export class NotSkillomaticDatabase extends Failure {
	readonly kind = "not_skillomatic_database";

	/** @param found `nothing`: no such protocol there; `other_tables`: a database without Skillomatic's tables */
	constructor(
		readonly host: string,
		readonly found: "nothing" | "other_tables",
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem:
				this.found === "nothing"
					? `Nothing at ${this.host} answers libSQL's HTTP protocol (404): the address is wrong, or the database was deleted.`
					: `The database at ${this.host} has none of Skillomatic's tables.`,
			next: "Check SKILLOMATIC_DATABASE_URL (turso db show NAME --url).",
			by: "user",
		};
	}
}

/** The server says that a statement of ours may write: it was not run. */
export class NotReadOnlyThere extends Failure {
	readonly kind = "not_read_only_there";

	explain(): Explanation {
		return {
			problem: "Production's database describes this query as one that may write, so it was not run.",
			next: "Please report it.",
		};
	}
}
