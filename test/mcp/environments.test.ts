// Two productions behind one server: each question is answered by the one that is meant, with its own key and state.

import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import { createLogger } from "../../src/mcp/log.ts";
import { createServer } from "../../src/mcp/server.ts";
import { collectPage, renderPageMarkdown } from "../../src/report/index.ts";
import type { SandboxDatabase } from "../../src/sandbox/database.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { createServices, type Services } from "../../src/services.ts";
import { chartKey } from "../../src/visual/index.ts";
import { question } from "../../src/visual/view/draw.ts";
import { tools } from "../../tools/index.ts";
import { type TestRepository, testRepository } from "../codebase/repository.ts";
import { productionTools, sampleArguments } from "../faults/agent.ts";
import { type Libsql, startLibsql } from "../source/libsql.ts";
import { readOnlyToken } from "../source/tokens.ts";

const now = Date.parse("2026-11-23T20:00:00Z") / 1000;
const names = ["production", "staging", "archive"] as const;
type Name = (typeof names)[number];
/** Events of the last day in each. */
const counts: Readonly<Record<Name, number>> = { production: 30, staging: 7, archive: 3 };

let folder: string;
let repository: TestRepository;
let production: Sandbox;
let staging: Sandbox;
let archived: Sandbox;
let archive: Libsql;
let environment: Record<string, string>;
let services: Services;
let client: Client;

function fill(code: string, count: number): (db: SandboxDatabase) => void {
	return (db) => {
		db.insert("organizations", [
			{ id: `org-${code}`, name: code, slug: code.toLowerCase(), created_at: now, updated_at: now },
		]);
		db.insert(
			"error_events",
			// The last is older than a day: there is something before a fix.
			Array.from({ length: count + 1 }, (_, index) => ({
				id: `${code}-${index}`,
				organization_id: `org-${code}`,
				error_code: code,
				error_category: "system",
				created_at: index === count ? now - 5 * 86_400 : now - 600 - index * 60,
			})),
		);
	};
}

beforeAll(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), "environments-")));
	repository = await testRepository({ "src/a.ts": 'throw new AppError("ATS_TIMEOUT");\n' });
	repository.commit("Begin", "2026-11-01T00:00:00Z");
	const options = { now, rateLimit: 1_000_000 };
	production = await startSandbox({ ...options, fill: fill("ATS_TIMEOUT", counts.production) });
	staging = await startSandbox({ ...options, fill: fill("NETWORK_ERROR", counts.staging) });
	// What only staging has: what is known of one schema must not be taken for the other's.
	staging.database.run("ALTER TABLE error_events ADD COLUMN trial_id TEXT");
	archived = await startSandbox({ ...options, fill: fill("UNKNOWN_ERROR", counts.archive) });
	archive = await startLibsql(archived.database, { now, token: readOnlyToken });
	const path = join(folder, "environments.json");
	await writeFile(join(folder, "staging.key"), staging.keys.superAdmin);
	await writeFile(
		path,
		JSON.stringify({
			staging: { SKILLOMATIC_API_URL: staging.url, SKILLOMATIC_API_KEY_FILE: "staging.key" },
			archive: { SKILLOMATIC_DATABASE_URL: archive.url, SKILLOMATIC_DATABASE_TOKEN: readOnlyToken },
		}),
	);
	await chmod(path, 0o600);
	environment = {
		SKILLOMATIC_API_URL: production.url,
		SKILLOMATIC_API_KEY: production.keys.superAdmin,
		SKILLOMATIC_ENVIRONMENTS: path,
		PROD_DEBUGGER_REPO: repository.root,
		PROD_DEBUGGER_READABLE_COLUMNS: "error_events.trial_id",
		PROD_DEBUGGER_STATE_DIR: join(folder, "state"),
		PROD_DEBUGGER_AUDIT_LOG: join(folder, "audit.jsonl"),
		PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: "1000",
	};
	({ services, client } = await connected(environment));
});
afterAll(async () => {
	await client.close();
	await services.close();
	await Promise.all([archive.close(), production.close(), staging.close(), archived.close()]);
	await repository.remove();
	await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
	production.forgetRequests();
	staging.forgetRequests();
	archive.forget();
});

async function connected(env: Record<string, string>): Promise<{ services: Services; client: Client }> {
	const services = createServices(await loadConfig(env, {}, folder), { now: () => now * 1000 });
	const client = new Client({ name: "prod-debugger-test", version: "1.0.0" });
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	await createServer(services, tools, createLogger("error")).connect(theirs);
	await client.connect(ours);
	return { services, client };
}

interface Answer {
	readonly text: string;
	readonly isError: boolean;
	readonly facts: Readonly<Record<string, unknown>>;
}

