import { Failure } from "../failure.ts";
import { runProcess } from "../system/process.ts";
import { findRipgrep, type ProgramPath } from "../system/programs.ts";
import type { RepositoryRoot } from "../system/repository.ts";

export type SearchMode = "literal" | "regex" | "word";

/** The pattern is no regular expression that ripgrep takes. */
export class PatternInvalid extends Failure {
	readonly kind = "pattern_invalid";
	/** @param reason the engine's own words, with the place marked */
	constructor(readonly reason: string) {
		super(reason);
	}
}

/** A line that ripgrep printed: a match, or a line around one. */
export interface RawLine {
	readonly path: string;
	readonly line: number;
	readonly text: string;
	readonly isMatch: boolean;
	/** The first match's column, counted from 0 in characters; 0 for a context line. */
	readonly column: number;
	/** The text that matched first. */
	readonly matched: string;
}

export interface RipgrepRequest {
	readonly root: RepositoryRoot;
	readonly pattern: string;
	readonly mode: SearchMode;
	readonly caseSensitive: boolean | undefined;
	readonly type: string | undefined;
	/** Below the root, resolved and checked; undefined for all of it. */
	readonly path: string | undefined;
	readonly context: number;
	/** Which files count; the others' lines are passed over. */
	readonly accepts: (path: string) => boolean;
	/** Lines with matches after which the search stops. */
	readonly maxMatches: number;
	readonly signal: AbortSignal;
}

export interface RipgrepResult {
	readonly lines: readonly RawLine[];
	readonly matches: number;
	/** Why the search ended early; undefined when it saw everything. */
	readonly cut: "matches" | "time" | "bytes" | undefined;
	/** Some folders or files could not be read. */
	readonly unreadable: boolean;
}

const timeoutMs = 10_000;
const maxBytes = 64 * 1024 * 1024;
const maxFileSize = "4M";

let program: Promise<ProgramPath> | undefined;

/**
 * Searches with ripgrep: no shell, no configuration, the pattern always behind `-e`, so that none is an option.
 * Lines stream in and are parsed as they come.
 *
 * @throws {PatternInvalid}
 */
export async function ripgrep(request: RipgrepRequest): Promise<RipgrepResult> {
	const { root, accepts, maxMatches, signal } = request;
	program ??= findRipgrep();
	const lines: RawLine[] = [];
	let matches = 0;
	let stopped = false;
	let rest = Buffer.alloc(0);
	const take = (event: Buffer) => {
		const line = readEvent(event);
		if (line === undefined || !accepts(line.path)) return;
		lines.push(line);
		if (line.isMatch) matches += 1;
	};
	const result = await runProcess({
		program: await program,
		args: argumentsOf(request),
		cwd: root,
		signal,
		timeoutMs,
		maxOutputBytes: maxBytes,
		onStdout: (chunk) => {
			let from = 0;
			for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
				const part = chunk.subarray(from, end);
				take(rest.length === 0 ? part : Buffer.concat([rest, part]));
				rest = Buffer.alloc(0);
				from = end + 1;
				if (matches >= maxMatches) {
					stopped = true;
					return "stop";
				}
			}
			rest = Buffer.concat([rest, chunk.subarray(from)]);
			return "continue";
		},
	});
	if (
		result.end === "exited" &&
		result.exitCode === 2 &&
		matches === 0 &&
		/regex parse error|regex|pattern/i.test(result.stderr)
	) {
		throw new PatternInvalid(result.stderr.trim().slice(0, 600));
	}
	return {
		lines,
		matches,
		cut: stopped
			? "matches"
			: result.end === "timed_out"
				? "time"
				: result.end === "output_limit"
					? "bytes"
					: undefined,
		unreadable: result.exitCode === 2,
	};
}

function argumentsOf({ pattern, mode, caseSensitive, type, path, context }: RipgrepRequest): string[] {
	return [
		"--json",
		"--no-config",
		"--no-follow",
		"--hidden",
		"--no-require-git",
		"--glob=!.git",
		`--max-filesize=${maxFileSize}`,
		caseSensitive === undefined ? "--smart-case" : caseSensitive ? "--case-sensitive" : "--ignore-case",
		...(mode === "regex" ? [] : ["--fixed-strings"]),
		...(mode === "word" ? ["--word-regexp"] : []),
		...(type === undefined ? [] : [`--type=${type}`]),
		...(context === 0 ? [] : [`--context=${context}`]),
		"-e",
		pattern,
		"--",
		path === undefined || path === "" ? "." : `./${path}`,
	];
}

interface RipgrepEvent {
	readonly type: string;
	readonly data?: {
		readonly path?: { readonly text?: string };
		readonly lines?: { readonly text?: string; readonly bytes?: string };
		readonly line_number?: number | null;
		readonly submatches?: readonly { readonly start: number; readonly match: { readonly text?: string } }[];
	};
}

/** Paths that are no UTF-8 come as bytes: no agent could name them, so they are passed over. */
function readEvent(event: Buffer): RawLine | undefined {
	const { type, data } = JSON.parse(event.toString("utf8")) as RipgrepEvent;
	if ((type !== "match" && type !== "context") || data?.path?.text === undefined) return undefined;
	const text = data.lines?.text ?? Buffer.from(data.lines?.bytes ?? "", "base64").toString("latin1");
	const first = data.submatches?.[0];
	const before =
		first === undefined ? 0 : Buffer.from(text, "utf8").subarray(0, first.start).toString("utf8").length;
	return {
		path: data.path.text.replace(/^\.\//, "").replaceAll("\\", "/"),
		line: data.line_number ?? 0,
		text: text.replace(/\r?\n$/, ""),
		isMatch: type === "match",
		column: before,
		matched: first?.match.text ?? "",
	};
}
