import { codeWords, counted, type Element, element, rounded, spanWords } from "../../visual/index.ts";
import type { PageData, PageSpike } from "./data.ts";

/** Spikes, each with what was committed in the hours before it. */
export function spikeSection({ spikes }: PageData): readonly Element[] {
	if (spikes.length === 0) return [];
	return [
		element(
			"section",
			{ "aria-labelledby": "spikes" },
			element("h2", { id: "spikes" }, "Spikes"),
			element(
				"p",
				{ class: "lead" },
				"Spans with far more events than the same hours of the day before make likely, and what was committed in the 6 hours before each.",
			),
			element("ol", { class: "cards" }, spikes.map(spikeCard)),
		),
	];
}

function spikeCard(spike: PageSpike): Element {
	const { code, from, to, count, expected, factor, sessions, users, changes } = spike;
	return element(
		"li",
		{ class: "card" },
		element("h3", {}, codeWords(code)),
		element(
			"p",
			{},
			element("span", { class: "factor" }, `${rounded(factor)}×`),
			` what is expected: ${counted(count, "event")} where ${rounded(expected)} are, ${spanWords(from, to)}, from ${counted(sessions, "session")} and ${counted(users, "user")}.`,
		),
		changes.length === 0
			? []
			: element(
					"ul",
					{ class: "changes" },
					changes.map((change) => element("li", { class: "mono" }, change)),
				),
	);
}
