// Skillomatic's database API: its four routes as functions.

import type { Dispatcher } from "undici";
import type { Clock } from "../../system/index.ts";
import type { Failure } from "../../text/index.ts";
import { KeyMissing } from "../failures/index.ts";
import type { AuditLog } from "../http/audit.ts";
import { type AskOptions, Requests } from "../http/requests.ts";
import { createTransport, type HttpAnswer, type NetworkRoute } from "../http/transport.ts";
import { refuseOtherColumns, type Source } from "../source.ts";
import { queryAnswer, schemaAnswer, statsAnswer, tablesAnswer } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { Routes } from "./routes.ts";

/** Production as its API answers. */
export interface Skillomatic extends Source {
	/** The prefix of the routes; finds it first if it is not known yet. */
	prefix(options: AskOptions): Promise<string>;
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
	/** Where each request is written down. */
	readonly audit?: AuditLog | undefined;
	/** In tests: undici's fake of the network. */
	readonly dispatcher?: Dispatcher;
}

/** Does not connect: the first request does. */
export function createSkillomatic(options: SkillomaticOptions): Skillomatic {
	const { apiUrl, apiKey, callsPerMinute, clock, dispatcher, network, unusable, audit } = options;
	const transport = createTransport({ dispatcher, network });
	const { origin } = new URL(apiUrl);
	const service = {
		origin,
		source: "api" as const,
		key() {
			if (unusable !== undefined) throw unusable;
			if (apiKey === undefined) throw new KeyMissing();
			return apiKey;
		},
		failureOf: (answer: HttpAnswer, nowMs: number) => failureOf(answer, origin, nowMs),
	};
	const requests = new Requests({ service, callsPerMinute, clock, transport, audit });
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
