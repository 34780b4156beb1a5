import type { Dispatcher } from "undici";
import type { z } from "zod";
import type { CheckedSelect } from "../sql/checked-select.ts";
import type { Clock } from "../system/clock.ts";
import { errorAnswer, queryAnswer, type Row, schemaAnswer, statsAnswer, tablesAnswer } from "./answers.ts";
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
} from "./errors.ts";
import { InFlight } from "./in-flight.ts";
import { Pace, type RateLimit } from "./pace.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";
import { createTransport, type HttpAnswer } from "./transport.ts";

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
	/** Told when a request waits for a rate limit, in seconds. */
	readonly onWait?: (seconds: number) => void;
	/** In tests: undici's fake of the network. */
	readonly dispatcher?: Dispatcher;
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
	const inFlight = new InFlight<HttpAnswer>();
	const onWait = options.onWait ?? (() => {});
	let clockOffset = 0;
	let sent = 0;
	let knownPrefix: string | undefined;

	const send = (
		method: "GET" | "POST",
		path: string,
		body: unknown,
		ask: AskOptions,
	): Promise<HttpAnswer> => {
		const { apiKey } = options;
		if (apiKey === undefined) return Promise.reject(new KeyMissing());
		const identity = `${method} ${path} ${ask.retry ?? "always"} ${body === undefined ? "" : JSON.stringify(body)}`;
		return inFlight.share(identity, ask.signal, (signal) =>
			withRetries(ask.retry ?? "always", signal, onWait, () =>
				pace.run(signal, onWait, async () => {
					sent += 1;
					const answer = await transport.exchange(
						{ method, url: new URL(origin + path), key: apiKey, ...(body === undefined ? {} : { body }) },
						signal,
					);
					pace.observe(answer.headers);
					clockOffset = offsetOf(answer.headers.date, options.clock.now()) ?? clockOffset;
					refuseFailure(answer, origin);
					return answer;
				}),
			),
		);
	};

	const findPrefix = async (ask: AskOptions): Promise<string> => {
		if (knownPrefix !== undefined) return knownPrefix;
		const candidates = prefixCandidates(options.apiUrl);
		for (const prefix of candidates) {
			try {
				readData(
					await send("GET", `${prefix}/database/tables`, undefined, { signal: ask.signal }),
					tablesAnswer,
				);
				knownPrefix = prefix;
				return prefix;
			} catch (error) {
				if (!(error instanceof NothingHere)) throw error;
			}
		}
		throw new RouteNotFound(candidates.map((prefix) => origin + prefix));
	};

	const ask = async <T>(
		method: "GET" | "POST",
		route: string,
		body: unknown,
		shape: z.ZodType<T>,
		options: AskOptions,
	): Promise<T> => {
		const prefix = await findPrefix(options);
		try {
			return readData(await send(method, `${prefix}/database/${route}`, body, options), shape);
		} catch (error) {
			if (error instanceof NothingHere) throw new RouteNotFound([`${origin}${prefix}`]);
			throw error;
		}
	};

	return {
		async query(select, options) {
			const body = { query: select.text, limit: select.maxRows };
			const data = await ask("POST", "query", body, queryAnswer, options);
			refuseOtherColumns(data.rows, select.columns);
			return { rows: data.rows, durationMs: data.durationMs };
		},
		async stats(options) {
			return (await ask("GET", "stats", undefined, statsAnswer, options)).stats;
		},
		async tables(options) {
			return (await ask("GET", "tables", undefined, tablesAnswer, options)).tables;
		},
		async columns(table, options) {
			const data = await ask("GET", `schema/${encodeURIComponent(table)}`, undefined, schemaAnswer, options);
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
class NothingHere extends Error {}

/** `Date` has whole seconds: half of one is added, so that the guess is right in the middle. */
function offsetOf(date: string | undefined, nowMs: number): number | undefined {
	const theirs = date === undefined ? Number.NaN : Date.parse(date);
	return Number.isNaN(theirs) ? undefined : theirs + 500 - nowMs;
}

/** @throws the failure that the status and the body stand for */
function refuseFailure(answer: HttpAnswer, origin: string): void {
	const { status, headers, body } = answer;
	if (status === 200) return;
	if (status >= 300 && status < 400) throw new Redirected(status, redirectTarget(headers.location, origin));
	const error = errorAnswer.safeParse(parseJson(body)).data?.error;
	const said = error?.message ?? "";
	switch (status) {
		case 400:
			if (error === undefined) throw new UnexpectedAnswer("status", "HTTP 400 without the API's error");
			throw error.code === "INVALID_TABLE" ? new TableNotListed(said) : new QueryRefused(said);
		case 401:
			throw new KeyRejected(said);
		case 403:
			if (error === undefined) throw new UnexpectedAnswer("status", "HTTP 403 without the API's error");
			throw new NotSuperAdmin(said);
		case 404:
			throw new NothingHere();
		case 429:
			throw new RateLimited(waitSeconds(headers));
		case 500:
			throw error === undefined ? new ServerFault(500) : new DatabaseError(said);
		default:
			if (status >= 500) throw new ServerFault(status);
			throw new UnexpectedAnswer("status", `HTTP ${status}`);
	}
}

function redirectTarget(location: string | undefined, origin: string): string | undefined {
	if (location === undefined || !URL.canParse(location, origin)) return undefined;
	const target = new URL(location, origin);
	return `${target.origin}${target.pathname}`;
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3); the API's own header says it in seconds too. */
function waitSeconds(headers: Readonly<Record<string, string>>): number | undefined {
	const after = headers["retry-after"]?.trim() ?? headers["x-ratelimit-reset"]?.trim() ?? "";
	if (/^\d{1,6}$/.test(after)) return Number(after);
	const date = Date.parse(after);
	const now = Date.parse(headers.date ?? "");
	return Number.isNaN(date) || Number.isNaN(now) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function parseJson(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/** @throws {UnexpectedAnswer} */
function readData<T>(answer: HttpAnswer, shape: z.ZodType<T>): T {
	const json = parseJson(answer.body);
	if (json === undefined) {
		const start = answer.body.trimStart().slice(0, 1);
		if (start === "<") throw new UnexpectedAnswer("html", "a web page where JSON was due");
		if (start === "{") throw new UnexpectedAnswer("cut_short", "its JSON does not end");
		throw new UnexpectedAnswer("not_json", "it is not JSON");
	}
	const data = typeof json === "object" && json !== null && "data" in json ? json.data : undefined;
	if (data === undefined) throw new UnexpectedAnswer("wrong_shape", "field data is missing");
	const parsed = shape.safeParse(data);
	if (parsed.success) return parsed.data;
	const path = parsed.error.issues[0]?.path.slice(0, 4).join(".") ?? "";
	throw new UnexpectedAnswer("wrong_shape", `field data.${path} is missing or of another type`);
}
