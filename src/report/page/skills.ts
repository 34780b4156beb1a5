// The page's section on failing skills.

import { percentWords } from "../../text/index.ts";
import { counted, type Element, element, grouped } from "../../visual/index.ts";
import type { PageData, PageSkill } from "./data.ts";

export function skillSection({ runs, skills, messages }: PageData): Element {
	const heading = element("h2", { id: "skills" }, "Failing skills");
	const scheduled = "Scheduled runs are not included: production does not log them there.";
	if (runs === undefined || skills.length === 0) {
		const none = noneWords(runs);
		return element(
			"section",
			{ "aria-labelledby": "skills" },
			heading,
			element("p", { class: "lead" }, `${none} ${scheduled}`),
		);
	}
	return element(
		"section",
		{ "aria-labelledby": "skills" },
		heading,
		element(
			"p",
			{ class: "lead" },
			`${grouped(runs.failures)} of ${counted(runs.runs, "logged run")} failed. ${scheduled}`,
		),
		element(
			"table",
			{ "aria-labelledby": "skills", "data-sortable": "", "data-export": "skills" },
			element(
				"thead",
				{},
				element(
					"tr",
					{},
					["Skill", "Failed", "Runs", "Rate", "Before"].map((name) => element("th", { scope: "col" }, name)),
				),
			),
			element("tbody", {}, skills.map(skillRow)),
		),
		messages.length === 0
			? []
			: [element("p", { class: "lead said" }, "Most frequent messages:"), messageList(messages)],
	);
}

function noneWords(runs: PageData["runs"]): string {
	if (runs === undefined) return "This deployment has no table of runs.";
	return runs.runs === 0
		? "No run was logged in this window."
		: `None of ${counted(runs.runs, "run")} failed.`;
}

function skillRow({ skill, failures, runs, previousFailures, previousRuns }: PageSkill): Element {
	return element(
		"tr",
		{},
		element("th", { scope: "row", class: "mono" }, skill),
		element("td", {}, grouped(failures)),
		element("td", {}, grouped(runs)),
		element("td", {}, runs === 0 ? "–" : percentWords(failures, runs)),
		element("td", {}, previousRuns === 0 ? "–" : percentWords(previousFailures, previousRuns)),
	);
}

function messageList(messages: PageData["messages"]): Element {
	return element(
		"ul",
		{ class: "findings" },
		messages.map(({ pattern, count }) =>
			element(
				"li",
				{},
				element("span", { class: "mono" }, pattern),
				element("span", { class: "quiet" }, ` ${grouped(count)}×`),
			),
		),
	);
}
