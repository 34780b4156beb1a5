// Sends requests: with the key, paced, shared between callers, retried where that helps.

import { AuditLogUnusable, type Clock } from "../../system/index.ts";
import { RateLimited, ServerFault } from "../failures/index.ts";
import type { AuditLog } from "./audit.ts";
import { InFlight } from "./in-flight.ts";
import { meterOf, type Wait } from "./meter.ts";
import { Pace, type RateLimit } from "./pace.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";
import { type Traced, traced } from "./trace.ts";
import type { HttpAnswer, HttpRequest, Transport } from "./transport.ts";

/** Options of a request. */
export interface AskOptions {
	readonly signal: AbortSignal;
	/** Default `always`. */
	readonly retry?: RetryPolicy;
}

/** What is requested: by POST where it has a body, else by GET. */
export interface Question extends Traced {
	readonly path: string;
	readonly body?: unknown;
}

/** The service that is asked. */
export interface Service {
	readonly origin: string;
	/** Its name in the audit log. */
	readonly source: "api" | "database";
	/**
	 * What authorizes a request; undefined where the service wants nothing.
	 *
	 * @throws {Failure} where it may not be asked
	 */
	key(): string | undefined;
	/** The failure that a response means; undefined for a successful one. */
	failureOf(answer: HttpAnswer, nowMs: number): Error | undefined;
}

/** A response with status 200, and its duration without waits and earlier attempts. */
interface Exchange {
	readonly answer: HttpAnswer;
	readonly ms: number;
}

/** An exchange, and the waits before it. */
interface Waited extends Exchange {
	readonly waits: readonly Wait[];
}

export class Requests {
	readonly #inFlight = new InFlight<Waited>();
	readonly #pace: Pace;
	#clockOffsetMs = 0;
	#sent = 0;

	constructor(
		private readonly options: {
			readonly service: Service;
			readonly callsPerMinute: number;
			readonly clock: Clock;
			readonly transport: Transport;
			/** How often a request is sent at most, where a retry may help. */
			readonly attempts?: number;
			readonly audit?: AuditLog | undefined;
		},
	) {
		this.#pace = new Pace(options.callsPerMinute);
	}

	/** Production's clock minus ours, by the last response's `Date`; 0 before the first. */
	get clockOffsetMs(): number {
		return this.#clockOffsetMs;
	}

	get rateLimit(): RateLimit | undefined {
		return this.#pace.rateLimit;
	}

	/** Requests that were sent, retries included. */
	get sent(): number {
		return this.#sent;
	}

	/** @throws why the service may not be asked, and the failure that the response means */
	async send(question: Question, ask: AskOptions): Promise<HttpAnswer> {
		const { service, audit } = this.options;
		const key = service.key();
		audit?.check();
		const { path, body } = question;
		const policy = ask.retry ?? "always";
		const meter = meterOf(ask.signal);
		const asked: Pick<HttpRequest, "method" | "body"> =
			body === undefined ? { method: "GET" } : { method: "POST", body };
		const request = { ...asked, url: new URL(service.origin + path), key };
		const identity = `${path} ${policy} ${JSON.stringify(asked)}`;
		const shared = this.#inFlight.share(identity, ask.signal, (signal) =>
			this.#sendPaced(question, request, policy, { signal, first: ask.signal }),
		);
		const { answer, waits } = await traced(meter?.onRequest, question, shared);
		meter?.waits.push(...waits);
		return answer;
	}

	/**
	 * @param signals `signal` is that of all callers who share the request, `first` the first caller's: its meter counts
	 *   the requests, and is notified of waits as they begin
	 */
	async #sendPaced(
		question: Question,
		request: HttpRequest,
		policy: RetryPolicy,
		{ signal, first }: { readonly signal: AbortSignal; readonly first: AbortSignal },
	): Promise<Waited> {
		const meter = meterOf(first);
		const waits: Wait[] = [];
		const onWait = (wait: Wait) => {
			waits.push(wait);
			meter?.onWait(wait);
		};
		const exchange = await withRetries(policy, signal, this.options.attempts, () =>
			this.#pace.run(signal, onWait, () => {
				if (meter !== undefined) meter.roundTrips += 1;
				return this.#sendAudited(question, request, signal, meter?.tool);
			}),
		);
		return { ...exchange, waits };
	}

	/** Each attempt is written down once it has ended, whichever way. */
	async #sendAudited(
		question: Question,
		request: HttpRequest,
		signal: AbortSignal,
		tool: string | undefined,
	): Promise<Exchange> {
		const { audit, service } = this.options;
		if (audit === undefined) return this.#sendOnce(request, signal);
		const started = performance.now();
		const asked = { question, tool, host: request.url.host, source: service.source };
		const ms = () => performance.now() - started;
		try {
			const exchange = await this.#sendOnce(request, signal);
			audit.write({ ...asked, ms: ms(), body: exchange.answer.body, error: undefined });
			return exchange;
		} catch (error) {
			if (!(error instanceof AuditLogUnusable)) audit.write({ ...asked, ms: ms(), body: undefined, error });
			throw error;
		}
	}

	async #sendOnce(request: HttpRequest, signal: AbortSignal): Promise<Exchange> {
		const { transport, clock, service } = this.options;
		this.#sent += 1;
		const started = performance.now();
		const answer = await transport.exchange(request, signal);
		const ms = performance.now() - started;
		const now = clock.now();
		this.#pace.observe(answer.headers);
		this.#clockOffsetMs = offsetOf(answer.headers.date, now) ?? this.#clockOffsetMs;
		const failure = service.failureOf(answer, now);
		if (failure instanceof RateLimited || failure instanceof ServerFault)
			if (failure.waitSeconds !== undefined) this.#pace.hold(failure.waitSeconds);
		if (failure !== undefined) throw failure;
		return { answer, ms };
	}
}

/** `Date` has whole seconds: half a second is added, as the mean. */
function offsetOf(date: string | undefined, nowMs: number): number | undefined {
	const theirs = date === undefined ? Number.NaN : Date.parse(date);
	return Number.isNaN(theirs) ? undefined : theirs + 500 - nowMs;
}
