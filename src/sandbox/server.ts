// The HTTP server of the embedded Skillomatic, on a loopback port.

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TimeStorage } from "../sql/index.ts";
import { type ApiAnswer, answerRoute, failure } from "./api.ts";
import { openDatabase, type ReadOnlyDatabase, type SandboxDatabase } from "./database.ts";
import { Gate, type SandboxKeys } from "./gate.ts";
import { fillStory } from "./story/fill.ts";
import { goOn } from "./story/go-on.ts";

export interface SandboxOptions {
	/** The routes' prefix; default `/v1`, as on the real server. */
	readonly prefix?: "/v1" | "/api/v1";
	/** How every instant is stored; default `seconds`. */
	readonly timeStorage?: TimeStorage;
	/** The end of the story in epoch seconds, and the server's time; default: this machine's clock. */
	readonly now?: number;
	/** The server's time as it goes on, in epoch seconds; default: `now`. */
	readonly time?: () => number;
	/** Default `story`. */
	readonly fill?: "story" | "empty" | ((db: SandboxDatabase) => void);
	/** Requests a minute and key, in a fixed window; default 100. */
	readonly rateLimit?: number;
	/** Tables that this deployment does not have; counted -1. */
	readonly missingTables?: readonly string[];
}

/** A received request, for tests. */
export interface SeenRequest {
	readonly method: string;
	readonly path: string;
	readonly authorization: string | undefined;
	readonly body: unknown;
}

export interface Sandbox {
	/** `http://127.0.0.1:PORT`, without the prefix. */
	readonly url: string;
	readonly keys: SandboxKeys;
	readonly requests: readonly SeenRequest[];
	/** Empties `requests`. */
	forgetRequests(): void;
	readonly database: SandboxDatabase;
	/** Lets time go by in a story, a week at most: without its incidents. */
	goOn(seconds: number): void;
	close(): Promise<void>;
}

const maxBodyBytes = 1024 * 1024;

/** Starts an embedded Skillomatic on a free loopback port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { prefix = "/v1", rateLimit = 100, missingTables = [], now, time } = options;
	const database = await openDatabase(missingTables);
	fillDatabase(database, options);
	const deployment = { prefix, missingTables, database, gate: new Gate(rateLimit) };
	const requests: SeenRequest[] = [];
	let later = 0;
	const nowMs = () => {
		const seconds = time?.() ?? now;
		return (seconds === undefined ? Date.now() : seconds * 1000) + later * 1000;
	};
	// On a busy machine an idle connection must not be closed: agents' queries are not retried.
	const server = createServer({ keepAliveTimeout: 60_000 }, async (incoming, response) => {
		try {
			const request = await receive(incoming);
			requests.push({ ...request, body: parse(request.body) });
			const { status, body, headers } = answer(request, deployment);
			// A fixed story has a fixed time; a live one uses the machine's clock.
			const date = new Date(nowMs()).toUTCString();
			response.writeHead(status, { "content-type": "application/json", ...headers, date });
			response.end(JSON.stringify(body));
		} catch {
			response.destroy();
		}
	});
	const port = await listen(server);
	return {
		url: `http://127.0.0.1:${port}`,
		keys: deployment.gate.keys,
		requests,
		forgetRequests() {
			requests.length = 0;
		},
		database,
		goOn(seconds) {
			goOn(database, Math.floor(nowMs() / 1000), seconds);
			later += seconds;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			database.close();
		},
	};
}

function fillDatabase(database: SandboxDatabase, options: SandboxOptions): void {
	const { fill = "story", timeStorage = "seconds", missingTables = [] } = options;
	const now = options.now ?? Math.floor(Date.now() / 1000);
	if (fill === "story") fillStory(database, { now, timeStorage, missingTables });
	else if (fill !== "empty") fill(database);
}

async function listen(server: Server): Promise<number> {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	// A sandbox inside the server's own process must not keep it alive.
	server.unref();
	const { port } = server.address() as AddressInfo;
	return port;
}

interface ApiRequest {
	readonly method: string;
	readonly path: string;
	readonly authorization: string | undefined;
	readonly body: string;
}

/** @throws {Error} for a body that is too large */
async function receive(incoming: IncomingMessage): Promise<ApiRequest> {
	return {
		method: incoming.method ?? "",
		path: new URL(incoming.url ?? "/", "http://localhost").pathname,
		authorization: incoming.headers.authorization,
		body: await readBody(incoming),
	};
}

async function readBody(incoming: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of incoming as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > maxBodyBytes) throw new Error("body too large");
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return body === "" ? null : body;
	}
}

interface Deployment {
	readonly prefix: string;
	readonly missingTables: readonly string[];
	readonly database: ReadOnlyDatabase;
	readonly gate: Gate;
}

interface Reply extends ApiAnswer {
	readonly headers: Readonly<Record<string, string>>;
}

function answer(request: ApiRequest, { prefix, missingTables, database, gate }: Deployment): Reply {
	const notFound = { ...failure(404, "Not Found"), headers: {} };
	const mount = `${prefix}/database/`;
	// An unknown path is answered before the key is checked.
	if (!request.path.startsWith(mount)) return notFound;
	const { headers, refusal } = gate.pass(request.authorization);
	if (refusal !== undefined) return { ...refusal, headers };
	const route = request.path.slice(mount.length);
	const found = answerRoute(database, missingTables, request.method, route, request.body);
	return found === undefined ? notFound : { ...found, headers };
}
