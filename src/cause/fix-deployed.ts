// When production had a commit that is thought to be a fix, and whether it was undone since.

import type { DeploymentSource, NamedCommit } from "../codebase/index.ts";
import { deploymentOf, readRollouts } from "./deployed.ts";
import type { CauseSources, CommitSources } from "./question.ts";

/** Where the instant comes from: a deployment that is told, or the commit's own time. */
export type HowKnown = "deployment" | "commit_time";

export interface DeployedFix {
	/** The whole hash. */
	readonly id: string;
	readonly subject: string;
	readonly isInHead: boolean;
	/** Missing where it is not in HEAD, or deployments are told and none carries it. Epoch seconds. */
	readonly deployedAt?: number;
	readonly how: HowKnown;
	/** Of the deployment that carried it. */
	readonly version?: string;
	/** The commit that reverts it, where nothing reverts that. */
	readonly revertedBy?: NamedCommit;
}

/** Commits as old as this have their deployment looked for, in seconds. */
const reach = 60 * 86_400;

/** @throws {CommitUnknown} {CommitAmbiguous} {GitFailed} */
export async function deployedFix(
	sources: Pick<CauseSources, "commitsSince" | "deployments"> & Pick<CommitSources, "commit" | "revertsOf">,
	commit: string,
	{ deployments, now }: { readonly deployments: DeploymentSource | undefined; readonly now: number },
	signal: AbortSignal,
): Promise<DeployedFix> {
	const { id, subject, at, isInHead } = await sources.commit(commit, signal);
	if (!isInHead) return { id, subject, isInHead, how: "commit_time" };
	const from = Math.min(at, now) - 3600;
	const [log, reverts] = await Promise.all([
		at > now - reach ? sources.commitsSince(from, now, signal) : undefined,
		sources.revertsOf(id, signal),
	]);
	const revertedBy = reverts.length % 2 === 1 ? reverts.at(-1) : undefined;
	const told = { id, subject, isInHead, ...(revertedBy === undefined ? {} : { revertedBy }) };
	if (log === undefined || "none" in log) return { ...told, deployedAt: at, how: "commit_time" };
	const inLog = log.commits.find((one) => one.id === id);
	const reachedAt = inLog?.reachedAt ?? at;
	const rollouts = await readRollouts(sources, deployments, log, signal);
	const position = inLog?.position ?? log.line.get(id);
	if (rollouts === undefined || position === undefined) {
		return { ...told, deployedAt: reachedAt, how: "commit_time" };
	}
	const deployment = deploymentOf({ position, reachedAt }, rollouts);
	if (deployment !== undefined) {
		const { at: deployedAt, version } = deployment;
		return { ...told, deployedAt, how: "deployment", ...(version === undefined ? {} : { version }) };
	}
	// Tags that nobody named as deployments may be too few to tell by.
	return rollouts.isExplicit
		? { ...told, how: "deployment" }
		: { ...told, deployedAt: reachedAt, how: "commit_time" };
}
