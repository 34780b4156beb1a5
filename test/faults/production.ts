import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { startSandbox } from "../../src/sandbox/server.ts";
import { fillWorld, makeWorld, type World, worldNow } from "../production/world.ts";

/** One request that came in, and everything that can be done to its answer. */
export interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	/** For bytes that are no HTTP at all. */
	readonly socket: Socket;
	/** 1 for the first request since the fault began. */
	readonly attempt: number;
	/** Answers as production does. */
	readonly answerWell: () => Promise<void>;
	/** What production would answer, as text. */
	readonly goodBody: () => Promise<string>;
}

/** What goes wrong with each exchange; undefined: nothing. `refuse`: nobody listens. */
export type Behaviour = ((exchange: Exchange) => void | Promise<void>) | "refuse" | undefined;

/** A production on a port of its own that can be made to fail, and to recover. */
export interface FaultyProduction {
	readonly url: string;
	readonly requests: number;
	behave(behaviour: Behaviour): Promise<void>;
	close(): Promise<void>;
}

/** A sound production: answers are remembered by what was asked, since hundreds of cases ask the same. */
export interface SoundProduction {
	readonly key: string;
	readonly now: number;
	answer(request: IncomingMessage): Promise<SoundAnswer>;
	close(): Promise<void>;
}

interface SoundAnswer {
	readonly status: number;
	readonly headers: Record<string, string>;
	readonly body: string;
}

/** Answers that are remembered at most, so that a soak's memory is not this. */
const maxRemembered = 300;

/** Some events of every kind, and a trouble that goes on: a tool that looks for its cause has something to look for. */
function smallWorld(): World {
	const world = makeWorld(1, 200);
	const [event] = world.events;
	if (event === undefined) throw new Error("the world has no events");
	const trouble = Array.from({ length: 60 }, (_, index) => ({
		...event,
		id: `trouble-${index}`,
		error_code: "LLM_RATE_LIMITED",
		category: "llm",
		at: (worldNow - 60 - index * 120) * 1000,
	}));
	return { ...world, events: [...world.events, ...trouble] };
}

/** @param size `small` where what it answers does not matter: a call of a tool costs a third of what it does with the story */
export async function startSoundProduction(size: "small" | "story" = "story"): Promise<SoundProduction> {
	const now = size === "small" ? worldNow : 1_764_000_000;
	const fill = size === "small" ? fillWorld(smallWorld(), "seconds") : size;
	const sandbox = await startSandbox({ now, fill, rateLimit: 1_000_000 });
	const known = new Map<string, Promise<SoundAnswer>>();
	return {
		key: sandbox.keys.superAdmin,
		now,
		async answer(request) {
			const body = await read(request);
			const identity = `${request.method} ${request.url} ${body}`;
			let answer = known.get(identity);
			if (answer === undefined) {
				answer = ask(sandbox.url, request, body);
				known.set(identity, answer);
				// A fault's date moves the windows of the calls after it, so that ever new questions come.
				const [oldest] = known.size > maxRemembered ? known.keys() : [];
				if (oldest !== undefined) known.delete(oldest);
				sandbox.forgetRequests();
			}
			return answer;
		},
		close: () => sandbox.close(),
	};
}

function ask(url: string, asked: IncomingMessage, body: string): Promise<SoundAnswer> {
	return new Promise((resolve, reject) => {
		const { authorization = "", "content-type": type } = asked.headers;
		const sent = request(
			`${url}${asked.url}`,
			{
				method: asked.method,
				headers: { authorization, ...(type === undefined ? {} : { "content-type": type }) },
			},
			(answer) => {
				read(answer).then((text) => {
					const { date = "", "content-type": contentType = "" } = answer.headers;
					resolve({
						status: answer.statusCode ?? 0,
						headers: { date, "content-type": contentType },
						body: text,
					});
				}, reject);
			},
		);
		sent.once("error", reject);
		sent.end(body);
	});
}

async function read(stream: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks).toString("utf8");
}

/** @param tls a key and a certificate: then it speaks https */
export async function startFaultyProduction(
	sound: SoundProduction,
	tls?: { readonly key: string; readonly cert: string },
): Promise<FaultyProduction> {
	let behaviour: Behaviour;
	let attempt = 0;
	let requests = 0;
	const answer = async (request: IncomingMessage, response: ServerResponse) => {
		requests += 1;
		attempt += 1;
		const well = sound.answer(request);
		const answerWell = async () => {
			const { status, headers, body } = await well;
			response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
			response.end(body);
		};
		const goodBody = async () => (await well).body;
		const { socket } = request;
		// A client that goes away is what many faults are about.
		for (const stream of [request, response]) stream.on("error", () => {});
		if (behaviour === undefined || behaviour === "refuse") return answerWell();
		await behaviour({ request, response, socket, attempt, answerWell, goodBody });
	};
	const listener = (request: IncomingMessage, response: ServerResponse) => {
		answer(request, response).catch(() => response.destroy());
	};
	const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
	server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
		socket.on("error", () => {});
	});
	const listen = (port: number) =>
		new Promise<void>((resolve) => {
			server.listen(port, "127.0.0.1", resolve);
		});
	const stop = () =>
		new Promise<void>((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	await listen(0);
	const { port } = server.address() as AddressInfo;
	return {
		url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
		get requests() {
			return requests;
		},
		async behave(next) {
			attempt = 0;
			if (next === "refuse" && behaviour !== "refuse") await stop();
			if (next !== "refuse" && behaviour === "refuse") await listen(port);
			behaviour = next;
		},
		async close() {
			if (behaviour !== "refuse") await stop();
		},
	};
}
