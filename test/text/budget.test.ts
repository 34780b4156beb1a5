import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { estimateTokens, fitRows, fits, maxCharacters } from "../../src/text/budget.ts";

const hex = (index: number) => ((index * 2654435761) >>> 0).toString(16).padStart(8, "0");
const rows = Array.from({ length: 200 }, (_, index) => [
	`2026-11-23T20:${String(index % 60).padStart(2, "0")}:00Z`,
	["LLM_RATE_LIMITED", "INTEGRATION_TOKEN_EXPIRED", "ATS_NOT_FOUND"][index % 3],
	"candidate-search",
	"anthropic",
	429,
	hex(index),
]);
const samples: Record<string, string> = {
	rows: JSON.stringify(rows),
	hex: Array.from({ length: 1000 }, (_, index) => hex(index)).join(","),
	prose: "The skill makes several calls a request and none of them waits for the provider's limit. ".repeat(
		40,
	),
	japanese: "日本語のエラーメッセージ ".repeat(50),
	emoji: "🙈🙉🙊".repeat(100),
	signs: "!@#$%^&*()".repeat(60),
	consonants: "xqzjkvwbtr".repeat(60),
	code: "export async function run(): Promise<void> {\n\tawait client.query(`SELECT ${column} FROM t`);\n}\n".repeat(
		30,
	),
};

describe("the estimate of tokens", () => {
	test.each(Object.entries(samples))(
		"%s: not below the real tokenizer's count, and not far above",
		(_, text) => {
			const real = countTokens(text);
			expect(estimateTokens(text)).toBeGreaterThanOrEqual(real);
			expect(estimateTokens(text)).toBeLessThan(real * 4);
		},
	);
});

describe("shortening", () => {
	const build = (count: number) =>
		JSON.stringify({ rows: rows.slice(0, count), shown: count, total: rows.length });

	test("an answer that fits stays whole", () => {
		expect(fitRows(50, build, (answer) => [answer])).toBe(build(50));
	});

	test("one that does not is the longest that does", () => {
		const many = (count: number) => JSON.stringify(Array.from({ length: count }, () => rows[0]));
		const fitted = fitRows(5000, many, (answer) => [answer]);
		const count = (JSON.parse(fitted) as unknown[]).length;
		expect(fits(fitted)).toBe(true);
		expect(fits(many(count + 1))).toBe(false);
		expect(fitted.length).toBeLessThanOrEqual(maxCharacters);
	});
});
