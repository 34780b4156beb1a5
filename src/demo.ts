import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStoryCodebase } from "./sandbox/codebase.ts";
import { startSandbox } from "./sandbox/server.ts";

/** The embedded production and its code, running. */
export interface Demo {
	/** What points the server at it; wins over whatever is set. */
	readonly env: {
		readonly SKILLOMATIC_API_KEY: string;
		readonly SKILLOMATIC_API_URL: string;
		readonly PROD_DEBUGGER_REPO: string;
		readonly PROD_DEBUGGER_STATE_DIR: string;
	};
	close(): Promise<void>;
}

/** Starts the embedded Skillomatic on a random loopback port with a random key, and lays out its code base. */
export async function startDemo(): Promise<Demo> {
	const folder = await mkdtemp(join(tmpdir(), "prod-debugger-demo-"));
	const sandbox = await startSandbox();
	const repository = join(folder, "skillomatic");
	await createStoryCodebase(repository, {
		now: Math.floor(Date.now() / 1000),
		signal: new AbortController().signal,
	});
	const leave = () => void rm(folder, { recursive: true, force: true });
	process.once("exit", leave);
	return {
		env: {
			SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
			SKILLOMATIC_API_URL: sandbox.url,
			PROD_DEBUGGER_REPO: repository,
			PROD_DEBUGGER_STATE_DIR: join(folder, "state"),
		},
		async close() {
			await sandbox.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
