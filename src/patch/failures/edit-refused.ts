// An edit or hunk does not match its file: what the file has instead, and what to copy.

import {
	type Explanation,
	Failure,
	maskSecrets,
	quoteUntrusted,
	visible,
	visibleLine,
} from "../../text/index.ts";
import type { MatchProblem, Nearest } from "./match-problem.ts";

/** One edit or hunk does not match, so no patch is made. */
export class EditRefused extends Failure {
	readonly kind = "edit_refused";

	/** @param what the edit, such as `edits[2]` or `hunk 1` */
	constructor(
		readonly path: string,
		readonly what: string,
		readonly problem: MatchProblem,
	) {
		super();
	}

	explain(): Explanation {
		const { problem, next } = explainMatch(this.problem, this.what.startsWith("hunk"));
		return {
			problem: `${this.what} of ${quoteUntrusted(this.path)}: ${problem}`,
			next: `${next} No patch was made.`,
		};
	}
}

function explainMatch(problem: MatchProblem, inDiff: boolean): Explanation {
	switch (problem.kind) {
		case "none":
			if (problem.nearest !== undefined) return explainNearest(problem.nearest, inDiff);
			return {
				problem: "its lines are not in the file, nor any similar ones.",
				next: "Read the file with search_codebase, and copy the lines from there.",
			};
		case "part_of_line":
			return {
				problem: `it is only a part of line ${problem.line}${problem.total > 1 ? ` (and of others: ${problem.total} places)` : ""}${inDiff ? ", and a hunk has whole lines" : ", where it ends in the middle of a word or the change was made already"}. The whole line is ${quote(problem.inFile)}.`,
				next: "Give the whole line, old and new.",
			};
		case "several":
			return explainSeveral(problem, inDiff);
		case "already_applied":
			return {
				problem: `its lines are not in the file, but its result is at line ${problem.line}: the change was made already.`,
				next: "Leave this part out.",
			};
		case "overlap":
			return {
				problem: `it would change lines${problem.line === undefined ? "" : ` (line ${problem.line})`} that ${problem.other} changes too.`,
				next: "Combine the two into one edit of the lines as the file has them now.",
			};
		case "content_differs":
			return {
				problem: `line ${problem.line} of the file differs from what it says.`,
				next: "Copy the lines from the file.",
			};
		case "empty_old_text":
			return {
				problem: "it has no lines of the file, so its place is unknown.",
				next: "Give adjacent lines too, or the whole content.",
			};
		case "no_such_file":
			return { problem: "there is no such file.", next: "Check the path, or give content to create it." };
		case "not_checked_out":
			return {
				problem: problem.sparse
					? "git tracks the file, and the work tree does not have it (a sparse checkout)."
					: "git tracks the file, and it was deleted from the work tree.",
				next: problem.sparse
					? "Ask the user to check it out (git sparse-checkout add, with its folder)."
					: "Ask the user whether to bring it back (git restore).",
			};
		case "file_exists":
			return {
				problem: "the file exists already.",
				next: "Change it with old_text and new_text, or give its whole content.",
			};
	}
}

function explainSeveral(
	{ total, lines, apart }: Extract<MatchProblem, { kind: "several" }>,
	inDiff: boolean,
): Explanation {
	const where = `its lines occur at ${total} places (line ${lines.join(", ")}${total > lines.length ? ", …" : ""}).`;
	const next = `Add lines until only one place matches, or ${inDiff ? "give the exact start line after @@ -" : "name the nearest with line"}.`;
	if (apart === undefined) return { problem: where, next };
	const shown = lines.slice(0, 4).map((line, index) => {
		const text = apart.texts[index];
		return `line ${line}: ${text === undefined ? "nothing" : quote(text, 80)}`;
	});
	const distance = apart.distance === 1 ? "the line" : `the line ${apart.distance} lines`;
	return { problem: `${where} They differ in ${distance} ${apart.side} them (${shown.join("; ")}).`, next };
}

function explainNearest(nearest: Nearest, inDiff: boolean): Explanation {
	const { line, differsAt, inFile, inEdit, how, same, of } = nearest;
	const where = `its lines are not in the file. Nearest is line ${line}, where ${same} of ${of} lines match`;
	const signs = differingSigns(inFile, inEdit);
	return {
		problem: `${where}; line ${differsAt} differs ${inWhat(how)}: the file has ${quote(inFile)}, the edit ${quote(inEdit)}${signs}.`,
		next: readyToSend(nearest, inDiff) ?? "Copy the lines as the file has them.",
	};
}

/** The longest text that is given to be sent again, in characters. */
const maxReady = 900;

/** The edit's lines as the file has them, where they are likely the ones that were meant. */
function readyToSend({ block, how, same }: Nearest, inDiff: boolean): string | undefined {
	if (block === undefined || inDiff || (how === "text" && same === 0)) return undefined;
	const text = block.join("\n");
	const shown = JSON.stringify(text);
	if (shown.length > maxReady || maskSecrets(text) !== text || visible(text) !== text) return undefined;
	return `This old_text matches: ${shown}.`;
}

const signNames: Readonly<Record<string, string>> = {
	"\t": "a tab",
	" ": "a blank",
	"\u00a0": "a no-break space",
	"\u200b": "a zero-width space",
	"\u200d": "a zero-width joiner",
	"\ufeff": "a byte-order mark",
	"\u2018": "a curly quote",
	"\u2019": "a curly quote",
	"\u201c": "a curly quote",
	"\u201d": "a curly quote",
	"\u2013": "a dash",
	"\u2014": "a dash",
	"\u2026": "an ellipsis",
};

/** Names the first characters that differ where they are easily taken for each other, or not seen at all. */
function differingSigns(inFile: string, inEdit: string): string {
	const [own, other] = [[...inFile], [...inEdit]];
	const at = own.findIndex((sign, index) => sign !== other[index]);
	const place = at < 0 ? own.length : at;
	const [here, there] = [own[place], other[place]];
	if (here === undefined && there === undefined) return "";
	const isPlain = (sign: string | undefined) => sign === undefined || /[\p{L}\p{N}]/u.test(sign);
	if (isPlain(here) && isPlain(there)) return "";
	return `; character ${place + 1} is ${signWords(here)} in the file, ${signWords(there)} in the edit`;
}

function signWords(sign: string | undefined): string {
	if (sign === undefined) return "missing";
	const name = signNames[sign];
	const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
	if (name !== undefined) return `${name} (${code})`;
	return visible(sign) === sign ? `${sign} (${code})` : code;
}

function inWhat(how: Nearest["how"]): string {
	switch (how) {
		case "whitespace":
			return "only in whitespace";
		case "letter_case":
			return "only in upper and lower case";
		case "word":
			return "in one word";
		case "text":
			return "in its text";
	}
}

/**
 * A line with its own characters, in marks that it cannot close. Masked before it is cut, so that no part of a secret is
 * left.
 */
function quote(line: string, maxLength = 200): string {
	const masked = visibleLine(maskSecrets(line));
	const shown = masked.length > maxLength ? `${masked.slice(0, maxLength).toWellFormed()}…` : masked;
	if (!shown.includes('"')) return `"${shown}"`;
	const longest = (shown.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
	const mark = "`".repeat(longest + 1);
	return longest === 0 ? `\`${shown}\`` : `${mark} ${shown} ${mark}`;
}
