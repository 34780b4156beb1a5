// A libSQL server for tests: Hrana over HTTP, versions 2 and 3, over the sandbox's database.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SandboxDatabase, TypedValue } from "../../src/sandbox/database.ts";

export interface LibsqlOptions {
	/** Default both. */
	readonly versions?: readonly ("v2" | "v3")[];
	/** The one token that it takes; default: it takes every request. */
	readonly token?: string;
	/** What the token lets it do; default `ro`. */
	readonly grants?: "ro" | "rw";
	/** Tables that the token does not let be read. */
	readonly denied?: readonly string[];
	/** Requests that it does not know, as tursodb's server does not know these: `close`, `describe`. */
	readonly unknown?: readonly string[];
	/** Default true: it has libSQL's read-only transactions. */
	readonly transactions?: boolean;
	/** Names another address for the requests that follow, as a server with several regions may. */
	readonly baseUrl?: string;
	/** Its clock, epoch seconds. */
	readonly now?: number;
}

/** A request as it was received. */
export interface SeenPipeline {
	readonly path: string;
	readonly authorization: string | undefined;
	readonly body: PipelineBody;
	/** The SQL of its statements, in their order, without what begins and ends a transaction. */
	readonly sql: readonly string[];
}

interface PipelineBody {
	readonly baton?: string | null;
	readonly requests?: readonly StreamRequest[];
}

interface StreamRequest {
	readonly type: string;
	readonly sql?: string;
	readonly stmt?: Statement;
	readonly batch?: { readonly steps: readonly Step[] };
}

interface Statement {
	readonly sql: string;
	readonly want_rows?: boolean;
}

interface Step {
	readonly condition?: Condition | null;
	readonly stmt: Statement;
}

type Condition =
	| { readonly type: "ok" | "error"; readonly step: number }
	| { readonly type: "not"; readonly cond: Condition }
	| { readonly type: "and" | "or"; readonly conds: readonly Condition[] }
	| { readonly type: "is_autocommit" };

/** Answers in the server's place; undefined: it answers itself. */
export type Fault = (request: IncomingMessage, response: ServerResponse, attempt: number) => void;

export interface Libsql {
	/** `http://127.0.0.1:PORT` */
	readonly url: string;
	readonly seen: readonly SeenPipeline[];
	forget(): void;
	/** Streams that were left open. */
	openStreams(): number;
	behave(fault: Fault | undefined): void;
	close(): Promise<void>;
}

class SqlError extends Error {}

