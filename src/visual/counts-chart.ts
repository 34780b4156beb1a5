// Draws counts over time as an SVG bar chart.

import { scaleLinear, scaleUtc } from "d3-scale";
import { type Element, element } from "./element.ts";
import { type Marker, markerMarks } from "./markers.ts";
import { clock, spanWords } from "./time-words.ts";
import { grouped } from "./words.ts";

/** A span that stands out, epoch seconds; `to` excluded. */
export interface Band {
	readonly from: number;
	readonly to: number;
	/** The interval in which it began; only of the first band of an episode. */
	readonly onset?: readonly [earliest: number, latest: number];
	/** It goes on: its right edge is not an end. */
	readonly isOn: boolean;
}

/** An episode's spans as bands: the first has the onset, the last may go on. */
export function bandsOf({
	spans,
	between,
	isOn,
}: {
	readonly spans: readonly { readonly from: number; readonly to: number }[];
	readonly between: readonly [number, number];
	readonly isOn: boolean;
}): readonly Band[] {
	return spans.map(({ from, to }, index) => ({
		from,
		to,
		...(index === 0 ? { onset: between } : {}),
		isOn: isOn && index === spans.length - 1,
	}));
}

/** Counts in buckets of one width, from `start` on, in epoch seconds. */
export interface Counts {
	readonly start: number;
	readonly width: number;
	readonly counts: readonly number[];
}

export interface ChartOptions {
	/** What is counted, for screen readers. */
	readonly label: string;
	/** Of the bars alone, in pixels. */
	readonly height: number;
	readonly bands?: readonly Band[];
	readonly markers?: readonly Marker[];
}

const axisHeight = 20;
/** Room for the highest number above the bars. */
const headroom = 8;
/** The part of a bucket that stays free between two bars. */
const gap = 0.12;
const timeTicks = 6;
const countTicks = 2;

/**
 * Horizontal positions are in percent, so that the chart fills its container and its text keeps its size; vertical ones
 * in pixels.
 */
export function countsChart({ start, width, counts }: Counts, options: ChartOptions): Element {
	const { label, height, bands = [], markers = [] } = options;
	const end = start + width * counts.length;
	const peak = Math.max(0, ...counts);
	const y = scaleLinear([0, Math.max(1, peak)], [headroom + height, headroom]).nice(countTicks);
	const x = scaleUtc([new Date(start * 1000), new Date(end * 1000)], [0, 100]);
	const at = (seconds: number) => x(new Date(seconds * 1000));
	const lines = y.ticks(countTicks).filter(Number.isInteger);
	const base = headroom + height;
	const plot = element(
		"svg",
		{
			class: "plot",
			width: "100%",
			height: base + axisHeight,
			role: "img",
			"aria-label": describe(label, start, width, counts),
			// A script that shows values on hover reads these.
			"data-start": start,
			"data-width": width,
			"data-counts": counts.join(" "),
		},
		bands.filter((band) => band.to > start && band.from < end).flatMap((band) => bandMarks(band, at, base)),
		lines.map((line) =>
			element("line", { class: "grid", x1: "0%", x2: "100%", y1: round(y(line)), y2: round(y(line)) }),
		),
		counts.flatMap((count, index) => {
			if (count === 0) return [];
			const from = start + index * width;
			const left = at(from);
			const inside = bands.some((band) => band.from < from + width && band.to > from);
			return [
				element(
					"rect",
					{
						class: inside ? "bar hot" : "bar",
						x: share(left + ((at(from + width) - left) * gap) / 2),
						width: share((at(from + width) - left) * (1 - gap)),
						y: round(Math.min(y(count), base - 1)),
						height: round(Math.max(1, base - y(count))),
					},
					element("title", {}, `${spanWords(from, from + width)}: ${grouped(count)}`),
				),
			];
		}),
		markerMarks(markers, at, base),
		timeAxis(x, base),
	);
	return element("div", { class: "chart" }, countAxis(lines, y, base), plot);
}

/** The band itself, the interval of its onset, and its end where it has one. */
function bandMarks(band: Band, at: (seconds: number) => number, base: number): readonly Element[] {
	const within = (seconds: number) => Math.min(100, Math.max(0, at(seconds)));
	const bar = (kind: string, from: number, to: number, least: number) =>
		element("rect", {
			class: kind,
			x: share(within(from)),
			width: share(Math.max(least, within(to) - within(from))),
			y: 0,
			height: base,
		});
	const [earliest, latest] = band.onset ?? [Number.NaN, Number.NaN];
	const isOnsetSeen = at(latest) >= 0 && at(earliest) <= 100;
	const isEndSeen = !band.isOn && at(band.to) <= 100;
	return [
		bar(band.isOn ? "band on" : "band", band.from, band.to, 0.5),
		...(isOnsetSeen ? [bar("onset", earliest, latest, 0.3)] : []),
		...(isEndSeen
			? [element("line", { class: "end", x1: share(at(band.to)), x2: share(at(band.to)), y1: 0, y2: base })]
			: []),
	];
}

/** The chart's content in a sentence, for screen readers. */
function describe(label: string, start: number, width: number, counts: readonly number[]): string {
	const total = counts.reduce((sum, count) => sum + count, 0);
	const peak = Math.max(0, ...counts);
	if (total === 0) return `${label}: none.`;
	const from = start + counts.indexOf(peak) * width;
	return `${label}: ${grouped(total)} in all, at most ${grouped(peak)} in a bucket, ${spanWords(from, from + width)}.`;
}

function countAxis(lines: readonly number[], y: (count: number) => number, base: number): Element {
	return element(
		"svg",
		{ class: "counts", height: base + axisHeight, "aria-hidden": "true" },
		lines.map((line) =>
			element(
				"text",
				{ x: "100%", dx: -6, y: round(y(line)), dy: "0.32em", "text-anchor": "end" },
				compact(line),
			),
		),
	);
}

/** Every second label is hidden on narrow charts. A label that would cross an edge is aligned to it. */
function timeAxis(x: ReturnType<typeof scaleUtc<number>>, base: number): readonly Element[] {
	return x.ticks(timeTicks).flatMap((tick, index) => {
		const place = x(tick);
		const anchor = place < 6 ? "start" : place > 94 ? "end" : "middle";
		return [
			element("line", { class: "tick", x1: share(place), x2: share(place), y1: base, y2: base + 4 }),
			element(
				"text",
				{
					class: index % 2 === 0 ? "time" : "time spare",
					x: share(place),
					y: base + 16,
					"text-anchor": anchor,
				},
				clock(tick),
			),
		];
	});
}

function share(percent: number): string {
	return `${round(percent)}%`;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

function compact(count: number): string {
	return count >= 10_000 ? `${grouped(Math.round(count / 1000))}k` : grouped(count);
}
