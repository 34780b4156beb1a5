// The commits of the story's code base: when, by whom, and which fixtures they add.

import { candidateSyncBefore, tokensExpireBefore } from "../story/events.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

export interface StoryCommit {
	readonly secondsBefore: number;
	readonly author: string;
	readonly subject: string;
	readonly tag?: string;
	/** A folder under fixtures/ with the files that it adds or rewrites. */
	readonly folder: string;
}

/** The history, oldest first. The fourth from the end broke gmail's refresh, half an hour before its errors began. */
export const storyCommits: readonly StoryCommit[] = [
	{
		secondsBefore: 90 * day,
		author: "Ada Novak",
		subject: "chore: workspace, linting, CI",
		folder: "01-workspace",
	},
	{
		secondsBefore: 88 * day,
		author: "Ada Novak",
		subject: "feat(shared): error codes and categories",
		folder: "02-error-codes",
	},
	{
		secondsBefore: 80 * day,
		author: "Ben Okafor",
		subject: "feat(api): routes, error events, usage logs",
		folder: "03-api",
	},
	{
		secondsBefore: 64 * day,
		author: "Chloe Ito",
		subject: "feat(extension): scrape tasks",
		tag: "v1.4.0",
		folder: "04-extension",
	},
	{
		secondsBefore: 51 * day,
		author: "Ben Okafor",
		subject: "feat(gmail): oauth client and drafts",
		folder: "05-gmail-drafts",
	},
	{
		secondsBefore: 33 * day,
		author: "Dev Hansen",
		subject: "feat(skills): offer letters from templates",
		folder: "06-offer-letters",
	},
	{
		secondsBefore: 20 * day,
		author: "Chloe Ito",
		subject: "feat(web): error toasts",
		tag: "v1.5.0",
		folder: "07-error-toasts",
	},
	// The classifier: returns codes under a condition, and callers pass them on.
	{
		secondsBefore: 9 * day,
		author: "Ada Novak",
		subject: "feat(chat): classify provider errors",
		tag: "v1.5.1",
		folder: "08-classify-errors",
	},
	// The cause of the jobs' failures: every page at once, more than the ATS takes.
	{
		secondsBefore: candidateSyncBefore,
		author: "Ben Okafor",
		subject: "feat(ats): sync candidates twice a day",
		folder: "09-candidate-sync",
	},
	// The cause of the rate limits: one call a candidate, all at once, and none waits when the model is busy.
	{
		secondsBefore: 3 * day + 2 * hour,
		author: "Dev Hansen",
		subject: "feat(skills): candidate-search ranks in parallel",
		tag: "v1.6.0",
		folder: "10-parallel-ranking",
	},
	// What broke the refresh: seconds are compared with milliseconds, so that no token ever counts as expired.
	{
		secondsBefore: tokensExpireBefore + 31 * minute,
		author: "Ben Okafor",
		subject: "refactor(gmail): token cache",
		tag: "v1.6.1",
		folder: "11-token-cache",
	},
	// The cause of one customer's broken letters: an absent optional section is filled anyway.
	{
		secondsBefore: 9 * hour + 40 * minute,
		author: "Dev Hansen",
		subject: "feat(skills): optional sections in offer letters",
		tag: "v1.6.2",
		folder: "12-optional-sections",
	},
	{
		secondsBefore: 5 * hour,
		author: "Chloe Ito",
		subject: "docs: runbook for on-call",
		folder: "13-runbook",
	},
];
