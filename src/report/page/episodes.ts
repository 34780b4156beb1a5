// The page's section on episodes, each with what was committed in the hours before it.

import { type Element, element } from "../../visual/index.ts";
import type { PageData, PageEpisode } from "./data.ts";

export function episodeSection({ episodes }: PageData): readonly Element[] {
	if (episodes.length === 0) return [];
	return [
		element(
			"section",
			{ "aria-labelledby": "episodes" },
			element("h2", { id: "episodes" }, "Episodes"),
			element(
				"p",
				{ class: "lead" },
				"When an error stood far above what is usual for it, whether it still does, and what was committed in the 6 hours before each began. An episode is counted whole, also where it reaches beyond this window.",
			),
			element("ol", { class: "cards" }, episodes.map(episodeCard)),
		),
	];
}

function episodeCard({ title, words, isOn, changes }: PageEpisode): Element {
	return element(
		"li",
		{ class: "card" },
		element("h3", {}, title, ...(isOn ? [element("span", { class: "still-on" }, " still on")] : [])),
		element("p", {}, words),
		changes.length === 0
			? []
			: element(
					"ul",
					{ class: "changes" },
					changes.map((change) => element("li", { class: "mono" }, change)),
				),
	);
}