async function call(tool: string, args: Record<string, unknown> = {}): Promise<Answer> {
	const { content, isError, structuredContent } = await client.callTool({ name: tool, arguments: args });
	const facts = typeof structuredContent === "object" && structuredContent !== null ? structuredContent : {};
	return {
		text: content.map((part) => ("text" in part ? part.text : "")).join("\n"),
		isError: isError === true,
		facts: { ...facts, duration_ms: 0 },
	};
}

const totalOf = ({ facts }: Answer) => Object(facts.summary).total;
/** How many requests each got since the test began. */
const asked = () => ({
	production: production.requests.length,
	staging: staging.requests.length,
	archive: archive.seen.length,
});

describe("what a host is shown", () => {
	test("one argument more, and one field of an answer; with one environment neither", async () => {
		const { SKILLOMATIC_ENVIRONMENTS: _, ...alone } = environment;
		const single = await connected(alone);
		const [plain, several] = [await single.client.listTools(), await client.listTools()];
		const instructions = [single.client.getInstructions() ?? "", client.getInstructions() ?? ""];
		await single.client.close();
		await single.services.close();
		expect(JSON.stringify(plain)).not.toContain("environment");
		expect(instructions[0]).not.toContain("environment");
		expect(instructions[1]).toContain("Several environments: production (default), staging, archive.");
		expect(instructions[1]?.length).toBeLessThanOrEqual(2000);
		for (const [index, tool] of several.tools.entries()) {
			const { environment, ...properties } = tool.inputSchema.properties ?? {};
			expect(environment).toEqual({ type: "string", enum: [...names], description: "Default production" });
			expect({ ...tool.inputSchema, properties }).toEqual(plain.tools[index]?.inputSchema);
			expect(tool.outputSchema === undefined).toBe(plain.tools[index]?.outputSchema === undefined);
		}
		const prompt = await client.getPrompt({ name: "prod_debug", arguments: { environment: "staging" } });
		expect(prompt.messages).toMatchObject([
			{ content: { text: expect.stringContaining('Give environment: "staging" with each call.') } },
		]);
	});
});

describe("the environment that is meant", () => {
	test.each(names)("%s answers, alone and with its own key", async (name) => {
		// Every tool goes the same way: one environment is asked by all of them.
		for (const tool of name === "staging" ? productionTools : ["error_stats", "query_database"]) {
			const answer = await call(tool, { ...sampleArguments[tool], environment: name });
			expect(answer.isError, `${tool}: ${answer.text}`).toBe(false);
			expect(answer.text, tool).toContain(name);
			if (tool !== "debug_report") expect(answer.facts.environment, tool).toBe(name);
		}
		const { [name]: own, ...others } = asked();
		expect(own).toBeGreaterThan(1);
		expect(Object.values(others)).toEqual([0, 0]);
		const keys = new Set(
			[...production.requests, ...staging.requests, ...archive.seen].map((one) => one.authorization),
		);
		const key = {
			production: production.keys.superAdmin,
			staging: staging.keys.superAdmin,
			archive: readOnlyToken,
		}[name];
		expect([...keys]).toEqual([`Bearer ${key}`]);
		const { _meta, ...stats } = await client.callTool({
			name: "error_stats",
			arguments: { environment: name },
		});
		expect(stats.structuredContent).toMatchObject({ summary: { total: counts[name] } });
		// The chart's reader may ask about one of its codes.
		expect(_meta?.[chartKey]).toMatchObject({ environment: name });
		expect(question("ATS_TIMEOUT", name)).toContain(`ATS_TIMEOUT in the environment ${name}:`);
	});

	test("without a name it is the default, which the answer names; letter case is not asked for", async () => {
		const usual = await call("error_stats");
		expect(totalOf(usual)).toBe(counts.production);
		expect(usual.facts.environment).toBe("production");
		expect(usual.text).toContain("\nEnvironment: production.");
		expect(totalOf(await call("error_stats", { environment: " Staging" }))).toBe(counts.staging);
	});

	test("an unknown one is refused with the nearest, and nothing is asked", async () => {
		const { text, isError } = await call("error_stats", { environment: "stagin" });
		expect(isError).toBe(true);
		expect(text).toBe(
			'error_stats: environment takes one of production, staging, archive, and was given "stagin" (did you mean staging?).',
		);
		expect(Object.values(asked())).toEqual([0, 0, 0]);
	});

	test("calls at once are answered as those one after the other", async () => {
		const questions = ["error_stats", "fetch_errors"].flatMap((tool) =>
			names.map((name) => ({ tool, args: { ...sampleArguments[tool], environment: name } })),
		);
		const alone: Answer[] = [];
		for (const { tool, args } of questions) alone.push(await call(tool, args));
		const atOnce = await Promise.all(questions.map(({ tool, args }) => call(tool, args)));
		const plain = ({ text, ...answer }: Answer) => ({
			...answer,
			text: text.replace(/duration_ms: [\d.]+/, ""),
		});
		expect(atOnce.map(plain)).toEqual(alone.map(plain));
	});

	test("what is known of one schema is not taken for another's", async () => {
		const sql = "SELECT trial_id FROM error_events LIMIT 1";
		for (const name of [...names, "staging"]) {
			const { isError, text } = await call("query_database", { sql, environment: name });
			expect(isError, text).toBe(name !== "staging");
			if (name !== "staging") expect(text).toMatch(new RegExp(`^Environment ${name}\\b.*: .*trial_id`));
		}
	});

	test("a cursor goes on where it began, and no other environment takes it", async () => {
		const first = await call("fetch_errors", { limit: 4, environment: "staging" });
		const cursor = first.facts.next_cursor;
		production.forgetRequests();
		const second = await call("fetch_errors", { cursor, limit: 4 });
		expect(second.facts).toMatchObject({ environment: "staging", shown: 3, total: counts.staging });
		expect(asked().production).toBe(0);
		const other = await call("fetch_errors", { cursor, environment: "production" });
		expect(other.isError).toBe(true);
		expect(other.text).toContain("it is of environment staging, and production is asked");
		expect(asked().production).toBe(0);
	});

	test("a failure names its own", async () => {
		const wrong = join(folder, "wrong.json");
		await writeFile(
			wrong,
			JSON.stringify({
				staging: { SKILLOMATIC_API_URL: staging.url, SKILLOMATIC_API_KEY: production.keys.ordinary },
				broken: { SKILLOMATIC_API_KEY: "sk_live_broken" },
			}),
		);
		await chmod(wrong, 0o600);
		const other = await connected({ ...environment, SKILLOMATIC_ENVIRONMENTS: wrong });
		const ask = async (name: string) => {
			const { content } = await other.client.callTool({
				name: "error_stats",
				arguments: { environment: name },
			});
			return content.map((part) => ("text" in part ? part.text : "")).join("\n");
		};
		const [refused, broken] = [await ask("staging"), await ask("broken")];
		await other.client.close();
		await other.services.close();
		expect(refused).toMatch(/^Environment staging \(of SKILLOMATIC_ENVIRONMENTS\): .*key/);
		expect(broken).toMatch(/^Environment "broken": SKILLOMATIC_API_URL is not set/);
	});
});

