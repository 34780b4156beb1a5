// Draws the view of error_stats from its data.

import { percentWords } from "../../text/index.ts";
import type { ChartData } from "../chart-data.ts";
import { bandsOf, countsChart } from "../counts-chart.ts";
import { type Element, element } from "../element.ts";
import { datedSpan, instantWords } from "../time-words.ts";
import { changeWords, codeWords, counted, grouped } from "../words.ts";

const maxCodes = 10;
const maxGroups = 10;
const maxEpisodes = 5;

const maxFindings = 4;
const maxCommits = 4;

/**
 * @param chosen the code that is shown alone; undefined: all codes
 * @param canAsk whether the host takes a message from this view
 */
export function draw(data: ChartData, chosen: string | undefined, canAsk: boolean): Element {
	const { environment, window, total, previousTotal } = data;
	const of = environment === undefined ? "" : `${environment}, `;
	return element(
		"main",
		{},
		element(
			"header",
			{},
			element(
				"h1",
				{},
				`${counted(total, "error")} `,
				element("span", { class: "quiet" }, changeWords(total, previousTotal)),
			),
			element("p", { class: "quiet" }, `${of}${datedSpan(window.from, window.to)} UTC`),
		),
		...(total === 0
			? []
			: [
					choice(data, chosen),
					timeline(data, chosen),
					commits(data, chosen),
					canAsk ? ask(chosen) : [],
					episodes(data, chosen),
					findings(data, chosen),
					groups(data),
				].flat()),
	);
}

/** Buttons: all codes, and each of the most frequent alone. */
function choice({ codes, counts }: ChartData, chosen: string | undefined): Element {
	const button = (code: string | undefined, own: readonly number[]) =>
		element(
			"button",
			{
				type: "button",
				"aria-pressed": code === chosen ? "true" : "false",
				...(code === undefined ? {} : { "data-code": code }),
			},
			code === undefined ? "All codes" : codeWords(code),
			element("span", { class: "count" }, grouped(own.reduce((sum, count) => sum + count, 0))),
		);
	return element(
		"div",
		{ class: "choice", role: "group", "aria-label": "Which errors the timeline shows" },
		button(undefined, counts),
		codes.slice(0, maxCodes).map((code) => button(code.code, code.counts)),
	);
}

function timeline(
	{ start, width, counts, codes, episodes: all, marks }: ChartData,
	chosen: string | undefined,
): Element {
	if (chosen === undefined)
		return countsChart({ start, width, counts }, { label: "All codes", height: 110, markers: marks });
	const own = codes.find(({ code }) => code === chosen)?.counts ?? [];
	const bands = all.filter(({ code }) => code === chosen).flatMap(bandsOf);
	const markers = marks.filter(({ code }) => code === chosen);
	return countsChart({ start, width, counts: own }, { label: chosen, height: 110, bands, markers });
}

/** What the chart's marks are: a finger has no tooltip. */
function commits({ marks }: ChartData, chosen: string | undefined): readonly Element[] {
	const named = marks
		.filter(({ kind, code }) => kind === "commit" && (chosen === undefined || code === chosen))
		.map(({ at, words }) => `${instantWords(at)} ${words}`);
	const shown = [...new Set(named)].slice(0, maxCommits);
	if (shown.length === 0) return [];
	return [
		element(
			"ul",
			{ class: "commits" },
			shown.map((words) => element("li", {}, words)),
		),
	];
}

/** Codes as the server knows them: a client's own text does not get into a message in the user's name. */
const plainCode = /^[A-Z][A-Z0-9_]{1,60}$/;

/** What the host is asked to put into the conversation. */
export function question(code: string, environment: string | undefined): string {
	const where = environment === undefined ? "production" : `the environment ${environment}`;
	return `Look into ${code} in ${where}: find the code that raises it and the change that likely caused it, and propose a fix.`;
}

function ask(chosen: string | undefined): readonly Element[] {
	if (chosen === undefined || !plainCode.test(chosen)) return [];
	return [element("button", { type: "button", class: "ask", "data-ask": chosen }, "Ask about this code")];
}

/** Those that an episode's own line does not say. */
function findings(data: ChartData, chosen: string | undefined): readonly Element[] {
	const told = new Set(data.episodes.map(({ words }) => words));
	const shown = data.findings
		.filter((finding) => !told.has(finding) && (chosen === undefined || finding.startsWith(chosen)))
		.slice(0, maxFindings);
	if (shown.length === 0) return [];
	return [
		element(
			"ul",
			{ class: "findings" },
			shown.map((finding) => element("li", {}, finding)),
		),
	];
}

function episodes(data: ChartData, chosen: string | undefined): readonly Element[] {
	const shown = data.episodes
		.filter(({ code }) => chosen === undefined || code === chosen)
		.slice(0, maxEpisodes);
	if (shown.length === 0) return [];
	return [
		element(
			"ul",
			{ class: "episodes" },
			shown.map(({ words }) => element("li", {}, words)),
		),
	];
}

function groups({ groupedBy, groups: all, otherCount, total }: ChartData): readonly Element[] {
	if (groupedBy.length === 1 && groupedBy[0] === "error_code") return [];
	const rows = all
		.slice(0, maxGroups)
		.map(({ name, count, previous }) => groupRow(name, count, previous, total));
	const rest = otherCount + all.slice(maxGroups).reduce((sum, { count }) => sum + count, 0);
	return [
		element(
			"table",
			{},
			element("caption", {}, `By ${groupedBy.join(" and ").replaceAll("_", " ")}`),
			element(
				"thead",
				{},
				element(
					"tr",
					{},
					["Group", "Errors", "Share", "Before"].map((name) => element("th", { scope: "col" }, name)),
				),
			),
			element("tbody", {}, rows, rest === 0 ? [] : groupRow("others", rest, undefined, total)),
		),
	];
}

function groupRow(name: string, count: number, previous: number | undefined, total: number): Element {
	return element(
		"tr",
		{},
		element("th", { scope: "row" }, name),
		element("td", {}, grouped(count)),
		element("td", {}, percentWords(count, total)),
		element("td", {}, previous === undefined ? "" : grouped(previous)),
	);
}
