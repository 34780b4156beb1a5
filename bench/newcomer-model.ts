// An imitation of the model's API for Claude Code: it calls one tool, and says what the tool answered first.
// `npx tsx bench/newcomer-model.ts TOOL PORTFILE` writes its port into PORTFILE and serves until it is ended.

import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const [tool = "", portFile = ""] = process.argv.slice(2);

const blockShape = z.looseObject({
	type: z.string(),
	name: z.string().optional(),
	content: z.unknown().optional(),
});
const requestShape = z.looseObject({
	model: z.string(),
	stream: z.boolean().optional(),
	tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
	messages: z.array(z.looseObject({ content: z.union([z.string(), z.array(blockShape)]) })),
});
type Request = z.infer<typeof requestShape>;

type Block =
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

/** Claude Code offers a server's tools only after they were looked up by name, with this one. */
const lookUp = "ToolSearch";

/** What a model would do next. */
function nextBlock({ tools = [], messages }: Request): Block {
	const blocks = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
	const calls = blocks.filter(({ type }) => type === "tool_use").map(({ name }) => name);
	const last = blocks.filter(({ type }) => type === "tool_result").at(-1);
	const offered = tools.map(({ name }) => name);
	if (calls.includes(tool)) return { type: "text", text: firstFinding(JSON.stringify(last?.content)) };
	if (offered.includes(tool)) return { type: "tool_use", id: "toolu_2", name: tool, input: {} };
	if (offered.includes(lookUp) && !calls.includes(lookUp))
		return {
			type: "tool_use",
			id: "toolu_1",
			name: lookUp,
			input: { query: `select:${tool}`, max_results: 1 },
		};
	return { type: "text", text: `${tool} is not offered; offered: ${offered.join(", ")}` };
}

function firstFinding(result: string): string {
	const found = /findings\W+([A-Z][A-Z_]+ [^"\\]{10,200})/.exec(result)?.[1];
	return found === undefined ? `no finding in: ${result.slice(0, 300)}` : `The tool found first: ${found}`;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
	let text = "";
	for await (const chunk of request) text += String(chunk);
	return JSON.parse(text === "" ? "{}" : text);
}

/** @see https://docs.anthropic.com/en/api/messages-streaming */
function events({ model }: Request, block: Block): readonly (readonly [string, object])[] {
	const usage = { input_tokens: 1, output_tokens: 1 };
	const isTool = block.type === "tool_use";
	const delta = isTool
		? { type: "input_json_delta", partial_json: JSON.stringify(block.input) }
		: { type: "text_delta", text: block.text };
	const empty = isTool ? { ...block, input: {} } : { ...block, text: "" };
	const message = {
		id: "msg_1",
		type: "message",
		role: "assistant",
		model,
		content: [],
		stop_reason: null,
		usage,
	};
	return [
		["message_start", { message }],
		["content_block_start", { index: 0, content_block: empty }],
		["content_block_delta", { index: 0, delta }],
		["content_block_stop", { index: 0 }],
		[
			"message_delta",
			{ delta: { stop_reason: isTool ? "tool_use" : "end_turn", stop_sequence: null }, usage },
		],
		["message_stop", {}],
	];
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const asked = requestShape.safeParse(await bodyOf(request));
	if (!asked.success || !(request.url ?? "").startsWith("/v1/messages")) {
		response.writeHead(404, { "content-type": "application/json" }).end('{"type":"error"}');
		return;
	}
	if ((request.url ?? "").includes("count_tokens")) {
		response.writeHead(200, { "content-type": "application/json" }).end('{"input_tokens":1}');
		return;
	}
	const block = nextBlock(asked.data);
	if (asked.data.stream !== true) {
		const body = {
			id: "msg_1",
			type: "message",
			role: "assistant",
			model: asked.data.model,
			content: [block],
			stop_reason: block.type === "tool_use" ? "tool_use" : "end_turn",
			usage: { input_tokens: 1, output_tokens: 1 },
		};
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
		return;
	}
	response.writeHead(200, { "content-type": "text/event-stream" });
	for (const [type, data] of events(asked.data, block))
		response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
	response.end();
}

const server = createServer((request, response) => {
	answer(request, response).catch(() => response.writeHead(500).end());
});
server.listen(0, "127.0.0.1", () => {
	const address = server.address() as AddressInfo;
	writeFileSync(portFile, String(address.port));
});
