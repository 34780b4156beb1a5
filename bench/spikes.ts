import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { baselineStart, findSpikes, type Spike } from "../src/production/spikes/spikes.ts";
import {
	generateProduction,
	type Planted,
	type Production,
	randomNumbers,
	type World,
} from "../test/production/spike-productions.ts";

const hour = 3600;
export const windows = { "1h": hour, "24h": 24 * hour, "7d": 7 * 24 * hour } as const;
export type WindowName = keyof typeof windows;

/** How many times the usual rate: between the two, evenly on a logarithmic scale. */
export interface FactorRange {
	readonly from: number;
	readonly to: number;
}

/** Spikes of 5 times and more, as they come: what the rule promises to find. */
export const promised: FactorRange = { from: 5, to: 20 };
const factors: readonly FactorRange[] = [
	{ from: 3, to: 5 },
	promised,
	...[3, 5, 10, 20].map((factor) => ({ from: factor, to: factor })),
];
/** Spikes with fewer extra events than this are not counted: they look like chance. */
export const leastExtra = 20;

/** What the rule says of a production. */
export function spikesOf({ windowFrom, windowTo, events }: Production): readonly Spike[] {
	const start = baselineStart(windowFrom);
	const series = [...events].map(([code, times]) => {
		const counts: number[] = Array.from({ length: Math.ceil((windowTo - start) / 300) }, () => 0);
		for (const time of times) {
			const bucket = Math.floor((time - start) / 300);
			if (bucket >= 0 && time < windowTo) counts[bucket] = (counts[bucket] ?? 0) + 1;
		}
		return { code, counts };
	});
	return findSpikes({ start, windowFrom, windowTo, series });
}

/** Found: a spike of that code whose overlap with the planted span is at least half of the longer of the two. */
export function isFound(planted: Planted, spike: Spike): boolean {
	if (spike.code !== planted.code) return false;
	const overlap = Math.min(spike.to, planted.to) - Math.max(spike.from, planted.from);
	return overlap * 2 >= Math.max(spike.to - spike.from, planted.to - planted.from);
}

/** A spike that shares no second with the planted one of its code is false. */
export function isFalse(planted: Planted | undefined, spike: Spike): boolean {
	return (
		planted === undefined ||
		spike.code !== planted.code ||
		spike.to <= planted.from ||
		spike.from >= planted.to
	);
}

export interface PlantedResult {
	readonly factor: FactorRange;
	/** Productions made, and those whose spike had 20 extra events or more. */
	readonly made: number;
	readonly counted: number;
	readonly found: number;
	/** Reported somewhere within the planted span, but with less than half in common. */
	readonly touched: number;
	readonly falseSpikes: number;
}

export interface SpikeResult {
	readonly world: World;
	readonly window: WindowName;
	readonly planted: readonly PlantedResult[];
	readonly quietWindows: number;
	readonly quietWithSpike: number;
	/** Milliseconds of one search, the median of the quiet ones. */
	readonly medianMs: number;
}

export interface MeasureOptions {
	readonly world: World;
	readonly window: WindowName;
	/** Counted spikes wanted for each factor. */
	readonly spikes: number;
	readonly quiet: number;
	readonly seed: number;
	readonly factors?: readonly FactorRange[];
}

const history = 25 * hour + 300;

export function measureSpikes(options: MeasureOptions): SpikeResult {
	const { world, window, quiet, seed } = options;
	const common = { windowSeconds: windows[window], historySeconds: history, world };
	const planted = (options.factors ?? factors).map((factor, index): PlantedResult => {
		const result = { factor, made: 0, counted: 0, found: 0, touched: 0, falseSpikes: 0 };
		for (let made = 0; result.counted < options.spikes; made++) {
			const own = seed + index * 1_000_003 + made;
			const chosen = factor.from * (factor.to / factor.from) ** randomNumbers(own ^ 0x5bd1e995)();
			const production = generateProduction({ ...common, seed: own, spike: { factor: chosen } });
			const one = production.planted;
			result.made++;
			if (one === undefined || one.extra < leastExtra) continue;
			const spikes = spikesOf(production);
			result.counted++;
			if (spikes.some((spike) => isFound(one, spike))) result.found++;
			else if (spikes.some((spike) => !isFalse(one, spike))) result.touched++;
			result.falseSpikes += spikes.filter((spike) => isFalse(one, spike)).length;
		}
		return result;
	});
	let quietWithSpike = 0;
	const times: number[] = [];
	for (let made = 0; made < quiet; made++) {
		const production = generateProduction({
			...common,
			seed: seed + 50_000_017 + made,
			spike: undefined,
		});
		const begun = performance.now();
		if (spikesOf(production).length > 0) quietWithSpike++;
		times.push(performance.now() - begun);
	}
	times.sort((one, other) => one - other);
	return {
		world,
		window,
		planted,
		quietWindows: quiet,
		quietWithSpike,
		medianMs: times[Math.floor(times.length / 2)] ?? 0,
	};
}

export interface SpikeBench {
	readonly results: readonly SpikeResult[];
	readonly markdown: string;
}

/** Runs everything; `scale` 1 is 600 quiet windows and 200 spikes a factor (half of that for some). */
export function benchSpikes(scale = 1): SpikeBench {
	const spikes = Math.ceil(200 * scale);
	const quiet = Math.ceil(600 * scale);
	const plan: readonly MeasureOptions[] = [
		{ world: "sessions", window: "1h", spikes, quiet, seed: 1 },
		{ world: "sessions", window: "24h", spikes, quiet, seed: 2 },
		{ world: "sessions", window: "7d", spikes: Math.ceil(spikes / 2), quiet, seed: 3 },
		{ world: "moody", window: "24h", spikes: Math.ceil(spikes / 2), quiet, seed: 4 },
		{ world: "office", window: "24h", spikes: Math.ceil(spikes / 2), quiet, seed: 5 },
	];
	const results = plan.map(measureSpikes);
	return { results, markdown: table(results) };
}

function table(results: readonly SpikeResult[]): string {
	const head = [
		"| production | window | factor | spikes (20+ extra) | found | near | false beside | quiet windows | with a false spike | ms |",
		"|---|---|---|---|---|---|---|---|---|---|",
	];
	const rows = results.flatMap((result) =>
		result.planted.map((one, index) =>
			[
				"",
				result.world,
				result.window,
				one.factor.from === one.factor.to ? `${one.factor.from}×` : `${one.factor.from}–${one.factor.to}×`,
				one.counted,
				`${one.found} (${((100 * one.found) / one.counted).toFixed(1)} %)`,
				one.touched,
				one.falseSpikes,
				...(index === 0
					? [result.quietWindows, result.quietWithSpike, result.medianMs.toFixed(1)]
					: ["", "", ""]),
				"",
			]
				.join(" | ")
				.trim(),
		),
	);
	return [...head, ...rows].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	process.stdout.write(`${benchSpikes(Number(process.argv[2] ?? 1)).markdown}\n`);
}
