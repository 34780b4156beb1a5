// The page's list of error codes, each with its own timeline.

import {
	changeWords,
	codeWords,
	counted,
	countsChart,
	type Element,
	element,
	grouped,
	spanWords,
} from "../../visual/index.ts";
import type { PageCode, PageData } from "./data.ts";
import { copyable, idOf, time } from "./parts.ts";

/** Each timeline has its own scale. */
export function codeList(data: PageData): readonly Element[] {
	const { codes, report } = data;
	const rest =
		report.otherCount === 0
			? []
			: [
					element(
						"p",
						{ class: "quiet" },
						`Other codes have ${counted(report.otherCount, "event")} together.`,
					),
				];
	return [
		element(
			"ol",
			{ class: "codes" },
			codes.map((code, index) => codeItem(code, index, data)),
		),
		...rest,
	];
}

function codeItem(code: PageCode, index: number, { start, width, report }: PageData): Element {
	const { category, topSkill, topProvider, sessions, users, counts, bands, markers } = code;
	const { window, episodes } = report;
	const mostly = [
		...(topSkill === undefined ? [] : [`skill ${topSkill}`]),
		...(topProvider === undefined ? [] : [`provider ${topProvider}`]),
	].join(", ");
	return element(
		"li",
		{ id: idOf.code(index) },
		element(
			"div",
			{ class: "what" },
			element("h3", {}, codeWords(code.code), code.isNew ? element("span", { class: "new" }, "new") : []),
			episodes.flatMap((episode, place) =>
				episode.code === code.code
					? [
							element(
								"p",
								{},
								element("a", { href: `#${idOf.episode(place)}` }, episode.isOn ? "on since" : "episode of"),
								" ",
								time(episode.since),
							),
						]
					: [],
			),
			element(
				"p",
				{},
				[category, `${counted(users, "user")}`, `${counted(sessions, "session")}`]
					.filter(Boolean)
					.join(" · "),
			),
			mostly === "" ? [] : element("p", {}, `most: ${mostly}`),
		),
		element(
			"div",
			{ class: "much" },
			element("span", { class: "count" }, grouped(code.count)),
			element("span", { class: "change" }, changeWords(code.count, code.previous)),
		),
		element(
			"div",
			{ class: "when" },
			countsChart({ start, width, counts }, { label: code.code, height: 44, bands, markers }),
			numbers(code, start, width),
			element(
				"details",
				{},
				element("summary", {}, "Query"),
				copyable(eventsQuery(code.code, window), "query"),
			),
		),
	);
}

/** The chart's numbers as a table. */
function numbers({ code, counts }: PageCode, start: number, width: number): Element {
	const rows = counts.flatMap((count, index) =>
		count === 0
			? []
			: [
					element(
						"tr",
						{},
						element(
							"td",
							{ "data-value": index },
							time(start + index * width, spanWords(start + index * width, start + (index + 1) * width)),
						),
						element("td", {}, grouped(count)),
					),
				],
	);
	return element(
		"details",
		{},
		element("summary", {}, "Numbers"),
		element(
			"table",
			{ "data-sortable": "" },
			element("caption", {}, `${code}, empty buckets left out`),
			element(
				"thead",
				{},
				element("tr", {}, element("th", { scope: "col" }, "When"), element("th", { scope: "col" }, "Errors")),
			),
			element("tbody", {}, rows),
		),
	);
}

/** For query_database, or Skillomatic's own console. Production stores instants in Unix seconds. */
function eventsQuery(code: string, { from, to }: { readonly from: number; readonly to: number }): string {
	return [
		"SELECT created_at, error_code, skill_slug, provider, action, http_status, session_id, user_id",
		"FROM error_events",
		`WHERE error_code = '${code.replaceAll("'", "''")}' AND created_at >= ${from} AND created_at < ${to}`,
		"ORDER BY created_at DESC LIMIT 100",
	].join("\n");
}
