// Makes one tool call from the sources, for debugging: `npm run call -- error_stats '{"since":"24h"}'`.

import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { z } from "zod";
import { startDemo } from "../src/cli/index.ts";
import { loadConfig } from "../src/config/index.ts";
import { createLogger } from "../src/mcp/index.ts";
import { createServer } from "../src/mcp/server.ts";
import { createServices } from "../src/services.ts";
import { tools } from "../tools/index.ts";

/** Long, since a breakpoint may hold the call. */
const patienceMs = 600_000;

const argumentsShape = z.record(z.string(), z.unknown());

function endWithUsage(problem: string): never {
	console.error(
		`${problem}\nnpm run call -- TOOL ['{"its":"arguments"}']\nTOOL is one of ${tools.map(({ name }) => name).join(", ")}.`,
	);
	process.exit(2);
}

function readArguments(json: string): Record<string, unknown> {
	try {
		return argumentsShape.parse(JSON.parse(json));
	} catch {
		return endWithUsage("The arguments are not a JSON object.");
	}
}

const [name, json] = process.argv.slice(2);
const tool = tools.find((known) => known.name === name) ?? endWithUsage("No such tool.");
const given = json === undefined ? undefined : readArguments(json);

const env = { PROD_DEBUGGER_TIMEOUT_MS: String(patienceMs), ...process.env };
const own = await loadConfig(env, {}, process.cwd());
const demo = own.apiKey === undefined ? await startDemo() : undefined;
const config = demo === undefined ? own : await loadConfig({ ...env, ...demo.env }, {}, process.cwd());
const services = createServices(config, demo?.clock);
const server = createServer(services, tools, createLogger(config.logLevel));
const client = new Client({ name: "call", version: "1.0.0" });
const [ours, theirs] = InMemoryTransport.createLinkedPair();
try {
	await server.connect(theirs);
	await client.connect(ours);
	// Without arguments: the tool's own example, which is written for the sandbox.
	const args = given ?? (demo === undefined ? {} : { ...tool.example });
	console.log(`> ${tool.name} ${JSON.stringify(args)} (${demo === undefined ? config.apiUrl : "sandbox"})\n`);
	const result = await client.callTool({ name: tool.name, arguments: args }, { timeout: patienceMs });
	for (const part of result.content) if (part.type === "text") console.log(part.text);
	if (result.structuredContent !== undefined)
		console.log(`\nstructured: ${JSON.stringify(result.structuredContent, null, 2)}`);
	process.exitCode = result.isError === true ? 1 : 0;
} finally {
	await client.close();
	await services.close();
	await demo?.close();
}
