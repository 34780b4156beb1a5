// Where Claude Code cannot be had: the SDK's client starts the attached demo as a host does, and makes the first call.
// `npx tsx bench/newcomer-client.ts CONFIGURATION` takes a host's file that `attach` wrote.

import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { z } from "zod";

const shape = z.object({
	mcpServers: z.object({
		"prod-debugger-demo": z.object({ command: z.string(), args: z.array(z.string()) }),
	}),
});

const { mcpServers } = shape.parse(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
const client = new Client({ name: "newcomer", version: "1.0.0" });
await client.connect(new StdioClientTransport(mcpServers["prod-debugger-demo"]));
const { content } = await client.callTool({ name: "error_stats", arguments: {} });
const text = content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
console.log(`The tool found first: ${/^findings:\n- (.*)$/m.exec(text)?.[1] ?? "nothing"}`);
await client.close();
