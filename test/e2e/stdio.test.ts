import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { command } from "./connect.ts";

/** A line of stdout, which has to be JSON-RPC. */
interface Message {
	readonly jsonrpc: "2.0";
	readonly id?: number | string | null;
	readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text: string }[] };
	readonly error?: { readonly code: number; readonly message: string };
	readonly method?: string;
}

/** A production that takes every request and answers none. */
const silent = createServer(() => {});
await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
const silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
afterAll(() => {
	silent.closeAllConnections();
	silent.close();
});

const running = new Set<ChildProcessWithoutNullStreams>();
afterEach(() => {
	for (const child of running) child.kill("SIGKILL");
	running.clear();
});

/** The built server as a rude host has it: raw bytes in, and every byte that comes out looked at. */
class Session {
	readonly child: ChildProcessWithoutNullStreams;
	readonly messages: Message[] = [];
	readonly exited: Promise<{ code: number | null; ms: () => number }>;
	stderr = "";
	#rest = "";
	#asked = 0;
	#wake: () => void = () => {};

	constructor(env: Readonly<Record<string, string>> = {}) {
		this.child = spawn(process.execPath, [command], {
			cwd: import.meta.dirname,
			env: {
				PATH: process.env.PATH ?? "",
				HOME: process.env.HOME ?? "",
				SKILLOMATIC_API_URL: silentUrl,
				SKILLOMATIC_API_KEY: "sk_live_stdio_test",
				PROD_DEBUGGER_REPO: process.cwd(),
				...env,
			},
		});
		running.add(this.child);
		this.child.stdin.on("error", () => {});
		this.child.stdout.setEncoding("utf8").on("data", (text: string) => this.#take(text));
		this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
			this.stderr += text;
		});
		this.exited = new Promise((resolve) => {
			this.child.once("close", (code) => {
				running.delete(this.child);
				this.#wake();
				const at = performance.now();
				resolve({ code, ms: () => at });
			});
		});
	}

	#take(text: string): void {
		const lines = (this.#rest + text).split("\n");
		this.#rest = lines.pop() ?? "";
		for (const line of lines) {
			const message = JSON.parse(line) as Message;
			expect(message.jsonrpc).toBe("2.0");
			this.messages.push(message);
		}
		this.#wake();
	}

	raw(bytes: string | Buffer): void {
		this.child.stdin.write(bytes);
	}

	send(message: object): void {
		this.raw(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
	}

	call(id: number | string, name: string, args: object = {}): void {
		this.send({ id, method: "tools/call", params: { name, arguments: args } });
	}

	async initialize(): Promise<void> {
		const params = {
			protocolVersion: "2025-06-18",
			capabilities: {},
			clientInfo: { name: "rude", version: "1" },
		};
		this.send({ id: "init", method: "initialize", params });
		await this.answer("init");
		this.send({ method: "notifications/initialized" });
	}

	answers(id: number | string): readonly Message[] {
		return this.messages.filter((message) => message.id === id && message.method === undefined);
	}

	async answer(id: number | string): Promise<Message> {
		await this.until(() => this.answers(id).length > 0);
		const [first] = this.answers(id);
		if (first === undefined) throw new Error(`no answer to ${id}`);
		return first;
	}

	/** Resolves when `seen`, which is asked at each output; rejects when the server ends first. */
	async until(seen: () => boolean): Promise<void> {
		while (!seen()) {
			if (this.child.exitCode !== null || this.child.signalCode !== null) {
				throw new Error(`the server ended: ${this.child.exitCode} ${this.stderr}`);
			}
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}

	/** Still of use: answers, and on stderr nothing but JSON. */
	async expectSound(): Promise<void> {
		this.#asked += 1;
		const id = `sound ${this.#asked}`;
		this.send({ id, method: "tools/list" });
		expect((await this.answer(id)).result).toBeDefined();
		expectJsonLines(this.stderr);
	}

	/** Closes stdin and waits for the end. */
	async end(): Promise<{ code: number | null; ms: number }> {
		const begun = performance.now();
		this.child.stdin.end();
		const { code, ms } = await this.exited;
		return { code, ms: ms() - begun };
	}
}

function expectJsonLines(text: string): void {
	for (const line of text.split("\n").filter((one) => one !== "")) {
		expect(() => JSON.parse(line), line).not.toThrow();
	}
}

/** From the end of input, or a signal, to the process's own end. */
const exitMs = 2000;
/** A machine that is starved for a moment may miss that once, and not three times. */
const bounded = { retry: 2 };

/** Processes that have `parent` above them, at any depth; Linux tells. */
async function descendants(parent: number): Promise<readonly number[]> {
	const text = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(() => "");
	const children = text
		.split(" ")
		.filter((pid) => pid !== "")
		.map(Number);
	const below = await Promise.all(children.map(descendants));
	return [...children, ...below.flat()];
}

const isAlive = (pid: number) =>
	readFile(`/proc/${pid}/stat`, "utf8").then(
		(stat) => stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z",
		() => false,
	);

/** Bytes that no host should write. */
const unwanted = [
	["garbage lines", 'garbage\n\u0000\u0001\n[]\n{}\nnull\n42\n"text"\n{"jsonrpc":"1.0"}\n'],
	["bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x80, 0x0a, 0xc0, 0x0a])],
	["empty lines", "\n\n\r\n  \n"],
	["JSON that never closes", '{"jsonrpc":"2.0","id":1,"method":\n'],
	["JSON nested very deeply", `${"[".repeat(100_000)}\n`],
	["a message with a strange id", '{"jsonrpc":"2.0","id":{"a":1},"method":"tools/list"}\n'],
	["a message with a strange method", '{"jsonrpc":"2.0","id":7,"method":5}\n'],
	["params that are no object", '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":"x"}\n'],
	["an answer to nothing", '{"jsonrpc":"2.0","id":99,"result":{}}\n'],
	[
		"a cancel of nothing",
		'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":12345}}\n',
	],
	[
		"a prototype for arguments",
		'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"error_stats","arguments":{"__proto__":{"since":"x"},"constructor":1}}}\n',
	],
] as const;

describe("what a host should not send", () => {
	// One session for all: what comes after garbage is what has to work.
	let shared: Session;
	beforeAll(async () => {
		shared = new Session();
		running.delete(shared.child);
		await shared.initialize();
	});
	afterAll(async () => {
		shared.child.kill("SIGKILL");
		await shared.exited;
	});

	test.each(unwanted)("%s: the session goes on", async (_, bytes) => {
		shared.raw(typeof bytes === "string" ? bytes : Buffer.from(bytes));
		await shared.expectSound();
	});

	test("all of it, then the end: a session that closes well", async () => {
		const session = new Session();
		await session.initialize();
		for (const [, bytes] of unwanted) session.raw(typeof bytes === "string" ? bytes : Buffer.from(bytes));
		await session.expectSound();
		expect((await session.end()).code).toBe(0);
	});

	test("half a message, then the end", bounded, async () => {
		const session = new Session();
		await session.initialize();
		session.raw('{"jsonrpc":"2.0","id":1,"method":"tools/li');
		const { code, ms } = await session.end();
		expect(code).toBe(0);
		expect(ms).toBeLessThan(exitMs);
	});

	test("a message in pieces of a byte is one message", async () => {
		const session = new Session();
		await session.initialize();
		for (const char of JSON.stringify({ jsonrpc: "2.0", id: "slow", method: "tools/list" }))
			session.raw(char);
		session.raw("\n");
		expect((await session.answer("slow")).result).toBeDefined();
	});

	test("50 MB in one line are refused by its id, and cost no memory", async () => {
		const session = new Session();
		await session.initialize();
		session.raw(
			'{"jsonrpc":"2.0","id":"large","method":"tools/call","params":{"name":"error_stats","arguments":{"since":"',
		);
		const megabyte = Buffer.alloc(1024 * 1024, "x");
		for (let sent = 0; sent < 50; sent += 1) session.raw(megabyte);
		session.raw('"}}}\n');
		const { error } = await session.answer("large");
		expect(error?.message).toMatch(/longer than 8 MiB/);
		await session.expectSound();
		const status = await readFile(`/proc/${session.child.pid}/status`, "utf8");
		expect(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024).toBeLessThan(200);
	});

	test("methods and tools that there are not", async () => {
		const session = new Session();
		await session.initialize();
		session.send({ id: 1, method: "tools/destroy" });
		session.send({ id: 2, method: "__proto__" });
		session.call(3, "drop_database");
		expect((await session.answer(1)).error?.code).toBe(-32601);
		expect((await session.answer(2)).error?.code).toBe(-32601);
		expect((await session.answer(3)).error).toBeDefined();
		await session.expectSound();
	});

	test("calls before initialize", async () => {
		const session = new Session();
		session.call(1, "search_codebase", { query: "x" });
		session.send({ id: 2, method: "tools/list" });
		await session.answer(1);
		await session.answer(2);
		await session.initialize();
		await session.expectSound();
	});

	test("ids given twice: every call is answered", async () => {
		const session = new Session();
		await session.initialize();
		for (let times = 0; times < 3; times += 1) session.call("same", "error_stats", { limit: 0 });
		await session.until(() => session.answers("same").length === 3);
		await session.expectSound();
	});
});

describe("many calls at once", () => {
	test("two hundred are all answered, once each, and nobody jumps the queue", async () => {
		const session = new Session();
		await session.initialize();
		for (let id = 0; id < 200; id += 1) {
			// Every fiftieth looks for long; the others find that there is no such folder.
			const path = id % 50 === 0 ? "src" : `missing/${id}`;
			session.call(id, "search_codebase", { query: "CallCounter", path, history: false });
		}
		const answered = () => session.messages.flatMap(({ id }) => (typeof id === "number" ? [id] : []));
		await session.until(() => answered().length >= 200);
		const order = answered();
		expect(order).toHaveLength(200);
		expect(new Set(order).size).toBe(200);
		// Sixteen are worked on at once, taken as they came: no answer comes before all but fifteen of the earlier ones.
		for (const [position, id] of order.entries()) expect(position).toBeGreaterThanOrEqual(id - 15);
		await session.expectSound();
	});

	test("two hundred, each cancelled: nothing is left behind", async () => {
		const session = new Session({ PROD_DEBUGGER_TIMEOUT_MS: "600000" });
		await session.initialize();
		for (let id = 0; id < 200; id += 1)
			session.call(id, id % 2 === 0 ? "fetch_errors" : "search_codebase", id % 2 === 0 ? {} : { query: "e" });
		for (let id = 0; id < 200; id += 1)
			session.send({ method: "notifications/cancelled", params: { requestId: id } });
		await session.expectSound();
		session.call("after", "search_codebase", { query: "CallCounter", path: "src", history: false });
		expect((await session.answer("after")).result?.isError).not.toBe(true);
		const { pid = 0 } = session.child;
		expect((await session.end()).code).toBe(0);
		expect(await descendants(pid)).toEqual([]);
	});
});

describe("the host goes away while calls run", bounded, () => {
	const busy = async () => {
		const session = new Session();
		await session.initialize();
		for (let id = 0; id < 8; id += 1) session.call(id, "search_codebase", { query: "e", limit: 200 });
		for (let id = 8; id < 40; id += 1) session.call(id, "fetch_errors");
		const { pid = 0 } = session.child;
		let children: readonly number[] = [];
		while (children.length === 0) children = await descendants(pid);
		return { session, children };
	};
	const expectGone = async (children: readonly number[]) => {
		for (const pid of children) expect(await isAlive(pid), String(pid)).toBe(false);
	};

	test("by the end of input", async () => {
		const { session, children } = await busy();
		const { code, ms } = await session.end();
		expect(code).toBe(0);
		expect(ms).toBeLessThan(exitMs);
		await expectGone(children);
		expectJsonLines(session.stderr);
	});

	test("by closing the pipe that we write to", async () => {
		const { session, children } = await busy();
		const begun = performance.now();
		session.child.stdout.destroy();
		for (let id = 100; id < 120; id += 1) session.send({ id, method: "tools/list" });
		const { code, ms } = await session.exited;
		expect(code).toBe(0);
		expect(ms() - begun).toBeLessThan(exitMs);
		await expectGone(children);
		expectJsonLines(session.stderr);
	});

	test("by reading no more, and then the end of input", async () => {
		const { session } = await busy();
		session.child.stdout.pause();
		for (let id = 100; id < 120; id += 1) session.send({ id, method: "tools/list" });
		const begun = performance.now();
		session.child.stdin.end();
		await new Promise<void>((resolve) => session.child.once("exit", () => resolve()));
		expect(performance.now() - begun).toBeLessThan(exitMs);
		session.child.stdout.destroy();
	});

	test.each(["SIGTERM", "SIGINT"] as const)("by %s", async (signal) => {
		const { session, children } = await busy();
		const begun = performance.now();
		session.child.kill(signal);
		const { code, ms } = await session.exited;
		expect(code).toBe(0);
		expect(ms() - begun).toBeLessThan(exitMs);
		await expectGone(children);
	});
});
