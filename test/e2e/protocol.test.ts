// JSON-RPC as hosts get it wrong: every request is answered, with its id and in words.
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { runCommand } from "./run.ts";
import { startSession } from "./session-lines.ts";

const answerShape = z.looseObject({
	jsonrpc: z.literal("2.0"),
	id: z.union([z.string(), z.number(), z.null()]),
	result: z.looseObject({}).optional(),
	error: z.object({ code: z.int(), message: z.string() }).loose().optional(),
});

const hello = {
	protocolVersion: "2025-06-18",
	capabilities: {},
	clientInfo: { name: "rude", version: "1" },
};
const initialize = JSON.stringify({ jsonrpc: "2.0", id: "init", method: "initialize", params: hello });

/** The answers to a first line, in a session that ends after it. */
async function answersToFirst(line: string): Promise<z.infer<typeof answerShape>[]> {
	const { code, stdout } = await runCommand({ input: `${line}\n` });
	expect(code).toBe(0);
	return stdout
		.split("\n")
		.filter((one) => one !== "")
		.map((one) => answerShape.parse(JSON.parse(one)));
}

/** One session for all: whatever a line holds, the lines after it are answered. */
const session = startSession(initialize);
afterAll(() => session.end());
const answersTo = async (line: string, expected = 1) =>
	(await session.answersTo(line, expected)).map((one) => answerShape.parse(one));

const request = (parts: object) => JSON.stringify({ jsonrpc: "2.0", id: 7, method: "ping", ...parts });
const called = (args: unknown, more = {}) =>
	request({ method: "tools/call", params: { name: "describe_database", arguments: args, ...more } });

describe("is answered with an error that has its id", () => {
	test.each<[string, string, number | string | null, number]>([
		["params that are null", request({ method: "tools/list", params: null }), 7, -32602],
		["params that are a list", request({ params: [] }), 7, -32602],
		["params that are a text", request({ method: "tools/call", params: "x" }), 7, -32602],
		["_meta that is null", request({ params: { _meta: null } }), 7, -32602],
		["a missing jsonrpc", '{"id":"seven","method":"ping"}', "seven", -32600],
		["another jsonrpc", '{"jsonrpc":2,"id":7,"method":"ping"}', 7, -32600],
		["a fractional id", request({ id: 1.5 }), 1.5, -32600],
		["a null id", request({ id: null }), null, -32600],
		["an id that is an object", request({ id: { a: 1 } }), null, -32600],
		["a missing method", '{"jsonrpc":"2.0","id":7}', 7, -32600],
		["a method that is a number", request({ method: 5 }), 7, -32600],
		["an unknown method", request({ method: "tools/destroy" }), 7, -32601],
		["a call without a name", request({ method: "tools/call", params: {} }), 7, -32602],
		["arguments that are a list of values", called([1]), 7, -32602],
		[
			"a resource without an address",
			request({ method: "resources/read", params: { uri: null } }),
			7,
			-32602,
		],
		["half of a message", '{"jsonrpc":"2.0","id":7,"method":', 7, -32700],
		["what is not JSON", "nonsense", null, -32700],
		["an empty batch", "[]", null, -32600],
		["a prompt that there is not", request({ method: "prompts/get", params: { name: "x" } }), 7, -32602],
		[
			"a prompt's argument that is too long",
			request({
				method: "prompts/get",
				params: { name: "prod_debug", arguments: { since: "x".repeat(41) } },
			}),
			7,
			-32602,
		],
	])("%s", async (_, line, id, code) => {
		const [answer, ...more] = await answersTo(line);
		expect(more).toEqual([]);
		expect(answer).toMatchObject({ id, error: { code } });
		// A sentence, and no validator's dump.
		expect(answer?.error?.message).toMatch(/^[^{}[\]\n]{5,200}$/);
	});

	test("each request of a batch, and none of its notifications", async () => {
		const batch = [{ id: 1 }, { id: "two" }, { id: undefined, method: "notifications/initialized" }];
		const answers = await answersTo(`[${batch.map(request).join(",")}]`, 2);
		expect(answers.map(({ id, error }) => [id, error?.code])).toEqual([
			[1, -32600],
			["two", -32600],
		]);
	});

	test("an initialize that says nothing", async () => {
		const [answer] = await answersToFirst(request({ method: "initialize" }));
		expect(answer).toMatchObject({ id: 7, error: { code: -32602 } });
		expect(answer?.error?.message).toBe("Invalid request: params is required, and takes an object.");
	});

	test("notifications are never answered", async () => {
		expect(await answersTo('{"method":"notifications/initialized"}', 0)).toEqual([]);
		expect(await answersTo(request({ id: undefined, method: "x", params: null }), 0)).toEqual([]);
	});
});

describe("is taken", () => {
	const prompt = (args: unknown) =>
		request({ method: "prompts/get", params: { name: "prod_debug", arguments: args } });

	test.each<[string, string]>([
		["a byte-order mark", `\uFEFF${request({})}`],
		["white space around a message", `  ${request({})} \r`],
		["a null cursor", request({ method: "tools/list", params: { cursor: null } })],
		["a null cursor of resources", request({ method: "resources/list", params: { cursor: null } })],
		["a prompt's null arguments", prompt(null)],
		["a prompt's arguments that are null", prompt({ since: null, focus: null })],
		["a prompt's empty list of arguments", prompt([])],
		["a call's null arguments", called(null)],
		["a call's empty list of arguments", called([])],
		["a call's arguments as JSON text", called('{"table":"users"}')],
		["a null progress token", called({}, { _meta: { progressToken: null } })],
		[
			"a completion of nothing",
			request({
				method: "completion/complete",
				params: {
					ref: { type: "ref/prompt", name: "prod_debug" },
					argument: { name: "since", value: null },
					context: null,
				},
			}),
		],
	])("%s", async (_, line) => {
		const [answer, ...more] = await answersTo(line);
		expect(more).toEqual([]);
		expect(answer?.error).toBeUndefined();
		expect(answer).toMatchObject({ id: 7, result: {} });
	});

	test.each<[unknown, string]>([
		[{ since: "" }, '"24h"'],
		[{ since: " " }, '"24h"'],
		[{ since: "7d", focus: "" }, '"7d"'],
		['{"since":"7d"}', '"7d"'],
	])("a prompt's %j", async (args, since) => {
		const [answer] = await answersTo(prompt(args));
		expect(JSON.stringify(answer?.result)).toContain(
			JSON.stringify(`the window since ${since}.`).slice(1, -1),
		);
	});

	test.each<[string, object]>([
		["roots that are null", { capabilities: { roots: null } }],
		["roots that are true", { capabilities: { roots: true } }],
		["no capabilities", { capabilities: null }],
		["a client without a version", { clientInfo: { name: "x" } }],
		["a client whose version is a number", { clientInfo: { name: "x", version: 2 } }],
		["a client that says nothing of itself", { clientInfo: null }],
	])("an initialize with %s", async (_, more) => {
		const [answer] = await answersToFirst(request({ method: "initialize", params: { ...hello, ...more } }));
		expect(answer?.result).toMatchObject({ protocolVersion: "2025-06-18" });
	});

	test("a client of 2026-07-28 without a version", async () => {
		const meta = {
			"io.modelcontextprotocol/protocolVersion": "2026-07-28",
			"io.modelcontextprotocol/clientInfo": { name: "x" },
			"io.modelcontextprotocol/clientCapabilities": { roots: null },
		};
		const [answer] = await answersToFirst(request({ method: "tools/list", params: { _meta: meta } }));
		expect(answer?.result).toHaveProperty("tools");
	});
});
