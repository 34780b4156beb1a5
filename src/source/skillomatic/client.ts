import type { Dispatcher } from "undici";
import type { z } from "zod";
import type { CheckedSelect } from "../../sql/index.ts";
import type { Clock } from "../../system/index.ts";
import {
	errorAnswer,
	queryAnswer,
	type Row,
	readData,
	schemaAnswer,
	statsAnswer,
	tablesAnswer,
} from "./answers.ts";
import {
	DatabaseError,
	KeyMissing,
	KeyRejected,
	NotSuperAdmin,
	QueryRefused,
	RateLimited,
	Redirected,
	RouteNotFound,
	ServerFault,
	TableNotListed,
	UnexpectedAnswer,
} from "./failures/index.ts";
import { InFlight } from "./in-flight.ts";
import { parseJson } from "./json.ts";
import { meterOf, type Wait } from "./meter.ts";
import { Pace, type RateLimit } from "./pace.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";
import { traced } from "./trace.ts";
import { createTransport, type HttpAnswer, type HttpRequest } from "./transport.ts";

/** One column of a table, as production's schema tells it. */
export interface ColumnInfo {
	readonly name: string;
	readonly type: string;
	readonly notNull: boolean;
	/** Its place in the primary key, from 1; 0 where it is no part of it. */
	readonly primaryKey: number;
}

export interface QueryAnswer {
	readonly rows: readonly Row[];
	/** As the server measured it. */
	readonly durationMs: number;
}

/** How a question is asked. */
export interface AskOptions {
	readonly signal: AbortSignal;
	/** Default `always`. */
	readonly retry?: RetryPolicy;
}

/** Skillomatic's database API: the four routes, and nothing above them. */
export interface Skillomatic {
	query(select: CheckedSelect, options: AskOptions): Promise<QueryAnswer>;
	/** Rows a table; -1 where the table is missing. */
	stats(options: AskOptions): Promise<Readonly<Record<string, number>>>;
	tables(options: AskOptions): Promise<readonly string[]>;
	/** @throws {TableNotListed} */
	columns(table: string, options: AskOptions): Promise<readonly ColumnInfo[]>;
	/** The prefix that answers; asks for it when it is not known yet. */
	prefix(options: AskOptions): Promise<string>;
	/** Production's clock minus ours, in milliseconds, as the last answer's `Date` told; 0 before any answer. */
	clockOffsetMs(): number;
	rateLimit(): RateLimit | undefined;
	/** Requests that were sent, retries included. */
	requestsSent(): number;
	close(): Promise<void>;
}

export interface SkillomaticOptions {
	/** Origin and path, without a trailing slash. */
	readonly apiUrl: string;
	readonly apiKey: string | undefined;
	readonly callsPerMinute: number;
	readonly clock: Clock;
	/** In tests: undici's fake of the network. */
	readonly dispatcher?: Dispatcher;
}

/** An answer with status 200, and how long its request took, without waits and earlier attempts. */
interface Exchange {
	readonly answer: HttpAnswer;
	readonly ms: number;
}

/** The paths under which `/database` may stand: one that the URL already carries first. */
export function prefixCandidates(apiUrl: string): readonly string[] {
	const path = new URL(apiUrl).pathname.replace(/\/+$/, "").replace(/\/database(\/.*)?$/, "");
	if (/(^|\/)v\d+$/.test(path)) return [path];
	return [`${path}/v1`, `${path}/api/v1`];
}

