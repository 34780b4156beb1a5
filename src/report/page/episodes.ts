// The page's section on episodes, each with the commits that likely caused it.

import { type Element, element } from "../../visual/index.ts";
import type { ReportEpisode } from "../report.ts";
import type { PageData } from "./data.ts";

export function episodeSection({ report: { episodes } }: PageData): readonly Element[] {
	if (episodes.length === 0) return [];
	return [
		element(
			"section",
			{ "aria-labelledby": "episodes" },
			element("h2", { id: "episodes" }, "Episodes"),
			element(
				"p",
				{ class: "lead" },
				"When an error stood far above what is usual for it, whether it still does, and the commits that likely caused it, or that none explains it. An episode is counted whole, also where it reaches beyond this window.",
			),
			element("ol", { class: "cards" }, episodes.map(episodeCard)),
		),
	];
}

function episodeCard({ code, where, words, isOn, suspects }: ReportEpisode): Element {
	const title = where === "" ? code : `${code}, ${where}`;
	return element(
		"li",
		{ class: "card" },
		element("h3", {}, title, ...(isOn ? [element("span", { class: "still-on" }, " still on")] : [])),
		element("p", {}, words),
		suspects.length === 0
			? []
			: element(
					"ul",
					{ class: "changes" },
					suspects.map((suspect) => element("li", { class: "mono" }, suspect)),
				),
	);
}
