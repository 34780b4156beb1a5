import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { loadConfig } from "../../src/config/index.ts";
import { createLogger } from "../../src/mcp/log.ts";
import { createServer } from "../../src/mcp/server.ts";
import { createServices, type Services } from "../../src/services.ts";
import { tools } from "../../tools/index.ts";

/** The tools that ask production, whatever they are. */
export const productionTools = tools
	.filter(({ deadline }) => deadline === "production")
	.map(({ name }) => name);

/** Arguments with which a tool asks production something; a tool that is not named takes none. */
export const sampleArguments: Readonly<Record<string, Record<string, unknown>>> = {
	debug_report: {
		issues: [{ error_code: "LLM_RATE_LIMITED", root_cause: "too many calls", proposed_fix: "fewer" }],
	},
	verify_fix: { error_code: "LLM_RATE_LIMITED", fixed_at: "2h" },
	query_database: { sql: "SELECT error_code, COUNT(*) AS n FROM error_events GROUP BY error_code" },
};

export interface Agent {
	readonly services: Services;
	call(
		tool: string,
		args?: Record<string, unknown>,
	): Promise<{ text: string; isError: boolean; structured: Readonly<Record<string, unknown>> | undefined }>;
	close(): Promise<void>;
}

export interface AgentOptions {
	readonly url: string;
	readonly key: string;
	readonly timeoutMs?: number;
	/** Epoch seconds at which the clock stands. */
	readonly now: number;
	readonly env?: Readonly<Record<string, string>>;
	/** Above what the setting takes, for a soak. */
	readonly maxCallsPerMinute?: number;
}

/** An agent that calls the tools of a server in this process, over MCP. */
export async function connectAgent(options: AgentOptions): Promise<Agent> {
	const { url, key, timeoutMs = 15_000, now, env, maxCallsPerMinute } = options;
	const config = await loadConfig(
		{
			SKILLOMATIC_API_URL: url,
			SKILLOMATIC_API_KEY: key,
			PROD_DEBUGGER_TIMEOUT_MS: String(timeoutMs),
			PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: "1000",
			PROD_DEBUGGER_STATE_DIR: join(tmpdir(), "prod-debugger-faults-state"),
			...env,
		},
		{},
		process.cwd(),
	);
	const services = createServices(
		{ ...config, maxCallsPerMinute: maxCallsPerMinute ?? config.maxCallsPerMinute },
		{ now: () => now * 1000 },
	);
	const server = createServer(services, tools, createLogger("error"));
	const client = new Client({ name: "prod-debugger-test", version: "1.0.0" });
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	await server.connect(theirs);
	await client.connect(ours);
	return {
		services,
		async call(name, args = sampleArguments[name] ?? {}) {
			const { content, isError, structuredContent } = await client.callTool({ name, arguments: args });
			return {
				text: content.map((part) => ("text" in part ? part.text : "")).join("\n"),
				isError: isError === true,
				structured:
					typeof structuredContent === "object" && structuredContent !== null
						? { ...structuredContent }
						: undefined,
			};
		},
		async close() {
			await client.close();
			await services.close();
		},
	};
}
