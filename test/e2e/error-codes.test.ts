import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorCodes } from "../../src/production/error-codes.ts";
import { type Connection, connect } from "./connect.ts";

let connection: Connection;
beforeAll(async () => {
	connection = await connect();
});
afterAll(() => connection.close());

async function read(uri: string): Promise<string> {
	const [content] = (await connection.client.readResource({ uri })).contents;
	return content !== undefined && "text" in content ? content.text : "";
}

const platformCodes = new URL(
	"../../src/sandbox/codebase/fixtures/02-error-codes/packages/shared/src/error-codes.ts",
	import.meta.url,
);

/** As the platform's own list has them, in its order. */
const accepted = [
	...(readFileSync(platformCodes, "utf8").split("as const")[0] ?? "").matchAll(/'([A-Z_]+)'/g),
].map(([, code]) => code);

test("the reference has the 25 codes that production accepts, each with a cause, a place and a remedy", async () => {
	expect(accepted).toHaveLength(25);
	const rows = (await read("skillomatic://error-codes"))
		.split("\n")
		.slice(2)
		.map((row) => row.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));
	expect(rows.map(([code]) => code)).toEqual(accepted);
	for (const [code = "", category, ...words] of rows) {
		const prefix = (code.split("_")[0] ?? "").toLowerCase();
		expect(category).toBe(/^(llm|ats|skill|scrape|integration)$/.test(prefix) ? prefix : "system");
		expect(words).toHaveLength(3);
		for (const text of words) expect(text.length).toBeGreaterThan(10);
	}
});

test("one code has a page of its own, in any case of letters", async () => {
	expect(await read("skillomatic://error-codes/llm_rate_limited")).toMatchInlineSnapshot(`
		"# LLM_RATE_LIMITED
		- Category: llm
		- Common cause: too many requests to the LLM provider
		- Where to look: which skill and provider, events a session (several: it retries at once), and who calls the model in a loop
		- What to try: back off between calls, bound how many run at once, cache
		- What the name hides: a 429 of Gmail and other services is classified as this too: look at provider before blaming the model
		- In the code: search_codebase with error_code LLM_RATE_LIMITED"
	`);
	for (const { code, hides } of errorCodes) {
		const page = await read(`skillomatic://error-codes/${code}`);
		expect(page).toMatch(/Category: .*\n.*Common cause: .*\n.*Where to look: .*\n.*What to try: /);
		expect(page.includes("What the name hides")).toBe(hides !== undefined);
	}
	await expect(read("skillomatic://error-codes/NO_SUCH_CODE")).rejects.toThrow(/not found/i);
});

test("codes complete as they are typed", async () => {
	const complete = async (value: string) => {
		const { completion } = await connection.client.complete({
			ref: { type: "ref/resource", uri: "skillomatic://error-codes/{code}" },
			argument: { name: "code", value },
		});
		return completion.values;
	};
	expect(await complete("llm_r")).toEqual(["LLM_RATE_LIMITED"]);
	expect(await complete("SCRAPE_")).toEqual(accepted.filter((code) => code?.startsWith("SCRAPE_")));
	expect(await complete("")).toHaveLength(25);
	expect(await complete("nothing")).toEqual([]);
});
