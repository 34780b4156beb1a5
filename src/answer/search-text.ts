import type { FoundFile, FoundMatch, ShownLine } from "../codebase/page.ts";
import type { Role } from "../codebase/roles.ts";
import type { SearchResult } from "../codebase/search.ts";
import { fits } from "./budget.ts";
import { foreign, shortLine } from "./code-line.ts";
import { absenceLines, trailLines } from "./search-trail.ts";
import { markedBlock, quoteUntrusted } from "./untrusted.ts";

/** How much of each match is shown. */
interface Detail {
	/** Lines around a match, of those that were asked for. */
	readonly context: number;
	/** Characters of a line. */
	readonly length: number;
	readonly words: string;
}

/** Tried in turn until the answer fits: less context, then shorter lines; counts a file come last. */
const details: readonly Detail[] = [
	{ context: Number.POSITIVE_INFINITY, length: 300, words: "" },
	{ context: 1, length: 300, words: ", with less context" },
	{ context: 0, length: 300, words: ", without context" },
	{ context: 0, length: 160, words: ", without context, lines clipped" },
	{ context: 0, length: 80, words: ", without context, lines clipped" },
];

/** A search's result as an agent reads it: shortened in steps until it fits, and saying so. */
export function renderSearch(result: SearchResult): string {
	if (result.matches === 0 && result.absence === undefined) return empty(result);
	for (const detail of details) {
		const text = render(
			result,
			(file, told) => renderFile(file, detail, result.isErrorCode, told),
			detail.words,
		);
		if (fits(text)) return text;
	}
	return render(
		result,
		(file) => `${foreign(file.path)}: ${count(file.matches, "match", "matches")}`,
		", counts only",
	);
}

function empty(result: SearchResult): string {
	return [
		`No match for ${quoteUntrusted(result.pattern)}.`,
		...notes(result),
		"Files that git ignores, binary files and files over 4 MB are not searched.",
		"Try a part of it, mode regex, case_sensitive: false, or no path, glob and type.",
	].join(" ");
}

function render(
	result: SearchResult,
	file: (found: FoundFile, told: Set<string>) => string,
	how: string,
): string {
	const { matches, fileCount, shown, files, nextCursor, trail, absence, pattern } = result;
	const head = [
		`${count(matches, "match", "matches")} in ${count(fileCount, "file", "files")}, showing ${shown}${how}.`,
		...(absence === undefined ? [] : [`Nothing in the code raises ${quoteUntrusted(pattern)}.`]),
		...(nextCursor === undefined ? [] : [`More: cursor ${nextCursor}, or narrow by path, glob or type.`]),
		...notes(result),
	].join(" ");
	const body: string[] = [];
	const told = new Set<string>();
	let role: Role | undefined;
	for (const found of files) {
		const first = found.items[0]?.role;
		if (result.isErrorCode && first !== role) {
			// What comes next after the raising lines is where they lead.
			if (role === "raises" && trail !== undefined) body.push(...trailLines(trail));
			role = first;
			body.push(`# ${role}`);
		}
		body.push(file(found, told));
	}
	if (role === "raises" && trail !== undefined) body.push(...trailLines(trail));
	if (absence !== undefined) body.push(...absenceLines(absence));
	return `${head}\n${markedBlock("repository", body.join("\n"))}`;
}

function notes({ cut, unreadable, unshown, hiddenFiles }: SearchResult): string[] {
	return [
		...(cut === undefined ? [] : [cutWords[cut]]),
		...(unreadable ? ["Some files could not be read."] : []),
		...(unshown === 0
			? []
			: [
					`${count(unshown, "match is", "matches are")} not shown: too large, binary, ignored by git, or gone.`,
				]),
		...(hiddenFiles === 0
			? []
			: [`${count(hiddenFiles, "file", "files")} with matches may hold secrets and is never shown.`]),
	];
}

const cutWords = {
	matches: "It stopped at so many matches: there are more, so narrow it by path, glob or type.",
	time: "It stopped after 10 s, so there may be more: narrow it by path, glob or type.",
	bytes: "It stopped at lines too long to read, so there may be more: narrow it by path, glob or type.",
} as const;

/** @param told commits whose subject stands further up */
function renderFile(
	file: FoundFile,
	{ context, length }: Detail,
	byRole: boolean,
	told: Set<string>,
): string {
	const left = file.matches - file.items.length;
	const kind = file.kind === "generated" || (file.kind !== "code" && !byRole) ? ` (${file.kind})` : "";
	const rows: string[] = [`${foreign(file.path)}${kind}${left > 0 && !byRole ? ` (+${left} more)` : ""}`];
	const items = new Map(file.items.map((item) => [item.line, item]));
	let lastLine: number | undefined;
	let enclosing: string | undefined;
	for (const line of nearMatches(file.lines, context)) {
		if (lastLine !== undefined && line.line > lastLine + 1 && context > 0) rows.push("…");
		lastLine = line.line;
		rows.push(
			`${line.line}${line.column === undefined ? "-" : ":"} ${shortLine(line.text, line.column, length)}`,
		);
		const item = items.get(line.line);
		if (item === undefined) continue;
		const about = remark(item, line.text, byRole, enclosing, told);
		enclosing = item.enclosing;
		if (about !== "") rows.push(`  ^ ${about}`);
	}
	return rows.join("\n");
}

function nearMatches(lines: readonly ShownLine[], context: number): readonly ShownLine[] {
	if (!Number.isFinite(context)) return lines;
	const matching = lines.filter(({ column }) => column !== undefined).map(({ line }) => line);
	return lines.filter(({ line }) => matching.some((match) => Math.abs(match - line) <= context));
}

/** What is known of a match beside its line; what the line itself says is not said again. */
function remark(
	item: FoundMatch,
	text: string,
	byRole: boolean,
	above: string | undefined,
	told: Set<string>,
): string {
	const flat = text.replace(/\s+/g, " ");
	const guards = item.guards.filter((guard) => !flat.includes(guard));
	return [
		...(byRole || item.role === "mention" ? [] : [item.role]),
		...(item.via === undefined ? [] : [`as ${foreign(item.via)}`]),
		...(item.enclosing === undefined || item.enclosing === above ? [] : [`in ${foreign(item.enclosing)}`]),
		...(guards.length === 0 ? [] : [`when ${foreign(guards.join(", in "))}`]),
		...(item.commit === undefined ? [] : [commitWords(item.commit, told)]),
	].join("; ");
}

function commitWords(commit: NonNullable<FoundMatch["commit"]>, told: Set<string>): string {
	if (commit === "uncommitted") return "not committed yet";
	if (told.has(commit.id)) return commit.id;
	told.add(commit.id);
	return `${commit.at.slice(0, 10)} ${commit.id} ${foreign(commit.subject, 72)}`;
}

function count(number: number, one: string, many: string): string {
	return `${number} ${number === 1 ? one : many}`;
}
