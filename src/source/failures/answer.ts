// Production responded, but not with the requested data.

import { type Explanation, Failure, maskPersonal, maskSecrets, quoteUntrusted } from "../../text/index.ts";
import { waitWords } from "./limits.ts";
import { apiPeer, type Peer } from "./peer.ts";

/** 400: the server does not list that table. */
export class TableNotListed extends Failure {
	readonly kind = "table_not_listed";

	constructor(readonly serverMessage: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Production does not list that table: it says ${quoteProduction(this.serverMessage)}.`,
			next: "describe_database lists the tables that exist.",
		};
	}
}

/** 400: the server's own filter refused the query. */
export class QueryRefused extends Failure {
	readonly kind = "query_refused";

	constructor(readonly serverMessage: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Production's own filter refused the query: ${quoteProduction(this.serverMessage)}.`,
			next: "Rephrase it without that word or sign.",
		};
	}
}

/** 500 with the SQL engine's message. */
export class DatabaseError extends Failure {
	readonly kind = "database_error";

	constructor(readonly serverMessage: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Production's database reported an error: ${quoteProduction(this.serverMessage)}. Repeating the same query does not help.`,
			next: "describe_database shows tables and columns.",
		};
	}
}

/** Another 5xx: a fault of a proxy or of the server itself. */
export class ServerFault extends Failure {
	readonly kind = "server_fault";

	/**
	 * @param waitSeconds for how long the server asks to wait, where it does
	 * @param now epoch seconds
	 */
	constructor(
		readonly status: number,
		readonly waitSeconds?: number,
		readonly now?: number,
		readonly peer: Peer = apiPeer,
	) {
		super();
	}

	explain(): Explanation {
		const when = this.waitSeconds === undefined ? "in a minute" : waitWords(this.waitSeconds, this.now);
		return {
			problem: `${this.peer.name} answered HTTP ${this.status}: the server, or a proxy in front of it, has a fault.`,
			next: `Try again ${when}; if it persists, the ${this.peer === apiPeer ? "API" : "database"} itself is down.`,
		};
	}
}

/** Why a response is not one of the API's. */
export type AnswerProblem =
	| "html"
	| "not_json"
	| "not_http"
	| "wrong_shape"
	| "too_large"
	| "cut_short"
	| "encoding"
	| "status";

/** A response that is not one of the API's. */
export class UnexpectedAnswer extends Failure {
	readonly kind = "unexpected_answer";

	/**
	 * @param problem what is wrong with it
	 * @param detail our own text, or a field's path; never the body
	 */
	constructor(
		readonly problem: AnswerProblem,
		readonly detail: string,
		readonly peer: Peer = apiPeer,
	) {
		super();
	}

	explain(): Explanation {
		const { name, setting, protocol } = this.peer;
		switch (this.problem) {
			case "html":
				return {
					problem: `${name === "Production" ? "Production's address" : `The address of ${name.replace(/^P/, "p")}`} answered with a web page instead of JSON, as the login page of a proxy does.`,
					next: `Check ${setting} and the network.`,
					by: "user",
				};
			case "too_large":
				return {
					problem: `${possessive(name)} answer is too large (${this.detail}).`,
					next: "Ask for fewer rows or columns, or for a shorter window.",
				};
			case "cut_short":
				return {
					problem: `${possessive(name)} answer was cut short (${this.detail}).`,
					next: "Try again; with a shorter window if it persists.",
				};
			case "not_json":
			case "not_http":
			case "wrong_shape":
			case "encoding":
			case "status":
				return {
					problem: `${possessive(name)} answer does not match ${protocol} (${this.detail}): another service may be at this address, or the API has changed.`,
					next: `Check ${setting}: its host, and its path if it has one.`,
					by: "user",
				};
		}
	}
}

function possessive(name: string): string {
	return `${name}'s`;
}

/** Characters of production's message that are read; fewer are shown. */
const maxQuoted = 1000;

/** Production's message may quote a row: secrets and addresses are masked. */
function quoteProduction(message: string): string {
	return quoteUntrusted(maskPersonal(maskSecrets(message.slice(0, maxQuoted))));
}
