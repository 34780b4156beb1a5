// Runs all of the doctor's checks and prints one line for each.

import { type Config, unusableFor } from "../../config/index.ts";
import type { Services } from "../../services.ts";
import { version, withDeadline } from "../../system/index.ts";
import { visibleLine } from "../../text/index.ts";
import { type Check, type CheckName, checkNames, failed, ok, skipped, type Verdict } from "./check.ts";
import { checkDatabase, checkNoKey } from "./database.ts";
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
import { allOf, checkProduction } from "./production.ts";

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
	const [ripgrep, git, repository, deployments, stateFolder, sandbox, production, database] =
		await Promise.all([
			checkRipgrep().catch(failedBy),
			checkGit(config, signal).catch(failedBy),
			checkRepository(config, signal).catch(failedBy),
			checkDeployments(services, signal).catch(failedBy),
			checkStateFolder(services).catch(failedBy),
			checkSandbox(config, signal).catch(failedBy),
			unusableFor(config, "production") === undefined ? checkProduction(services) : allOf(waiting),
			checkDatabase(services).catch(failedBy),
		]);
	return print(
		{
			settings: checkSettings(config),
			node: checkNode(),
			ripgrep,
			git,
			repository,
			deployments,
			state_folder: stateFolder,
			check_sandbox: sandbox,
			api_key:
				config.apiKey === undefined ? checkNoKey(services) : ok(`set (${config.apiKey.length} characters)`),
			...production,
			database,
			...waitingFor(config),
		},
		options,
	);
}

/** What needs a setting that cannot be used: it is named once, under `settings`. */
const waiting = skipped("not checked until the setting is corrected");

function checkSettings({ problems = [] }: Config): Verdict {
	if (problems.length === 0) return ok("every variable and flag is valid");
	return failed(
		problems.map(({ message }) => message).join(" "),
		"Change that variable or flag; prod-debugger-mcp --help describes each.",
	);
}

/** The checks of this machine that a setting keeps from being made. */
function waitingFor(config: Config): Partial<Verdicts> {
	const code = unusableFor(config, "repository") === undefined ? {} : { repository: waiting, git: waiting };
	const patches = unusableFor(config, "patches") === undefined ? {} : { state_folder: waiting };
	const told = unusableFor(config, "deployments") === undefined ? {} : { deployments: waiting };
	const key = unusableFor(config, "production") === undefined ? {} : { api_key: waiting };
	const whole = "repository" in code ? { state_folder: waiting, deployments: waiting } : {};
	return { ...code, ...patches, ...told, ...key, ...whole };
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
	const told = checks.filter(({ detail }) => detail !== waiting.detail);
	const lines = told.flatMap(({ name, state, detail, fix }) => [
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
