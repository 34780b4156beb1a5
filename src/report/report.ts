import { isoInstant } from "../answer/instants.ts";
import { fencedBlock, inertMarkdown, inertProse } from "../answer/untrusted.ts";

/** One row of the summary, as production counted it. */
export interface ReportCode {
	readonly code: string;
	readonly count: number;
	readonly category: string | undefined;
	readonly topSkill: string | undefined;
}

/** What an issue is about, with production's own count of it in the window. */
export type ReportSubject =
	| { readonly kind: "error_code"; readonly code: string; readonly count: number }
	| { readonly kind: "skill"; readonly skill: string; readonly failures: number; readonly runs: number };

/** A proposed patch, and whether it still applies. */
export interface ReportPatch {
	readonly id: string;
	readonly diff: string;
	readonly stale: boolean;
}

/** One issue: the subject's numbers are production's, the words are the agent's. */
export interface ReportIssue {
	readonly subject: ReportSubject;
	readonly title?: string | undefined;
	readonly rootCause: string;
	readonly evidence: readonly string[];
	readonly location?: string | undefined;
	readonly currentCode?: string | undefined;
	readonly proposedFix: string;
	readonly patch?: ReportPatch | undefined;
	readonly files: readonly { readonly path: string; readonly change: string }[];
}

export interface Report {
	/** As it was asked, such as `24h`; undefined for a window with fixed ends. */
	readonly since: string | undefined;
	readonly window: { readonly from: number; readonly to: number };
	readonly total: number;
	readonly uniqueCodes: number;
	/** The most frequent codes. */
	readonly codes: readonly ReportCode[];
	/** Events of codes that `codes` leaves out. */
	readonly otherCount: number;
	readonly findings: readonly string[];
	readonly issues: readonly ReportIssue[];
	readonly actions: {
		readonly immediate?: string | undefined;
		readonly shortTerm?: string | undefined;
		readonly monitor?: string | undefined;
	};
}

/** The Production Debug Report in Markdown. Everything that a stranger or the agent wrote is inert in it. */
export function renderReport(report: Report): string {
	const { window, issues } = report;
	const blocks = [
		"## Production Debug Report",
		`**Time Period:** ${period(report.since)}(${isoInstant(window.from)} to ${isoInstant(window.to)})`,
		`**Total Errors:** ${report.total}`,
		`**Unique Error Codes:** ${report.uniqueCodes}`,
		"### Error Summary",
		summary(report),
		...(report.findings.length === 0 ? [] : ["### Findings", list(report.findings)]),
		...issues.flatMap((issue, index) => ["---", renderIssue(issue, index + 1)]),
		...recommended(report.actions),
	];
	return `${blocks.join("\n\n")}\n`;
}

function period(since: string | undefined): string {
	const [, amount, unit] = /^(\d+)([mhdw])$/.exec(since ?? "") ?? [];
	if (amount === undefined) return "";
	const names: Record<string, string> = { m: "minute", h: "hour", d: "day", w: "week" };
	return `Last ${amount} ${names[unit ?? ""]}${amount === "1" ? "" : "s"} `;
}

function summary({ codes, otherCount, total }: Report): string {
	if (total === 0) return "No errors in this window.";
	const cell = (text: string) => inertMarkdown(text).replaceAll("|", "\\|");
	const rows = codes.map(
		({ code, count, category, topSkill }) =>
			`| ${cell(code)} | ${count} | ${cell(category ?? "-")} | ${cell(topSkill ?? "-")} |`,
	);
	const other = otherCount === 0 ? [] : [`| (other codes) | ${otherCount} | - | - |`];
	return ["| Error Code | Count | Category | Top Skill |", "|---|---|---|---|", ...rows, ...other].join("\n");
}

function renderIssue(issue: ReportIssue, number: number): string {
	const { subject, title, rootCause, evidence, location, currentCode, proposedFix, patch, files } = issue;
	const heading = inertMarkdown(title ?? (subject.kind === "skill" ? subject.skill : subject.code));
	const code = currentCode === undefined ? [] : [fencedBlock(currentCode, languageOf(location))];
	return [
		`### Issue #${number}: ${heading} (${counted(subject)})`,
		`**Root Cause:**\n${inertProse(rootCause)}`,
		`**Evidence:**\n${list([measured(subject), ...evidence])}`,
		...(location === undefined && code.length === 0
			? []
			: [
					["**Code Location:**", ...(location === undefined ? [] : [codeSpan(location)])].join("\n"),
					...code,
				]),
		`**Proposed Fix:**\n${inertProse(proposedFix)}`,
		...(patch === undefined ? [] : [renderPatch(patch)]),
		...(files.length === 0
			? []
			: [
					`**Files to Change:**\n${files
						.map(({ path, change }, index) => `${index + 1}. ${codeSpan(path)} - ${inertMarkdown(change)}`)
						.join("\n")}`,
				]),
	].join("\n\n");
}

function counted(subject: ReportSubject): string {
	if (subject.kind === "skill")
		return `${subject.failures} failed ${subject.failures === 1 ? "run" : "runs"}`;
	return `${subject.count} ${subject.count === 1 ? "error" : "errors"}`;
}

/** Production's own word stands first, and says plainly where it does not bear the issue out. */
function measured(subject: ReportSubject): string {
	if (subject.kind === "skill") {
		return subject.runs === 0
			? `Production logged no run of skill ${subject.skill} in this window.`
			: `Production: ${subject.failures} of ${subject.runs} runs of ${subject.skill} failed in this window.`;
	}
	return subject.count === 0
		? `Production has no event of ${subject.code} in this window.`
		: `Production: ${counted(subject)} of ${subject.code} in this window.`;
}

function renderPatch(patch: ReportPatch): string {
	const state = patch.stale
		? "its files have changed since it was made: it may no longer apply, propose it again"
		: "applies to the tree as it was checked when it was made; its files have not changed since";
	return `**Patch** \`${patch.id}\` (${state}):\n\n${fencedBlock(patch.diff.trimEnd(), "diff")}`;
}

function recommended(actions: Report["actions"]): string[] {
	const named = [
		["Immediate", actions.immediate],
		["Short-term", actions.shortTerm],
		["Monitor", actions.monitor],
	] as const;
	const given = named.filter(([, text]) => text !== undefined && text.trim() !== "");
	if (given.length === 0) return [];
	const lines = given.map(([name, text], index) => `${index + 1}. **${name}:** ${inertMarkdown(text ?? "")}`);
	return ["---", "### Recommended Actions", lines.join("\n")];
}

function list(items: readonly string[]): string {
	return items.map((item) => `- ${inertMarkdown(item)}`).join("\n");
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
