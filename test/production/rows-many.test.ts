import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { TableCell } from "../../src/answer/table.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { rowsOf } from "./call.ts";
import { event, rowStage, run } from "./rows.ts";
import { worldNow } from "./world.ts";

const { open, ask, close, current } = rowStage();
afterEach(close);

describe("much of it", () => {
	test("messages beyond the 2,000 most frequent are counted out loud; skills and patterns beyond those shown are in the totals", async () => {
		const words = (index: number) => [...String(index)].map((digit) => "abcdefghij"[Number(digit)]).join("");
		await open({
			skill_usage_logs: [
				...Array.from({ length: 2100 }, (_, index) =>
					run({
						id: `rare ${index}`,
						skill_id: `skill-${index % 30}`,
						error_message: `failed in ${words(index)}`,
					}),
				),
				...Array.from({ length: 40 }, (_, index) =>
					run({ id: `often ${index}`, error_message: "step 7 of 9" }),
				),
			],
		});
		const { facts } = await ask(failedSkillRuns);
		const { messages, by_skill: bySkill } = facts;
		expect(messages).toMatchObject({ shown: 5, total: 2000 });
		expect(messages.rows[0]?.slice(0, 2)).toEqual(["step # of #", 40]);
		expect(bySkill).toMatchObject({ shown: 20, total: 31 });
		expect(facts.hint).toBe(
			"messages groups the 2000 most frequent messages; 101 failures have a rarer one. 1995 more patterns: narrow by skill or message_contains. 11 more skills failed: ask for one by skill.",
		);
	});

	test("an answer over the budget is cut at a row, says so, and goes on exactly there", async () => {
		const wide = (index: number) => `${String(index).padStart(4, "0")}${"xqzk".repeat(45)}`;
		await open({
			error_events: Array.from({ length: 400 }, (_, index) =>
				event({
					id: `event-${String(index).padStart(4, "0")}`,
					provider: wide(index),
					action: wide(index + 1),
					// A client's half seconds: SQLite keeps them as they are.
					created_at: worldNow - 60 - Math.floor(index / 7) / 2,
				}),
			),
		});
		const seen: TableCell[] = [];
		let pages = 0;
		for (let cursor: string | undefined; ; pages += 1) {
			const called = await ask(fetchErrors, {
				limit: 200,
				with_ids: true,
				...(cursor === undefined ? {} : { cursor }),
			});
			const table = called.facts;
			expect(JSON.stringify(called.facts).length).toBeLessThanOrEqual(48_000);
			expect(called.text.length).toBeLessThanOrEqual(48_000);
			expect(table.total).toBe(400);
			expect(table.shown).toBe(table.rows.length);
			expect(table.shown).toBeLessThan(200);
			expect(called.text).toContain(`rows (${table.shown} of 400`);
			seen.push(...rowsOf(table, "at error_code provider action id".split(" ")).map(({ id }) => id ?? null));
			cursor = table.next_cursor;
			if (cursor === undefined) break;
			expect(called.text).toContain(`more: cursor ${cursor}`);
		}
		expect(pages).toBeGreaterThan(2);
		expect(seen).toHaveLength(400);
		expect(new Set(seen).size).toBe(400);
	});

	test("a row that fills megabytes costs a row", async () => {
		const huge = "x".repeat(300_000);
		await open({
			error_events: [event({ provider: huge, action: huge, session_id: huge, skill_slug: huge })],
			skill_usage_logs: [run({ error_message: huge, input_summary: huge, skill_id: huge })],
		});
		for (const tool of [fetchErrors, failedSkillRuns]) {
			const { facts, error } = await ask(tool);
			expect(error).toBeUndefined();
			expect(JSON.stringify(facts).length).toBeLessThan(4000);
			expect(JSON.stringify(facts)).toContain("x…");
		}
	});
});

describe("a stranger's text", () => {
	const hostile = fc
		.array(
			fc.oneof(
				fc.constantFrom(
					"|",
					"\\",
					"\\|",
					"\n",
					"\r\n",
					"```",
					"</untrusted>",
					"<untrusted",
					"![x](https://a.example/p.png)",
					"\u001b[31m",
					"\u202e",
					"\u200b",
					"2026-11-23T19:59:00Z",
					"; ",
				),
				fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", "").toWellFormed()),
			),
			{ minLength: 1, maxLength: 8 },
		)
		.map((parts) => parts.join(""));
	const unseen = /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

	/** A Markdown row's cells: a bar that is not escaped parts them. */
	const cellsOf = (line: string) => line.replace(/\\[\\|]/g, "_").split("|");

	test("stays in its cell, inside the block, seen as it is", async () => {
		await open({});
		const { database } = current().sandbox;
		await fc.assert(
			fc.asyncProperty(hostile, hostile, hostile, async (one, two, three) => {
				database.run("DELETE FROM error_events");
				database.run("DELETE FROM skill_usage_logs");
				database.insert("error_events", [
					event({ id: "1", provider: one, action: two, session_id: three, skill_slug: two, user_id: "u" }),
					event({ id: "2", provider: two, action: three, session_id: one, skill_slug: three, user_id: "u" }),
				]);
				database.insert("skill_usage_logs", [
					run({ id: "1", error_message: one, input_summary: two, skill_id: three, user_id: "u" }),
					run({ id: "2", error_message: two, input_summary: three, skill_id: one, user_id: "u" }),
				]);
				for (const tool of [fetchErrors, failedSkillRuns]) {
					const { facts, text, error } = await ask(tool, { with_ids: true });
					expect(error).toBeUndefined();
					expect(text.match(/<\s*\/?\s*untrusted/gi)).toHaveLength(2);
					expect(text).not.toMatch(/!\[|\]\(http/);
					const lines = text.split("\n");
					for (const line of lines) expect(line).not.toMatch(unseen);
					expect(JSON.stringify(facts).replaceAll("\\n", "").replaceAll("\\t", "")).not.toMatch(unseen);
					for (const [place, line] of lines.entries()) {
						if (!/^-(\|-)*$/.test(line)) continue;
						const width = cellsOf(lines[place - 1] ?? "").length;
						expect(cellsOf(line)).toHaveLength(width);
						expect(cellsOf(lines[place + 1] ?? "")).toHaveLength(width);
					}
				}
			}),
			{ seed: 3, numRuns: 25 },
		);
	});

	test("secrets are hidden and addresses masked, wherever they stand, in patterns too", async () => {
		// Put together here, so that no scanner takes this file for a leak.
		const secret = ["sk", "live", "a1B2c3D4e5F6g7H8i9J0"].join("_");
		await open({
			error_events: [
				event({
					provider: secret,
					action: "call jane.doe@acme.example",
					session_id: `s ${secret}`,
					user_id: "user-a",
				}),
			],
			skill_usage_logs: [
				run({
					error_message: `Bearer ${"a1b2c3d4e5f6".repeat(3)} refused for jane.doe@acme.example`,
					input_summary: secret,
				}),
				run({ id: "2", error_message: `key ${secret} refused` }),
			],
		});
		for (const tool of [fetchErrors, failedSkillRuns]) {
			const { facts, text } = await ask(tool);
			for (const shown of [text, JSON.stringify(facts)]) {
				expect(shown).not.toContain("a1B2c3");
				expect(shown).not.toContain("b2c3d4");
				expect(shown).not.toContain("jane.doe");
				expect(shown).toContain("[hidden: ");
			}
		}
	});
});