export async function startLibsql(database: SandboxDatabase, options: LibsqlOptions = {}): Promise<Libsql> {
	const seen: SeenPipeline[] = [];
	const streams = new Map<string, Stream>();
	let fault: Fault | undefined;
	let attempt = 0;
	const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
		for (const stream of [request, response]) stream.on("error", () => {});
		attempt += 1;
		if (fault !== undefined) return fault(request, response, attempt);
		const body = parse(await read(request));
		const path = request.url ?? "";
		const sql = (body?.requests ?? [])
			.flatMap((one) => [one.sql, one.stmt?.sql, ...(one.batch?.steps ?? []).map(({ stmt }) => stmt.sql)])
			.filter((text) => text !== undefined && !/^(?:BEGIN|ROLLBACK)\b/.test(text))
			.map(String);
		seen.push({ path, authorization: request.headers.authorization, body: body ?? {}, sql });
		const reply = answer(path, request.headers.authorization, body, { database, options, streams });
		const date = new Date(options.now === undefined ? Date.now() : options.now * 1000).toUTCString();
		response.writeHead(reply.status, { "content-type": "application/json", date });
		response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	server.unref();
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		seen,
		forget() {
			seen.length = 0;
		},
		openStreams: () => streams.size,
		behave(next) {
			fault = next;
			attempt = 0;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function read(stream: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): PipelineBody | undefined {
	try {
		return JSON.parse(text) as PipelineBody;
	} catch {
		return undefined;
	}
}

interface Stream {
	transaction: "none" | "read" | "write";
}

interface Ground {
	readonly database: SandboxDatabase;
	readonly options: LibsqlOptions;
	readonly streams: Map<string, Stream>;
}

interface Reply {
	readonly status: number;
	readonly body: unknown;
}

function answer(
	path: string,
	authorization: string | undefined,
	body: PipelineBody | undefined,
	{ database, options, streams }: Ground,
): Reply {
	const { versions = ["v2", "v3"], token, unknown = [], baseUrl } = options;
	if (!versions.some((version) => path === `/${version}/pipeline`)) return { status: 404, body: "Not Found" };
	if (token !== undefined && authorization !== `Bearer ${token}`)
		return { status: 401, body: { error: "Unauthorized: `The JWT is invalid`" } };
	if (body === undefined) return { status: 400, body: { error: "Invalid JSON" } };
	const strange = body.requests?.find(({ type }) => unknown.includes(type));
	if (strange !== undefined)
		return {
			status: 500,
			body: `Failed to parse: unknown variant \`${strange.type}\`, expected \`execute\``,
		};
	const held = body.baton == null ? { transaction: "none" as const } : streams.get(body.baton);
	if (held === undefined)
		return { status: 400, body: { message: "The stream has expired", code: "STREAM_EXPIRED" } };
	if (body.baton != null) streams.delete(body.baton);
	const stream: Stream = { ...held };
	let isOpen = true;
	const results = (body.requests ?? []).map((request) => {
		if (request.type === "close") isOpen = false;
		return outcome(() => respond(request, stream, { database, options, streams }));
	});
	const baton = isOpen && !unknown.includes("close") ? `baton-${streams.size}-${Math.random()}` : null;
	if (baton !== null) streams.set(baton, stream);
	return { status: 200, body: { baton, base_url: baseUrl ?? null, results } };
}

function outcome(run: () => object): object {
	try {
		return { type: "ok", response: run() };
	} catch (error) {
		return { type: "error", error: errorOf(error) };
	}
}

function errorOf(error: unknown): { message: string; code: string } {
	if (!(error instanceof Error)) return { message: String(error), code: "UNKNOWN" };
	return error instanceof SqlError
		? { message: error.message, code: "BLOCKED" }
		: { message: `SQLite error: ${error.message}`, code: "SQLITE_ERROR" };
}

function respond(request: StreamRequest, stream: Stream, ground: Ground): object {
	switch (request.type) {
		case "close":
			return { type: "close" };
		case "execute":
			return { type: "execute", result: execute(request.stmt?.sql ?? "", stream, ground) };
		case "batch":
			return { type: "batch", result: batch(request.batch?.steps ?? [], stream, ground) };
		case "describe": {
			// Compiled, so that its errors are the engine's, and not run.
			ground.database.typed(`EXPLAIN ${request.sql}`);
			return {
				type: "describe",
				result: {
					params: [],
					cols: [],
					is_explain: false,
					is_readonly: !writes(request.sql ?? ""),
				},
			};
		}
		default:
			throw new SqlError(`unknown request ${request.type}`);
	}
}

function batch(steps: readonly Step[], stream: Stream, ground: Ground): object {
	const results: (object | null)[] = [];
	const errors: (object | null)[] = [];
	const holds = (condition: Condition | null | undefined): boolean => {
		switch (condition?.type) {
			case undefined:
				return true;
			case "ok":
				return results[condition.step] != null;
			case "error":
				return errors[condition.step] != null;
			case "not":
				return !holds(condition.cond);
			case "and":
				return condition.conds.every(holds);
			case "or":
				return condition.conds.some(holds);
			case "is_autocommit":
				return stream.transaction === "none";
		}
	};
	for (const { condition, stmt } of steps) {
		let result: object | null = null;
		let error: object | null = null;
		try {
			if (holds(condition)) result = execute(stmt.sql, stream, ground);
		} catch (thrown) {
			error = errorOf(thrown);
		}
		results.push(result);
		errors.push(error);
	}
	return { step_results: results, step_errors: errors };
}

const empty = { cols: [], rows: [], affected_row_count: 0, last_insert_rowid: null };

function execute(sql: string, stream: Stream, { database, options }: Ground): object {
	const { grants = "ro", denied = [], transactions = true } = options;
	if (/^BEGIN TRANSACTION READONLY$/.test(sql)) {
		if (!transactions) throw new Error('near "READONLY": syntax error');
		stream.transaction = "read";
		return empty;
	}
	if (sql === "ROLLBACK") {
		stream.transaction = "none";
		return empty;
	}
	if (denied.some((table) => new RegExp(`"${table}"|\\b${table}\\b`).test(sql.replace(/'[^']*'/g, ""))))
		throw new SqlError("Operation was blocked: not authorized to read this table");
	if (writes(sql) && (grants === "ro" || stream.transaction === "read"))
		throw new SqlError("Operation was blocked: SQL write operations are forbidden");
	const { columns, rows } = database.typed(sql);
	return {
		cols: columns.map((name) => ({ name, decltype: null })),
		rows: rows.map((row) => row.map(wireOf)),
		affected_row_count: 0,
		last_insert_rowid: null,
		query_duration_ms: 0.4,
	};
}

/** By its first word: the sandbox's own engine tells only once it has run. */
function writes(sql: string): boolean {
	return /^\s*(?:INSERT|REPLACE|UPDATE|DELETE|CREATE|DROP|ALTER|VACUUM|REINDEX|ATTACH|DETACH|PRAGMA(?!\s+table_info))\b/i.test(
		sql,
	);
}

function wireOf(value: TypedValue): object {
	return value.type === "blob"
		? { type: "blob", base64: Buffer.from(value.bytes).toString("base64").replace(/=+$/, "") }
		: value;
}
