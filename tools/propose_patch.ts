import { z } from "zod";
import { renderPatch } from "../src/answer/patch-text.ts";
import { defineTool, readsRepository } from "../src/answer/tool.ts";

const path = z.string().min(1).max(1000);
const text = z.string().max(2_000_000);

/** A fix that is known to apply. */
export const proposePatch = defineTool({
	name: "propose_patch",
	title: "Propose a patch",
	description:
		"Make a unified diff that is proven to apply to the local repository as it is now. Changes nothing: the work tree, the index and HEAD stay as they are; the user applies it. Give edits (whole lines as the file has them, at one place only) or a diff.",
	input: z.strictObject({
		title: z.string().min(1).max(200),
		rationale: z.string().min(1).max(4000).describe("Why this mends it"),
		edits: z
			.array(
				z.union([
					z.strictObject({
						path,
						old_text: text.describe("Lines to replace"),
						new_text: text,
						line: z.int().min(1).optional().describe("Picks the nearest of several places"),
					}),
					z.strictObject({ path, content: text.describe("Whole new content") }),
					z.strictObject({ path, delete: z.literal(true) }),
				]),
			)
			.min(1)
			.max(200)
			.optional(),
		diff: z.string().min(1).max(4_000_000).optional().describe("Unified diff, instead of edits"),
		error_code: z.string().min(1).max(100).optional(),
	}),
	output: undefined,
	annotations: readsRepository,
	deadline: "own",
	async run({ title, rationale, edits, diff, error_code }, { services, signal }) {
		const patch = await services
			.patches()
			.propose({ title, rationale, edits, diff, errorCode: error_code }, signal);
		return { text: renderPatch(patch) };
	},
});