test("the report page names the environment that it is of", async () => {
	const meant = services.environments.find(({ config }) => config.environment?.name === "staging");
	const data = await collectPage(meant ?? services, {}, new AbortController().signal);
	expect(data.production).toBe("staging, 127.0.0.1 (this machine)");
	expect(renderPageMarkdown(data)).toContain("**Production:** staging, 127.0.0.1");
});

describe("what is kept", () => {
	test("cases, patches and reports are of one environment", async () => {
		const patch = await call("propose_patch", {
			title: "Wait longer",
			rationale: "It times out.",
			edits: [{ path: "src/b.ts", content: "export const wait = 1;\n" }],
			error_code: "NETWORK_ERROR",
			environment: "staging",
		});
		expect(patch.text).toContain("\nEnvironment: staging.");
		const [, id = ""] = /patch:\/\/([0-9a-f]+)/.exec(patch.text) ?? [];
		const report = (name: string) =>
			call("debug_report", {
				issues: [{ error_code: "NETWORK_ERROR", root_cause: "slow", proposed_fix: "wait", patch_id: id }],
				environment: name,
			});
		const own = await report("staging");
		expect(own.text).toContain("**Environment:** staging");
		expect(own.text).toContain("src/b.ts");
		const known = async (name: string) =>
			(await call("recall_cases", { error_code: "NETWORK_ERROR", environment: name })).facts.cases;
		expect(await known("staging")).toMatchObject({ shown: 1 });
		expect(await known("production")).toMatchObject({ shown: 0 });
		expect(await known("archive")).toMatchObject({ shown: 0 });
		const other = await report("production");
		expect(other.text).not.toContain("export const wait");
		expect(other.text).toContain("Give the environment that it was proposed for");
		const { contents } = await client.readResource({ uri: `patch://${id}` });
		expect(JSON.stringify(contents)).toContain("export const wait");
	});

	test("the audit log names the environment, and the host beside it", async () => {
		await call("error_stats", { environment: "staging" });
		await call("error_stats", { environment: "archive" });
		const lines = (await readFile(join(folder, "audit.jsonl"), "utf8")).trim().split("\n");
		const last = lines.slice(-4).map((line): Record<string, unknown> => JSON.parse(line));
		const hosts = lines.map((line) => {
			const { environment, host, source } = Object(JSON.parse(line));
			return `${environment} ${host} ${source}`;
		});
		expect(last.at(-1)).toMatchObject({ environment: "archive", source: "database" });
		expect([...new Set(hosts)].sort()).toEqual(
			[
				`archive ${new URL(archive.url).host} database`,
				`production ${new URL(production.url).host} api`,
				`staging ${new URL(staging.url).host} api`,
			].sort(),
		);
	});
});
