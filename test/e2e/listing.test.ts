import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tools } from "../../tools/index.ts";
import { type Connection, connect, connectV1 } from "./connect.ts";

/** Hosts, saved prompts and checks rely on these names: one may be added, none taken away. */
const fixed = [
	"debug_report",
	"describe_database",
	"error_stats",
	"failed_skill_runs",
	"fetch_errors",
	"propose_patch",
	"query_database",
	"recall_cases",
	"search_codebase",
	"show_commit",
	"suspect_commits",
	"verify_fix",
];
const names = tools.map(({ name }) => name);
const dataTools = tools.filter(({ output }) => output !== undefined).map(({ name }) => name);
const productionTools = tools.filter(({ deadline }) => deadline === "production").map(({ name }) => name);

/** Clients of three kinds, as hosts of every age use them. */
const clients = [
	["the v1 client", () => connectV1()],
	["the v2 client in the old era", () => connect({}, "legacy")],
	["the v2 client in the new era", () => connect({}, "modern")],
] as const;

describe.each(clients)("what %s is told", (_, open) => {
	let connection: Pick<Connection, "close" | "call"> & { client: Connection["client"] };
	beforeAll(async () => {
		connection = (await open()) as typeof connection;
	});
	afterAll(() => connection.close());

	test("lists every tool, each with a title, a description and true annotations", async () => {
		const { tools: listed } = await connection.client.listTools();
		expect(listed.map(({ name }) => name)).toEqual(names);
		expect(names).toEqual(expect.arrayContaining(fixed));
		for (const tool of listed) {
			expect(tool.description?.length, tool.name).toBeGreaterThan(40);
			expect(tool.annotations, tool.name).toMatchObject({
				title: expect.stringMatching(/\w/),
				readOnlyHint: true,
				destructiveHint: false,
				idempotentHint: true,
				openWorldHint: productionTools.includes(tool.name),
			});
		}
	});

	test("every schema is strict; the data tools alone declare what they answer", async () => {
		const { tools: listed } = await connection.client.listTools();
		for (const tool of listed) {
			expect(tool.inputSchema, tool.name).toMatchObject({ type: "object", additionalProperties: false });
			expect(tool.outputSchema !== undefined, tool.name).toBe(dataTools.includes(tool.name));
		}
	});

	test("lists the prompt, the resource and its templates", async () => {
		const { client } = connection;
		expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(["prod_debug"]);
		const { resources } = await client.listResources();
		expect(resources.map(({ uri }) => uri)).toContain("skillomatic://error-codes");
		const { resourceTemplates } = await client.listResourceTemplates();
		expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
			"skillomatic://error-codes/{code}",
			"patch://{id}",
			"case://{id}",
			"report://{id}",
		]);
		expect(client.getInstructions()?.length).toBeLessThanOrEqual(2000);
	});
});

test("all twelve tool definitions together cost at most 6,000 tokens", async () => {
	const { client, close } = await connect();
	try {
		const { tools: listed } = await client.listTools();
		expect(encode(JSON.stringify(listed)).length).toBeLessThanOrEqual(6000);
	} finally {
		await close();
	}
});

describe("a wrong argument is told in one sentence", () => {
	let connection: Connection;
	beforeAll(async () => {
		connection = await connect();
	});
	afterAll(() => connection.close());

	test.each<[string, Record<string, unknown>]>([
		["error_stats", { sinse: "24h" }],
		["error_stats", { limit: 51 }],
		["error_stats", { limit: "ten" }],
		["error_stats", { group_by: ["error_code", "skill", "user"] }],
		["error_stats", { group_by: ["colour"] }],
		["error_stats", { interval: "1m" }],
		["error_stats", { http_status: "3xx" }],
		["fetch_errors", { order: "random" }],
		["fetch_errors", { error_code: [] }],
		["failed_skill_runs", { status: "failed" }],
		["query_database", {}],
		["query_database", { sql: "SELECT 1", limit: 0 }],
		["describe_database", { table: ["a", "b"] }],
		["search_codebase", { query: "x", error_code: "YY" }],
		["search_codebase", { query: "x", context: 11 }],
		["propose_patch", { title: "t", rationale: "r" }],
		["propose_patch", { title: "t", rationale: "r", edits: [{ path: "a", old_text: "b" }] }],
		["debug_report", { issues: [{ root_cause: "x", proposed_fix: "y" }] }],
	])("%s %j", async (name, args) => {
		const { text, isError } = await connection.call(name, args);
		expect(isError).toBe(true);
		expect(text.length).toBeLessThan(600);
		expect(text).toMatchSnapshot();
	});

	test("a tool that there is not is told as the protocol tells it", async () => {
		await expect(connection.call("drop_database")).rejects.toThrow(/drop_database/);
	});
});
