import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";

type Id = string | number;
interface Message {
	readonly jsonrpc: "2.0";
	readonly id?: Id;
	readonly method?: string;
	readonly params?: { readonly _meta?: Readonly<Record<string, unknown>> } & Readonly<
		Record<string, unknown>
	>;
	readonly error?: { readonly code: number };
}

/** One server over stdio. It renumbers requests, so that several clients can use it. */
class StdioServer {
	readonly #child: ChildProcessWithoutNullStreams;
	readonly #waiting = new Map<number, (answer: Message) => void>();
	readonly #listeners = new Set<(message: Message) => void>();
	#next = 1;

	constructor(command: string, args: readonly string[], cwd: string) {
		this.#child = spawn(command, args, { cwd, env: process.env });
		createInterface({ input: this.#child.stdout }).on("line", (line) =>
			this.#take(JSON.parse(line) as Message),
		);
		this.#child.stderr.resume();
	}

	#take(message: Message): void {
		const answer = typeof message.id === "number" ? this.#waiting.get(message.id) : undefined;
		if (answer === undefined || message.method !== undefined) {
			for (const listener of this.#listeners) listener(message);
			return;
		}
		this.#waiting.delete(message.id as number);
		answer(message);
	}

	notify(message: Message): void {
		this.#child.stdin.write(`${JSON.stringify(message)}\n`);
	}

	request(message: Message): Promise<Message> {
		const id = this.#next++;
		return new Promise((resolve) => {
			this.#waiting.set(id, (answer) =>
				resolve({ ...answer, ...(message.id === undefined ? {} : { id: message.id }) }),
			);
			this.notify({ ...message, id });
		});
	}

	/** @returns what ends it */
	listen(listener: (message: Message) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	close(): void {
		this.#child.kill();
	}
}

/** MCP's Streamable HTTP states a status for errors of the protocol (revision 2026-07-28); the code is the server's. */
function statusOf(answer: Message): number {
	switch (answer.error?.code) {
		case undefined:
			return 200;
		case -32601:
			return 404;
		case -32600:
		case -32602:
		case -32020:
		case -32021:
		case -32022:
			return 400;
		default:
			return 200;
	}
}

const versionKey = "io.modelcontextprotocol/protocolVersion";
const headerMismatch = -32020;
const firstMessage: Message = {
	jsonrpc: "2.0",
	method: "tools/list",
	params: {
		_meta: {
			[versionKey]: "2026-07-28",
			"io.modelcontextprotocol/clientInfo": { name: "stdio-bridge", version: "1.0.0" },
			"io.modelcontextprotocol/clientCapabilities": {},
		},
	},
};

export interface Bridge {
	readonly url: string;
	close(): void;
}

/** Puts a stdio server behind HTTP: a process a session for the older revisions, one for all stateless requests. */
export async function startBridge(command: string, args: readonly string[], cwd: string): Promise<Bridge> {
	const sessions = new Map<string, StdioServer>();
	let stateless: Promise<StdioServer> | undefined;
	const open = () => new StdioServer(command, args, cwd);
	// A connection's first message settles its revision, and over HTTP that may be one that lacks its version.
	const openStateless = () => {
		stateless ??= (async () => {
			const server = open();
			await server.request(firstMessage);
			return server;
		})();
		return stateless;
	};

	const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const session = request.headers["mcp-session-id"];
		if (request.method === "DELETE" && typeof session === "string") {
			sessions.get(session)?.close();
			const known = sessions.delete(session);
			return void response.writeHead(known ? 200 : 404).end();
		}
		if (request.method !== "POST") return void response.writeHead(405).end();
		const chunks: Buffer[] = [];
		for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
		const message = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Message;
		const reply = (answer: Message, headers: Record<string, string> = {}) =>
			void response
				.writeHead(statusOf(answer), { "content-type": "application/json", ...headers })
				.end(JSON.stringify(answer));

		const stated = message.params?._meta?.[versionKey];
		const header = request.headers["mcp-protocol-version"];
		if (message.method === "initialize" && stated === undefined) {
			const server = open();
			const id = randomUUID();
			sessions.set(id, server);
			return reply(await server.request(message), { "mcp-session-id": id });
		}
		if (typeof session === "string" && !sessions.has(session)) return void response.writeHead(404).end();
		if (session === undefined && message.id !== undefined && stated !== undefined && header !== stated) {
			// HTTP's own rule, which a stdio server cannot keep.
			const error = { code: headerMismatch, message: "MCP-Protocol-Version is not the version in _meta" };
			return reply({ jsonrpc: "2.0", id: message.id, error } as Message);
		}
		const server =
			(typeof session === "string" ? sessions.get(session) : undefined) ?? (await openStateless());
		if (message.id === undefined) {
			server.notify(message);
			return void response.writeHead(202).end();
		}
		if (message.method !== "subscriptions/listen") return reply(await server.request(message));
		response.writeHead(200, { "content-type": "text/event-stream" });
		const send = (event: Message) => response.write(`data: ${JSON.stringify(event)}\n\n`);
		const stop = server.listen(send);
		response.once("close", stop);
		send(await server.request(message));
		response.end();
	};

	const http = createServer((request, response) => {
		handle(request, response).catch(() => response.writeHead(500).end());
	});
	await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
		close() {
			for (const server of sessions.values()) server.close();
			void stateless?.then((server) => server.close());
			http.closeAllConnections();
			http.close();
		},
	};
}
