// An edit or hunk does not match its file: what the file has instead, and what to copy.

import { type Explanation, Failure, maskSecrets, quoteUntrusted } from "../../text/index.ts";
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
			if (problem.nearest !== undefined) return explainNearest(problem.nearest);
			return {
				problem: "its lines are not in the file, nor any similar ones.",
				next: "Read the file with search_codebase, and copy the lines from there.",
			};
		case "part_of_line":
			return {
				problem: `it is only a part of line ${problem.line}${problem.total > 1 ? ` (and of others: ${problem.total} places)` : ""}, and edits replace whole lines. The whole line is ${quote(problem.inFile)}.`,
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

function explainNearest({ line, differsAt, inFile, inEdit, how, same, of }: Nearest): Explanation {
	const where = `its lines are not in the file. Nearest is line ${line}, where ${same} of ${of} lines match`;
	return {
		problem: `${where}; line ${differsAt} differs ${inWhat(how)}: the file has ${quote(inFile)}, the edit ${quote(inEdit)}.`,
		next: "Copy the lines as the file has them.",
	};
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

/** Masked before it is cut, so that no part of a secret is left. */
function quote(line: string, maxLength = 200): string {
	return quoteUntrusted(maskSecrets(line), maxLength);
}
