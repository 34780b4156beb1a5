// Production's database itself, over libSQL's HTTP protocol.

import type { Dispatcher } from "undici";
import { type CheckedSelect, contractTables, countRows, schemaTables, tableInfo } from "../../sql/index.ts";
import type { Clock } from "../../system/index.ts";
import type { Failure } from "../../text/index.ts";
import {
	databasePeer,
	NotSkillomaticDatabase,
	TableNotListed,
	TokenMissing,
	TokenUnfit,
} from "../failures/index.ts";
import type { AuditLog } from "../http/audit.ts";
import { type AskOptions, Requests, type Service } from "../http/requests.ts";
import { createTransport, type HttpAnswer, type NetworkRoute } from "../http/transport.ts";
import type { Row } from "../row.ts";
import type { ColumnInfo, QueryAnswer, Source } from "../source.ts";
import { failureOf } from "./failure-of.ts";
import { type Outcome, Pipeline, type Protection } from "./pipeline.ts";
import { readRows } from "./read-rows.ts";
import { problemOf, readToken } from "./token.ts";

/** Three times as much as of the API: each cell carries its type. */
const maxBodyBytes = 6 * 1024 * 1024;

/** Production as its database answers. */
export interface Turso extends Source {
	/** How it is kept from writing, and which version of the protocol it speaks; as of the last request. */
	state(): { readonly protection: Protection; readonly version: string | undefined };
}

export interface TursoOptions {
	/** `https:`, or `http:` on this machine. */
	readonly url: string;
	readonly token: string | undefined;
	readonly callsPerMinute: number;
	readonly clock: Clock;
	readonly network?: NetworkRoute | undefined;
	/** Why it cannot be asked at all. */
	readonly unusable?: Failure | undefined;
	/** Where each request is written down. */
	readonly audit?: AuditLog | undefined;
	/** In tests: undici's fake of the network. */
	readonly dispatcher?: Dispatcher | undefined;
}

/** Does not connect: the first request does. */
export function createTurso(options: TursoOptions): Turso {
	const { callsPerMinute, clock, dispatcher, network, audit } = options;
	const url = new URL(options.url);
	const transport = createTransport({ dispatcher, network, peer: databasePeer, maxBytes: maxBodyBytes });
	const requests = new Requests({
		service: serviceOf(url, options),
		callsPerMinute,
		clock,
		transport,
		attempts: 2,
		audit,
	});
	const pipeline = new Pipeline(url, requests);
	const one = async (select: CheckedSelect, ask: AskOptions) => {
		const [outcome] = await pipeline.run([select], ask);
		if (outcome === undefined) throw new RangeError("a statement without an outcome");
		return answerOf(outcome, select);
	};
	return {
		query: one,
		stats: (ask) => countAll(pipeline, ask),
		async tables(ask) {
			const { rows } = await one(schemaTables, ask);
			if (rows.length === 0) throw new NotSkillomaticDatabase(url.host, "other_tables");
			return contractTables;
		},
		async columns(table, ask) {
			const select = tableInfo(table);
			if (select === undefined) throw new TableNotListed(`Table '${table}' is not in the allowed list`);
			return (await one(select, ask)).rows.map(columnOf);
		},
		clockOffsetMs: () => requests.clockOffsetMs,
		rateLimit: () => requests.rateLimit,
		requestsSent: () => requests.sent,
		close: () => transport.close(),
		state: () => ({ protection: pipeline.protection, version: pipeline.version }),
	};
}

/** The token is judged before each request: one that expires while the server runs is not sent any more. */
function serviceOf(url: URL, { token, unusable, clock }: TursoOptions): Service {
	const claims = token === undefined ? undefined : readToken(token);
	const isLocal = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(url.hostname);
	return {
		origin: url.origin,
		source: "database",
		key() {
			if (unusable !== undefined) throw unusable;
			if (claims === undefined && !isLocal) throw new TokenMissing();
			const problem = claims === undefined ? undefined : problemOf(claims, clock.now() / 1000);
			if (problem !== undefined) throw new TokenUnfit(problem);
			return token;
		},
		failureOf: (answer: HttpAnswer, nowMs: number) => failureOf(answer, url.origin, nowMs),
	};
}

function answerOf(outcome: Outcome, select: CheckedSelect): QueryAnswer {
	if ("error" in outcome) throw outcome.error;
	const { query_duration_ms: took } = outcome.result;
	return {
		rows: readRows(outcome.result, select),
		durationMs: took == null ? undefined : Math.round(took),
	};
}

/**
 * Counts each of the contract's tables: -1 where one is missing, or where the token does not let it be read.
 *
 * @throws {DatabaseError} where none can be counted
 */
async function countAll(pipeline: Pipeline, ask: AskOptions): Promise<Readonly<Record<string, number>>> {
	const selects = contractTables.flatMap((table) => countRows(table) ?? []);
	const outcomes = await pipeline.run(selects, ask);
	const counts = outcomes.map((outcome, index) => {
		const select = selects[index];
		if (select === undefined || "error" in outcome) return -1;
		const [row] = readRows(outcome.result, select);
		return typeof row?.n === "number" ? row.n : -1;
	});
	const failed = outcomes.find((outcome) => "error" in outcome);
	if (counts.every((count) => count < 0) && failed !== undefined) throw failed.error;
	return Object.fromEntries(contractTables.map((table, index) => [table, counts[index] ?? -1]));
}

function columnOf(row: Row): ColumnInfo {
	return {
		name: String(row.name),
		type: String(row.type ?? ""),
		notNull: row.notnull !== 0,
		primaryKey: Number(row.pk),
	};
}
