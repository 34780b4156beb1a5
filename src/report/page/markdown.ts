// What the page shows as Markdown, for the command line: what is on now first, and whom it hit.

import { inertMarkdown, inertWords, isoInstant, percentWords } from "../../text/index.ts";
import { type Links, linked } from "../links.ts";
import { conditions, period, renderIssue, summary, unlimited } from "../markdown.ts";
import type { ReportEpisode } from "../report.ts";
import type { PageData, PageOrganization, PageSkill } from "./data.ts";

export function renderPageMarkdown(data: PageData): string {
	const { report, production, hit, skills } = data;
	const { window, total, uniqueCodes, episodes } = report;
	const told = new Set(episodes.map(({ words }) => words));
	const findings = report.findings.filter((finding) => !told.has(`${finding}.`));
	const blocks = [
		"## Production Debug Report",
		`**Time Period:** ${period(report.since)}(${isoInstant(window.from)} to ${isoInstant(window.to)})`,
		`**Production:** ${inertMarkdown(production)}`,
		`**Total Errors:** ${total}`,
		`**Unique Error Codes:** ${uniqueCodes}`,
		...conditions(report),
		"### On Now",
		episodeList(data, ({ isOn }) => isOn) ||
			"Nothing stood far above what is usual for it when this window ended.",
		...part("Findings", findings.map((finding) => `- ${inertWords(finding)}`).join("\n")),
		"### Error Summary",
		summary(report),
		...part(
			"Over",
			episodeList(data, ({ isOn }) => !isOn),
		),
		...part("Organizations Hit", organizationTable(hit, total)),
		...part("Failing Skills", skillTable(skills)),
		...report.issues.flatMap((issue, index) => ["---", renderIssue(issue, index + 1, [], unlimited)]),
	];
	return `${blocks.join("\n\n")}\n`;
}

function part(heading: string, content: string): readonly string[] {
	return content === "" ? [] : [`### ${heading}`, content];
}

/** Each with the commits that likely did it, in a line each. */
function episodeList({ report, known, links }: PageData, isWanted: (one: ReportEpisode) => boolean): string {
	return report.episodes
		.flatMap((episode, index) => {
			if (!isWanted(episode)) return [];
			const { words, suspects, commits } = episode;
			const ids = commits.map(({ id }) => id);
			const remembered = known[index] === undefined ? [] : [known[index]];
			const lines = [...remembered, ...suspects].map((line) => `  - ${withLinks(line, links, ids)}`);
			return [`- ${inertWords(words)}`, ...lines];
		})
		.join("\n");
}

function withLinks(text: string, links: Links, commits: readonly string[]): string {
	return linked(text, links, commits)
		.map((piece) =>
			piece.href === undefined
				? apart(piece.text)
				: `[${inertMarkdown(piece.text)}](${piece.href.replaceAll("(", "%28").replaceAll(")", "%29")})`,
		)
		.join("");
}

/** inertWords trims; between two links the spaces count. */
function apart(text: string): string {
	const [, before = "", after = ""] = /^(\s*).*?(\s*)$/s.exec(text) ?? [];
	return `${before}${inertWords(text)}${text.trim() === "" ? "" : after}`;
}

function organizationTable(hit: readonly PageOrganization[], total: number): string {
	return table(
		["Organization", "Errors", "Share", "Users", "Before"],
		hit.map(({ name, count, users, previous }) => [
			name ?? "(none named)",
			count,
			percentWords(count, total),
			users,
			previous,
		]),
	);
}

function skillTable(skills: readonly PageSkill[]): string {
	return table(
		["Skill", "Failed", "Runs", "Rate"],
		skills.map(({ skill, failures, runs }) => [
			skill,
			failures,
			runs,
			runs === 0 ? "-" : percentWords(failures, runs),
		]),
	);
}

/** Empty without rows. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
	if (rows.length === 0) return "";
	const cell = (value: string | number) =>
		inertMarkdown(String(value).replaceAll("\\", "\\\\")).replaceAll("|", "\\|");
	const line = (cells: readonly (string | number)[]) => `| ${cells.map(cell).join(" | ")} |`;
	return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
