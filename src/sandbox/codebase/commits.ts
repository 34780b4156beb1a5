import { tokensExpireBefore } from "../story/events.ts";
import {
	apiFiles,
	candidateSearchFiles,
	chatFiles,
	gmailBroken,
	gmailFiles,
	offerLetterBroken,
	offerLetterFiles,
} from "./api.ts";
import { extensionFiles, sharedFiles, toolingFiles, webFiles } from "./packages.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** One commit of the story: files that it adds or rewrites. */
export interface StoryCommit {
	readonly secondsBefore: number;
	readonly author: string;
	readonly subject: string;
	readonly tag?: string;
	readonly files: Readonly<Record<string, string>>;
}

/** The history, oldest first. The fourth from the end broke gmail's refresh, half an hour before its errors began. */
export const storyCommits: readonly StoryCommit[] = [
	{
		secondsBefore: 90 * day,
		author: "Ada Novak",
		subject: "chore: workspace, linting, CI",
		files: toolingFiles,
	},
	{
		secondsBefore: 88 * day,
		author: "Ada Novak",
		subject: "feat(shared): error codes and categories",
		files: sharedFiles,
	},
	{
		secondsBefore: 80 * day,
		author: "Ben Okafor",
		subject: "feat(api): routes, error events, usage logs",
		files: apiFiles,
	},
	{
		secondsBefore: 64 * day,
		author: "Chloe Ito",
		subject: "feat(extension): scrape tasks",
		tag: "v1.4.0",
		files: extensionFiles,
	},
	{
		secondsBefore: 51 * day,
		author: "Ben Okafor",
		subject: "feat(gmail): oauth client and drafts",
		files: gmailFiles,
	},
	{
		secondsBefore: 33 * day,
		author: "Dev Hansen",
		subject: "feat(skills): offer letters from templates",
		files: offerLetterFiles,
	},
	{
		secondsBefore: 20 * day,
		author: "Chloe Ito",
		subject: "feat(web): error toasts",
		tag: "v1.5.0",
		files: webFiles,
	},
	{
		secondsBefore: 9 * day,
		author: "Ada Novak",
		subject: "feat(chat): classify provider errors",
		files: chatFiles,
	},
	{
		secondsBefore: 3 * day + 2 * hour,
		author: "Dev Hansen",
		subject: "feat(skills): candidate-search ranks in parallel",
		tag: "v1.6.0",
		files: candidateSearchFiles,
	},
	{
		secondsBefore: tokensExpireBefore + 31 * minute,
		author: "Ben Okafor",
		subject: "refactor(gmail): token cache",
		tag: "v1.6.1",
		files: gmailBroken,
	},
	{
		secondsBefore: 9 * hour + 40 * minute,
		author: "Dev Hansen",
		subject: "feat(skills): optional sections in offer letters",
		tag: "v1.6.2",
		files: offerLetterBroken,
	},
	{
		secondsBefore: 5 * hour,
		author: "Chloe Ito",
		subject: "docs: runbook for on-call",
		files: {
			"docs/runbook.md": `# Runbook

- \`LLM_RATE_LIMITED\`: look at the provider's dashboard first, then at who calls the model in a loop.
- \`INTEGRATION_TOKEN_EXPIRED\`: is it one user, or everybody of one provider?
- \`ATS_AUTH_FAILED\`: the customer has to connect again.
`,
		},
	},
];
