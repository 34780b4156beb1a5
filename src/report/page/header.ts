// The page's header: which production, until when, and the numbers of the window.

import { isoInstant, percentWords } from "../../text/index.ts";
import {
	type Child,
	changeWords,
	counted,
	datedSpan,
	type Element,
	element,
	grouped,
} from "../../visual/index.ts";
import type { PageData } from "./data.ts";
import { time } from "./parts.ts";

export function header(data: PageData): Element {
	const { report, previous, production } = data;
	const { window, clockDifferenceSeconds: difference } = report;
	const clock =
		difference === undefined
			? []
			: [
					element(
						"p",
						{ class: "quiet" },
						`By production's clock, ${Math.abs(difference)} s ${difference > 0 ? "ahead of" : "behind"} this machine's.`,
					),
				];
	return element(
		"header",
		{},
		element("h1", {}, "Production Debug Report"),
		element(
			"p",
			{ class: "which" },
			element("strong", { class: "mono" }, production),
			" until ",
			element("strong", {}, time(window.to)),
		),
		element(
			"p",
			{ class: "lead" },
			element("span", { class: "unbroken" }, datedSpan(window.from, window.to)),
			" UTC, compared with ",
			element("span", { class: "unbroken" }, `${datedSpan(previous.from, previous.to)}.`),
			element("span", { class: "zone", "data-zone": isoInstant(window.to) }),
		),
		clock,
		element("ul", { class: "tiles" }, tiles(data)),
	);
}

function tiles({
	report,
	previous,
	sessions,
	users,
	organizations,
	runs,
	codes,
}: PageData): readonly Element[] {
	const fresh = codes.filter(({ isNew }) => isNew).length;
	const logged = runs?.runs ?? 0;
	const failures = runs?.failures ?? 0;
	const rate =
		logged === 0 ? "no runs logged" : `${percentWords(failures, logged)} of ${counted(logged, "run")}`;
	const plural = (count: number, noun: string) => (count === 1 ? noun : `${noun}s`);
	const on = report.episodes.filter(({ isOn }) => isOn).length;
	return [
		tile(
			grouped(on),
			"on now",
			on === 0 ? "nothing stands out" : element("a", { href: "#now" }, "what, and why"),
		),
		tile(grouped(report.total), plural(report.total, "error"), changeWords(report.total, previous.total)),
		tile(
			grouped(report.uniqueCodes),
			plural(report.uniqueCodes, "error code"),
			fresh === 0 ? "none of them new" : `${fresh} of them new`,
		),
		tile(
			grouped(users),
			users === 1 ? "user hit" : "users hit",
			`in ${counted(organizations, "organization")}, ${counted(sessions, "session")}`,
		),
		tile(grouped(failures), plural(failures, "failed skill run"), rate),
	];
}

function tile(number: string, name: string, change: Child): Element {
	return element(
		"li",
		{},
		element("span", { class: "number" }, number),
		element("span", { class: "name" }, name),
		element("span", { class: "change" }, change),
	);
}
