// Builds dist/ before the first test where it is missing or older than its sources: tests run the built command.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { isFresh } from "../scripts/stamp.ts";

export async function setup(): Promise<void> {
	const root = join(import.meta.dirname, "..");
	if (await isFresh(root)) return;
	execFileSync(process.execPath, ["--import", "tsx", "scripts/build.ts"], { cwd: root, stdio: "inherit" });
}
