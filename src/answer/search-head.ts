// What a search's answer says before the matches: nothing raises it, other case, names that fit, what was cut.

import type { SearchResult } from "../codebase/index.ts";
import { isoInstant, quoteUntrusted } from "../text/index.ts";
import { count } from "./commit-words.ts";

/** Says that nothing raises a code only if everything was searched. */
export function notRaised({ raising, matches, pattern, absence, notCheckedOut }: SearchResult): string[] {
	const code = quoteUntrusted(pattern);
	if (raising === "none" && notCheckedOut !== undefined) {
		return [`Nothing in the checked-out code raises ${code}; this checkout is sparse.`];
	}
	switch (raising) {
		case undefined:
		case "found":
			return [];
		case "none":
			return [
				absence !== undefined && absence.built.lines.length > 0
					? `Nothing in the code raises ${code} in one piece: it may be put together from parts, as below.`
					: `Nothing in the code raises ${code}.`,
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

export function hints({ namedCommit, otherCase, names, evidence }: SearchResult): string[] {
	return [
		...(evidence === undefined ? [] : [evidenceWords(evidence)]),
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

function evidenceWords({ events, fits, leading }: NonNullable<SearchResult["evidence"]>): string {
	if ("none" in events) return `Raising lines are not ranked by events: ${events.none}`;
	const { total, from, to } = events;
	const window = `from ${isoInstant(from)} to ${isoInstant(to)}`;
	if (total === 0) return `Production has no event of it ${window}.`;
	const its = `its ${count(total, "event", "events")} ${window}`;
	const isTold = [...fits].some(([key, fit]) => leading.has(key) && fit.events > 0);
	if (leading.size === 1 && isTold) return `Raising lines are ranked by ${its}.`;
	if (isTold) return `Raising lines are ranked by ${its}; they do not tell the first ${leading.size} apart.`;
	if (leading.size === fits.size)
		return `Nothing tells which of the ${fits.size} raising lines raised ${its}.`;
	return `Raising lines are ranked by ${its}: the code names none of their values, but excludes some.`;
}

/** Nested repositories that are named. */
const maxLeftOut = 5;

/** Nested repositories whose matches are left out. */
export function leftOutWords(nested: readonly string[]): string[] {
	if (nested.length === 0) return [];
	const named = nested.slice(0, maxLeftOut).map((path) => quoteUntrusted(path, 100));
	return [
		`Left out: matches in ${count(nested.length, "nested repository", "nested repositories")} (work trees, submodules, clones): ${named.join(", ")}. path searches one of them.`,
	];
}

export function notes(result: SearchResult): string[] {
	const { cut, unreadable, unparsed, unshown, leftOut, fitsNoFile, noHistory, notCheckedOut } = result;
	return [
		...(notCheckedOut === undefined ? [] : absentWords(notCheckedOut)),
		...(noHistory === undefined ? [] : [historyWords[noHistory]]),
		...(fitsNoFile ? ["The glob and type fit no file here: src/**/*.ts and ts are such."] : []),
		...leftOutWords(leftOut),
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
					`${count(unshown, "match is", "matches are")} not shown: too large, binary, ignored by git, gone, changed while it was searched, or in a file whose name holds a control character or a backslash.`,
				]),
	];
}

/** Files and lines of each that are named. */
const maxAbsent = 8;
const maxAbsentLines = 3;

function absentWords({ files, isCut }: NonNullable<SearchResult["notCheckedOut"]>): string[] {
	const named = files.slice(0, maxAbsent).map(({ path, lines }) => {
		const more = lines.length > maxAbsentLines ? " and more" : "";
		return `${quoteUntrusted(`${path}:${lines.slice(0, maxAbsentLines).join(", ")}`, 150)}${more}`;
	});
	const rest = files.length > maxAbsent ? `, and ${files.length - maxAbsent} more` : "";
	return [
		...(files.length === 0
			? []
			: [
					`HEAD holds ${count(files.length, "file", "files")} with it that ${files.length === 1 ? "is" : "are"} not checked out here (a sparse checkout): ${named.join("; ")}${rest}. Ask the user to add them with git sparse-checkout add.`,
				]),
		...(isCut ? ["What a sparse checkout leaves out could not all be searched."] : []),
	];
}

const historyWords = {
	no_git: "Without history: git was not found on PATH outside the repository.",
	no_repository: "Without history: git has none here.",
} as const;

const cutWords = {
	matches: "It stopped at the match limit: there are more, so narrow it by path, glob or type.",
	time: "It stopped after 10 s, so there may be more: narrow it by path, glob or type.",
	bytes: "It stopped at lines too long to read, so there may be more: narrow it by path, glob or type.",
	killed: "ripgrep was killed, so there may be more: try again, or narrow it by path, glob or type.",
} as const;
