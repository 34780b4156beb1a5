import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TimeStorage } from "../sql/index.ts";
import { type ApiAnswer, answerRoute, failure } from "./api.ts";
import { openDatabase, type SandboxDatabase } from "./database.ts";
import { fillStory } from "./story/fill.ts";

export interface SandboxOptions {
	/** Where the routes stand; default `/v1`, as on the real server. */
	readonly prefix?: "/v1" | "/api/v1";
	/** How every instant is stored; default `seconds`. */
	readonly timeStorage?: TimeStorage;
	/** The end of the story in epoch seconds, and the server's time; default: this machine's clock. */
	readonly now?: number;
	/** Default `story`. */
	readonly fill?: "story" | "empty" | ((db: SandboxDatabase) => void);
	/** Requests a minute and key, in a fixed window; default 100. */
	readonly rateLimit?: number;
	/** Tables that this deployment does not have; counted -1. */
	readonly missingTables?: readonly string[];
}

/** A request that came, for tests. */
export interface SeenRequest {
	readonly method: string;
	readonly path: string;
	readonly body: unknown;
}

export interface Sandbox {
	/** `http://127.0.0.1:PORT`, without the prefix. */
	readonly url: string;
	/** Made at random for this run. */
	readonly keys: { readonly superAdmin: string; readonly ordinary: string };
	readonly requests: readonly SeenRequest[];
	/** Empties `requests`. */
	forgetRequests(): void;
	readonly database: SandboxDatabase;
	close(): Promise<void>;
}

const maxBodyBytes = 1024 * 1024;
const windowSeconds = 60;

/** Starts an embedded Skillomatic on a free loopback port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { prefix = "/v1", rateLimit = 100, missingTables = [], fill = "story" } = options;
	const database = await openDatabase(missingTables);
	const now = options.now ?? Math.floor(Date.now() / 1000);
	if (fill === "story")
		fillStory(database, { now, timeStorage: options.timeStorage ?? "seconds", missingTables });
	else if (fill !== "empty") fill(database);

	const keys = { superAdmin: makeKey(), ordinary: makeKey() };
	const requests: SeenRequest[] = [];
	const limiter = new FixedWindow(rateLimit);
	// A fixed story has a fixed time; a live one has the machine's.
	const date = () => new Date(options.now === undefined ? Date.now() : options.now * 1000);

	const answer = async (
		request: IncomingMessage,
	): Promise<{ answer: ApiAnswer; headers: Record<string, string> }> => {
		const path = new URL(request.url ?? "/", "http://localhost").pathname;
		const body = await readBody(request);
		requests.push({ method: request.method ?? "", path, body: parse(body) });
		const route = path.startsWith(`${prefix}/database/`)
			? path.slice(prefix.length + "/database/".length)
			: undefined;
		// A path that is not mounted is answered before any key is looked at.
		if (route === undefined) return { answer: failure(404, "Not Found"), headers: {} };
		const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
		const use = limiter.use(key ?? "none");
		const headers = {
			"cache-control": "no-store, no-cache, must-revalidate, private",
			"x-ratelimit-limit": String(rateLimit),
			"x-ratelimit-remaining": String(use.remaining),
			"x-ratelimit-reset": String(use.resetSeconds),
		};
		if (!use.allowed) {
			const limited = failure(429, "Too many requests. Please try again later.", "RATE_LIMIT_EXCEEDED");
			const { error } = limited.body as { error: object };
			return {
				answer: { status: 429, body: { error: { ...error, retryAfter: use.resetSeconds } } },
				headers: { ...headers, "retry-after": String(use.resetSeconds) },
			};
		}
		if (key === undefined) return { answer: failure(401, "Missing or invalid API key"), headers };
		if (key === keys.ordinary) {
			return {
				answer: failure(403, "Database query access requires super admin privileges", "FORBIDDEN"),
				headers,
			};
		}
		if (key !== keys.superAdmin) return { answer: failure(401, "Invalid or revoked API key"), headers };
		const found = answerRoute(database, missingTables, request.method ?? "", route, body);
		return found === undefined
			? { answer: failure(404, "Not Found"), headers: {} }
			: { answer: found, headers };
	};

	// A busy machine must not lose a connection that was idle for a while: queries of agents are not sent again.
	const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
		answer(request).then(
			({ answer: { status, body }, headers }) =>
				respond(response, status, body, { ...headers, date: date().toUTCString() }),
			() => response.destroy(),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	// A sandbox inside the server's own process must not keep it alive.
	server.unref();
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		keys,
		requests,
		forgetRequests() {
			requests.length = 0;
		},
		database,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			database.close();
		},
	};
}

function makeKey(): string {
	return `sk_live_${randomBytes(24).toString("hex")}`;
}

function respond(
	response: ServerResponse,
	status: number,
	body: unknown,
	headers: Record<string, string>,
): void {
	response.writeHead(status, { "content-type": "application/json", ...headers });
	response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
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

/** So many requests a key in each window; a window begins with its first request. */
class FixedWindow {
	readonly #windows = new Map<string, { ends: number; used: number }>();

	constructor(private readonly limit: number) {}

	use(key: string): { allowed: boolean; remaining: number; resetSeconds: number } {
		const now = performance.now();
		let window = this.#windows.get(key);
		if (window === undefined || window.ends <= now) {
			window = { ends: now + windowSeconds * 1000, used: 0 };
			this.#windows.set(key, window);
		}
		window.used += 1;
		return {
			allowed: window.used <= this.limit,
			remaining: Math.max(0, this.limit - window.used),
			resetSeconds: Math.ceil((window.ends - now) / 1000),
		};
	}
}
