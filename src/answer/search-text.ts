// Renders a search's result as text, shortened in steps until it fits.

import type { FoundFile, FoundMatch, Role, SearchResult, ShownLine } from "../codebase/index.ts";
import {
	fitRows,
	fits,
	joined,
	markedBlock,
	quoteUntrusted,
	type SafeText,
	safeCursor,
	safeText,
	secretsOnly,
} from "../text/index.ts";
import { foreign, shortLine } from "./code-line.ts";
import { commitWords, count, rangeWords } from "./commit-words.ts";
import { absenceLines, trailLines } from "./search-trail.ts";

/** How much of each match is shown. */
interface Detail {
	/** Lines around a match, at most those requested. */
	readonly context: number;
	/** Characters of a line. */
	readonly length: number;
	readonly words: string;
}

/** Tried in turn until the answer fits: less context, then shorter lines. Counts per file are the last resort. */
const details: readonly Detail[] = [
	{ context: Number.POSITIVE_INFINITY, length: 300, words: "" },
	{ context: 1, length: 300, words: ", with less context" },
	{ context: 0, length: 300, words: ", without context" },
	{ context: 0, length: 160, words: ", without context, lines clipped" },
	{ context: 0, length: 80, words: ", without context, lines clipped" },
];

export function renderSearch(result: SearchResult): SafeText {
	if (result.matches === 0 && result.absence === undefined) return empty(result);
	for (const detail of details) {
		const text = render(
			result,
			(file, namedCommits) => renderFile(file, detail, result, namedCommits),
			detail.words,
		);
		if (fits(text)) return text;
	}
	return countsOnly(result);
}

/** The number of matches of each file; of as many files as fit. */
function countsOnly(result: SearchResult): SafeText {
	const files = [...new Map(result.files.map((file) => [file.path, file])).values()];
	return fitRows(
		files.length,
		(rows) =>
			render(
				{ ...result, files: files.slice(0, rows), isErrorCode: false },
				({ path, matches }) => `${foreign(path)}: ${matches}`,
				rows === files.length ? ", counts only" : `, counts only, of ${rows} of these files`,
			),
		(text) => [text],
	);
}

function empty(result: SearchResult): SafeText {
	const sentences = [
		`No match for ${quoteUntrusted(result.pattern)}.`,
		...hints(result),
		...notes(result),
		"Not searched: what git ignores, binary files, files over 4 MB, and files that may hold secrets (.env, keys).",
		"Try a part of it, mode regex, case_sensitive: false, or no path, glob and type.",
	];
	return safeText(sentences.join(" "), secretsOnly);
}

function render(
	result: SearchResult,
	file: (found: FoundFile, namedCommits: Set<string>) => string,
	how: string,
): SafeText {
	const { matches, fileCount, shown, files, nextCursor, trail, absence } = result;
	const counts = `${count(matches, "match", "matches")} in ${count(fileCount, "file", "files")}, showing ${shown}${how}.`;
	const cursor =
		nextCursor === undefined
			? []
			: [
					ours("More: cursor"),
					joined([safeCursor(nextCursor), ours(", or narrow by path, glob or type.")], ""),
				];
	const head = joined(
		[...[counts, ...notRaised(result), ...hints(result)].map(ours), ...cursor, ...notes(result).map(ours)],
		" ",
	);
	const body: string[] = [];
	const namedCommits = new Set<string>();
	let role: Role | undefined;
	let generated = false;
	for (const found of files) {
		const first = found.items[0]?.role;
		if (result.isErrorCode && found.kind === "generated" && !generated) {
			generated = true;
			body.push("# generated or vendored");
		} else if (result.isErrorCode && first !== role && !generated) {
			// Where the code goes is shown right after the raising lines.
			if (role === "raises" && trail !== undefined) body.push(...trailLines(trail));
			role = first;
			body.push(`# ${role}`);
		}
		body.push(file(found, namedCommits));
	}
	if (role === "raises" && trail !== undefined) body.push(...trailLines(trail));
	if (absence !== undefined) body.push(...absenceLines(absence));
	return joined([head, ours(markedBlock("repository", body.join("\n")))], "\n");
}

