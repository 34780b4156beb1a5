// Finds text, or the lines that raise an error code, in the local repository.

import { z } from "zod";
import {
	cursorArgument,
	defineTool,
	eventsOf,
	knownOfCode,
	listMark,
	type OneSearch,
	readsProduction,
	readsRepository,
	renderFiles,
	renderLines,
	renderSearch,
	searchedCode,
	searchRepositories,
	searchScope,
} from "../src/answer/index.ts";
import { asksForFiles, fileType } from "../src/codebase/index.ts";
import { asksProduction } from "../src/config/index.ts";
import type { Services } from "../src/services.ts";

const maxGlobs = 20;

export const searchCodebase = defineTool({
	name: "search_codebase",
	title: "Search the code",
	description:
		"Where in the code. With error_code: the lines that raise it, under which condition, where the code then goes, then what handles and defines it, tests, docs; when nothing raises it, how it may still arise. With query: any text (ripgrep; ignored files are left out), definitions first. With lines: reads a file. Each has its enclosing function and the last commits of its lines.",
	input: z.strictObject({
		query: z
			.string()
			.min(1)
			.max(1000)
			.optional()
			.describe("Text to find; exactly one of query, error_code and lines"),
		error_code: searchedCode.optional(),
		mode: z
			.enum(["literal", "regex", "word", "file"])
			.optional()
			.describe("Default literal; file: a part of a file's name, or a glob"),
		path: z.string().min(1).max(1000).optional().describe("File or folder inside the repository"),
		glob: z
			.string()
			.min(1)
			.max(200)
			.meta({ [listMark]: maxGlobs })
			.optional()
			.describe("Such as src/**/*.ts; several with commas"),
		type: z
			.string()
			.min(1)
			.max(20)
			.transform(fileType)
			.refine((type) => /^[a-z0-9]+$/.test(type), "takes a ripgrep file type such as ts, py, go")
			.optional()
			.describe("ripgrep's, such as ts, py, go"),
		case_sensitive: z.boolean().optional().describe("Default: smart case"),
		lines: z.string().max(40).optional().describe("12-80 or all, of the file that path names"),
		context: z.int().min(0).max(10).optional().describe("Lines around a match. Default 2"),
		whole_function: z.boolean().optional().describe("Show the function or class around a match"),
		limit: z.int().min(1).max(200).optional().describe("Matches. Default 30"),
		cursor: cursorArgument.describe("From the page before"),
		history: z.boolean().optional().describe("Who changed the best matches last. Default true"),
		evidence: z
			.boolean()
			.optional()
			.describe("Rank the lines that raise error_code by its events of 7 days. Default true"),
	}),
	olderForms: wholeFunction,
	output: undefined,
	repository: "each",
	annotations: ({ config }) => (asksProduction(config) ? readsProduction() : readsRepository()),
	deadline: "own",
	// Code is the same for all; events and cases of a code are not.
	ofEnvironment: ({ error_code }) => error_code !== undefined,
	summary:
		"Where in the code: for an error code the lines that raise it, their condition, where the code then goes, who changed them last",
	example: { error_code: "LLM_RATE_LIMITED" },
	async run(args, { services, signal }) {
		const text = await searchRepositories(services, args.path, async (own, repo, path) => {
			const asked = { path, cursor: args.cursor };
			return searchScope(own, asked, (scope) =>
				searchOne({ ...args, path: path ?? scope }, own, repo, signal),
			);
		});
		return { text };
	},
});

type Asked = z.output<typeof searchCodebase.input>;

/** @param repo its cursors are led by it */
async function searchOne(
	args: Asked,
	services: Services,
	repo: string | undefined,
	signal: AbortSignal,
): Promise<OneSearch> {
	const { error_code, case_sensitive, whole_function, lines, evidence, ...same } = args;
	const codebase = services.codebase();
	const request = {
		...same,
		errorCode: error_code,
		caseSensitive: case_sensitive,
		wholeFunction: whole_function,
	};
	const led = <Found extends { readonly nextCursor: string | undefined }>(found: Found): Found =>
		repo === undefined || found.nextCursor === undefined
			? found
			: { ...found, nextCursor: `${repo}:${found.nextCursor}` };
	if (lines !== undefined) {
		const read = await codebase.readLines({ ...request, lines }, signal);
		return { isEmpty: false, render: (share) => renderLines(read, share) };
	}
	if (asksForFiles(request)) {
		const found = led(await codebase.findFiles(request, signal));
		return { isEmpty: found.files.length === 0, render: (share) => renderFiles(found, share) };
	}
	if (error_code === undefined) {
		const found = led(await codebase.search(request, signal));
		return { isEmpty: found.matches === 0, render: (share) => renderSearch(found, [], share) };
	}
	const ask = evidence === false ? undefined : eventsOf(services, error_code);
	const [result, known] = await Promise.all([
		codebase.search(request, signal, ask),
		knownOfCode(services, error_code, signal),
	]);
	const found = led(result);
	const isEmpty = found.matches === 0 || found.raising === "none_in_scope";
	return { isEmpty, render: (share) => renderSearch(found, known, share) };
}

/** `context: "function"`, as earlier versions listed it. */
function wholeFunction(given: unknown): unknown {
	if (typeof given !== "object" || given === null || !("context" in given)) return given;
	const { context, ...others } = given;
	if (typeof context !== "string" || context.trim().toLowerCase() !== "function") return given;
	return { ...others, whole_function: true };
}
