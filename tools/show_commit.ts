// Shows what one commit changed, and what became of it.

import { z } from "zod";
import { defineTool, inWhichever, readsRepository, renderCommit, searchedCode } from "../src/answer/index.ts";
import { commitStory } from "../src/cause/index.ts";
import { joined, safeText, secretsOnly } from "../src/text/index.ts";

export const showCommit = defineTool({
	name: "show_commit",
	title: "Show a commit",
	description:
		"What one change was: its message, files and changed lines under their functions, when it was deployed, whether it was reverted. With error_code, the lines near that code come first.",
	input: z.strictObject({
		commit: z.string().min(1).max(220).describe("4 to 40 hex digits of its hash, or a tag"),
		path: z.string().min(1).max(1000).optional().describe("Only this file or folder, and more of it"),
		error_code: searchedCode.optional(),
	}),
	output: undefined,
	repository: "each",
	annotations: readsRepository,
	deadline: "own",
	summary:
		"What a commit changed, the lines near an error code first, when it was deployed and whether it was reverted",
	example: { commit: "HEAD" },
	async run(args, { services, signal }) {
		const { commit, path, error_code } = args;
		const now = Math.floor(services.clock.now() / 1000);
		const deployments = services.deployments();
		const question = { commit, path, code: error_code, deployments, now };
		const { found, repo } = await inWhichever(services, "commit", (own) =>
			commitStory(own.codebase(), question, signal),
		);
		const text = renderCommit(found, args);
		if (repo === undefined) return { text };
		return { text: joined([safeText(`In repository ${repo}.`, secretsOnly), text], "\n") };
	},
});
