// Skillomatic's database API: its four routes as functions.

import type { Dispatcher } from "undici";
import type { CheckedSelect } from "../../sql/index.ts";
import type { Clock } from "../../system/index.ts";
import type { Failure } from "../../text/index.ts";
import { queryAnswer, type Row, schemaAnswer, statsAnswer, tablesAnswer } from "./answers.ts";
import { UnexpectedAnswer } from "./failures/index.ts";
import type { RateLimit } from "./pace.ts";
import { type AskOptions, Requests } from "./requests.ts";
import { Routes } from "./routes.ts";
import { createTransport, type NetworkRoute } from "./transport.ts";

/** One column of a table, as production's schema describes it. */
export interface ColumnInfo {
	readonly name: string;
	readonly type: string;
	readonly notNull: boolean;
	/** Its position in the primary key, from 1; 0 if it is not part of it. */
	readonly primaryKey: number;
}

export interface QueryAnswer {
	readonly rows: readonly Row[];
	/** As the server measured it, where it says so. */
	readonly durationMs: number | undefined;
}

export interface Skillomatic {
	query(select: CheckedSelect, options: AskOptions): Promise<QueryAnswer>;
	/** Rows per table; -1 if the table is missing. */
	stats(options: AskOptions): Promise<Readonly<Record<string, number>>>;
	tables(options: AskOptions): Promise<readonly string[]>;
	/** @throws {TableNotListed} */
	columns(table: string, options: AskOptions): Promise<readonly ColumnInfo[]>;
	/** The prefix of the routes; finds it first if it is not known yet. */
	prefix(options: AskOptions): Promise<string>;
	/** Production's clock minus ours, in milliseconds, by the last response's `Date`; 0 before the first. */
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
	/** A proxy, and certificate authorities of the user's own. */
	readonly network?: NetworkRoute | undefined;
	/** Why production cannot be asked at all. */
	readonly unusable?: Failure | undefined;
	/** In tests: undici's fake of the network. */
	readonly dispatcher?: Dispatcher;
}

/** Does not connect: the first request does. */
export function createSkillomatic(options: SkillomaticOptions): Skillomatic {
	const { apiUrl, apiKey, callsPerMinute, clock } = options;
	const transport = createTransport(options.dispatcher, options.network);
	const requests = new Requests({
		origin: new URL(apiUrl).origin,
		apiKey,
		callsPerMinute,
		clock,
		transport,
		unusable: options.unusable,
	});
	const routes = new Routes(apiUrl, requests);
	return {
		async query(select, ask) {
			const { rows, durationMs } = await routes.query(select, queryAnswer(select.maxRows), ask);
			refuseOtherColumns(rows, select.columns);
			return { rows, durationMs };
		},
		async stats(ask) {
			return (await routes.get("stats", statsAnswer, ask)).stats;
		},
		async tables(ask) {
			return (await routes.get("tables", tablesAnswer, ask)).tables;
		},
		async columns(table, ask) {
			const { columns } = await routes.get(`schema/${encodeURIComponent(table)}`, schemaAnswer, ask);
			return columns.map(({ name, type, notnull, pk }) => ({
				name,
				type,
				notNull: notnull !== 0,
				primaryKey: pk,
			}));
		},
		prefix: (ask) => routes.prefix(ask),
		clockOffsetMs: () => requests.clockOffsetMs,
		rateLimit: () => requests.rateLimit,
		requestsSent: () => requests.sent,
		close: () => transport.close(),
	};
}

/** @throws {UnexpectedAnswer} if a row's columns are not exactly those that were checked */
function refuseOtherColumns(rows: readonly Row[], checked: readonly string[]): void {
	const names = new Set(checked);
	for (const row of rows) {
		const keys = Object.keys(row);
		if (keys.length !== names.size || !keys.every((key) => names.has(key))) {
			throw new UnexpectedAnswer("wrong_shape", "its rows have other columns than were asked for");
		}
	}
}
