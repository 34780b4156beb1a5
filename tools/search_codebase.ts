// Finds text, or the lines that raise an error code, in the local repository.

import { z } from "zod";
import {
	cursorArgument,
	defineTool,
	eventsOf,
	knownOfCode,
	listMark,
	readsProduction,
	readsRepository,
	renderFiles,
	renderLines,
	renderSearch,
	searchedCode,
} from "../src/answer/index.ts";
import { asksForFiles, fileType } from "../src/codebase/index.ts";
import { asksProduction } from "../src/config/index.ts";

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
	annotations: ({ config }) => (asksProduction(config) ? readsProduction() : readsRepository()),
	deadline: "own",
	// Code is the same for all; events and cases of a code are not.
	ofEnvironment: ({ error_code }) => error_code !== undefined,
	summary:
		"Where in the code: for an error code the lines that raise it, their condition, where the code then goes, who changed them last",
	example: { error_code: "LLM_RATE_LIMITED" },
	async run(args, { services, signal }) {
		const { error_code, case_sensitive, whole_function, lines, evidence, ...same } = args;
		const codebase = services.codebase();
		const request = {
			...same,
			errorCode: error_code,
			caseSensitive: case_sensitive,
			wholeFunction: whole_function,
		};
		if (lines !== undefined) {
			return { text: renderLines(await codebase.readLines({ ...request, lines }, signal)) };
		}
		if (asksForFiles(request)) return { text: renderFiles(await codebase.findFiles(request, signal)) };
		if (error_code === undefined) return { text: renderSearch(await codebase.search(request, signal)) };
		const ask = evidence === false ? undefined : eventsOf(services, error_code);
		const [found, known] = await Promise.all([
			codebase.search(request, signal, ask),
			knownOfCode(services, error_code, signal),
		]);
		return { text: renderSearch(found, known) };
	},
});

/** `context: "function"`, as earlier versions listed it. */
function wholeFunction(given: unknown): unknown {
	if (typeof given !== "object" || given === null || !("context" in given)) return given;
	const { context, ...others } = given;
	if (typeof context !== "string" || context.trim().toLowerCase() !== "function") return given;
	return { ...others, whole_function: true };
}
