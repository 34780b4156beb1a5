import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { connectAgent, productionTools } from "./agent.ts";
import { type Fault, faultsTowards, tolerated } from "./faults.ts";
import { startFaultyProduction, startSoundProduction } from "./production.ts";

const sound = await startSoundProduction();
// What the tools ask is known from here on, so that a case costs the network and not the database.
const first = await startFaultyProduction(sound);
const everybody = await connectAgent({ url: first.url, key: sound.key, now: sound.now });
for (const tool of productionTools) expect((await everybody.call(tool)).isError, tool).toBe(false);
await everybody.close();
await first.close();

const seenElsewhere: string[] = [];
const elsewhere = createServer((request, response) => {
	seenElsewhere.push(`${request.method} ${request.url}`);
	response.end();
});
await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
const { port } = elsewhere.address() as AddressInfo;
afterAll(async () => {
	elsewhere.close();
	await sound.close();
});

const faults = faultsTowards(`http://127.0.0.1:${port}`);
const cases = <T extends { readonly name: string }>(of: readonly T[]) =>
	productionTools.flatMap((tool) => of.map((one) => ({ tool, name: one.name, one })));

/** How much later than its deadline a call may end: all cases run at once, on a machine that may be busy. */
const slackMs = 5000;

test("there are forty faults and more, for every tool that asks production", () => {
	expect(faults.length).toBeGreaterThanOrEqual(40);
	expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
	expect(productionTools).toEqual(
		expect.arrayContaining(["error_stats", "fetch_errors", "failed_skill_runs"]),
	);
});

describe("a fault of the network is told in one clear error within the deadline, and is over when it is over", () => {
	test.concurrent.for(cases(faults))("$tool: $name", ({ tool, one }) => showsFault(tool, one));

	async function showsFault(tool: string, fault: Fault) {
		const timeoutMs = fault.endless === true ? 3000 : 15_000;
		const production = await startFaultyProduction(sound);
		const agent = await connectAgent({ url: production.url, key: sound.key, now: sound.now, timeoutMs });
		try {
			expect((await agent.call(tool)).text).toContain("untrusted");
			await production.behave(fault.behave);
			const begun = performance.now();
			const { text, isError } = await agent.call(tool);
			expect(performance.now() - begun).toBeLessThan(timeoutMs + slackMs);
			expect(text).toMatch(fault.words);
			expect(isError).toBe(true);
			expectFitForAnAgent(text);
			await production.behave(undefined);
			const after = await agent.call(tool);
			if (fault.staysAway === true) expect(after.text).toMatch(/rate limit is reached/);
			else expect(after.isError, after.text).toBe(false);
		} finally {
			await agent.close();
			await production.close();
		}
	}
});

describe("what is odd, or over after a moment, fails no call", () => {
	test.concurrent.for(cases(tolerated))("$tool: $name", async ({ tool, one }) => {
		const production = await startFaultyProduction(sound);
		const agent = await connectAgent({ url: production.url, key: sound.key, now: sound.now });
		try {
			await production.behave(one.behave);
			const { text, isError } = await agent.call(tool);
			expect(isError, text).toBe(false);
		} finally {
			await agent.close();
			await production.close();
		}
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
