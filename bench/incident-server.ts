// The server in memory, in front of one incident's production and repository, as a host talks to it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createLogger } from "../src/mcp/index.ts";
import { createServer } from "../src/mcp/server.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { createServices } from "../src/services.ts";
import { resolveRepositoryRoot } from "../src/system/index.ts";
import { tools } from "../tools/index.ts";
import { baseFiles } from "./incident-base.ts";
import { type History, makeHistory } from "./incident-history.ts";
import { type Plot, type PlotMaker, type Stage, stageOf } from "./incident-plot.ts";
import { everyday, fill, type Rows } from "./incident-production.ts";
import { writeRepository } from "./suspects-write.ts";

export interface Incident {
	readonly kind: string;
	readonly seed: number;
	readonly plot: Plot;
	readonly stage: Stage;
	readonly rows: Rows;
	readonly history: History;
	/** Of the history's commits, in their order. */
	readonly ids: readonly string[];
	readonly folder: string;
}

export interface Answered {
	readonly tool: string;
	readonly args: Readonly<Record<string, unknown>>;
	readonly text: string;
	readonly structured: Readonly<Record<string, unknown>> | undefined;
	readonly isError: boolean;
	/** Of what a host shows its model: the facts where there are any, else the text. */
	readonly tokens: number;
	readonly textTokens: number;
	readonly milliseconds: number;
}

export interface Opened {
	readonly incident: Incident;
	call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Answered>;
	close(): Promise<void>;
}

export async function openIncident(kind: string, make: PlotMaker, seed: number): Promise<Opened> {
	const folder = mkdtempSync(join(tmpdir(), "incident-"));
	const stage = stageOf(kind, seed);
	const plot = make(stage);
	const usual = everyday(stage);
	const rows = {
		events: [...usual.events, ...plot.rows.events],
		runs: [...usual.runs, ...plot.rows.runs],
	};
	const files = { ...baseFiles(stage.company, plot.codes, stage.random), ...plot.files };
	const count = 40 + Math.floor(stage.random() * 40) - plot.commits.length;
	const history = makeHistory(files, plot.commits, { ...stage, count });
	const repository = join(folder, "repository");
	const ids = writeRepository(repository, history);
	const sandbox = await startSandbox({
		rateLimit: 1_000_000,
		now: stage.now,
		fill: fill(stage, rows),
	});
	const services = createServices(
		{
			apiUrl: sandbox.url,
			apiKey: sandbox.keys.superAdmin,
			repository: await resolveRepositoryRoot(repository),
			timeoutMs: 30_000,
			maxCallsPerMinute: 1_000_000,
			showPersonalData: false,
			readableColumns: [],
			stateFolder: join(folder, "state"),
			check: undefined,
			logLevel: "error",
		},
		{ now: () => stage.now * 1000 },
	);
	const server = createServer(services, tools, createLogger("error"));
	const client = new Client({ name: "incidents", version: "1.0.0" });
	const [near, far] = InMemoryTransport.createLinkedPair();
	await server.connect(far);
	await client.connect(near);
	return {
		incident: { kind, seed, plot, stage, rows, history, ids, folder: repository },
		async call(tool, args) {
			const begun = performance.now();
			const answer = await client.callTool({ name: tool, arguments: { ...args } });
			const milliseconds = performance.now() - begun;
			const text = answer.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
			const structured = answer.structuredContent as Answered["structured"];
			const textTokens = countTokens(text);
			return {
				tool,
				args,
				text,
				structured,
				isError: answer.isError === true,
				tokens: structured === undefined ? textTokens : countTokens(JSON.stringify(structured)),
				textTokens,
				milliseconds,
			};
		},
		async close() {
			await client.close();
			await services.close();
			await sandbox.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
