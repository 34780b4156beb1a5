// Starts the demo: an embedded production, and a code base to go with it.

import { readFileSync, rmSync } from "node:fs";
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
		readonly SKILLOMATIC_ENVIRONMENTS: string;
		readonly PROD_DEBUGGER_REPO: string;
		readonly PROD_DEBUGGER_STATE_DIR: string;
	};
	/** The demo's clock, which the server uses too. */
	readonly clock: Clock;
	close(): Promise<void>;
}

/** How long after a commit the demo goes on: long enough to tell whether a fix worked. */
const laterSeconds = 30 * 3600;

/**
 * Starts the embedded Skillomatic on a random loopback port with a random key, and lays out its code base. Each
 * commit on its main branch is in production at once, and more than a day goes by.
 *
 * @param now a fixed present in epoch milliseconds; without it the demo uses this machine's clock
 */
export async function startDemo(now?: number): Promise<Demo> {
	const folder = await mkdtemp(join(tmpdir(), "prod-debugger-demo-"));
	process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
	const start = now === undefined ? systemClock : { now: () => now };
	const seconds = Math.floor(start.now() / 1000);
	const sandbox = await startSandbox(now === undefined ? {} : { now: seconds });
	const repository = join(folder, "skillomatic");
	try {
		await createStoryCodebase(repository, { now: seconds, signal: new AbortController().signal });
	} catch (error) {
		await sandbox.close();
		throw error;
	}
	const clock = movedByCommits(start, repository, () => sandbox.goOn(laterSeconds));
	return {
		env: {
			SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
			SKILLOMATIC_API_URL: sandbox.url,
			// Blank counts as unset: no real database is asked.
			SKILLOMATIC_DATABASE_URL: "",
			SKILLOMATIC_DATABASE_TOKEN: "",
			SKILLOMATIC_DATABASE_TOKEN_FILE: "",
			SKILLOMATIC_ENVIRONMENTS: "",
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

/** @param moveOn what goes on with the clock */
function movedByCommits(start: Clock, repository: string, moveOn: () => void): Clock {
	const read = () => {
		try {
			return readFileSync(join(repository, ".git", "refs", "heads", "main"), "utf8");
		} catch {
			return undefined;
		}
	};
	let known = read();
	let later = 0;
	return {
		now() {
			const found = read();
			if (found !== undefined && found !== known) {
				known = found;
				moveOn();
				later += laterSeconds;
			}
			return start.now() + later * 1000;
		},
	};
}
