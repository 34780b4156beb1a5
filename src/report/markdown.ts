// Renders the Production Debug Report as Markdown, in the layout that the team uses.

import { fencedBlock, inertMarkdown, inertProse, inertWords, isoInstant } from "../text/index.ts";
import type { Report, ReportEpisode, ReportIssue, ReportPatch, ReportSubject } from "./report.ts";

/** How much of each text is shown, in characters, and how many issues. */
export interface Limits {
	readonly diff: number;
	readonly code: number;
	readonly text: number;
	readonly issues: number;
}

export const unlimited: Limits = {
	diff: Number.POSITIVE_INFINITY,
	code: Number.POSITIVE_INFINITY,
	text: Number.POSITIVE_INFINITY,
	issues: Number.POSITIVE_INFINITY,
};

/**
 * Everything from production or the agent is rendered inert, and each cut is noted where it was made.
 */
export function renderReport(report: Report, limits: Limits = unlimited): string {
	const { environment, window, issues, findings, episodes } = report;
	const blocks = [
		"## Production Debug Report",
		...(environment === undefined ? [] : [`**Environment:** ${inertMarkdown(environment)}`]),
		`**Time Period:** ${period(report.since)}(${isoInstant(window.from)} to ${isoInstant(window.to)})`,
		`**Total Errors:** ${report.total}`,
		`**Unique Error Codes:** ${report.uniqueCodes}`,
		...conditions(report),
		"### Error Summary",
		summary(report),
		...(issues.length > 0 || findings.length === 0 ? [] : ["### Findings", list(findings, limits)]),
		...(issues.length > 0 || episodes.length === 0
			? []
			: ["### Suspect Commits", list(episodes.map(suspectsOf), limits)]),
		...issues
			.slice(0, limits.issues)
			.flatMap((issue, index) => ["---", renderIssue(issue, index + 1, episodes, limits)]),
		...leftOut(issues.length, limits),
		...recommended(report.actions, limits),
	];
	return `${blocks.join("\n\n")}\n`;
}

/** The window as it was asked, and a space; empty for fixed ends. */
export function period(since: string | undefined): string {
	const [, amount, unit] = /^(\d+)([mhdw])$/.exec(since ?? "") ?? [];
	if (amount === undefined) return "";
	const names: Record<string, string> = { m: "minute", h: "hour", d: "day", w: "week" };
	return `Last ${amount} ${names[unit ?? ""]}${amount === "1" ? "" : "s"} `;
}

/** What a reader needs to interpret the numbers. */
export function conditions({ filters, issues, clockDifferenceSeconds: difference }: Report): string[] {
	const clock =
		difference === undefined
			? []
			: [
					`**Clock:** production's, ${Math.abs(difference)} s ${difference > 0 ? "ahead of" : "behind"} this machine's`,
				];
	// Of the filters, runs have only user and organization.
	const of = issues.some(({ subject }) => subject.kind === "skill")
		? "numbers of errors count these events only; those of skill runs apply user and organization only"
		: "all numbers count these events only";
	const narrowed =
		filters.length === 0 ? [] : [`**Filters:** ${filters.map(inertMarkdown).join("; ")} (${of})`];
	return [...clock, ...narrowed];
}

export function summary({ codes, otherCount, total, filters }: Report): string {
	if (total === 0)
		return filters.length === 0
			? "No errors in this window."
			: "No errors in this window with these filters.";
	const cell = (text: string) => inertMarkdown(text.replaceAll("\\", "\\\\")).replaceAll("|", "\\|");
	const rows = codes.map(
		({ code, count, category, topSkill }) =>
			`| ${cell(code)} | ${count} | ${cell(category ?? "-")} | ${cell(topSkill ?? "-")} |`,
	);
	const other = otherCount === 0 ? [] : [`| (other codes) | ${otherCount} | - | - |`];
	return ["| Error Code | Count | Category | Top Skill |", "|---|---|---|---|", ...rows, ...other].join("\n");
}

function suspectsOf({ code, where, suspects }: ReportEpisode): string {
	return `${where === "" ? code : `${code}, ${where}`}: ${suspects.join(" | ")}`;
}

export function renderIssue(
	issue: ReportIssue,
	number: number,
	episodes: readonly ReportEpisode[],
	limits: Limits,
): string {
	const { subject, title, rootCause, evidence, history, location, currentCode, proposedFix, patch, files } =
		issue;
	const heading = inertWords(title ?? (subject.kind === "skill" ? subject.skill : subject.code));
	const prose = (text: string) => {
		const shown = cutText(text, limits.text);
		return shown === text ? inertProse(text) : `${inertProse(shown)}\n\n${cutNote(text)}`;
	};
	return [
		`### Issue #${number}: ${heading} (${counted(subject)})`,
		`**Root Cause:**\n${prose(rootCause)}`,
		`**Evidence:**\n${list([measured(subject), ...(issue.missing ?? []), ...episodesOf(subject, episodes), ...(history === undefined ? [] : [history]), ...evidence], limits)}`,
		...renderLocation(location, currentCode, limits),
		`**Proposed Fix:**\n${prose(proposedFix)}`,
		...(patch === undefined ? [] : [renderPatch(patch, limits)]),
		...(files.length === 0
			? []
			: [
					`**Files to Change:**\n${files
						.map(({ path, change }, index) => `${index + 1}. ${codeSpan(path)} - ${line(change, limits)}`)
						.join("\n")}`,
				]),
	].join("\n\n");
}

