import { readFileSync } from "node:fs";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { beforeAll, describe, expect, test } from "vitest";
import { layOut, wrapped } from "../../scripts/demo/layout.ts";
import { jsonTeller, type Step } from "../../scripts/demo/teller.ts";
import { terminalTeller } from "../../scripts/demo/terminal.ts";
import { transcript } from "../../scripts/transcript.ts";

/** One run of the demo, as the transcript, the terminal and programs have it. */
const shown = { transcript: "", terminal: "", json: "" };
beforeAll(async () => {
	const terminal = terminalTeller({
		print: (text) => {
			shown.terminal += `${text}\n`;
		},
		colour: false,
		full: false,
	});
	const json = jsonTeller((text) => {
		shown.json += `${text}\n`;
	});
	terminal.begin();
	shown.transcript = await transcript({
		calling: (step) => terminal.calling(step),
		async answered(step, result) {
			await terminal.answered(step, result);
			await json.answered(step, result);
		},
	});
	terminal.end();
}, 120_000);

test("the transcript in docs/ is what the demo prints today", () => {
	expect(shown.transcript).toBe(readFileSync("docs/demo-transcript.md", "utf8"));
});

test("to learn what is known already costs a quarter of the first investigation at most", () => {
	const steps = shown.transcript.split(/^## (?!Production)/m).slice(1);
	const isRepeat = (step: string) => /^> (?:error_stats \{"since"|recall_cases)/m.test(step);
	const isFirst = (step: string) => !isRepeat(step) && !/^> verify_fix/m.test(step);
	const tokens = (of: (step: string) => boolean) =>
		steps.filter(of).reduce((sum, step) => sum + encode(step).length, 0);
	expect(steps.filter(isFirst)).toHaveLength(7);
	expect(steps.filter(isRepeat)).toEqual([
		expect.stringContaining("known case "),
		expect.stringContaining("no token is ever refreshed"),
	]);
	expect(tokens(isRepeat)).toBeLessThanOrEqual(0.25 * tokens(isFirst));
});

describe("the demo at a terminal", () => {
	test("fits 80 columns, has a heading for each step, and no colour where none is wanted", () => {
		const lines = shown.terminal.split("\n");
		expect(lines.filter((line) => line.length > 80)).toEqual([]);
		expect(shown.terminal).not.toContain("\u001b");
		const steps = [...shown.transcript.matchAll(/^> \w+ \{/gm)].length;
		const numbers = lines.flatMap((line) => /^(\d+)\. \S/.exec(line)?.[1] ?? []);
		expect(numbers).toEqual(Array.from({ length: steps }, (_, index) => String(index + 1)));
	});

	test("says first what it is, and last what to type", () => {
		expect(shown.terminal).toMatch(/^prod-debugger-mcp: a demo\n\nAn AI agent debugs production/);
		expect(shown.terminal).toMatch(/\n {2}prod-debugger-mcp attach claude {2,}your own production\n/);
	});

	test("shows no raw JSON and no marks for agents, but the fix", () => {
		expect(shown.terminal).not.toMatch(/\{"|<untrusted/);
		expect(shown.terminal).toContain("+  const expired = cached.expiresAt < Date.now() / 1000 + 60;");
	});

	test("--json is one object a line, and nothing else", () => {
		const calls = shown.json
			.trimEnd()
			.split("\n")
			.map((line): unknown => JSON.parse(line));
		expect(calls[0]).toMatchObject({ tool: "error_stats", arguments: {}, result: { summary: {} } });
	});
});

describe("an answer laid out for a terminal", () => {
	test("long lines are wrapped under their first word, words longer than a line are cut", () => {
		expect(wrapped("- one two three four", 12)).toEqual(["- one two", "  three four"]);
		expect(wrapped(`12-   ${"x".repeat(20)}`, 16)).toEqual(["12-   xxxxxxxxxx", "      xxxxxxxxxx"]);
	});

	test("tables are aligned, numbers to the right, and columns that do not fit are named", () => {
		const table = ["code|count|much", "-|-|-", "LLM_TIMEOUT|7|x", "A|12|y"].join("\n");
		expect(layOut(table, 24)).toEqual([
			"code         count  much",
			"LLM_TIMEOUT      7  x",
			"A               12  y",
		]);
		expect(layOut(table, 20)[3]).toBe("(not shown: much)");
	});

	test("colour only where it is wanted, and as many lines as were asked for", async () => {
		const step: Step = { why: "Why?", tool: "t", args: {}, lines: 5 };
		const printed: string[] = [];
		const teller = terminalTeller({ print: (text) => printed.push(text), colour: true, full: false });
		teller.calling(step);
		const text = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");
		await teller.answered(step, { content: [{ text }] });
		expect(printed.join("\n")).toContain("\u001b[1m1. Why?");
		expect(printed.filter((line) => line.startsWith("  line"))).toHaveLength(5);
		expect(printed.join("\n")).toContain("… 35 more lines");
	});
});
