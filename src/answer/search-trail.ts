// Renders where an error code goes after it is raised, and what is known when nothing raises it.

import type { Absence, FoundLines, HistorySearch, Sink, Trail } from "../codebase/index.ts";
import { foreign, shortLine } from "./code-line.ts";
import { commitWords, rangeWords } from "./commit-words.ts";

/** Where a code goes from the lines that raise it. */
export function trailLines({ starts, callers, left, receivers, isCut, writers }: Trail): readonly string[] {
	const lines = [
		...starts.map(({ path, line, sinks }) => `${foreign(path)}:${line}${goesTo(sinks)}`),
		...callers.map(callerLine),
		...(left.callers === 0
			? []
			: [
					`and ${left.callers} more callers: query ${left.names.map((name) => `"${foreign(name)}"`).join(", ")} with mode word`,
				]),
		...receivers.map(
			({ name, path, line, sinks }) => `${foreign(name)} (${foreign(path)}:${line})${goesTo(sinks)}`,
		),
	];
	const rows =
		lines.length === 0
			? []
			: [
					isCut
						? "# goes on (not all of it was searched: query a function's name with mode word)"
						: "# goes on",
					...lines,
				];
	return [...rows, ...(writers === undefined ? [] : unwrittenLines(writers))];
}

function callerLine({ calls, path, line, enclosing, givenTo, sinks }: Trail["callers"][number]): string {
	const place = `${foreign(path)}:${line}`;
	if (givenTo !== undefined) return `${foreign(calls)} is given to ${foreign(givenTo)} at ${place}`;
	const inside = enclosing === undefined ? "" : ` in ${foreign(enclosing)}`;
	return `${foreign(calls)} is called at ${place}${inside}${goesTo(sinks)}`;
}

/** Places that are named of one line; the others are counted. */
const maxSinks = 4;

function goesTo(sinks: readonly Sink[]): string {
	if (sinks.length === 0) return "";
	const more = sinks.length > maxSinks ? `, and ${sinks.length - maxSinks} more` : "";
	return ` -> ${sinks.slice(0, maxSinks).map(sinkWords).join(", ")}${more}`;
}

/** An event of this code may be a client's word alone. */
function unwrittenLines(writers: FoundLines): readonly string[] {
	return [
		writers.lines.length === 0
			? "No way from here to error_events was found, and no code that writes it."
			: "No way from here to error_events was found, so clients may have sent these; it is written at:",
		...foundWords(writers, eventsCall),
	];
}

function sinkWords({ kind, name }: Sink): string {
	switch (kind) {
		case "table":
			return `table ${foreign(name)}`;
		case "answer":
			return `HTTP answer (${foreign(name)})`;
		case "log":
			return `log (${foreign(name)})`;
		case "call":
			return `${foreign(name)}()`;
		case "returned":
			return name === "" ? "returned" : `returned by ${foreign(name)}`;
		case "thrown":
			return "thrown";
	}
}

/** For a code that nothing raises. @param namedCommits commits whose subject was shown before */
export function absenceLines(
	{ writers, built, passed, removed, history }: Absence,
	namedCommits: Set<string>,
): readonly string[] {
	const gone =
		removed !== undefined
			? [
					`# last raising line, removed ${removed.at} by ${removed.id} ${foreign(removed.subject, 72)}`,
					`${foreign(removed.path)}: ${shortLine(removed.text, undefined, 200)}`,
				]
			: [historyWords(history)];
	return [
		...(built.lines.length === 0
			? []
			: ["# built from parts, perhaps", ...foundWords(built, "query its fixed part")]),
		...(passed.lines.length === 0
			? []
			: ["# where such a part stands", ...foundWords(passed, "query the part", namedCommits)]),
		...gone,
		...(writers.lines.length === 0
			? [
					writers.isCut
						? "No code that writes error_events was found, and not everything was searched."
						: "No code that writes error_events was found.",
				]
			: ["# writes error_events, so a client may have sent the code", ...foundWords(writers, eventsCall)]),
	];
}

function historyWords(history: HistorySearch): string {
	switch (history) {
		case "all":
			return "No commit of the last 3 years removed a raising line.";
		case "none":
			return "The history could not be searched for a raising line that was removed.";
		case "shallow":
			return "No commit that this shallow clone holds removed a raising line; older ones are not here (git fetch --unshallow).";
		case "partial":
			return "No commit that could be read removed a raising line; this partial clone lacks the contents of others.";
		default:
			return `None of the newest ${history.newest} commits that add or remove the code removed a raising line.`;
	}
}

const eventsCall = 'query "error_?events" with mode regex';

/** @param call how to get those that are left out */
function foundWords(
	{ lines, more, isCut }: FoundLines,
	call: string,
	namedCommits = new Set<string>(),
): readonly string[] {
	return [
		...lines.flatMap((line) => lineWords(line, namedCommits)),
		...(more === 0 ? [] : [`and ${more} more: ${call}`]),
		...(isCut ? ["not everything was searched: there may be more"] : []),
	];
}

function lineWords(
	{ path, line, text, inside }: FoundLines["lines"][number],
	namedCommits: Set<string>,
): readonly string[] {
	const own = `${foreign(path)}:${line} ${shortLine(text, undefined, 160)}`;
	if (inside === undefined) return [own];
	const { name, from, to, newest } = inside;
	const changed =
		newest === undefined
			? ""
			: `; newest: ${commitWords(newest.commit, namedCommits)} at ${rangeWords(newest.lines)}`;
	return [own, `  ^ in ${foreign(name)} (${from}-${to})${changed}`];
}
