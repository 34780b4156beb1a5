// The looser forms in which hosts and models send arguments: each answers as the schema's own form does.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connection, connect } from "./connect.ts";

type Args = Record<string, unknown>;

let connection: Connection;
beforeAll(async () => {
	connection = await connect({ args: ["--demo-now", "2026-11-23T20:00:00Z"] });
});
afterAll(() => connection.close());

const edit = { path: "docs/found.md", content: "# Found\n" };
const patch = { title: "A note", rationale: "To be found." };

describe("is taken as the form that the schema has", () => {
	test.each<[string, Args, Args]>([
		["fetch_errors", { limit: "2", with_ids: "true" }, { limit: 2, with_ids: true }],
		["propose_patch", { ...patch, edits: JSON.stringify([edit]) }, { ...patch, edits: [edit] }],
		["propose_patch", { ...patch, edits: edit, check: "true" }, { ...patch, edits: [edit] }],
		[
			"propose_patch",
			{ ...patch, edits: [{ ...edit, old_text: "", new_text: "", line: null, delete: false }] },
			{ ...patch, edits: [edit] },
		],
		["search_codebase", { query: "freshToken", context: "0" }, { query: "freshToken", context: 0 }],
		[
			"search_codebase",
			{ query: "freshToken", context: "function" },
			{ query: "freshToken", whole_function: true },
		],
		["search_codebase", { error_code: "llm-timeout", query: "" }, { error_code: "LLM_TIMEOUT" }],
	])("%s %j", async (name, loose, strict) => {
		const [taken, meant] = [await connection.call(name, loose), await connection.call(name, strict)];
		expect(meant.isError, meant.text).toBe(false);
		expect(taken.text.replaceAll(/\d+(?:\.\d+)? ?ms/g, "")).toBe(
			meant.text.replaceAll(/\d+(?:\.\d+)? ?ms/g, ""),
		);
	});
});

describe("means nothing that could be taken, and is refused", () => {
	test.each<[string, Args, readonly string[]]>([
		["error_stats", { limit: "five" }, ["limit takes a whole number from 1 to 50"]],
		["error_stats", { limit: "1.5" }, ["limit takes a whole number"]],
		["error_stats", { limit: [1, 2] }, ["limit takes a whole number", "a list of 2 entries"]],
		["fetch_errors", { with_ids: "maybe" }, ['with_ids takes true or false, and was given "maybe"']],
		["fetch_errors", { error_code: "A,B,C,D,E,F" }, ["one code, or up to 5 with commas"]],
		["fetch_errors", { error_code: [] }, ["error_code takes"]],
		["error_stats", { skill: ["a", "b"] }, ["skill takes a text", "a list of 2 entries"]],
		["error_stats", { http_status: "3xx" }, ["a whole number from 0 to 999, or one of 4xx, 5xx, none"]],
		["search_codebase", { error_code: "llm-timeouts" }, ["such as LLM_TIMEOUT"]],
		["propose_patch", { ...patch, edits: "[{" }, ["edits[0] takes {path"]],
		[
			"propose_patch",
			{ ...patch, edits: [{ path: "a", old_text: "b", new_text: "c", content: "d" }] },
			["edits[0] takes", "{path, delete: true}"],
		],
		["error_stats", { since: "yesterday" }, ["since 2026-11-22T00:00:00Z until 2026-11-23T00:00:00Z"]],
		["error_stats", { since: "today" }, ["2026-11-23T00:00:00Z"]],
		["error_stats", { since: "last week" }, ["several spans", "7d"]],
		["error_stats", { since: "1 month" }, ["30d"]],
		["error_stats", { since: "2026-11-23T09:00" }, ["no zone"]],
	])("%s %j", async (name, args, said) => {
		const { text, isError } = await connection.call(name, args);
		expect(isError).toBe(true);
		for (const part of said) expect(text).toContain(part);
		expect(text.length).toBeLessThan(600);
	});
});

describe("every wrong argument is named, with the right name where one is near", () => {
	test.each<[string, Args, readonly string[]]>([
		["query_database", { query: "SELECT 1" }, ["sql is required", '"query" (did you mean sql?)']],
		["search_codebase", { query: "x", regex: true }, ['"regex" (did you mean mode?)']],
		[
			"error_stats",
			{ skill_name: "x", limit: "ten", sinse: "1d", until: [1, 2] },
			['"skill_name" (did you mean skill?)', "limit takes", '"sinse" (did you mean since?)', "until takes"],
		],
		["failed_skill_runs", { error_code: "LLM_TIMEOUT" }, ['"error_code" (did you mean message_contains?)']],
		["query_database", { sql: "SELECT 1", error_code: "LLM_TIMEOUT" }, ["(did you mean sql?)"]],
		["describe_database", { table_name: "users" }, ["(did you mean table?)"]],
		["error_stats", { errorCode: "A", groupBy: "skill" }, ["mean error_code?", "mean group_by?"]],
		["fetch_errors", { user_email: "a@b.c", start_time: "1d" }, ["mean user?", "mean since?"]],
		[
			"propose_patch",
			{ ...patch, edits: [{ file_path: "a", old_string: "b", new_string: "c" }] },
			["edits[0].path is required", "mean path?", "mean old_text?", "mean new_text?", "edits[0] takes path"],
		],
		[
			"debug_report",
			{ issues: [{ error_code: "A", cause: "b", fix: "c" }] },
			["issues[0].root_cause is required", "mean root_cause?", "mean proposed_fix?"],
		],
	])("%s %j", async (name, args, said) => {
		const { text, isError } = await connection.call(name, args);
		expect(isError).toBe(true);
		for (const part of said) expect(text).toContain(part);
		expect(text).not.toMatch(/zod|invalid_type|unrecognized/i);
	});

	test("a thousand unknown names are still a short answer", async () => {
		const args = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`unknown_${at}`, at]));
		const { text, isError } = await connection.call("error_stats", args);
		expect(isError).toBe(true);
		expect(text).toContain("992 more are wrong.");
		expect(text.length).toBeLessThan(2000);
	});
});
