// The page's findings, each with a way to what it is about.

import { type Child, type Element, element } from "../../visual/index.ts";
import type { PageData } from "./data.ts";
import { idOf } from "./parts.ts";

export function findings(data: PageData): readonly Element[] {
	// An episode's own finding is the first line of its card.
	const told = new Set(data.report.episodes.map(({ words }) => words));
	const found = data.report.findings.filter((finding) => !told.has(`${finding}.`));
	if (found.length === 0) return [];
	return [
		element(
			"section",
			{ "aria-labelledby": "findings" },
			element("h2", { id: "findings" }, "Findings"),
			element(
				"ul",
				{ class: "findings" },
				found.map((finding) => element("li", {}, finding, ...ways(finding, data))),
			),
		),
	];
}

/** To the episode and the chart of the code that a finding begins with. */
function ways(finding: string, { report: { episodes }, codes }: PageData): readonly Child[] {
	const isAbout = (code: string) => finding.startsWith(code) && !/^\w/.test(finding.slice(code.length));
	const episode = episodes.findIndex(({ code }) => isAbout(code));
	const chart = codes.findIndex(({ code }) => isAbout(code));
	return [
		...(episode === -1 ? [] : [way(idOf.episode(episode), "episode", finding)]),
		...(chart === -1 ? [] : [way(idOf.code(chart), "chart", finding)]),
	].flatMap((link) => [" ", link]);
}

/** Links with the same words lead to different places: a screen reader hears which. */
function way(id: string, name: string, finding: string): Element {
	const about = finding.split(/[ :]/)[0] ?? "";
	return element("a", { class: "way", href: `#${id}`, "aria-label": `${name} of ${about}` }, name);
}
