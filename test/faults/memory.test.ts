import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { connect } from "../e2e/connect.ts";
import { productionTools, sampleArguments } from "./agent.ts";
import { faultsTowards } from "./faults.ts";
import { startFaultyProduction, startSoundProduction } from "./production.ts";

const floods = faultsTowards("http://127.0.0.1:9").filter(({ name }) =>
	/GB|bomb|far more rows|headers$/.test(name),
);
const sound = await startSoundProduction();
const production = await startFaultyProduction(sound);
// A folder without a history: what is measured is what production pours out.
const repository = await mkdtemp(join(tmpdir(), "prod-debugger-floods-"));
afterAll(async () => {
	await production.close();
	await sound.close();
	await rm(repository, { recursive: true, force: true });
});

test("whatever production pours out, the server stays under 200 MB, and the next call works", async () => {
	expect(floods.length).toBeGreaterThanOrEqual(4);
	const { client, call, close } = await connect({
		cwd: "/",
		env: {
			SKILLOMATIC_API_URL: production.url,
			SKILLOMATIC_API_KEY: sound.key,
			PROD_DEBUGGER_REPO: repository,
			PROD_DEBUGGER_TIMEOUT_MS: "60000",
			PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: "1000",
		},
	});
	try {
		const askAll = () => Promise.all(productionTools.map((tool) => call(tool, sampleArguments[tool] ?? {})));
		for (const { isError, text } of await askAll()) expect(isError, text).toBe(false);
		for (const { behave, words } of floods) {
			await production.behave(behave);
			for (const { text } of await askAll()) expect(text).toMatch(words);
		}
		await production.behave(undefined);
		for (const { isError, text } of await askAll()) expect(isError, text).toBe(false);
		const { pid } = client.transport as { readonly pid?: number | null };
		const status = await readFile(`/proc/${pid}/status`, "utf8");
		expect(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024).toBeLessThan(200);
	} finally {
		await close();
	}
});
