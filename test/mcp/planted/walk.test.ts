// A production and a repository full of secrets: whatever is asked, none of them comes out, in whatever field.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLogger } from "../../../src/mcp/log.ts";
import { createServer } from "../../../src/mcp/server.ts";
import { createServices } from "../../../src/services.ts";
import { tools } from "../../../tools/index.ts";
import { part } from "../../part.ts";
import { type Call, calls } from "./calls.ts";
import { type PlantedProduction, plantedNow, plantProduction } from "./production.ts";
import { type PlantedRepository, plantRepository } from "./repository.ts";
import { Planter } from "./secrets.ts";

const planter = new Planter();
let production: PlantedProduction;
let repository: PlantedRepository;
let stateFolder: string;

beforeAll(async () => {
	production = await plantProduction(planter);
	repository = await plantRepository(planter);
	stateFolder = await mkdtemp(join(tmpdir(), "planted-state-"));
});

afterAll(async () => {
	await production.close();
	await repository.remove();
	await rm(stateFolder, { recursive: true, force: true });
});

/** A host of the server: all that it is sent, and all that is logged. */
async function host(showPersonalData: boolean) {
	const services = createServices(
		{
			apiUrl: production.url,
			apiKey: production.key,
			repository: repository.root,
			timeoutMs: 60_000,
			maxCallsPerMinute: 1_000_000,
			showPersonalData,
			stateFolder,
			check: undefined,
			logLevel: "debug",
			readableColumns: [],
		},
		{ now: () => plantedNow * 1000 },
	);
	const log: string[] = [];
	const lines = createLogger("debug", { write: (line) => void log.push(line) });
	const client = new Client({ name: "prod-debugger-test", version: "1.0.0" });
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	await createServer(services, tools, lines).connect(theirs);
	await client.connect(ours);
	const told: unknown[] = [];
	const send = async (request: () => Promise<unknown>) => {
		try {
			return await request();
		} catch (error) {
			return { error: error instanceof Error ? { ...error, message: error.message } : error };
		}
	};
	return {
		log,
		told,
		call: ([name, args]: Call) =>
			send(() =>
				client.callTool({ name, arguments: { ...args } }, { onprogress: (progress) => told.push(progress) }),
			),
		read: (uri: string) => send(() => client.readResource({ uri })),
		prompt: (focus: string) =>
			send(() => client.getPrompt({ name: "prod_debug", arguments: { since: focus.slice(0, 40), focus } })),
		async close() {
			await client.close();
			await services.close();
		},
	};
}

/** Every text in a value, names included. */
function textsIn(value: unknown): readonly string[] {
	if (typeof value === "string") return [value];
	if (Array.isArray(value)) return value.flatMap(textsIn);
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

function cursorIn(answer: unknown): string | undefined {
	const texts = textsIn(answer);
	const next = texts.indexOf("next_cursor");
	return next === -1 ? /More: cursor ([\w-]+)/.exec(texts.join("\n"))?.[1] : texts[next + 1];
}

describe.each([
	["personal data hidden", false, 3],
	["personal data shown", true, 10],
])("%s", (_, showPersonalData, every) => {
	test("no planted secret is in any answer, error, resource, progress or line of the log", {
		timeout: 600_000,
	}, async () => {
		const agent = await host(showPersonalData);
		const leaks = new Set<string>();
		const counts = { answers: 0, texts: 0, hidden: 0, failed: 0 };
		const look = (asked: unknown, answer: unknown) => {
			counts.answers += 1;
			for (const text of textsIn(answer)) {
				counts.texts += 1;
				if (text.includes("[hidden: ")) counts.hidden += 1;
				for (const place of planter.foundIn(text, showPersonalData)) {
					leaks.add(`${place}, asked ${JSON.stringify(asked).slice(0, 200)}: ${text.slice(0, 400)}`);
				}
			}
			if (JSON.stringify(answer).includes("isError")) counts.failed += 1;
		};
		const patches = new Set<string>();
		const asked = part(calls(production, repository, planter), every);
		for (const call of asked) {
			let answer = await agent.call(call);
			look(call, answer);
			for (const [, id = ""] of JSON.stringify(answer).matchAll(/patch:\/\/([a-z0-9]+)/g)) patches.add(id);
			for (let page = 0; page < 3; page += 1) {
				const cursor = cursorIn(answer);
				if (cursor === undefined) break;
				const args = call[0] === "search_codebase" ? { ...call[1], cursor } : { cursor };
				answer = await agent.call([call[0], args]);
				look({ page, call }, answer);
			}
		}
		const said = planter.plant("an address of a resource", 0);
		const addresses = [
			"skillomatic://error-codes",
			"skillomatic://error-codes/LLM_TIMEOUT",
			`skillomatic://error-codes/${said}`,
			`patch://${said}`,
			...[...patches].map((id) => `patch://${id}`),
		];
		for (const uri of addresses) look(uri, await agent.read(uri));
		for (const id of patches) {
			look(
				id,
				await agent.call([
					"debug_report",
					{ issues: [{ error_code: "LLM_RATE_LIMITED", root_cause: "x", proposed_fix: "y", patch_id: id }] },
				]),
			);
		}
		look("prompt", await agent.prompt(said));
		look("progress", agent.told);
		look("log", agent.log);
		await agent.close();
		expect([...leaks]).toEqual([]);
		// The walk met what it looks for: masked texts, failures, patches, a log.
		expect(counts.answers).toBeGreaterThan(500 / every);
		expect(counts.hidden).toBeGreaterThan(2000 / every);
		expect(counts.failed).toBeGreaterThan(30 / every);
		expect(patches.size).toBeGreaterThan(0);
		expect(agent.log.length).toBeGreaterThan(500 / every);
	});
});

test("the walker finds a secret that is not masked", () => {
	const bare = planter.plant("here", 4);
	expect(textsIn({ a: [{ b: `x ${bare}` }] }).flatMap((text) => planter.foundIn(text, false))).toEqual([
		"here",
	]);
	const address = planter.plant("there", 12);
	expect(planter.foundIn(address, false)).toEqual(["there"]);
	expect(planter.foundIn(address, true)).toEqual([]);
});
