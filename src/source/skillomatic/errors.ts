import { Failure } from "../../text/index.ts";

/** No API key is set. */
export class KeyMissing extends Failure {
	readonly kind = "key_missing";
	constructor() {
		super("no API key is set");
	}
}

/** 401: the key is unknown or revoked. */
export class KeyRejected extends Failure {
	readonly kind = "key_rejected";
	constructor() {
		super("the API key was rejected");
	}
}

/** 403: the key is good, its owner is no super admin. */
export class NotSuperAdmin extends Failure {
	readonly kind = "not_super_admin";
	constructor() {
		super("the key's owner is no super admin");
	}
}

/** 404 at every prefix: this is no Skillomatic, or not its address. */
export class RouteNotFound extends Failure {
	readonly kind = "route_not_found";
	constructor(readonly tried: readonly string[]) {
		super(`404 at ${tried.join(", ")}`);
	}
}

/** 400: the server does not list that table. */
export class TableNotListed extends Failure {
	readonly kind = "table_not_listed";
	constructor(readonly serverMessage: string) {
		super("table not listed");
	}
}

/** 400: the server's own filter refused the query. */
export class QueryRefused extends Failure {
	readonly kind = "query_refused";
	constructor(readonly serverMessage: string) {
		super("the server refused the query");
	}
}

/** 429. */
export class RateLimited extends Failure {
	readonly kind = "rate_limited";
	/** @param waitSeconds until the server takes requests again; undefined when it did not say */
	constructor(readonly waitSeconds: number | undefined) {
		super(`rate limited, wait ${waitSeconds ?? "unknown"} s`);
	}
}

/** This server's own budget of requests is used up for longer than the call may wait. */
export class BudgetUsedUp extends Failure {
	readonly kind = "budget_used_up";
	/** @param waitSeconds until the next request may go out */
	constructor(
		readonly callsPerMinute: number,
		readonly waitSeconds: number,
	) {
		super(`own budget of ${callsPerMinute} calls a minute is used up`);
	}
}

/** 500 with the SQL engine's own message. */
export class DatabaseError extends Failure {
	readonly kind = "database_error";
	constructor(readonly serverMessage: string) {
		super("the database reported an error");
	}
}

/** Another 5xx: a proxy's or the server's own trouble. */
export class ServerFault extends Failure {
	readonly kind = "server_fault";
	constructor(readonly status: number) {
		super(`HTTP ${status}`);
	}
}

/** 30x: never followed, since the key would go along. */
export class Redirected extends Failure {
	readonly kind = "redirected";
	/** @param target origin and path of where it was sent, without query; undefined when not said */
	constructor(
		readonly status: number,
		readonly target: string | undefined,
	) {
		super(`HTTP ${status} redirect`);
	}
}

/** An answer that is none of the API's. */
export class UnexpectedAnswer extends Failure {
	readonly kind = "unexpected_answer";
	/**
	 * @param problem what is wrong with it
	 * @param detail our own words, or a field's path; never the body
	 */
	constructor(
		readonly problem:
			| "html"
			| "not_json"
			| "not_http"
			| "wrong_shape"
			| "too_large"
			| "cut_short"
			| "encoding"
			| "status",
		readonly detail: string,
	) {
		super(`unexpected answer: ${problem}: ${detail}`);
	}
}

/** No connection came about, or it broke. */
export class ConnectionFailed extends Failure {
	readonly kind = "connection_failed";
	/**
	 * @param code the system's name for it, such as ECONNREFUSED
	 * @param sent whether the request may have reached the server
	 */
	constructor(
		readonly host: string,
		readonly code: string,
		readonly sent: boolean,
	) {
		super(`connection to ${host} failed: ${code}`);
	}
}

/** The server's certificate does not hold. */
export class CertificateInvalid extends Failure {
	readonly kind = "certificate_invalid";
	constructor(
		readonly host: string,
		readonly code: string,
	) {
		super(`certificate of ${host}: ${code}`);
	}
}

export type SkillomaticFailure =
	| KeyMissing
	| KeyRejected
	| NotSuperAdmin
	| RouteNotFound
	| TableNotListed
	| QueryRefused
	| RateLimited
	| BudgetUsedUp
	| DatabaseError
	| ServerFault
	| Redirected
	| UnexpectedAnswer
	| ConnectionFailed
	| CertificateInvalid;
