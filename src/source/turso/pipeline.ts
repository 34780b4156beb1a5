// Runs checked statements over libSQL's HTTP pipeline: read only, each request whole in itself.

import type { CheckedSelect } from "../../sql/index.ts";
import {
	type DatabaseError,
	databasePeer,
	NotReadOnlyThere,
	NotSkillomaticDatabase,
	UnexpectedAnswer,
} from "../failures/index.ts";
import type { AskOptions, Requests } from "../http/requests.ts";
import type { HttpAnswer } from "../http/transport.ts";
import {
	batchAnswer,
	countRows,
	databaseError,
	describeAnswer,
	firstResponse,
	refusedAs,
	type StatementResult,
} from "./answers.ts";
import { NothingHere, RequestUnknown } from "./failure-of.ts";

/** One statement's outcome. */
export type Outcome = { readonly result: StatementResult } | { readonly error: DatabaseError };

/** Both versions of the protocol have the requests used here. tursodb's server has the second alone. */
const paths = ["/v2/pipeline", "/v3/pipeline"] as const;

/**
 * How a server is kept from writing, whatever a token may do.
 * `transaction`: in one of libSQL's read-only transactions. `described`: as a single statement that the server itself
 * describes as read-only. `single`: as a single statement, where it offers neither.
 */
export type Protection = "transaction" | "described" | "single";

/** Descriptions that are remembered. */
const maxDescribed = 500;

/**
 * Statements go by `batch`, and each request closes its stream: no baton is kept, and no `base_url` that a server names
 * is followed, since the token would go along.
 */
export class Pipeline {
	#path: string | undefined;
	#protection: Protection = "transaction";
	#closes = true;
	readonly #described = new Set<string>();

	constructor(
		private readonly url: URL,
		private readonly requests: Requests,
	) {}

	/** As the server has turned out to be. */
	get protection(): Protection {
		return this.#protection;
	}

	/** `v2` or `v3`; undefined before the first answer. */
	get version(): string | undefined {
		return this.#path?.slice(1, 3);
	}

	/** Runs statements in their order; one that fails does not keep the others from running. */
	async run(selects: readonly CheckedSelect[], ask: AskOptions): Promise<readonly Outcome[]> {
		for (;;) {
			try {
				return await this.#runAs(this.#protection, selects, ask);
			} catch (error) {
				if (!(error instanceof RequestUnknown)) throw error;
				this.#learn(error.request);
			}
		}
	}

	/** @throws {UnexpectedAnswer} where the server does not know what it cannot be asked without */
	#learn(unknown: string): void {
		if (unknown === "close" && this.#closes) this.#closes = false;
		else if (unknown === "describe" && this.#protection === "described") this.#protection = "single";
		else
			throw new UnexpectedAnswer("status", `the server does not know the request ${unknown}`, databasePeer);
	}

	async #runAs(
		protection: Protection,
		selects: readonly CheckedSelect[],
		ask: AskOptions,
	): Promise<readonly Outcome[]> {
		const texts = selects.map(({ text, plain }) => plain ?? text);
		if (protection === "described") for (const text of texts) await this.#describe(text, ask);
		const inside = protection === "transaction";
		const steps = inside ? inTransaction(texts) : texts.map((sql) => step(sql));
		const answer = await this.#send({ type: "batch", batch: { steps } }, selects, ask);
		const { step_results: results, step_errors: errors } = firstResponse(answer.body, batchAnswer).result;
		const refused = inside ? errors[0]?.message : undefined;
		if (refused !== undefined) {
			if (!/syntax|READONLY|support|pars/i.test(refused)) throw databaseError(refused);
			// Not libSQL: another server that speaks its protocol.
			this.#protection = "described";
			return this.#runAs("described", selects, ask);
		}
		return texts.map((_, index) => {
			const at = inside ? index + 1 : index;
			const [result, error] = [results[at], errors[at]];
			if (result != null) return { result };
			if (error != null) return { error: databaseError(error.message) };
			throw new UnexpectedAnswer("wrong_shape", "a step has neither result nor error", databasePeer);
		});
	}

	/** @throws {NotReadOnlyThere} */
	async #describe(sql: string, ask: AskOptions): Promise<void> {
		if (this.#described.has(sql)) return;
		const answer = await this.#send({ type: "describe", sql }, [], ask);
		const { is_readonly: isReadOnly } = firstResponse(answer.body, describeAnswer).result;
		if (!isReadOnly) throw new NotReadOnlyThere();
		if (this.#described.size >= maxDescribed) this.#described.clear();
		this.#described.add(sql);
	}

	/** @param selects that are logged with it */
	async #send(request: object, selects: readonly CheckedSelect[], ask: AskOptions): Promise<HttpAnswer> {
		const body = { baton: null, requests: this.#closes ? [request, { type: "close" }] : [request] };
		const base = this.url.pathname.replace(/\/+$/, "");
		const candidates = this.#path === undefined ? paths : [this.#path];
		for (const path of candidates) {
			try {
				const traced = { route: path.slice(1), selects, countRows, refusedAs };
				const answer = await this.requests.send({ ...traced, path: base + path, body }, ask);
				this.#path = path;
				return answer;
			} catch (error) {
				if (error instanceof RequestUnknown) this.#path = path;
				if (!(error instanceof NothingHere)) throw error;
			}
		}
		// The database may have moved: the next request looks again.
		this.#path = undefined;
		throw new NotSkillomaticDatabase(this.url.host, "nothing");
	}
}

function step(sql: string, condition?: object): object {
	return { ...(condition === undefined ? {} : { condition }), stmt: { sql, want_rows: true } };
}

/** The transaction is rolled back with the stream in any case. */
function inTransaction(texts: readonly string[]): readonly object[] {
	const begun = { type: "ok", step: 0 };
	return [
		step("BEGIN TRANSACTION READONLY"),
		...texts.map((sql) => step(sql, begun)),
		step("ROLLBACK", begun),
	];
}
