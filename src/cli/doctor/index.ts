// Runs all of the doctor's checks and prints one line for each.

import type { Services } from "../../services.ts";
import { version, withDeadline } from "../../system/index.ts";
import { visibleLine } from "../../text/index.ts";
import { type Check, type CheckName, checkNames, failed, ok, skipped, type Verdict } from "./check.ts";
import { failedBy } from "./failed-by.ts";
import {
	checkDeployments,
	checkGit,
	checkNode,
	checkRepository,
	checkRipgrep,
	checkSandbox,
	checkStateFolder,
} from "./machine.ts";
import { checkProduction } from "./production.ts";

export interface DoctorOptions {
	/** One JSON object for scripts, in place of lines for a person. */
	readonly json: boolean;
}

type Verdicts = Readonly<Record<CheckName, Verdict>>;

/** Deadline of the checks of this machine, in milliseconds. */
const machineDeadlineMs = 10_000;

/**
 * Checks the set-up from the machine outward, and prints what it found.
 *
 * @returns the exit code: 1 when a check failed
 */
export async function runDoctor(services: Services, options: DoctorOptions): Promise<number> {
	const { config } = services;
	const signal = withDeadline(new AbortController().signal, machineDeadlineMs);
	const [ripgrep, git, repository, deployments, stateFolder, sandbox, production] = await Promise.all([
		checkRipgrep(signal).catch(failedBy),
		checkGit(config, signal).catch(failedBy),
		checkRepository(config, signal).catch(failedBy),
		checkDeployments(services, signal).catch(failedBy),
		checkStateFolder(services).catch(failedBy),
		checkSandbox(config, signal).catch(failedBy),
		checkProduction(services),
	]);
	return print(
		{
			settings: ok("every variable and flag is valid"),
			node: checkNode(),
			ripgrep,
			git,
			repository,
			deployments,
			state_folder: stateFolder,
			check_sandbox: sandbox,
			api_key:
				config.apiKey === undefined
					? failed("not set", "Set SKILLOMATIC_API_KEY, or SKILLOMATIC_API_KEY_FILE, to a super admin's key.")
					: ok(`set (${config.apiKey.length} characters)`),
			...production,
		},
		options,
	);
}

/**
 * The doctor's output where a setting is invalid, so that nothing else can be checked.
 *
 * @param problem the error with which the server would refuse to start
 * @returns the exit code
 */
export function reportUnusableSettings(problem: string, options: DoctorOptions): number {
	const rest = skipped("no service can be built from these settings");
	const verdicts = Object.fromEntries(checkNames.map((name) => [name, rest])) as Record<CheckName, Verdict>;
	return print(
		{
			...verdicts,
			settings: failed(problem, "Change that variable or flag; prod-debugger-mcp --help describes each."),
			node: checkNode(),
		},
		options,
	);
}

function print(verdicts: Verdicts, { json }: DoctorOptions): number {
	const checks = checkNames.map((name): Check => {
		const { state, detail, fix } = verdicts[name];
		// Paths and table names are untrusted: control characters must not reach the terminal.
		return {
			name,
			state,
			detail: visibleLine(detail),
			...(fix === undefined ? {} : { fix: visibleLine(fix) }),
		};
	});
	const healthy = checks.every(({ state }) => state !== "failed");
	process.stdout.write(
		json ? `${JSON.stringify({ ok: healthy, version, checks }, null, 2)}\n` : render(checks, healthy),
	);
	return healthy ? 0 : 1;
}

const marks: Readonly<Record<Check["state"], string>> = {
	ok: "ok  ",
	warning: "WARN",
	failed: "FAIL",
	skipped: "skip",
};

function render(checks: readonly Check[], healthy: boolean): string {
	const width = Math.max(...checks.map(({ name }) => name.length));
	const lines = checks.flatMap(({ name, state, detail, fix }) => [
		`${marks[state]}  ${name.replaceAll("_", " ").padEnd(width)}  ${detail}`,
		...(fix === undefined ? [] : [`${" ".repeat(width + 8)}-> ${fix}`]),
	]);
	const count = (state: Check["state"]) => checks.filter((check) => check.state === state).length;
	const [failures, warnings] = [count("failed"), count("warning")];
	const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
	const verdict = healthy
		? `Ready${warnings === 0 ? "" : `, with ${plural(warnings, "warning")}`}.`
		: `Not ready: ${plural(failures, "check")} failed.`;
	return `prod-debugger-mcp ${version}\n${lines.join("\n")}\n${verdict}\n`;
}
