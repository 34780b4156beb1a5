import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStoryCodebase, startSandbox } from "../sandbox/index.ts";
import { type Clock, systemClock } from "../system/index.ts";

/** The embedded production and its code, running. */
export interface Demo {
	/** What points the server at it; wins over whatever is set. */
	readonly env: {
		readonly SKILLOMATIC_API_KEY: string;
		readonly SKILLOMATIC_API_URL: string;
		readonly PROD_DEBUGGER_REPO: string;
		readonly PROD_DEBUGGER_STATE_DIR: string;
	};
	/** The time of the demo, by which the server asks. */
	readonly clock: Clock;
	close(): Promise<void>;
}

/**
 * Starts the embedded Skillomatic on a random loopback port with a random key, and lays out its code base.
 *
 * @param now epoch milliseconds at which the demo stands still; without it the demo runs with this machine's clock
 */
export async function startDemo(now?: number): Promise<Demo> {
	const folder = await mkdtemp(join(tmpdir(), "prod-debugger-demo-"));
	process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
	const clock = now === undefined ? systemClock : { now: () => now };
	const seconds = Math.floor(clock.now() / 1000);
	const sandbox = await startSandbox(now === undefined ? {} : { now: seconds });
	const repository = join(folder, "skillomatic");
	try {
		await createStoryCodebase(repository, { now: seconds, signal: new AbortController().signal });
	} catch (error) {
		await sandbox.close();
		throw error;
	}
	return {
		env: {
			SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
			SKILLOMATIC_API_URL: sandbox.url,
			PROD_DEBUGGER_REPO: repository,
			PROD_DEBUGGER_STATE_DIR: join(folder, "state"),
		},
		clock,
		async close() {
			await sandbox.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
