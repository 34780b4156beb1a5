// The MCP server: tools, prompts and resources, registered once a connection.

import { McpServer } from "@modelcontextprotocol/server";
import PQueue from "p-queue";
import type { ToolDefinition } from "../answer/index.ts";
import type { Services } from "../services.ts";
import { version } from "../system/index.ts";
import { callTool } from "./call-tool.ts";
import { channelCapability, openChannel, type Wait } from "./channel.ts";
import { environmentNames, environmentWords, inEnvironments } from "./environments.ts";
import { instructions } from "./instructions.ts";
import { listKept } from "./kept.ts";
import type { Logger } from "./log.ts";
import { outletOf } from "./outlet.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources } from "./resources.ts";
import { HostRoots } from "./roots.ts";
import { listedSchema } from "./schemas.ts";
import { registerViews } from "./views.ts";
import { callSchemaOf } from "./waits.ts";
import { inputOf } from "./which-repository.ts";

/** Calls that run at once; others are queued. */
const maxCallsAtOnce = 16;

/** Counts running calls, so that they can finish after the host has disconnected. */
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

	/** Calls back once: now when no call is running, else after the last one. */
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
	wait?: Wait,
): McpServer {
	const server = new McpServer(
		{ name: "prod-debugger", title: "Production debugger", version },
		{
			instructions: instructions + environmentWords(services),
			capabilities: {
				// A host's roots may be several repositories.
				tools: { listChanged: services.takesRoots },
				prompts: { listChanged: false },
				resources: { listChanged: false },
				...(services.config.watchEveryMs === undefined ? {} : { experimental: channelCapability }),
			},
		},
	);
	const roots = new HostRoots(server, services, log);
	server.server.setNotificationHandler("notifications/roots/list_changed", () => roots.forget());
	const outlet = outletOf(server, (context) => roots.before(context));
	const queue = new PQueue({ concurrency: maxCallsAtOnce });
	const names = environmentNames(services);
	const callSchema = callSchemaOf(names.length > 0);
	for (const tool of tools.map((one) => inEnvironments(one, services))) {
		const output =
			tool.output === undefined ? {} : { outputSchema: listedSchema(tool.output.extend(callSchema)) };
		outlet.tool(
			tool.name,
			{
				title: tool.title,
				description: tool.description,
				inputSchema: listedSchema(() => inputOf(tool, services.repositories)),
				...output,
				annotations: { title: tool.title, ...tool.annotations(services) },
				...(tool.meta === undefined ? {} : { _meta: { ...tool.meta } }),
			},
			(args, context) => calls.during(callTool(tool, args, context, { services, log, queue })),
		);
	}
	registerPrompts(outlet, names);
	registerResources(outlet, services);
	registerViews(outlet);
	outlet.kept((cursor) => listKept(services, cursor));
	openChannel(server, services, log, wait);
	return server;
}
