import type { Stream } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernStdio } from "@modelcontextprotocol/client/stdio";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ListRootsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

/** The built command. */
export const command = fileURLToPath(new URL("../../dist/prod-debugger-mcp.js", import.meta.url));

export interface Launch {
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** What the host answers to roots/list; without it, the host offers no roots. */
	readonly roots?: readonly string[];
	/** Another copy of the command, as it is installed or packed. */
	readonly program?: string;
}

/** What the tests use of any client. */
export interface Connection {
	readonly client: ModernClient;
	/** A tool's result. */
	call(name: string, args?: Record<string, unknown>): Promise<ToolResult>;
	/** What the server logs. */
	readonly stderr: Stream | null;
	close(): Promise<void>;
}

export interface ToolResult {
	readonly text: string;
	readonly structured: Record<string, unknown> | undefined;
	readonly isError: boolean;
}

const me = { name: "prod-debugger-test", version: "1.0.0" };

function parameters({ args = [], env = {}, cwd, program = command }: Launch) {
	return {
		command: process.execPath,
		args: [program, ...args],
		// Nothing of the tests' own environment but what a process needs.
		env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
		stderr: "pipe" as const,
		...(cwd === undefined ? {} : { cwd }),
	};
}

function readResult(result: unknown): ToolResult {
	const { content, structuredContent, isError } = result as {
		content: { type: string; text?: string }[];
		structuredContent?: Record<string, unknown>;
		isError?: boolean;
	};
	return {
		text: content.map(({ text }) => text ?? "").join("\n"),
		structured: structuredContent,
		isError: isError === true,
	};
}

/** The v2 client: `legacy` speaks the 2025 protocol, `modern` the revision of 2026-07-28. */
export async function connect(launch: Launch = {}, era: "legacy" | "modern" = "modern"): Promise<Connection> {
	const client = new ModernClient(me, {
		capabilities: launch.roots === undefined ? {} : { roots: {} },
		versionNegotiation: { mode: era === "legacy" ? "legacy" : { pin: "2026-07-28" } },
	});
	if (launch.roots !== undefined) {
		const roots = launch.roots.map((uri) => ({ uri }));
		client.setRequestHandler("roots/list", () => ({ roots }));
	}
	const transport = new ModernStdio(parameters(launch));
	await client.connect(transport);
	return {
		client,
		stderr: transport.stderr,
		call: async (name, args = {}) => readResult(await client.callTool({ name, arguments: args })),
		close: () => client.close(),
	};
}

/** The v1 SDK's client, as hosts of 2025 use it. */
export async function connectV1(
	launch: Launch = {},
): Promise<Omit<Connection, "client"> & { client: LegacyClient }> {
	const { roots } = launch;
	const client = new LegacyClient(me, { capabilities: roots === undefined ? {} : { roots: {} } });
	if (roots !== undefined) {
		client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots.map((uri) => ({ uri })) }));
	}
	const transport = new LegacyStdio(parameters(launch));
	await client.connect(transport);
	return {
		client,
		stderr: transport.stderr,
		call: async (name, args = {}) => readResult(await client.callTool({ name, arguments: args })),
		close: () => client.close(),
	};
}