/** @throws nothing: the first request finds out whether anybody answers */
export function createSkillomatic(options: SkillomaticOptions): Skillomatic {
	const origin = new URL(options.apiUrl).origin;
	const transport = createTransport(options.dispatcher);
	const pace = new Pace(options.callsPerMinute);
	const inFlight = new InFlight<Exchange & { readonly waits: readonly Wait[] }>();
	let clockOffset = 0;
	let sent = 0;
	let knownPrefix: string | undefined;

	const sendOnce = async (
		request: HttpRequest,
		signal: AbortSignal,
		onSent: () => void,
	): Promise<Exchange> => {
		sent += 1;
		onSent();
		const started = performance.now();
		const answer = await transport.exchange(request, signal);
		const ms = performance.now() - started;
		const now = options.clock.now();
		pace.observe(answer.headers);
		clockOffset = offsetOf(answer.headers.date, now) ?? clockOffset;
		const failure = failureOf(answer, origin, now);
		if (failure instanceof RateLimited && failure.waitSeconds !== undefined) pace.hold(failure.waitSeconds);
		if (failure !== undefined) throw failure;
		return { answer, ms };
	};

	const send = async (
		path: string,
		select: CheckedSelect | undefined,
		ask: AskOptions,
	): Promise<HttpAnswer> => {
		const { apiKey: key } = options;
		if (key === undefined) throw new KeyMissing();
		const policy = ask.retry ?? "always";
		const meter = meterOf(ask.signal);
		const asked =
			select === undefined
				? ({ method: "GET" } as const)
				: ({ method: "POST", body: { query: select.text, limit: select.maxRows } } as const);
		const request = { ...asked, url: new URL(origin + path), key };
		const identity = `${path} ${policy} ${JSON.stringify(asked)}`;
		const shared = inFlight.share(identity, ask.signal, async (signal) => {
			const waits: Wait[] = [];
			const onWait = (wait: Wait) => {
				waits.push(wait);
				meter?.onWait(wait);
			};
			const onSent = () => {
				if (meter !== undefined) meter.roundTrips += 1;
			};
			const exchange = await withRetries(policy, signal, () =>
				pace.run(signal, onWait, () => sendOnce(request, signal, onSent)),
			);
			return { ...exchange, waits };
		});
		const { answer, waits } = await traced(meter?.onRequest, path, select, shared);
		meter?.waits.push(...waits);
		return answer;
	};

	const findPrefix = async (ask: AskOptions): Promise<string> => {
		if (knownPrefix !== undefined) return knownPrefix;
		const candidates = prefixCandidates(options.apiUrl);
		for (const prefix of candidates) {
			try {
				const { body } = await send(`${prefix}/database/tables`, undefined, { signal: ask.signal });
				readData(body, tablesAnswer);
				knownPrefix = prefix;
				return prefix;
			} catch (error) {
				if (!(error instanceof NothingHere)) throw error;
			}
		}
		throw new RouteNotFound(candidates.map((prefix) => origin + prefix));
	};

	const ask = async <T>(
		route: string,
		shape: z.ZodType<T>,
		options: AskOptions,
		select?: CheckedSelect,
	): Promise<T> => {
		const prefix = await findPrefix(options);
		try {
			const { body } = await send(`${prefix}/database/${route}`, select, options);
			return readData(body, shape);
		} catch (error) {
			if (!(error instanceof NothingHere)) throw error;
			// A deployment may have moved its routes: the next call looks for them anew.
			knownPrefix = undefined;
			throw new RouteNotFound([`${origin}${prefix}`]);
		}
	};

	return {
		async query(select, options) {
			const data = await ask("query", queryAnswer(select.maxRows), options, select);
			refuseOtherColumns(data.rows, select.columns);
			return { rows: data.rows, durationMs: data.durationMs };
		},
		async stats(options) {
			return (await ask("stats", statsAnswer, options)).stats;
		},
		async tables(options) {
			return (await ask("tables", tablesAnswer, options)).tables;
		},
		async columns(table, options) {
			const data = await ask(`schema/${encodeURIComponent(table)}`, schemaAnswer, options);
			return data.columns.map(({ name, type, notnull, pk }) => ({
				name,
				type,
				notNull: notnull !== 0,
				primaryKey: pk,
			}));
		},
		prefix: findPrefix,
		clockOffsetMs: () => clockOffset,
		rateLimit: () => pace.rateLimit,
		requestsSent: () => sent,
		close: () => transport.close(),
	};
}

/** @throws {UnexpectedAnswer} where a row has not just the columns that were checked */
function refuseOtherColumns(rows: readonly Row[], checked: readonly string[]): void {
	const names = new Set(checked);
	for (const row of rows) {
		const keys = Object.keys(row);
		if (keys.length !== names.size || !keys.every((key) => names.has(key))) {
			throw new UnexpectedAnswer("wrong_shape", "its rows have other columns than were asked for");
		}
	}
}

/** 404: no route at this prefix. */
class NothingHere extends Error {
	override readonly name = "NothingHere";
}

/** `Date` has whole seconds: half of one is added, so that the guess is right in the middle. */
function offsetOf(date: string | undefined, nowMs: number): number | undefined {
	const theirs = date === undefined ? Number.NaN : Date.parse(date);
	return Number.isNaN(theirs) ? undefined : theirs + 500 - nowMs;
}

/** What the status and the body stand for; undefined for an answer. */
function failureOf(answer: HttpAnswer, origin: string, nowMs: number): Error | undefined {
	const { status, headers, body } = answer;
	if (status === 200) return undefined;
	if (status >= 300 && status < 400) return new Redirected(status, redirectTarget(headers.location, origin));
	const error = errorAnswer.safeParse(parseJson(body)).data?.error;
	const said = error?.message ?? "";
	// A proxy on the way answers with these as well, and then they say nothing of the key or of the query.
	if ((status === 400 || status === 401 || status === 403) && error === undefined) {
		return new UnexpectedAnswer("status", `HTTP ${status} without the API's own error`);
	}
	switch (status) {
		case 400:
			return error?.code === "INVALID_TABLE" ? new TableNotListed(said) : new QueryRefused(said);
		case 401:
			return new KeyRejected();
		case 403:
			return new NotSuperAdmin();
		case 404:
			return new NothingHere();
		case 429:
			return new RateLimited(waitSeconds(headers, nowMs));
		case 500:
			return error === undefined ? new ServerFault(500) : new DatabaseError(said);
		default:
			return status > 500 ? new ServerFault(status) : new UnexpectedAnswer("status", `HTTP ${status}`);
	}
}

function redirectTarget(location: string | undefined, origin: string): string | undefined {
	if (location === undefined || !URL.canParse(location, origin)) return undefined;
	const target = new URL(location, origin);
	return `${target.origin}${target.pathname}`;
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3); the API's own header says it in seconds too. */
function waitSeconds(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
	const after = headers["retry-after"]?.trim() ?? headers["x-ratelimit-reset"]?.trim() ?? "";
	if (/^\d{1,9}$/.test(after)) return Number(after);
	// The date that RFC 9110 wants begins with the day's name; Date.parse would take much else for one.
	const until = /^[A-Z][a-z]{2}, /.test(after) ? Date.parse(after) : Number.NaN;
	const saidNow = Date.parse(headers.date ?? "");
	const wait = Math.ceil((until - (Number.isNaN(saidNow) ? nowMs : saidNow)) / 1000);
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
