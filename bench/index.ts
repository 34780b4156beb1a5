/**
 * `npm run bench`: the figures of bench/README.md, as one table and as `bench/results.json`.
 *
 * Ours and a peer's are measured in turns within one run, and the ratio is the median of the rounds' ratios, so a slow or
 * busy machine changes the times, but hardly the ratios. A name runs that part alone: `npm run bench -- call`.
 */
import { writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { measureCall } from "./call.ts";
import { type Figure, leastRounds, renderFigures } from "./figures.ts";
import { measureGuard } from "./guard.ts";
import { latency } from "./patch.ts";
import { measureSearch } from "./search.ts";
import { measureSearchPeers } from "./search-peers.ts";
import { soak } from "./soak.ts";
import { measureStart } from "./start.ts";
import { measureStats } from "./stats.ts";
import { measureTokens } from "./tokens.ts";

const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
	start: startFigures,
	call: () => measureCall(),
	guard: guardFigures,
	stats: statsFigures,
	search: searchFigures,
	patch: patchFigures,
	tokens: tokenFigures,
	soak: soakFigures,
};

async function startFigures(): Promise<readonly Figure[]> {
	const rounds = 21;
	const [ours, ...peers] = await measureStart(rounds);
	if (ours === undefined) return [];
	return peers.flatMap(({ server: name, ms, mib }, index): Figure[] => {
		// Its ratios are against the first peer.
		const measured = index === 0;
		return [
			{
				what: "start to tools/list",
				unit: "ms",
				ours: ours.ms,
				peer: { name, value: ms },
				ratio: measured ? ours.msRatio : ours.ms / ms,
				...(measured ? { bound: "ratio ≤ 0.70" } : {}),
				runs: rounds,
			},
			{
				what: "memory then",
				unit: "MiB",
				ours: ours.mib,
				peer: { name, value: mib },
				ratio: measured ? ours.mibRatio : ours.mib / mib,
				...(measured ? { bound: "ratio ≤ 1.00" } : {}),
				runs: rounds,
			},
		];
	});
}

async function guardFigures(): Promise<readonly Figure[]> {
	const { readyMs, starts, p50, p99, checks } = await measureGuard();
	return [
		{
			what: "one check of a query by the guard",
			unit: "ms",
			ours: p50 / 1000,
			bound: "≤ 0.15 ms",
			runs: checks,
		},
		{ what: "the same, 99th percentile", unit: "ms", ours: p99 / 1000, bound: "≤ 0.7 ms", runs: checks },
		{ what: "guard ready, from nothing", unit: "ms", ours: readyMs, bound: "≤ 120 ms", runs: starts },
	];
}

async function statsFigures(): Promise<readonly Figure[]> {
	const rounds = 3;
	const { results } = await measureStats([1000, 1_000_000], rounds);
	return results.flatMap(({ events, toolMs, plainMs, ratio, tokens }): Figure[] => [
		{
			what: `error_stats of ${events.toLocaleString("en")} events, CPU time`,
			unit: "ms",
			ours: toolMs,
			peer: { name: "one plain GROUP BY", value: plainMs },
			ratio,
			runs: rounds,
		},
		{ what: "its answer", unit: "tokens", ours: tokens, runs: 1 },
	]);
}

async function searchFigures(): Promise<readonly Figure[]> {
	const { score, timings, peakBytes, tokens } = await measureSearch();
	const share = (part: number, whole: number) => (100 * part) / whole;
	return [
		...(await measureSearchPeers()),
		...timings.flatMap(({ pattern, bareMs, oursMs, ratio, historyMs, matches }): Figure[] => [
			{
				what: `search for ${pattern}: ${matches.toLocaleString("en")} matches, no history`,
				unit: "ms",
				ours: oursMs,
				peer: { name: "rg --json, bare", value: bareMs },
				ratio,
				bound: "ratio ≤ 1.30",
				runs: leastRounds,
			},
			{
				what: "history adds, over stdio",
				unit: "ms",
				ours: historyMs,
				bound: "≤ 200 ms",
				runs: leastRounds,
			},
		]),
		{
			what: "searches whose first result is right",
			unit: "%",
			ours: share(score.firstRight, score.names),
			runs: score.names,
		},
		{
			what: "“where is it raised”, all codes",
			unit: "tokens",
			ours: tokens.ours,
			peer: { name: "grep and read 20 lines around", value: tokens.grep },
			ratio: tokens.ours / tokens.grep,
			runs: tokens.codes,
		},
		...(peakBytes === undefined
			? []
			: [
					{
						what: "memory at its highest, searching",
						unit: "MiB",
						ours: peakBytes / 2 ** 20,
						runs: 3,
					} as const,
				]),
	];
}

async function patchFigures(): Promise<readonly Figure[]> {
	const rows = await latency();
	return rows.map(({ what, calls, p50Ms }) => ({
		what: `propose_patch: ${what}`,
		unit: "ms",
		ours: p50Ms,
		runs: calls,
	}));
}

async function tokenFigures(): Promise<readonly Figure[]> {
	const { questions, structuredRatio, textRatio, definitions, allDefinitions } = await measureTokens();
	const sum = (form: "raw" | "structured" | "text") =>
		questions.reduce((total, question) => total + question[form], 0);
	const peer = { name: "raw JSON of the skill document's queries", value: sum("raw") };
	const investigation = (form: "structured" | "text", ratio: number, bound: string): Figure => ({
		what: `an investigation, ${form}`,
		unit: "tokens",
		ours: sum(form),
		peer,
		ratio,
		bound,
		runs: questions.length,
	});
	return [
		investigation("structured", structuredRatio, "≤ 0.5 ×"),
		investigation("text", textRatio, "≤ 0.4 ×"),
		{
			what: "definitions of all tools",
			unit: "tokens",
			ours: allDefinitions,
			bound: "≤ 6000",
			runs: definitions.length,
		},
	];
}

/** A short one; `bench/soak.ts` by itself makes 20,000 calls. */
async function soakFigures(): Promise<readonly Figure[]> {
	const { calls, failed, met, failedWithoutFault, samples } = await soak({ calls: 1000, agents: 4 });
	const [early, late] = [samples[2], samples.at(-1)];
	return [
		{
			what: "soak: calls that failed without a fault",
			unit: "",
			ours: failedWithoutFault.length,
			bound: "0",
			runs: calls,
		},
		{ what: "soak: of the calls that met a fault, failed", unit: "%", ours: (100 * failed) / met, runs: met },
		{
			what: "soak: growth of the heap from a third to the end",
			unit: "MiB",
			ours: (late?.heapMiB ?? Number.NaN) - (early?.heapMiB ?? Number.NaN),
			runs: calls,
		},
	];
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => parts[name] === undefined);
if (unknown.length > 0)
	throw new Error(`no such part: ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);

const figures: Record<string, readonly Figure[]> = {};
for (const [name, measure] of Object.entries(parts)) {
	if (wanted.length > 0 && !wanted.includes(name)) continue;
	process.stderr.write(`measuring: ${name}\n`);
	figures[name] = await measure();
}
const machine = {
	node: process.version,
	platform: `${process.platform} ${process.arch}`,
	cores: availableParallelism(),
	memoryGiB: Math.round(totalmem() / 2 ** 30),
};
await writeFile(
	join(import.meta.dirname, "results.json"),
	`${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, "\t")}\n`,
);
process.stdout.write(
	`${renderFigures(Object.values(figures).flat())}\n\nNode ${machine.node}, ${machine.cores} cores, ${machine.platform}\n`,
);
