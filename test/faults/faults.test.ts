import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { testRepository } from "../codebase/repository.ts";
import { productionTools } from "./agent.ts";
import { faultsTowards, tolerated } from "./faults.ts";
import { Lanes } from "./lanes.ts";
import { startSoundProduction } from "./production.ts";

const seenElsewhere: string[] = [];
const elsewhere = createServer((request, response) => {
	seenElsewhere.push(`${request.method} ${request.url}`);
	response.end();
});
await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
const { port } = elsewhere.address() as AddressInfo;

const sound = await startSoundProduction("small");
const repository = await testRepository({
	"src/model.ts": 'export const ask = () => { throw new Error("LLM_RATE_LIMITED"); };\n',
});
repository.commit("Ask the model", new Date((sound.now - 86_400) * 1000).toISOString());
const lanes = new Lanes(sound, 25_000, repository.root, 3);
/** For what never ends: the call's deadline does. */
const shortLanes = new Lanes(sound, 10_000, repository.root, 3);
/** How much later than its deadline a call may end on a machine that is busy. */
const slackMs = 2000;
// What the tools ask is known from here on: a case costs the network, and not the database.
await lanes.ask(undefined, productionTools);

afterAll(async () => {
	await lanes.close();
	await shortLanes.close();
	elsewhere.close();
	await sound.close();
	await repository.remove();
});

/** Their requests go the way of fetch_errors, many times over: every eighth fault is enough for them. */
const composed = new Set([
	"error_stats",
	"failed_skill_runs",
	"suspect_commits",
	"verify_fix",
	"recall_cases",
	"debug_report",
	"describe_database",
]);

const quick = productionTools.filter((tool) => !composed.has(tool));

const isFor = (index: number) => process.env.TESTS === "all" || index % 8 === 0;

const faults = faultsTowards(`http://127.0.0.1:${port}`);

test("there are forty faults and more, for every tool that asks production", () => {
	expect(faults.length).toBeGreaterThanOrEqual(40);
	expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
	expect(productionTools).toEqual(
		expect.arrayContaining(["error_stats", "fetch_errors", "failed_skill_runs"]),
	);
});

describe("a fault is told in one clear error within the deadline, and is over when it is over", () => {
	const cases = faults.flatMap((fault, index) => {
		const tools = isFor(index) ? productionTools : quick;
		const used = fault.endless === true ? shortLanes : lanes;
		let shown: ReturnType<Lanes["show"]> | undefined;
		const show = () => {
			shown ??= used.show(fault, tools);
			return shown;
		};
		return tools.map((tool) => ({
			tool,
			name: fault.name,
			fault,
			show,
			timeoutMs: used.timeoutMs,
		}));
	});

	test.concurrent.for(cases)("$name: $tool", async ({ tool, fault, show, timeoutMs }) => {
		const { during, after } = await show();
		const { text = "", isError, ms } = during[tool] ?? {};
		expect(text).toMatch(fault.words);
		expect(isError).toBe(true);
		expect(ms).toBeLessThan(timeoutMs + slackMs);
		expectFitForAnAgent(text);
		if (fault.staysAway === true) expect(after[tool]?.text).toMatch(/rate limit is reached/);
		else expect(after[tool], after[tool]?.text).toMatchObject({ isError: false });
	});
});

describe("what is odd, or over after a moment, fails no call", () => {
	test.concurrent.for(tolerated.map((one, index) => ({ ...one, index })))("$name", async (one) => {
		const { behave, index } = one;
		const tools = isFor(index) ? productionTools : quick;
		const outcomes = await lanes.ask(behave, tools);
		for (const tool of tools) expect(outcomes[tool], tool).toMatchObject({ isError: false });
	});
});

test("the key goes to no other host", () => {
	expect(seenElsewhere).toEqual([]);
});

/** One or two sentences, without anything of ours or of a stranger's that does not belong there. */
function expectFitForAnAgent(text: string) {
	expect(text.length).toBeLessThan(500);
	expect(text).not.toContain(sound.key);
	expect(text).not.toMatch(/\n|\bat \/|node_modules|undefined|\[object|<\/untrusted|UND_ERR_ABORTED/);
	expect(text).toMatch(/\.$/);
}
