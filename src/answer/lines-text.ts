// Renders lines of one file, with the newest commits among them.

import { type LinesRead, marksOf } from "../codebase/index.ts";
import {
	fitRows,
	joined,
	markedBlock,
	quoteUntrusted,
	type SafeText,
	safeText,
	secretsOnly,
} from "../text/index.ts";
import { shortLine } from "./code-line.ts";
import { commitWords, count, rangeWords } from "./commit-words.ts";

const maxMarks = 5;
/** Characters of a line. */
const maxLength = 400;

/** @param share of an answer's size, 0 to 1 */
export function renderLines(read: LinesRead, share = 1): SafeText {
	return fitRows(
		read.texts.length,
		(rows) => render(read, rows),
		(text) => [text],
		share,
	);
}

function render(read: LinesRead, rows: number): SafeText {
	const { path, from, texts, total, until, past } = read;
	const to = from + rows - 1;
	const sentences = [
		`${quoteUntrusted(path)}, lines ${from}-${to} of ${total}.`,
		...(past === undefined ? [] : [`It ends before ${past}.`]),
		...(to < until ? [`Cut for its length: lines "${to + 1}-${until}" shows the next.`] : []),
	];
	const code = texts
		.slice(0, rows)
		.map((text, index) => `${from + index}: ${shortLine(text, undefined, maxLength)}`);
	const block = markedBlock("repository", [...code, ...commitLines(read, to)].join("\n"));
	return joined([safeText(sentences.join(" "), secretsOnly), safeText(block, secretsOnly)], "\n");
}

/** The newest commits of the lines shown; the others by their number. */
function commitLines({ commits }: LinesRead, to: number): readonly string[] {
	if (commits === undefined) return [];
	const marks = marksOf([...commits].filter(([line]) => line <= to));
	if (marks.length === 0) return ["# last commits: not known (no git, no commit yet, or git took too long)"];
	const older = marks.slice(maxMarks);
	const [next] = older;
	return [
		"# last commits, newest first",
		...marks
			.slice(0, maxMarks)
			.map(({ commit, lines }) => `${commitWords(commit, new Set())}: ${rangeWords(lines)}`),
		...(next === undefined || next.commit === "uncommitted"
			? []
			: [
					`and ${count(older.length, "older commit", "older commits")}, the newest of ${next.commit.at}: a narrower range shows them`,
				]),
	];
}
