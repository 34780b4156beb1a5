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

const usage = `npm run call -- TOOL ['{"its":"arguments"}']\nTOOL is one of ${tools.map(({ name }) => name).join(", ")}.`;

/** Undefined for what is not a JSON object. */
function readArguments(json: string): Record<string, unknown> | undefined {
	try {
		return argumentsShape.parse(JSON.parse(json));
	} catch {
		return undefined;
	}
}

/**
 * Makes the call.
 *
 * @param words the tool's name, and its arguments as JSON
 * @param print gets the text and the structured form that an agent gets, or the usage
 * @returns the exit code: 1 where the tool answered with an error, 2 where nothing was called
 */
export async function makeCall(
	[name, json]: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
	print: (text: string) => void,
): Promise<number> {
	const tool = tools.find((known) => known.name === name);
	const given = json === undefined ? undefined : readArguments(json);
	if (tool === undefined || (json !== undefined && given === undefined)) {
		print(`${tool === undefined ? "No such tool." : "The arguments are not a JSON object."}\n${usage}`);
		return 2;
	}
	const patient = { PROD_DEBUGGER_TIMEOUT_MS: String(patienceMs), ...env };
	const own = await loadConfig(patient, {}, process.cwd());
	for (const { message } of own.problems ?? []) print(message);
	const demo = own.apiKey === undefined ? await startDemo() : undefined;
	const config = demo === undefined ? own : await loadConfig({ ...patient, ...demo.env }, {}, process.cwd());
	const services = createServices(config, demo?.clock);
	const client = new Client({ name: "call", version: "1.0.0" });
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	try {
		await createServer(services, tools, createLogger(config.logLevel)).connect(theirs);
		await client.connect(ours);
		// Without arguments: the tool's own example, which is written for the sandbox.
		const args = given ?? (demo === undefined ? {} : { ...tool.example });
		print(`> ${tool.name} ${JSON.stringify(args)} (${demo === undefined ? config.apiUrl : "sandbox"})\n`);
		const result = await client.callTool({ name: tool.name, arguments: args }, { timeout: patienceMs });
		for (const part of result.content) if (part.type === "text") print(part.text);
		if (result.structuredContent !== undefined)
			print(`\nstructured: ${JSON.stringify(result.structuredContent, null, 2)}`);
		return result.isError === true ? 1 : 0;
	} finally {
		await client.close();
		await services.close();
		await demo?.close();
	}
}

if (process.argv[1] === import.meta.filename) {
	// Whoever reads may stop: `| head` is not a fault.
	process.stdout.once("error", () => process.exit(0));
	process.exitCode = await makeCall(process.argv.slice(2), process.env, (text) => console.log(text));
}
