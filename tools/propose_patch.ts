// Turns a fix into a patch that is checked against the repository as it is now.

import { z } from "zod";
import { codeArgument, defineTool, readsRepository, renderPatch } from "../src/answer/index.ts";
import { rememberPatch } from "../src/cases/index.ts";
import type { Edit } from "../src/patch/index.ts";

const path = z.string().min(1).max(1000);
const text = z.string().max(2_100_000);

export const proposePatch = defineTool({
	name: "propose_patch",
	title: "Propose a patch",
	description:
		"Turns a fix into a unified diff that is proven to apply to the local repository as it is now, free of new syntax errors. Changes no file there: the user applies it. Give edits (whole lines, copied from the file; an ambiguous match is refused) or a diff, or a commit to revert.",
	input: z.strictObject({
		title: z.string().min(1).max(200),
		rationale: z.string().min(1).max(4000).describe("Why this fixes it"),
		edits: z
			.array(
				z
					.strictObject({
						path,
						old_text: text.optional().describe("Whole lines as the file has them"),
						new_text: text.optional().describe("Empty deletes the lines"),
						line: z.int().min(1).optional().describe("Picks the nearest of several matches"),
						content: text.optional().describe("Instead: whole file, new or rewritten"),
						delete: z.boolean().optional().describe("Instead: true"),
					})
					.transform(oneEdit),
			)
			.min(1)
			.max(200)
			.optional()
			.describe("In order; exactly one of edits, diff and revert"),
		diff: z.string().min(1).max(4_000_000).optional().describe("Unified, or *** Begin Patch"),
		revert: z
			.string()
			.min(1)
			.max(220)
			.optional()
			.describe("A commit (hash or tag) to undo on the tree as it is now"),
		test: z
			.array(path)
			.min(1)
			.max(20)
			.optional()
			.describe("Test files, in the patch or there: run without the fix and with it"),
		error_code: codeArgument.optional().describe("The error that it fixes"),
		check: z.boolean().optional().describe("Run the user's own check, where one is set. Default true"),
	}),
	output: undefined,
	// A check or a test runs code that the agent wrote: the host should ask the user first.
	repository: "one",
	annotations: (services) =>
		services.config.check === undefined && services.config.test === undefined
			? readsRepository()
			: { ...readsRepository(), readOnlyHint: false, destructiveHint: true },
	deadline: "own",
	summary:
		"A unified diff, or a commit undone, that is proven to apply to the tree as it is now, without new syntax errors; it passes your own check, and a test proves it by failing without it",
	example: {
		title: "Note what was found",
		rationale: "A new file, so that the call depends on nothing that is there.",
		edits: [{ path: "docs/found.md", content: "# Found\n" }],
	},
	async run({ error_code, ...request }, { services, signal, progress }) {
		const patch = await services
			.patches()
			.propose({ ...request, errorCode: error_code, check: request.check ?? true }, signal, progress);
		if (error_code === undefined) return { text: renderPatch(patch) };
		const at = Math.floor(services.clock.now() / 1000);
		const note = await rememberPatch(services, { code: error_code, patch: patch.id, at }, signal);
		return { text: renderPatch(note === undefined ? patch : { ...patch, notes: [...patch.notes, note] }) };
	},
});

interface LooseEdit {
	readonly path: string;
	readonly old_text?: string | undefined;
	readonly new_text?: string | undefined;
	readonly line?: number | undefined;
	readonly content?: string | undefined;
	readonly delete?: boolean | undefined;
}

/** One kind of edit: hosts that fill every field leave those of the other kinds empty. */
function oneEdit(given: LooseEdit, context: z.RefinementCtx): Edit {
	const { path, old_text = "", new_text, content, line } = given;
	const isText = given.old_text !== undefined && new_text !== undefined;
	const isEmptyText = old_text === "" && (new_text ?? "") === "";
	if (given.delete === true && isEmptyText && (content ?? "") === "") return { path, delete: true };
	if (given.delete !== true && content !== undefined && isEmptyText) return { path, content };
	if (given.delete !== true && isText && (content ?? "") === "") return { path, old_text, new_text, line };
	context.addIssue({
		code: "custom",
		message: "takes {path, old_text, new_text, line?}, or {path, content}, or {path, delete: true}",
		input: given,
	});
	return z.NEVER;
}
