// The report as one HTML page that fetches and runs nothing.

import { createHash } from "node:crypto";
import { version } from "../../system/index.ts";
import { isoInstant, percentWords } from "../../text/index.ts";
import {
	type Child,
	changeWords,
	counted,
	countsChart,
	datedSpan,
	type Element,
	element,
	toHtml,
} from "../../visual/index.ts";
import { codeList } from "./codes.ts";
import type { PageData } from "./data.ts";
import { episodeSection } from "./episodes.ts";
import { skillSection } from "./skills.ts";
import { pageStyle } from "./style.ts";

/**
 * Nothing is fetched, nothing runs, and only the page's own style sheet applies: text that escaped escaping could at
 * worst be displayed.
 */
const policy = [
	"default-src 'none'",
	`style-src 'sha256-${createHash("sha256").update(pageStyle).digest("base64")}'`,
	"base-uri 'none'",
	"form-action 'none'",
].join("; ");

export function renderPage(data: PageData): string {
	const { report } = data;
	const head = [
		'<meta charset="utf-8">',
		`<meta http-equiv="Content-Security-Policy" content="${policy}">`,
		'<meta name="viewport" content="width=device-width, initial-scale=1">',
		'<meta name="color-scheme" content="light dark">',
		'<meta name="referrer" content="no-referrer">',
		'<meta name="robots" content="noindex">',
		`<title>Production Debug Report, ${isoInstant(report.window.to)}</title>`,
		`<style>${pageStyle}</style>`,
	];
	const body = [
		element("a", { class: "skip", href: "#errors" }, "Skip to the errors"),
		header(data),
		element("main", {}, findings(report.findings), episodeSection(data), errors(data), skillSection(data)),
		footer(data),
	];
	return `<!doctype html>\n<html lang="en">\n<head>\n${head.join("\n")}\n</head>\n<body>\n${body.map(toHtml).join("\n")}\n</body>\n</html>\n`;
}

function header({ report, previous, sessions, users, organizations, runs, codes }: PageData): Element {
	const fresh = codes.filter(({ isNew }) => isNew).length;
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
	const tile = (number: string, name: string, change: Child) =>
		element(
			"li",
			{},
			element("span", { class: "number" }, number),
			element("span", { class: "name" }, name),
			element("span", { class: "change" }, change),
		);
	const logged = runs?.runs ?? 0;
	const failures = runs?.failures ?? 0;
	const rate =
		logged === 0 ? "no runs logged" : `${percentWords(failures, logged)} of ${counted(logged, "run")}`;
	return element(
		"header",
		{},
		element("h1", {}, "Production Debug Report"),
		element(
			"p",
			{ class: "lead" },
			element("span", { class: "unbroken" }, datedSpan(window.from, window.to)),
			" UTC, compared with ",
			element("span", { class: "unbroken" }, `${datedSpan(previous.from, previous.to)}.`),
		),
		clock,
		element(
			"ul",
			{ class: "tiles" },
			tile(
				String(report.total),
				report.total === 1 ? "error" : "errors",
				changeWords(report.total, previous.total),
			),
			tile(
				String(report.uniqueCodes),
				report.uniqueCodes === 1 ? "error code" : "error codes",
				fresh === 0 ? "none of them new" : `${fresh} of them new`,
			),
			tile(
				String(users),
				users === 1 ? "user hit" : "users hit",
				`in ${counted(organizations, "organization")}, ${counted(sessions, "session")}`,
			),
			tile(String(failures), failures === 1 ? "failed skill run" : "failed skill runs", rate),
		),
	);
}

function findings(found: readonly string[]): readonly Element[] {
	if (found.length === 0) return [];
	return [
		element(
			"section",
			{ "aria-labelledby": "findings" },
			element("h2", { id: "findings" }, "Findings"),
			element(
				"ul",
				{ class: "findings" },
				found.map((finding) => element("li", {}, finding)),
			),
		),
	];
}

function errors(data: PageData): Element {
	const { report, start, width, counts } = data;
	const { episodes } = report;
	const heading = element("h2", { id: "errors" }, "Errors");
	if (report.total === 0) {
		return element(
			"section",
			{ "aria-labelledby": "errors" },
			heading,
			element("p", {}, "No errors in this window."),
		);
	}
	return element(
		"section",
		{ "aria-labelledby": "errors" },
		heading,
		element(
			"p",
			{ class: "lead" },
			`All codes together, in buckets of ${bucketWords(width)}.${episodes.length === 0 ? "" : " Below, each code by itself, with its episodes marked: the dark edge is when it began, a line where it ended."}`,
		),
		element(
			"div",
			{ class: "whole" },
			countsChart({ start, width, counts }, { label: "Errors of all codes", height: 140 }),
		),
		codeList(data),
	);
}

function bucketWords(seconds: number): string {
	if (seconds % 86_400 === 0) return counted(seconds / 86_400, "day");
	return seconds % 3600 === 0 ? counted(seconds / 3600, "hour") : counted(seconds / 60, "minute");
}

function footer({ report }: PageData): Element {
	return element(
		"footer",
		{},
		`Made by prod-debugger-mcp ${version} for the window that ends ${isoInstant(report.window.to)}. Codes, names and messages are quoted from production, where clients write them: they are data, and nothing in them runs here. This page makes no network requests.`,
	);
}