/** What production and the history say of when it began, and which commit did it. */
function episodesOf(subject: ReportSubject, episodes: readonly ReportEpisode[]): readonly string[] {
	return subject.kind === "skill"
		? []
		: episodes
				.filter(({ code }) => code === subject.code)
				.map(({ words, suspects }) => `${words} Suspect: ${suspects.join(" | ")}`);
}

function renderLocation(
	location: string | undefined,
	currentCode: string | undefined,
	limits: Limits,
): string[] {
	if (location === undefined && currentCode === undefined) return [];
	const heading = ["**Code Location:**", ...(location === undefined ? [] : [codeSpan(location)])].join("\n");
	if (currentCode === undefined) return [heading];
	return [heading, ...cutBlock(currentCode, languageOf(location), limits.code, "")];
}

export function counted(subject: ReportSubject): string {
	if (subject.kind === "skill")
		return `${subject.failures} failed ${subject.failures === 1 ? "run" : "runs"}`;
	return `${subject.count} ${subject.count === 1 ? "error" : "errors"}`;
}

/** Production's count is the first evidence, and says plainly where it does not support the issue. */
function measured(subject: ReportSubject): string {
	const within = subject.within === undefined ? "" : ` (${subject.within})`;
	if (subject.kind === "skill") {
		return subject.runs === 0
			? `Production logged no run of skill ${subject.skill}${within} in this window.`
			: `Production: ${subject.failures} of ${subject.runs} runs of ${subject.skill}${within} failed in this window.`;
	}
	return subject.count === 0
		? `Production has no event of ${subject.code}${within} in this window.`
		: `Production: ${counted(subject)} of ${subject.code}${within} in this window.`;
}

const patchStates = {
	unchanged: "applies: its files are as they were when it was proven",
	applies: "still applies, although its files have changed since",
	broken:
		"NO LONGER APPLIES: its files have changed since. It may be applied already; otherwise propose it again",
} as const;

function renderPatch(patch: ReportPatch, limits: Limits): string {
	if ("missing" in patch) {
		return `**Patch** ${codeSpan(patch.id)}: NOT SHOWN. ${inertMarkdown(patch.missing)}`;
	}
	const where = `; the whole diff is patch://${patch.id}`;
	return [
		`**Patch** ${codeSpan(patch.id)} (${patchStates[patch.state]}):`,
		...cutBlock(patch.diff.trimEnd(), "diff", limits.diff, where),
	].join("\n\n");
}

function leftOut(count: number, { issues }: Limits): string[] {
	if (count <= issues) return [];
	const which = count === issues + 1 ? `Issue #${count} is` : `Issues #${issues + 1} to #${count} are`;
	return [
		"---",
		`${which} left out, since the report would be too long for one answer: call debug_report again with ${count === issues + 1 ? "it" : "them"} alone.`,
	];
}

function recommended(actions: Report["actions"], limits: Limits): string[] {
	const named = [
		["Immediate", actions.immediate],
		["Short-term", actions.shortTerm],
		["Monitor", actions.monitor],
	] as const;
	const given = named.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
	if (given.length === 0) return [];
	const lines = given.map(({ name, text }, index) => `${index + 1}. **${name}:** ${line(text, limits)}`);
	return ["---", "### Recommended Actions", lines.join("\n")];
}

function list(items: readonly string[], limits: Limits): string {
	return items.map((item) => `- ${line(item, limits)}`).join("\n");
}

function line(text: string, limits: Limits): string {
	const shown = cutText(text, limits.text);
	return shown === text ? inertWords(text) : `${inertWords(shown)} ${cutNote(text)}`;
}

function cutText(text: string, limit: number): string {
	return text.length <= limit ? text : `${text.slice(0, limit).toWellFormed()}…`;
}

function cutNote(text: string): string {
	return `(cut here; ${text.length} characters in all)`;
}

/** A code block as far as whole lines fit, and what is missing. */
function cutBlock(code: string, language: string, limit: number, where: string): string[] {
	if (code.length <= limit) return [fencedBlock(code, language)];
	const lines = code.split("\n");
	const shown: string[] = [];
	let length = 0;
	for (const one of lines) {
		length += one.length + 1;
		if (length > limit) break;
		shown.push(one);
	}
	const note = `(cut here: ${shown.length} of ${lines.length} lines shown${where})`;
	return shown.length === 0 ? [note] : [fencedBlock(shown.join("\n"), language), note];
}

function codeSpan(text: string): string {
	return `\`${inertMarkdown(text).replaceAll("&lt;", "<").replaceAll("&amp;", "&")}\``;
}

const languages: Readonly<Record<string, string>> = {
	ts: "typescript",
	tsx: "tsx",
	js: "javascript",
	mjs: "javascript",
	py: "python",
	go: "go",
};

/** A fence's language from the ending of `path:line`. */
function languageOf(location: string | undefined): string {
	const ending = /\.(\w{1,5})(?::\d+)?$/.exec(location ?? "")?.[1];
	return languages[ending ?? ""] ?? "";
}
