// Starts the demo: an embedded production, and a code base to go with it.

import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStoryCodebase, startSandbox } from "../sandbox/index.ts";
import { type Clock, systemClock } from "../system/index.ts";

/** A running demo. */
export interface Demo {
	/** Points the server at the demo; overrides the environment. */
	readonly env: {
		readonly SKILLOMATIC_API_KEY: string;
		readonly SKILLOMATIC_API_URL: string;
		readonly SKILLOMATIC_DATABASE_URL: string;
		readonly SKILLOMATIC_DATABASE_TOKEN: string;
		readonly SKILLOMATIC_DATABASE_TOKEN_FILE: string;
		readonly PROD_DEBUGGER_REPO: string;
		readonly PROD_DEBUGGER_STATE_DIR: string;
	};
	/** The demo's clock, which the server uses too. */
	readonly clock: Clock;
	close(): Promise<void>;
}

/**
 * Starts the embedded Skillomatic on a random loopback port with a random key, and lays out its code base.
 *
 * @param now a fixed present in epoch milliseconds; without it the demo uses this machine's clock
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
			// Blank counts as unset: no real database is asked.
			SKILLOMATIC_DATABASE_URL: "",
			SKILLOMATIC_DATABASE_TOKEN: "",
			SKILLOMATIC_DATABASE_TOKEN_FILE: "",
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
