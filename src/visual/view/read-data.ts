import { type ChartData, chartKey } from "../chart-data.ts";
import { isRecord } from "./host.ts";

/** Longer lists are not the server's. */
const maxItems = 1000;

/** The chart's data in a tool's result; undefined where there are none, or none that can be drawn. */
export function readData(result: Readonly<Record<string, unknown>>): ChartData | undefined {
	const data = isRecord(result._meta) ? result._meta[chartKey] : undefined;
	return isChartData(data) ? data : undefined;
}

/** A host hands over whatever a server gave it, so that nothing is drawn before it was looked at. */
function isChartData(data: unknown): data is ChartData {
	if (!isRecord(data) || !isRecord(data.window)) return false;
	const { window, start, width, counts, total, previousTotal, otherCount } = data;
	return (
		[window.from, window.to, start, width, total, previousTotal, otherCount].every(isNumber) &&
		Number(width) > 0 &&
		isList(counts, isNumber) &&
		isList(data.groupedBy, isText) &&
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

/** Also an instant that a date can hold. */
function isNumber(value: unknown): boolean {
	return typeof value === "number" && Math.abs(value) <= 8_640_000_000_000;
}

function isText(value: unknown): boolean {
	return typeof value === "string";
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
	return Array.isArray(value) && value.length <= maxItems && value.every(isItem);
}
