// When production could have each commit: by its deployment where that is known, else by the main line.

import {
	type CodeSearch,
	type Commit,
	type CommitLog,
	type Deployment,
	type DeploymentSource,
	isVersion,
} from "../codebase/index.ts";
import { Failure } from "../text/index.ts";

/** A deployment with the place of its commit on the first-parent line. */
interface Placed {
	readonly deployment: Deployment;
	readonly position: number;
}

export interface Rollouts {
	readonly isExplicit: boolean;
	readonly count: number;
	/** Newest first. */
	readonly all: readonly Deployment[];
	/** Oldest first; only of commits on the line. */
	readonly placed: readonly Placed[];
}

/** @param source as the user set it; without it, tags that look like versions, if there are any */
export async function readRollouts(
	search: Pick<CodeSearch, "deployments">,
	source: DeploymentSource | undefined,
	{ line }: Pick<CommitLog, "line">,
	signal: AbortSignal,
): Promise<Rollouts | undefined> {
	const read = await search
		.deployments(source ?? { by: "tags", glob: "*" }, signal)
		.catch((error: unknown) => {
			signal.throwIfAborted();
			// A default that cannot be read is not a setting of the user's.
			if (source === undefined && error instanceof Failure) return [];
			throw error;
		});
	const all = source === undefined ? read.filter(({ version = "" }) => isVersion(version)) : read;
	if (all.length === 0 && source === undefined) return undefined;
	const placed = all.flatMap((deployment): Placed[] => {
		const position = line.get(deployment.commit) ?? byPrefix(line, deployment.commit);
		return position === undefined ? [] : [{ deployment, position }];
	});
	return { isExplicit: source !== undefined, count: all.length, all, placed: placed.reverse() };
}

function byPrefix(line: ReadonlyMap<string, number>, prefix: string): number | undefined {
	if (prefix.length >= 40) return undefined;
	for (const [id, position] of line) if (id.startsWith(prefix)) return position;
	return undefined;
}

/** The first deployment that carried a commit, after it was on the line. */
export function deploymentOf(
	commit: Pick<Commit, "position" | "reachedAt">,
	rollouts: Rollouts | undefined,
): Deployment | undefined {
	return rollouts?.placed.find(
		({ deployment, position }) => position <= commit.position && deployment.at >= commit.reachedAt - 3600,
	)?.deployment;
}
