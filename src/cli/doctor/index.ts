// Runs all of the doctor's checks and prints one line for each.

import { type Config, unusableFor } from "../../config/index.ts";
import type { Services } from "../../services.ts";
import { version, withDeadline } from "../../system/index.ts";
import { visibleLine } from "../../text/index.ts";
import {
	type Check,
	type CheckName,
	checkNames,
	environmentChecks,
	failed,
	ok,
	skipped,
	type Verdict,
} from "./check.ts";
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
	/** The only environment that is checked; undefined: all are. */
	readonly environment?: string | undefined;
}

type Verdicts = Readonly<Record<CheckName, Verdict>>;

/** Deadline of the checks of this machine, in milliseconds. */
const machineDeadlineMs = 10_000;

type EnvironmentVerdicts = Readonly<Record<(typeof environmentChecks)[number], Verdict>>;

/** The lines of one environment. */
interface Part {
	/** Undefined where it has no name. */
	readonly environment: string | undefined;
	readonly checks: readonly Check[];
}

/**
 * Checks the set-up from the machine outward, and prints what it found.
 *
 * @returns the exit code: 1 when a check failed
 */
export async function runDoctor(services: Services, options: DoctorOptions): Promise<number> {
	const { config } = services;
	const others = options.environment === undefined ? services.environments.slice(1) : [];
	const [machine, own, ...rest] = await Promise.all([
		checkMachine(services),
		checkEnvironment(services),
		...others.map(checkEnvironment),
	]);
	const settings = checkSettings([config, ...others.map((other) => other.config)]);
	const verdicts: Verdicts = { settings, ...machine, ...own, ...waitingFor(config) };
	const parts = rest.map((verdicts, index): Part => {
		const { config } = others[index] ?? services;
		const whole = { ...verdicts, ...waitingFor(config) };
		return { environment: config.environment?.name, checks: checksOf(environmentChecks, whole) };
	});
	const first = { environment: config.environment?.name, checks: checksOf(checkNames, verdicts) };
	return print([first, ...parts], options);
}

async function checkMachine(
	services: Services,
): Promise<Omit<Verdicts, keyof EnvironmentVerdicts | "settings">> {
	const { config } = services;
	const signal = withDeadline(new AbortController().signal, machineDeadlineMs);
	const [ripgrep, git, repository, stateFolder, sandbox] = await Promise.all([
		checkRipgrep().catch(failedBy),
		checkGit(config, signal).catch(failedBy),
		checkRepository(config, signal).catch(failedBy),
		checkStateFolder(services).catch(failedBy),
		checkSandbox(config, signal).catch(failedBy),
	]);
	return { node: checkNode(), ripgrep, git, repository, state_folder: stateFolder, check_sandbox: sandbox };
}

async function checkEnvironment(services: Services): Promise<EnvironmentVerdicts> {
	const { config } = services;
	const signal = withDeadline(new AbortController().signal, machineDeadlineMs);
	const [deployments, production, database] = await Promise.all([
		checkDeployments(services, signal).catch(failedBy),
		unusableFor(config, "production") === undefined ? checkProduction(services) : allOf(waiting),
		checkDatabase(services).catch(failedBy),
	]);
	const { apiKey } = config;
	const key = apiKey === undefined ? checkNoKey(services) : ok(`set (${apiKey.length} characters)`);
	return { deployments, api_key: key, ...production, database };
}

/** What needs a setting that cannot be used: it is named once, under `settings`. */
const waiting = skipped("not checked until the setting is corrected");

function checkSettings(configs: readonly Config[]): Verdict {
	const messages = new Set(configs.flatMap(({ problems = [] }) => problems.map(({ message }) => message)));
	if (messages.size === 0) return ok("every variable and flag is valid");
	return failed(
		[...messages].join(" "),
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

/** @param names in the order of the output */
function checksOf<Name extends CheckName>(
	names: readonly Name[],
	verdicts: Readonly<Record<Name, Verdict>>,
): readonly Check[] {
	return names.map((name): Check => {
		const { state, detail, fix } = verdicts[name];
		// Paths and table names are untrusted: control characters must not reach the terminal.
		return {
			name,
			state,
			detail: visibleLine(detail),
			...(fix === undefined ? {} : { fix: visibleLine(fix) }),
		};
	});
}

function print(parts: readonly Part[], { json }: DoctorOptions): number {
	const healthy = parts.every(({ checks }) => checks.every(({ state }) => state !== "failed"));
	const [first, ...environments] = parts;
	const facts = { ok: healthy, version, ...first, ...(environments.length === 0 ? {} : { environments }) };
	process.stdout.write(json ? `${JSON.stringify(facts, null, 2)}\n` : render(parts, healthy));
	return healthy ? 0 : 1;
}

const marks: Readonly<Record<Check["state"], string>> = {
	ok: "ok  ",
	warning: "WARN",
	failed: "FAIL",
	skipped: "skip",
};

function render(parts: readonly Part[], healthy: boolean): string {
	const width = Math.max(...checkNames.map((name) => name.length));
	const lines = parts.flatMap(({ environment, checks }, index) => [
		...(index === 0 || environment === undefined
			? []
			: ["", `Environment ${environment}, of SKILLOMATIC_ENVIRONMENTS`]),
		...checks.filter(({ detail }) => detail !== waiting.detail).flatMap((check) => renderCheck(check, width)),
	]);
	const checks = parts.flatMap((part) => part.checks);
	const count = (state: Check["state"]) => checks.filter((check) => check.state === state).length;
	const [failures, warnings] = [count("failed"), count("warning")];
	const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
	const verdict = healthy
		? `Ready${warnings === 0 ? "" : `, with ${plural(warnings, "warning")}`}.`
		: `Not ready: ${plural(failures, "check")} failed.`;
	const [{ environment } = { environment: undefined }] = parts;
	const of = environment === undefined ? "" : `, environment ${environment}`;
	return `prod-debugger-mcp ${version}${of}\n${lines.join("\n")}\n${verdict}\n`;
}

function renderCheck({ name, state, detail, fix }: Check, width: number): readonly string[] {
	return [
		`${marks[state]}  ${name.replaceAll("_", " ").padEnd(width)}  ${detail}`,
		...(fix === undefined ? [] : [`${" ".repeat(width + 8)}-> ${fix}`]),
	];
}
