import { describe, expect, test } from "vitest";
import { makeCall } from "../../scripts/call.ts";

async function call(...words: readonly string[]): Promise<{ code: number; printed: string }> {
	const printed: string[] = [];
	const code = await makeCall(words, {}, (text) => void printed.push(text));
	return { code, printed: printed.join("\n") };
}

describe("npm run call", () => {
	test("prints the text and the structured form that an agent gets", async () => {
		const { code, printed } = await call("error_stats", '{"since":"24h","limit":3}');
		expect(code).toBe(0);
		expect(printed).toContain("groups (3 of ");
		const structured: unknown = JSON.parse(printed.slice(printed.indexOf("structured: ") + 12));
		expect(structured).toMatchObject({ groups: { shown: 3 } });
	});

	test("calls a tool by its own example where no arguments are given", async () => {
		const { code, printed } = await call("search_codebase");
		expect(code).toBe(0);
		expect(printed).toContain("raises");
	});

	test("ends with 1 where the tool answers with an error", async () => {
		const { code, printed } = await call("error_stats", '{"since":"2x"}');
		expect(code).toBe(1);
		expect(printed).toContain("since: it is neither a duration nor an instant.");
	});

	test.each([[], ["error_stat"], ["error_stats", "{"], ["error_stats", "3"]])(
		"says how it is used: %s %s",
		async (...words) => {
			const { code, printed } = await call(...words.filter((word) => typeof word === "string"));
			expect(code).toBe(2);
			expect(printed).toContain("TOOL is one of error_stats,");
		},
	);
});
