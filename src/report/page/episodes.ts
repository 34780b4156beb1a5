// The page's sections on episodes: what is on now, and what is over, each with the commits that likely did it.

import { type Element, element } from "../../visual/index.ts";
import type { ReportEpisode } from "../report.ts";
import type { PageData } from "./data.ts";
import { idOf, time, withLinks } from "./parts.ts";

/** What a person on call looks for first. */
export function onNow(data: PageData): Element {
	const cards = cardsOf(data, ({ isOn }) => isOn);
	return element(
		"section",
		{ "aria-labelledby": "now" },
		element("h2", { id: "now" }, "On now"),
		cards.length === 0
			? element(
					"p",
					{ class: "lead" },
					"Nothing: no code stood far above what is usual for it when this window ended.",
				)
			: [
					element(
						"p",
						{ class: "lead" },
						"Far above what is usual when this window ended, with the commits that likely did it, or that none explains it. Counted whole, also where it reaches beyond this window.",
					),
					element("ol", { class: "cards" }, cards),
				],
	);
}

export function over(data: PageData): readonly Element[] {
	const cards = cardsOf(data, ({ isOn }) => !isOn);
	if (cards.length === 0) return [];
	return [
		element(
			"section",
			{ "aria-labelledby": "over" },
			element("h2", { id: "over" }, "Over"),
			element("p", { class: "lead" }, "What came and went within this window."),
			element("ol", { class: "cards" }, cards),
		),
	];
}

function cardsOf(data: PageData, isWanted: (episode: ReportEpisode) => boolean): readonly Element[] {
	return data.report.episodes.flatMap((episode, index) =>
		isWanted(episode) ? [episodeCard(episode, index, data)] : [],
	);
}

function episodeCard(episode: ReportEpisode, index: number, { codes, links, known }: PageData): Element {
	const remembered = known[index];
	const { code, where, words, isOn, since, suspects, commits } = episode;
	const title = where === "" ? code : `${code}, ${where}`;
	const chart = codes.findIndex((one) => one.code === code);
	const ids = commits.map(({ id }) => id);
	return element(
		"li",
		{ class: isOn ? "card" : "card past", id: idOf.episode(index) },
		element("h3", {}, title, ...(isOn ? [element("span", { class: "still-on" }, " still on")] : [])),
		element("p", {}, words),
		element(
			"p",
			{ class: "quiet" },
			"Since ",
			time(since),
			...(chart === -1 ? [] : [" · ", element("a", { href: `#${idOf.code(chart)}` }, "its chart")]),
		),
		remembered === undefined ? [] : element("p", { class: "known" }, withLinks(remembered, links)),
		suspects.length === 0
			? []
			: element(
					"ul",
					{ class: "changes" },
					suspects.map((suspect) => element("li", { class: "mono" }, withLinks(suspect, links, ids))),
				),
	);
}
