// Runs ripgrep, without a shell or configuration.

import {
	type ProcessResult,
	type RepositoryRoot,
	refuseForeignExit,
	runProcess,
	workingRipgrep,
} from "../../system/index.ts";
import { type Explanation, Failure, InvalidArgument, visibleLine } from "../../text/index.ts";
import { createEventReader, type Hit, type Matches } from "./ripgrep-events.ts";

export type SearchMode = "literal" | "regex" | "word";

/** The pattern is not a regular expression that ripgrep accepts. */
export class PatternInvalid extends Failure {
	readonly kind = "pattern_invalid";

	/**
	 * @param reason the engine's message
	 * @param column where in the pattern, from 1; undefined if the engine does not say
	 */
	constructor(
		readonly reason: string,
		readonly column: number | undefined,
	) {
		super();
	}

	explain(): Explanation {
		const at = this.column === undefined ? "" : `, at character ${this.column}`;
		return {
			problem: `query: it is not a regular expression that ripgrep accepts: ${visibleLine(this.reason)}${at}.`,
			next: "Correct it, or use mode literal.",
		};
	}
}

/** Why a search ended early. */
export type SearchCut = "matches" | "time" | "bytes" | "killed";

export interface RipgrepRequest {
	readonly root: RepositoryRoot;
	/** Lines that match any of them. */
	readonly patterns: readonly string[];
	readonly mode: SearchMode;
	/** undefined: smart case. */
	readonly caseSensitive: boolean | undefined;
	readonly type: string | undefined;
	/** Below the root, resolved and checked; `""` or undefined for all of it. */
	readonly path: string | undefined;
	/** Files that are searched beside those that are walked: tracked, though ignored. */
	readonly also?: readonly string[];
	/** Which files count; others are skipped. Called once per file. */
	readonly accepts: (path: string) => boolean;
	readonly onHit: (hit: Hit) => void;
	/** Default: one of a line. */
	readonly matches?: Matches;
	/** The search stops after this number of them. */
	readonly maxMatches: number;
	/** Default 10 s. */
	readonly timeoutMs?: number;
	readonly signal: AbortSignal;
}

export interface RipgrepResult {
	readonly matches: number;
	/** undefined if the search was complete. */
	readonly cut: SearchCut | undefined;
	/** Some folders, files or lines could not be read. */
	readonly unreadable: boolean;
}

const defaultTimeoutMs = 10_000;
/** Upper bound of ripgrep's output, which is streamed and not kept. */
const maxBytes = 512 * 1024 * 1024;

/** Which files are walked, whatever is done with them. */
export const walking = [
	"--no-config",
	"--no-follow",
	"--hidden",
	// `.ignore` and `.rgignore` could bring back what .gitignore hides.
	"--no-ignore-dot",
	"--no-require-git",
	"--glob=!.git",
] as const;

/**
 * Patterns always follow `-e`, so that none is read as an option. Lines are read as they arrive.
 *
 * @throws {PatternInvalid}
 * @throws {InvalidArgument} for a type that ripgrep does not know
 */
export async function ripgrep(request: RipgrepRequest): Promise<RipgrepResult> {
	const { root, accepts, onHit, maxMatches, timeoutMs = defaultTimeoutMs, signal } = request;
	let matches = 0;
	const take = (hit: Hit) => {
		onHit(hit);
		matches += 1;
		return matches < maxMatches;
	};
	const reader = createEventReader(accepts, take, request.matches);
	const result = await runProcess({
		program: (await workingRipgrep()).program,
		args: argumentsOf(request),
		cwd: root,
		signal,
		timeoutMs,
		maxOutputBytes: maxBytes,
		onStdout: reader.read,
	});
	refuseForeignExit(result);
	if (result.exitCode === 2) judgeRefusal(result.stderr, request.type);
	return {
		matches,
		cut: cutOf(result),
		unreadable: result.exitCode === 2 || reader.passedOver(),
	};
}

function cutOf({ end, exitCode }: ProcessResult): SearchCut | undefined {
	switch (end) {
		case "exited":
			// Without a code a signal ended it, for example for lack of memory.
			return exitCode === null ? "killed" : undefined;
		case "stopped":
			return "matches";
		case "timed_out":
			return "time";
		case "output_limit":
			return "bytes";
	}
}

/** Exit code 2 means an invalid request or an unreadable folder: only the message distinguishes them. */
export function judgeRefusal(stderr: string, type: string | undefined): void {
	const message = stderr.slice(0, 2000).trim();
	if (message.includes("unrecognized file type")) {
		throw new InvalidArgument(
			"type",
			`ripgrep has no file type ${type}.`,
			"Give one of its names, such as ts, js, py, go, md, or a glob instead.",
		);
	}
	if (
		/regex parse error|not allowed in a regex|exceeds size limit|regex could not be compiled/.test(message)
	) {
		throw readComplaint(message);
	}
}

/**
 * ripgrep prints the pattern inside a group, indented by four, a line with carets under the place, and the reason after
 * `error: `; or one line of text, followed by advice that does not apply here.
 */
function readComplaint(message: string): PatternInvalid {
	const [first = "", ...lines] = message.replace(/^rg: /, "").split("\n");
	const reason = lines.find((line) => line.startsWith("error: "))?.slice("error: ".length) ?? first;
	const shown = lines.findIndex((line) => line.startsWith("    (?:"));
	const caret = shown < 0 ? -1 : (lines[shown + 1] ?? "").indexOf("^") - "    (?:".length;
	// The unclosed group is ripgrep's own, since the pattern's unclosed group took the closing bracket.
	const column = shown >= 0 && caret < 0 ? unclosedGroup((lines[shown] ?? "").slice(7, -1)) : caret;
	return new PatternInvalid(reason.replace(/\.$/, "").slice(0, 400), column < 0 ? undefined : column + 1);
}

/** Where the last unclosed group begins; -1 if all are closed. */
function unclosedGroup(pattern: string): number {
	const open: number[] = [];
	let inClass = false;
	for (let index = 0; index < pattern.length; index += 1) {
		const char = pattern.charAt(index);
		if (char === "\\") index += 1;
		else if (inClass) inClass = char !== "]";
		else if (char === "[") inClass = true;
		else if (char === "(") open.push(index);
		else if (char === ")") open.pop();
	}
	return open.at(-1) ?? -1;
}

/** Without `--max-filesize`, which checks every file's size and takes a seventh of the time. */
function argumentsOf({ patterns, mode, caseSensitive, type, path, also = [] }: RipgrepRequest): string[] {
	return [
		"--json",
		...walking,
		// A mapped file that is truncated meanwhile would end ripgrep with a signal.
		"--no-mmap",
		caseSensitive === undefined ? "--smart-case" : caseSensitive ? "--case-sensitive" : "--ignore-case",
		...(mode === "regex" ? [] : ["--fixed-strings"]),
		...(mode === "word" ? ["--word-regexp"] : []),
		...(type === undefined ? [] : [`--type=${type}`]),
		...patterns.flatMap((pattern) => ["-e", pattern]),
		"--",
		path === undefined || path === "" ? "." : `./${path}`,
		...also.map((file) => `./${file}`),
	];
}
