// What an answer of error events leaves to say: why it is empty, and how to read a story.

import type { EventsAnswer, Story } from "../production/index.ts";
import { emptyHint } from "./empty-hint.ts";

/** @param isFirst the first page, which alone says how to read the rows */
export function eventsHint({ empty, story }: EventsAnswer, isFirst: boolean): string | undefined {
	const sentences = [
		...(empty === undefined ? [] : [emptyHint(empty)]),
		...(story === undefined || !isFirst ? [] : storyWords(story)),
	];
	return sentences.length === 0 ? undefined : sentences.join(" ");
}

function storyWords(story: Story): string[] {
	const { events, runs, failedRuns, narrowedBy } = story;
	const narrowing = narrowedBy.join(", ");
	return [
		`${plural(events, "event")}, ${plural(runs, "run")}${runs === 0 ? "" : `, ${failedRuns} of them failed`}.`,
		...whoseWords(story),
		...(runs === 0 || events === 0
			? []
			: ["A run bears the server's time when it ended, an event its client's time."]),
		...(narrowing === ""
			? []
			: [
					`Runs have no ${narrowing}: ${narrowedBy.length === 1 ? "it narrows" : "they narrow"} the events alone.`,
				]),
	];
}

function whoseWords({ users, moreUsers, bySession }: Story): string[] {
	if (users === undefined) return ["This deployment has no table skill_usage_logs, so there are no runs."];
	if (!bySession) return [];
	const [only, ...others] = users;
	if (only === undefined) return ["No event of the session names a user, so there are no runs to show."];
	const whose =
		others.length === 0
			? "its user's"
			: moreUsers
				? `those of the ${users.length} users that it names most`
				: `those of the ${users.length} users that it names`;
	return [`Runs bear no session: these are ${whose}, in the whole window.`];
}

function plural(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
