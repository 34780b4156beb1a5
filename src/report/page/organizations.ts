// The page's table of the organizations that were hit.

import { percentWords } from "../../text/index.ts";
import { counted, type Element, element, grouped } from "../../visual/index.ts";
import type { PageData, PageOrganization } from "./data.ts";

export function organizationSection({ hit, organizations, report }: PageData): readonly Element[] {
	if (hit.length === 0) return [];
	const left = organizations - hit.filter(({ name }) => name !== undefined).length;
	return [
		element(
			"section",
			{ "aria-labelledby": "organizations" },
			element("h2", { id: "organizations" }, "Organizations hit"),
			element(
				"p",
				{ class: "lead" },
				`Errors of all codes in this window, and in the one before.${left > 0 ? ` ${counted(left, "more organization")} had fewer.` : ""}`,
			),
			element(
				"table",
				{ "aria-labelledby": "organizations", "data-sortable": "", "data-export": "organizations" },
				element(
					"thead",
					{},
					element(
						"tr",
						{},
						["Organization", "Errors", "Share", "Users", "Before"].map((name) =>
							element("th", { scope: "col" }, name),
						),
					),
				),
				element(
					"tbody",
					{},
					hit.map((one) => row(one, report.total)),
				),
			),
		),
	];
}

function row({ name, count, users, previous }: PageOrganization, total: number): Element {
	return element(
		"tr",
		{},
		element("th", { scope: "row" }, name ?? "(none named)"),
		element("td", {}, grouped(count)),
		element("td", {}, percentWords(count, total)),
		element("td", {}, grouped(users)),
		element("td", {}, grouped(previous)),
	);
}
