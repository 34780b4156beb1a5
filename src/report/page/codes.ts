// The page's list of error codes, each with its own timeline.

import {
	changeWords,
	codeWords,
	counted,
	countsChart,
	type Element,
	element,
	spanWords,
} from "../../visual/index.ts";
import type { PageCode, PageData } from "./data.ts";

/** Each timeline has its own scale. */
export function codeList({ codes, report, start, width }: PageData): readonly Element[] {
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
			codes.map((code) => codeItem(code, start, width)),
		),
		...rest,
	];
}

function codeItem(code: PageCode, start: number, width: number): Element {
	const { category, topSkill, topProvider, sessions, users, counts, bands } = code;
	const mostly = [
		...(topSkill === undefined ? [] : [`skill ${topSkill}`]),
		...(topProvider === undefined ? [] : [`provider ${topProvider}`]),
	].join(", ");
	return element(
		"li",
		{},
		element(
			"div",
			{ class: "what" },
			element("h3", {}, codeWords(code.code), code.isNew ? element("span", { class: "new" }, "new") : []),
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
			element("span", { class: "count" }, String(code.count)),
			element("span", { class: "change" }, changeWords(code.count, code.previous)),
		),
		element(
			"div",
			{ class: "when" },
			countsChart({ start, width, counts }, { label: code.code, height: 44, bands }),
			numbers(code, start, width),
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
						element("td", {}, spanWords(start + index * width, start + (index + 1) * width)),
						element("td", {}, String(count)),
					),
				],
	);
	return element(
		"details",
		{},
		element("summary", {}, "Numbers"),
		element(
			"table",
			{},
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
