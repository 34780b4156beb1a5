// Reads and validates the chart's data from a tool's result.

import { type ChartData, chartKey } from "../chart-data.ts";
import { isRecord } from "./host.ts";

/** Longer lists are not the server's. */
const maxItems = 1000;

/** @returns undefined where the result has no chart data, or invalid ones */
export function readData(result: Readonly<Record<string, unknown>>): ChartData | undefined {
	const data = isRecord(result._meta) ? result._meta[chartKey] : undefined;
	return isChartData(data) ? data : undefined;
}

/** Hosts pass on whatever a server sent, so data is validated before it is drawn. */
function isChartData(data: unknown): data is ChartData {
	if (!isRecord(data) || !isRecord(data.window)) return false;
	const { window, start, width, counts, total, previousTotal, otherCount } = data;
	return (
		(data.environment === undefined || isName(data.environment)) &&
		[window.from, window.to, start, width, total, previousTotal, otherCount].every(isNumber) &&
		Number(width) > 0 &&
		isList(counts, isNumber) &&
		isList(data.groupedBy, isText) &&
		isList(data.findings, isText) &&
		isList(
			data.marks,
			(mark) =>
				isRecord(mark) &&
				(mark.kind === "commit" || mark.kind === "deployment") &&
				isNumber(mark.at) &&
				isText(mark.code) &&
				isText(mark.words),
		) &&
		isList(data.codes, (code) => isRecord(code) && isText(code.code) && isList(code.counts, isNumber)) &&
		isList(
			data.groups,
			(group) => isRecord(group) && isText(group.name) && isNumber(group.count) && isNumber(group.previous),
		) &&
		isList(
			data.episodes,
			(episode) =>
				isRecord(episode) &&
				isText(episode.code) &&
				isText(episode.words) &&
				isList(episode.between, isNumber) &&
				isList(episode.spans, (span) => isRecord(span) && isNumber(span.from) && isNumber(span.to)),
		)
	);
}

/** At most the largest instant that a Date can hold, in seconds. */
function isNumber(value: unknown): boolean {
	return typeof value === "number" && Math.abs(value) <= 8_640_000_000_000;
}

/** It goes into a message in the user's name. */
function isName(value: unknown): boolean {
	return typeof value === "string" && /^[a-z][\w-]{0,31}$/i.test(value);
}

function isText(value: unknown): boolean {
	return typeof value === "string";
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
	return Array.isArray(value) && value.length <= maxItems && value.every(isItem);
}
