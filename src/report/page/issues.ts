// The page's section on issues: their causes, fixes and patches, as an agent wrote them.

import { type Element, element } from "../../visual/index.ts";
import { counted } from "../markdown.ts";
import type { ReportIssue, ReportPatch } from "../report.ts";
import type { PageData } from "./data.ts";
import { copyable, withLinks } from "./parts.ts";

export function issueSection(data: PageData): readonly Element[] {
	const { issues } = data.report;
	if (issues.length === 0) return [];
	return [
		element(
			"section",
			{ "aria-labelledby": "issues" },
			element("h2", { id: "issues" }, "Issues"),
			element(
				"p",
				{ class: "lead" },
				"Causes and fixes as an agent wrote them; the numbers are production's.",
			),
			element(
				"ol",
				{ class: "cards" },
				issues.map((issue) => issueCard(issue, data)),
			),
		),
	];
}

function issueCard(issue: ReportIssue, { links }: PageData): Element {
	const { subject, title, rootCause, evidence, history, location, currentCode, proposedFix, patch, files } =
		issue;
	const about = subject.kind === "skill" ? subject.skill : subject.code;
	const part = (name: string, ...content: readonly (Element | readonly Element[])[]) => [
		element("h4", {}, name),
		...content.flat(),
	];
	const list = (items: readonly string[]) =>
		element(
			"ul",
			{ class: "plain" },
			items.map((item) => element("li", {}, withLinks(item, links))),
		);
	return element(
		"li",
		{ class: "card past" },
		element("h3", {}, `${title ?? about} (${counted(subject)})`),
		title === undefined ? [] : element("p", { class: "quiet mono" }, about),
		history === undefined ? [] : element("p", { class: "quiet" }, withLinks(history, links)),
		part("Root cause", element("p", { class: "prose" }, withLinks(rootCause, links))),
		evidence.length === 0 ? [] : part("Evidence", list(evidence)),
		location === undefined ? [] : part("Code", element("p", { class: "mono" }, withLinks(location, links))),
		currentCode === undefined ? [] : copyable(currentCode, "code"),
		part("Proposed fix", element("p", { class: "prose" }, withLinks(proposedFix, links))),
		patch === undefined ? [] : patchPart(patch),
		files.length === 0
			? []
			: part("Files to change", list(files.map(({ path, change }) => `${path}: ${change}`))),
	);
}

const states = {
	unchanged: "applies to the tree as it was when this report was made",
	applies: "still applies, although its files have changed since it was proven",
	broken: "no longer applies: its files have changed since it was proven",
} as const;

function patchPart(patch: ReportPatch): readonly Element[] {
	const { id } = patch;
	if ("missing" in patch)
		return [element("h4", {}, `Patch ${id}`), element("p", {}, `Not shown. ${patch.missing}`)];
	return [
		element("h4", {}, `Patch ${id}`),
		element("p", { class: "quiet" }, states[patch.state]),
		copyable(patch.diff, "patch"),
	];
}
