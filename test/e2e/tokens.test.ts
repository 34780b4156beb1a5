import { expect, test } from "vitest";
import { measureTokens } from "../../bench/tokens.ts";

test("an investigation costs about half of the raw answers' tokens, two fifths as text; the tools' definitions are short", async () => {
	const { questions, structuredRatio, textRatio, definitions, allDefinitions } = await measureTokens();
	expect(questions).toHaveLength(4);
	for (const { raw, structured, text } of questions)
		expect(Math.min(raw, structured, text)).toBeGreaterThan(200);
	expect(structuredRatio).toBeLessThanOrEqual(0.53);
	expect(textRatio).toBeLessThanOrEqual(0.44);
	expect(definitions).toHaveLength(12);
	expect(allDefinitions).toBeLessThanOrEqual(6000);
});
