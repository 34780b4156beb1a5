import type { Services } from "../services.ts";
import { version } from "../version.ts";
import { type Check, runChecks } from "./checks.ts";

const marks: Readonly<Record<Check["state"], string>> = {
	ok: "ok  ",
	warning: "WARN",
	failed: "FAIL",
	skipped: "skip",
};

/**
 * Prints one line a check, and under a failing one its mend; or one JSON object for scripts.
 *
 * @returns the exit code: 1 when a check failed
 */
export async function runDoctor(services: Services, options: { readonly json: boolean }): Promise<number> {
	const checks = await runChecks(services);
	const ok = checks.every(({ state }) => state !== "failed");
	if (options.json) process.stdout.write(`${JSON.stringify({ ok, version, checks }, null, 2)}\n`);
	else process.stdout.write(`prod-debugger-mcp ${version}\n${checks.map(renderCheck).join("\n")}\n`);
	return ok ? 0 : 1;
}

function renderCheck({ name, state, detail, mend }: Check): string {
	const line = `${marks[state]}  ${name.padEnd(12)}  ${detail}`;
	return mend === undefined ? line : `${line}\n${" ".repeat(20)}-> ${mend}`;
}