/** Code is shown with the addresses in it. */
function ours(words: string): SafeText {
	return safeText(words, secretsOnly);
}

/** Says that nothing raises a code only if everything was searched. */
function notRaised({ raising, matches, pattern }: SearchResult): string[] {
	const code = quoteUntrusted(pattern);
	switch (raising) {
		case undefined:
		case "found":
			return [];
		case "none":
			return [
				`Nothing in the code raises ${code}.`,
				...(matches > 0
					? []
					: ["No list of codes here names it either: check its spelling with skillomatic://error-codes."]),
			];
		case "none_in_scope":
			return [
				`Nothing in this scope raises ${code}; something elsewhere may: search without path, glob and type.`,
			];
		case "none_seen":
			return [`Nothing that was searched raises ${code}, and not everything was searched.`];
	}
}

function hints({ namedCommit, otherCase, names }: SearchResult): string[] {
	return [
		...(namedCommit === undefined
			? []
			: [
					`${namedCommit.hash} is a commit (${namedCommit.at} ${quoteUntrusted(namedCommit.subject, 72)}): show_commit shows it.`,
				]),
		...(otherCase === undefined
			? []
			: [
					`Case was told apart, since the query has capitals: ${count(otherCase.lines, "more line matches", "more lines match")} in other case, such as ${quoteUntrusted(`${otherCase.path}:${otherCase.line}`)} (case_sensitive: false).`,
				]),
		...(names === undefined
			? []
			: [
					`${count(names.total, "file's name fits", "files' names fit")}: ${names.paths.map((path) => quoteUntrusted(path)).join(", ")}${names.total > names.paths.length ? "; mode file lists them" : ""}. path with lines reads one.`,
				]),
	];
}

function notes({ cut, unreadable, unparsed, unshown }: SearchResult): string[] {
	return [
		...(cut === undefined ? [] : [cutWords[cut]]),
		...(unreadable ? ["Some files could not be read."] : []),
		...(unparsed === 0
			? []
			: [
					`${count(unparsed, "code file was", "code files were")} not parsed, so a raising line there counts as a mention: narrow it by path, glob or type.`,
				]),
		...(unshown === 0
			? []
			: [
					`${count(unshown, "match is", "matches are")} not shown: too large, binary, ignored by git, or gone.`,
				]),
	];
}

const cutWords = {
	matches: "It stopped at the match limit: there are more, so narrow it by path, glob or type.",
	time: "It stopped after 10 s, so there may be more: narrow it by path, glob or type.",
	bytes: "It stopped at lines too long to read, so there may be more: narrow it by path, glob or type.",
	killed: "ripgrep was killed, so there may be more: try again, or narrow it by path, glob or type.",
} as const;

/** @param namedCommits commits whose subject was shown before */
function renderFile(
	file: FoundFile,
	{ context, length }: Detail,
	{ isErrorCode: byRole, isLean }: SearchResult,
	namedCommits: Set<string>,
): string {
	const { items, path } = file;
	if (isLean && isAside(file)) return `${foreign(path)}:${items.map(({ line }) => line).join(",")}`;
	const lines = nearMatches(file.lines, context);
	const [only, second] = lines;
	if (isLean && only !== undefined && items.every(({ role }) => role === "test")) {
		// One line of a test is enough.
		return `${foreign(path)}:${items.map(({ line }) => line).join(",")}: ${shortLine(only.text, only.column, length).trimStart()}`;
	}
	const remarks = (line: ShownLine, above: string | undefined): string => {
		const item = items.find((match) => match.line === line.line);
		return item === undefined ? "" : remark(item, lines, byRole, above, namedCommits);
	};
	const others = byRole ? "" : othersWords(file.others);
	const kind = file.kind === "code" || byRole ? "" : ` (${file.kind})`;
	if (only !== undefined && second === undefined && others === "") {
		const about = remarks(only, undefined);
		return [
			`${foreign(path)}:${codeLine(only, length)}`,
			...(about === "" ? [] : [`  ^ ${about}`]),
			...markLines(file, namedCommits),
		].join("\n");
	}
	const rows = [`${foreign(path)}${kind}${others}`];
	let last: number | undefined;
	let enclosing: string | undefined;
	for (const line of lines) {
		if (last !== undefined && line.line > last + 1 && context > 0) rows.push("…");
		last = line.line;
		rows.push(codeLine(line, length));
		const about = remarks(line, enclosing);
		if (about !== "") rows.push(`  ^ ${about}`);
		enclosing = items.find((match) => match.line === line.line)?.enclosing ?? enclosing;
	}
	return [...rows, ...markLines(file, namedCommits), ...leftLines(file, context)].join("\n");
}

