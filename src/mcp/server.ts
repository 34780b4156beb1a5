import { type CallToolResult, McpServer, type ServerContext } from "@modelcontextprotocol/server";
import PQueue from "p-queue";
import { type Answer, describeError, type ToolContext, type ToolDefinition } from "../answer/index.ts";
import type { Services } from "../services.ts";
import { startMeter } from "../source/index.ts";
import { endDeadline, version, withDeadline } from "../system/index.ts";
import { Failure, fits } from "../text/index.ts";
import { describeIssues } from "./argument-issues.ts";
import { instructions } from "./instructions.ts";
import type { Logger } from "./log.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources } from "./resources.ts";
import { listedSchema } from "./schemas.ts";
import { registerViews } from "./views.ts";
import { describeWait, waitedMs, waitsSchema, withWaits } from "./waits.ts";

/** Calls worked on at once; the others wait their turn. */
const maxCallsAtOnce = 16;

/** How often a call that takes long tells so. */
const progressMs = 2000;

/** Counts the calls under way, so that they can be waited for when the host goes. */
export class CallCounter {
	#calls = 0;
	#onIdle: (() => void) | undefined;

	async during<T>(call: Promise<T>): Promise<T> {
		this.#calls += 1;
		try {
			return await call;
		} finally {
			this.#calls -= 1;
			if (this.#calls === 0) {
				this.#onIdle?.();
				this.#onIdle = undefined;
			}
		}
	}

	/** Calls back once: now when no call is under way, else after the last one. */
	whenIdle(callback: () => void): void {
		if (this.#calls === 0) callback();
		else this.#onIdle = callback;
	}
}

/** Tools, prompts and resources as one MCP server. Called once a connection; the services are shared. */
export function createServer(
	services: Services,
	tools: readonly ToolDefinition[],
	log: Logger,
	calls = new CallCounter(),
): McpServer {
	const server = new McpServer(
		{ name: "prod-debugger", title: "Production debugger", version },
		{
			instructions,
			capabilities: {
				tools: { listChanged: false },
				prompts: { listChanged: false },
				resources: { listChanged: false },
			},
		},
	);
	const queue = new PQueue({ concurrency: maxCallsAtOnce });
	for (const tool of tools) {
		const output =
			tool.output === undefined ? {} : { outputSchema: listedSchema(tool.output.extend(waitsSchema)) };
		server.registerTool(
			tool.name,
			{
				title: tool.title,
				description: tool.description,
				inputSchema: listedSchema(tool.input),
				...output,
				annotations: { title: tool.title, ...tool.annotations(services) },
				...(tool.meta === undefined ? {} : { _meta: { ...tool.meta } }),
			},
			async (args: unknown, context: ServerContext): Promise<CallToolResult> =>
				calls.during(callTool(tool, args, context, { services, log, queue })),
		);
	}
	registerPrompts(server);
	registerResources(server, services);
	registerViews(server);
	return server;
}

/** What all calls of a connection share. */
interface Shared {
	readonly services: Services;
	readonly log: Logger;
	/** Where a call stands until its turn comes. */
	readonly queue: PQueue;
}

/** One call, from raw arguments to a result. Never throws: what fails becomes a result with words. */
async function callTool(
	tool: ToolDefinition,
	args: unknown,
	context: ServerContext,
	{ services, log, queue }: Shared,
): Promise<CallToolResult> {
	const started = performance.now();
	const host = context.mcpReq.signal;
	// The time in the queue is the caller's time too.
	const signal = withDeadline(
		host,
		tool.deadline === "production" ? services.config.timeoutMs : Number.POSITIVE_INFINITY,
	);
	const progress = progressOf(context);
	const meter = startMeter(signal, (wait) => {
		log.debug({ tool: tool.name, waits_ms: wait.ms, for: wait.reason });
		progress(describeWait(wait));
	});
	const working = setInterval(() => {
		const seconds = Math.round((performance.now() - started) / 1000);
		progress(`still working after ${seconds} s, ${meter.roundTrips} requests to production so far`);
	}, progressMs);
	working.unref();
	const report = (outcome: string, more: object = {}) =>
		log.info({
			tool: tool.name,
			ms: Math.round(performance.now() - started),
			round_trips: meter.roundTrips,
			...(meter.waits.length === 0 ? {} : { waited_ms: waitedMs(meter.waits) }),
			outcome,
			...more,
		});
	const parsed = tool.input.safeParse(args ?? {}, { reportInput: true });
	try {
		if (!parsed.success) {
			report("invalid_arguments");
			return failed(describeIssues(tool.name, parsed.error, tool.input));
		}
		const answer = await queue.add(() => tool.run(parsed.data, { services, signal, progress }), { signal });
		report("ok");
		return succeeded(withWaits(answer, meter.waits));
	} catch (error) {
		const words = describeError(error);
		if (words !== undefined) {
			report("failed", { failure: error instanceof Failure ? error.kind : "unknown" });
			return failed(words);
		}
		if (host.aborted) {
			report("cancelled");
			return failed("The call was cancelled.");
		}
		const name = error instanceof Error ? error.name : "unknown";
		report("fault", { fault: name });
		log.error({ tool: tool.name, fault: name, stack: stackOf(error) });
		return failed(
			`${tool.name} failed on a fault of prod-debugger-mcp itself (${name}); it is in the server's log on stderr. Try other arguments, and report it.`,
		);
	} finally {
		clearInterval(working);
		endDeadline(signal);
	}
}

/** Where it happened. An error's own message may quote a row or a file, so it stays out. */
function stackOf(error: unknown): readonly string[] {
	const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
	return lines.filter((line) => /^ {4}at /.test(line)).map((line) => line.trim());
}

function succeeded(answer: Answer): CallToolResult {
	if (!fits(answer.text) && answer.structured === undefined) {
		return failed(
			"The answer is too large to be useful: ask for less of it (a smaller limit, less context, a narrower path).",
		);
	}
	return {
		content: [{ type: "text", text: answer.text }],
		...(answer.structured === undefined ? {} : { structuredContent: { ...answer.structured } }),
		...(answer.meta === undefined ? {} : { _meta: { ...answer.meta } }),
	};
}

function failed(words: string): CallToolResult {
	return { content: [{ type: "text", text: words }], isError: true };
}

/** Progress goes out only where the host asked for it, by a token. */
function progressOf(context: ServerContext): ToolContext["progress"] {
	const token = context.mcpReq._meta?.progressToken;
	if (token === undefined) return () => {};
	let progress = 0;
	return (message) => {
		progress += 1;
		void context.mcpReq
			.notify({ method: "notifications/progress", params: { progressToken: token, progress, message } })
			.catch(() => {});
	};
}
