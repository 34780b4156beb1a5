// Renders one file's matches, with what is known of each beside its lines.

import {
	type FoundFile,
	type FoundMatch,
	placeKey,
	type SearchResult,
	type ShownLine,
} from "../codebase/index.ts";
import { maskPersonal } from "../text/index.ts";
import { foreign, shortLine } from "./code-line.ts";
import { commitWords, count, rangeWords } from "./commit-words.ts";

/** How much of each match is shown. */
export interface Detail {
	/** Lines around a match, at most those requested. */
	readonly context: number;
	/** Characters of a line. */
	readonly length: number;
	readonly words: string;
}

/** @param namedCommits commits whose subject was shown before */
export function renderFile(
	file: FoundFile,
	{ context, length }: Detail,
	result: SearchResult,
	namedCommits: Set<string>,
): string {
	const { isErrorCode: byRole, isLean } = result;
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
			...besideLine(result, path, only.line, namedCommits),
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
		if (line.column !== undefined) rows.push(...besideLine(result, path, line.line, namedCommits));
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

/** What is known of a raising line beside itself: the events that fit it, and one step down. */
function besideLine(
	{ asks, evidence }: SearchResult,
	path: string,
	line: number,
	namedCommits: Set<string>,
): readonly string[] {
	return [...fitLines(evidence, path, line), ...askedLines(asks, path, line, namedCommits)];
}

/** Values that the code says too. */
const maxBecause = 4;

function fitLines(evidence: SearchResult["evidence"], path: string, line: number): readonly string[] {
	const fit = evidence?.fits.get(placeKey(path, line));
	if (evidence === undefined || fit === undefined || "none" in evidence.events) return [];
	const { total } = evidence.events;
	const excluded = fit.against === 0 ? "" : `its conditions exclude ${fit.against} of ${total}`;
	// That no event names a line says nothing about it.
	if (fit.events === 0) return excluded === "" ? [] : [`  ${excluded}`];
	const because = fit.because.slice(0, maxBecause).map((words) => foreign(maskPersonal(words), 60));
	const alike = evidence.leading.size > 1 && evidence.leading.has(placeKey(path, line));
	const words = [`fits ${fit.events} of ${total}: ${because.join(", ")}`, ...(alike ? ["alike"] : [])];
	return [`  ${words.join("; ")}`];
}

/** The functions whose failure or answer leads to a raising line. */
function askedLines(
	asks: SearchResult["asks"],
	path: string,
	line: number,
	namedCommits: Set<string>,
): readonly string[] {
	const here = asks.find((one) => one.path === path && one.line === line);
	return (here?.functions ?? []).map(({ name, holder, path: where, from, to, newest, makes }) => {
		const place = `${holder === undefined ? "" : `${foreign(holder)}.`}${foreign(name)} (${foreign(where)}:${from}-${to})`;
		const last =
			newest === undefined
				? ""
				: `; newest: ${commitWords(newest.commit, namedCommits)} at ${rangeWords(newest.lines)}`;
		return `  ${makes === undefined ? "it calls" : `its ${foreign(makes)} may come from`} ${place}${last}`;
	});
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