/** The places of a file's further matches. */
function othersWords(lines: readonly number[]): string {
	if (lines.length === 0) return "";
	const shown = lines.slice(0, maxOthers).join(", ");
	return ` (+${lines.length} more at ${shown}${lines.length > maxOthers ? " …: path shows them" : ""})`;
}

const maxOthers = 12;

/** The commits that are newer than those of the matches, once each. */
function markLines({ marks }: FoundFile, namedCommits: Set<string>): readonly string[] {
	const rows = marks
		.slice(0, maxMarks)
		.map(({ commit, lines }) => `  newest: ${commitWords(commit, namedCommits)} at ${rangeWords(lines)}`);
	const left = marks.slice(maxMarks);
	if (left.length === 0) return rows;
	return [
		...rows,
		`  and ${count(left.length, "commit", "commits")} at ${rangeWords(left.flatMap(({ lines }) => lines))}`,
	];
}

const maxMarks = 3;

/** How to get the rest of a function that is too long to be shown whole. */
function leftLines({ left }: FoundFile, context: number): readonly string[] {
	if (context < Number.POSITIVE_INFINITY) return [];
	return left.map(
		({ name, from, to }) =>
			`  cut: ${count(to - from + 1, "line", "lines")} of ${foreign(name)}; path and lines "${from}-${to}" show them`,
	);
}

/** Matches of which only the path and line are shown: they rarely lead to the cause. */
function isAside({ kind, items }: FoundFile): boolean {
	return kind === "generated" || kind === "docs" || items.every(({ role }) => role === "mention");
}

function codeLine({ line, text, column }: ShownLine, length: number): string {
	return `${line}${column === undefined ? "-" : ":"} ${shortLine(text, column, length)}`;
}

/** Lines within `context` of a match, without empty lines and lone brackets at the edges. */
function nearMatches(lines: readonly ShownLine[], context: number): readonly ShownLine[] {
	const matching = lines.filter(({ column }) => column !== undefined).map(({ line }) => line);
	const near = lines.filter(({ line }) => matching.some((match) => Math.abs(match - line) <= context));
	return near.filter(
		(line, index) =>
			line.column !== undefined ||
			!/^[\s)\]};,]*$/.test(line.text.slice(0, 40)) ||
			(near[index - 1]?.line === line.line - 1 && near[index + 1]?.line === line.line + 1),
	);
}

/** What is known of a match beside its line, without what the shown lines say already. */
function remark(
	item: FoundMatch,
	lines: readonly ShownLine[],
	byRole: boolean,
	above: string | undefined,
	namedCommits: Set<string>,
): string {
	const around = lines.map(({ text }) => text.trim().replace(/\s+/g, " ")).join(" ");
	const guards = item.guards.filter((guard) => !around.includes(guard));
	const isKnown = item.enclosing === undefined || item.enclosing === above || item.role === "test";
	return [
		...(byRole || item.role === "mention" ? [] : [item.role]),
		...(item.via === undefined ? [] : [`as ${foreign(item.via)}`]),
		...(isKnown ? [] : [`in ${foreign(item.enclosing ?? "")}`]),
		...(guards.length === 0 ? [] : [`when ${foreign(guards.join(", in "))}`]),
		...(item.commit === undefined ? [] : [commitWords(item.commit, namedCommits)]),
	].join("; ");
}
