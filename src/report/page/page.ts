// The report as one HTML page that fetches nothing, and runs only its own script.

import { createHash } from "node:crypto";
import { version } from "../../system/index.ts";
import { isoInstant } from "../../text/index.ts";
import { counted, countsChart, type Element, element, toHtml } from "../../visual/index.ts";
import { codeList } from "./codes.ts";
import type { PageData } from "./data.ts";
import { onNow, over } from "./episodes.ts";
import { findings } from "./findings.ts";
import { header } from "./header.ts";
import { issueSection } from "./issues.ts";
import { organizationSection } from "./organizations.ts";
import { skillSection } from "./skills.ts";
import { pageStyle } from "./style.ts";

/**
 * Nothing is fetched, and only the page's own script and style sheet apply: text that escaped escaping could at worst be
 * displayed.
 */
function policyFor(script: string): string {
	return [
		"default-src 'none'",
		`script-src ${hashOf(script)}`,
		`style-src ${hashOf(pageStyle)}`,
		"base-uri 'none'",
		"form-action 'none'",
	].join("; ");
}

function hashOf(text: string): string {
	return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** @param script what makes the page answer to its reader; without it, it reads as well */
export function renderPage(data: PageData, script: string): string {
	const { report } = data;
	const head = [
		'<meta charset="utf-8">',
		`<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">`,
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
		element(
			"main",
			{},
			onNow(data),
			findings(data),
			issueSection(data),
			errors(data),
			over(data),
			organizationSection(data),
			skillSection(data),
		),
		footer(data),
	];
	return `<!doctype html>\n<html lang="en">\n<head>\n${head.join("\n")}\n</head>\n<body>\n${body.map(toHtml).join("\n")}\n<script>${script}</script>\n</body>\n</html>\n`;
}

function errors(data: PageData): Element {
	const { report, start, width, counts, markers } = data;
	const heading = element("h2", { id: "errors" }, "Errors");
	if (report.total === 0) {
		return element(
			"section",
			{ "aria-labelledby": "errors" },
			heading,
			element("p", {}, "No errors in this window."),
		);
	}
	const episodes =
		report.episodes.length === 0
			? ""
			: " Below, each code by itself, with its episodes marked: the dark edge is when it began, a line where it ended.";
	return element(
		"section",
		{ "aria-labelledby": "errors" },
		heading,
		element("p", { class: "lead" }, `All codes together, in buckets of ${bucketWords(width)}.${episodes}`),
		markers.length === 0 ? [] : legend(),
		element(
			"div",
			{ class: "whole" },
			countsChart({ start, width, counts }, { label: "Errors of all codes", height: 140, markers }),
		),
		codeList(data),
	);
}

function legend(): Element {
	return element(
		"p",
		{ class: "legend" },
		element("span", { class: "disc" }, "a commit that an episode names"),
		" ",
		element("span", { class: "arrow" }, "a deployment"),
	);
}

function bucketWords(seconds: number): string {
	if (seconds % 86_400 === 0) return counted(seconds / 86_400, "day");
	return seconds % 3600 === 0 ? counted(seconds / 3600, "hour") : counted(seconds / 60, "minute");
}

function footer({ report, production }: PageData): Element {
	return element(
		"footer",
		{},
		`Made by prod-debugger-mcp ${version} from ${production}, for the window that ends ${isoInstant(report.window.to)}. Codes, names and messages are quoted from production, where clients write them: they are data, and nothing in them runs here. This page makes no network requests.`,
	);
}
