import { performance } from "node:perf_hooks";

/** One line of the bench's table. */
export interface Figure {
	readonly what: string;
	readonly unit: "ms" | "MiB" | "tokens" | "%" | "";
	/** The median of its runs, where there are several. */
	readonly ours: number;
	/** Measured in turns with ours, in the same run. */
	readonly peer?: { readonly name: string; readonly value: number };
	/** The median of the ratios of each round: a slow round is slow for both. */
	readonly ratio?: number;
	/** The limit that it must keep. */
	readonly bound?: string;
	readonly runs: number;
}

export const leastRounds = 15;

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
	const started = performance.now();
	await work();
	return performance.now() - started;
}

export interface SideBySide {
	readonly ours: number;
	readonly peer: number;
	/** The medians of each round's quotient and difference. */
	readonly ratio: number;
	readonly difference: number;
	readonly runs: number;
}

/**
 * Runs two tasks in turns, each first in every other round, and takes medians.
 *
 * @param rounds beside two that warm up
 */
export async function sideBySide(
	ours: () => Promise<number>,
	peer: () => Promise<number>,
	rounds = leastRounds,
): Promise<SideBySide> {
	const pairs: { ours: number; peer: number }[] = [];
	for (let round = -2; round < rounds; round += 1) {
		let pair: { ours: number; peer: number };
		if (round % 2 === 0) pair = { ours: await ours(), peer: await peer() };
		else {
			const first = await peer();
			pair = { ours: await ours(), peer: first };
		}
		if (round >= 0) pairs.push(pair);
	}
	return {
		ours: median(pairs.map((pair) => pair.ours)),
		peer: median(pairs.map((pair) => pair.peer)),
		ratio: median(pairs.map((pair) => pair.ours / pair.peer)),
		difference: median(pairs.map((pair) => pair.ours - pair.peer)),
		runs: rounds,
	};
}

/** The table as the terminal and bench/README.md show it. */
export function renderFigures(figures: readonly Figure[]): string {
	const rows = figures.map(({ what, unit, ours, peer, ratio, bound, runs }) => [
		what,
		quantity(ours, unit),
		peer === undefined ? "" : `${quantity(peer.value, unit)} (${peer.name})`,
		ratio === undefined ? "" : ratio.toFixed(2),
		bound ?? "",
		String(runs),
	]);
	const all = [["figure", "ours", "against", "ratio", "bound", "runs"], ...rows];
	const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
	const line = (row: readonly string[]) =>
		`| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
	const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
	const [head = [], ...body] = all;
	return [line(head), rule, ...body.map(line)].join("\n");
}

function quantity(value: number, unit: Figure["unit"]): string {
	const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return unit === "" ? value.toFixed(digits) : `${value.toFixed(digits)} ${unit}`;
}
