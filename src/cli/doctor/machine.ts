// The doctor's checks of this machine: Node, programs, folders, the sandbox.

import type { Config } from "../../config/index.ts";
import type { Services } from "../../services.ts";
import {
	createGit,
	findSandbox,
	type NoSandbox,
	placeOfState,
	type RepositoryRoot,
	StateFolderUnusable,
	workingRipgrep,
} from "../../system/index.ts";
import { isoInstant } from "../../text/index.ts";
import { failed, ok, skipped, type Verdict, warning } from "./check.ts";

/** The oldest supported Node.js: package.json's `engines`. */
const oldestNode = [20, 18] as const;

export function checkNode(): Verdict {
	const { node } = process.versions;
	const [major = 0, minor = 0] = node.split(".").map(Number);
	const [oldMajor, oldMinor] = oldestNode;
	if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return ok(`v${node}`);
	return failed(`v${node}`, `Install Node.js ${oldestNode.join(".")} or newer.`);
}

/** @throws {ProgramMissing} {RipgrepBroken} */
export async function checkRipgrep(): Promise<Verdict> {
	return ok((await workingRipgrep()).version);
}

/** @throws {ProgramMissing} {ProcessNotStarted} */
export async function checkGit({ repository }: Config, signal: AbortSignal): Promise<Verdict> {
	if (repository === undefined) return skipped("not needed without a repository");
	const { stdout } = await createGit(repository).run(["--version"], { signal });
	return ok(stdout.toString("utf8").trim());
}

export async function checkRepository(
	{ repository, repositories, noRepository }: Config,
	signal: AbortSignal,
): Promise<Verdict> {
	if (repository === undefined) {
		return failed(
			`none: ${noRepository ?? "none is named"}`,
			"Set PROD_DEBUGGER_REPO to the path of the code.",
		);
	}
	if (repositories === undefined || repositories.length < 2) return checkOne(repository, signal);
	const all = await Promise.all(repositories.map(({ root }) => checkOne(root, signal)));
	const detail = all.map((one, index) => `${repositories[index]?.name}: ${one.detail}`).join("; ");
	const worst = all.find(({ state }) => state !== "ok");
	return { ...(worst ?? ok("")), detail };
}

async function checkOne(repository: RepositoryRoot, signal: AbortSignal): Promise<Verdict> {
	const head = await createGit(repository)
		.run(["log", "-1", "--format=%h of %cs", "HEAD"], { signal })
		.catch(() => undefined);
	if (head !== undefined) return ok(`${repository}, at ${head.stdout.toString("utf8").trim()}`);
	return warning(
		`${repository}, without git history`,
		"Search and patches work; blame and the commits before an episode need a git repository with commits.",
	);
}

/** Whether what the user set tells of deployments. */
export async function checkDeployments(
	{ config, codebases }: Pick<Services, "config" | "codebases">,
	signal: AbortSignal,
): Promise<Verdict> {
	const { deployments, repository } = config;
	if (deployments === undefined) return skipped("PROD_DEBUGGER_DEPLOYMENTS is not set");
	if (repository === undefined) return skipped("for commits, which need a repository");
	const fix =
		"Correct PROD_DEBUGGER_DEPLOYMENTS, or unset it: while it is set, what it does not tell counts as not deployed.";
	const read = await Promise.all(
		codebases().map(({ code }) => code.deployments(deployments, signal).catch(() => undefined)),
	);
	const found = read.some((one) => one === undefined)
		? undefined
		: read.flatMap((one) => one ?? []).sort((one, other) => other.at - one.at);
	if (found === undefined) return warning(`deployments by ${deployments.by} cannot be read`, fix);
	const [newest] = found;
	if (newest === undefined) return warning(`no deployments by ${deployments.by}`, fix);
	return ok(`${found.length} by ${deployments.by}, the newest at ${isoInstant(newest.at)}`);
}

/** Makes the folder, as the first patch would. @throws {StateFolderUnusable} */
export async function checkStateFolder({ config }: Services): Promise<Verdict> {
	if (config.repository === undefined) return skipped("for patches, which need a repository");
	if (config.stateInRepository) throw new StateFolderUnusable(config.stateFolder, "inside_repository");
	const { notLasting } = await placeOfState(config.stateFolder, "patches", config.repository);
	if (notLasting === undefined) return ok(config.stateFolder);
	return warning(
		`patches are ${notLasting}`,
		"Set PROD_DEBUGGER_STATE_DIR to a folder that can be written, outside the repository.",
	);
}

/** Whether the user's own check and tests of a patch can run sandboxed. */
export async function checkSandbox(config: Config, signal: AbortSignal): Promise<Verdict> {
	const { repository, test } = config;
	const check = config.check ?? test;
	if (check === undefined)
		return skipped("no check of your own is set (PROD_DEBUGGER_CHECK): no code is run");
	if (repository === undefined) return skipped("for patches, which need a repository");
	const commands = [config.check?.command, test?.words.join(" ")].filter((line) => line !== undefined);
	const command = commands.map((line) => JSON.stringify(line)).join(" and ");
	const sandbox = await findSandbox(repository, signal);
	if (sandbox.available)
		return ok(
			`${sandbox.inPlace ? "sandbox-exec" : "bubblewrap"} works; ${command} runs in it, for at most ${check.timeoutMs / 1000} s`,
		);
	const { problem, fix } = withoutSandbox(sandbox.reason);
	if (!check.unsandboxed) return failed(`${problem}, so ${command} is not run`, fix);
	return warning(
		`${problem}, and PROD_DEBUGGER_CHECK_UNSANDBOXED is 1: ${command} runs code that an agent wrote, as you`,
		fix,
	);
}

function withoutSandbox(reason: NoSandbox): { readonly problem: string; readonly fix: string } {
	switch (reason) {
		case "platform":
			return {
				problem: "a sandbox exists on Linux and macOS only",
				fix: "Unset PROD_DEBUGGER_CHECK and PROD_DEBUGGER_TEST, or run this server in a Linux container.",
			};
		case "not_installed":
			return {
				problem: "bubblewrap was not found",
				fix: "Install it (Debian, Ubuntu: apt-get install bubblewrap; Fedora: dnf install bubblewrap).",
			};
		case "not_permitted":
			return {
				problem:
					"no sandbox can be made here (the system does not permit it, or this server runs in a sandbox itself)",
				fix: "On Linux, allow user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu; in a container, a profile that allows them).",
			};
	}
}
