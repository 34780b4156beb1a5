import PQueue from "p-queue";
import { areaOf, changeLines, changeSpan, describeError, type ToldChanges } from "../answer/index.ts";
import type { Concentration, ErrorStats } from "../production/index.ts";
import { RepositoryUnset, type Services } from "../services.ts";
import { endDeadline, remainingMs, withDeadline } from "../system/index.ts";

/** Each asks git and ripgrep, and so starts up to three processes at once. */
const spikesAtOnce = 2;
/** For all spikes together: production's numbers are there already, and must not be lost over a slow disk. */
const budgetMs = 3000;

/**
 * What the local repository tells of the hours before each spike, as lines; whatever keeps it from telling, and that it
 * took too long, is a line too, and no failure.
 *
 * @returns in the order of the spikes
 */
export function changesBeforeSpikes(
	services: Pick<Services, "codebase" | "clock">,
	{ spikes = [], concentrations }: Pick<ErrorStats, "spikes" | "concentrations">,
	signal: AbortSignal,
): Promise<readonly (readonly string[])[]> {
	const queue = new PQueue({ concurrency: spikesAtOnce });
	const within = withDeadline(signal, Math.min(budgetMs, remainingMs(signal) / 2));
	const told = queue.addAll(
		spikes.map((spike) => async () => {
			try {
				return await changesBefore(services, spike, concentrations, within);
			} catch (error) {
				signal.throwIfAborted();
				if (within.aborted) return ["the local history could not be read in time"];
				throw error;
			}
		}),
	);
	return told.finally(() => endDeadline(within));
}

async function changesBefore(
	{ codebase, clock }: Pick<Services, "codebase" | "clock">,
	spike: { readonly code: string; readonly from: number },
	concentrations: readonly Concentration[],
	signal: AbortSignal,
): Promise<readonly string[]> {
	const now = clock.now() / 1000;
	try {
		const search = codebase();
		const { from, to } = changeSpan(spike.from);
		const changes: ToldChanges = await search.changesBetween(from, to, signal);
		const some = "commits" in changes && changes.commits.length > 0;
		const named = some ? await search.filesMentioning(spike.code, signal) : new Set<string>();
		const bound = concentrations
			.filter(({ by, code }) => code === spike.code && (by === "skill" || by === "provider"))
			.map(({ who }) => who);
		return changeLines(changes, spike.from, now, areaOf(named, bound));
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof RepositoryUnset)
			return changeLines({ none: "no_repository" }, spike.from, now, () => false);
		const words = describeError(error);
		if (words === undefined) throw error;
		return [words];
	}
}
