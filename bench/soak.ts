/**
 * Many mixed calls against a production of which one answer in ten is faulty:
 * `node --expose-gc --import tsx bench/soak.ts [calls]`, 20,000 by default.
 *
 * The server runs in this process. Several agents call it over MCP at once, each with a separate production, so that
 * each fault belongs to a known call. The budget and the rate limit are raised so that they do not matter.
 */
import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { layOut, temporaryFolder } from "../test/codebase/corpus/lay-out.ts";
import { type Agent, connectAgent } from "../test/faults/agent.ts";
import { type Fault, faultsTowards } from "../test/faults/faults.ts";
import { startFaultyProduction, startSoundProduction } from "../test/faults/production.ts";
import { randomNumbers } from "../test/random-numbers.ts";

export interface SoakOptions {
	readonly calls: number;
	/** One answer in so many is faulty. Default 10. */
	readonly faultEvery?: number;
	/** Agents at once. Default 8. */
	readonly agents?: number;
	readonly seed?: number;
	/** Called after each tenth of the calls. */
	readonly onSample?: (sample: SoakSample) => void;
}

/** What the process held between two calls, after a collection where it has one (`--expose-gc`). */
export interface SoakSample {
	readonly calls: number;
	readonly heapMiB: number;
	readonly residentMiB: number;
	/** Open files and sockets; undefined where there is no `/proc`. */
	readonly handles: number | undefined;
	/** What keeps Node's loop going, by `process.getActiveResourcesInfo`. */
	readonly resources: number;
}

export interface SoakFigures {
	readonly calls: number;
	readonly requests: number;
	readonly faults: number;
	/** Calls that met a fault, and those of them that failed; the others succeeded on a second attempt. */
	readonly met: number;
	readonly failed: number;
	/** What calls said that failed without a fault: there must be none. */
	readonly failedWithoutFault: readonly string[];
	/** One after each tenth; all before it are warm-up. */
	readonly samples: readonly SoakSample[];
	readonly seconds: number;
}

const codes = ["LLM_RATE_LIMITED", "LLM_TIMEOUT", "ATS_AUTH_FAILED", "SCRAPE_TIMEOUT", "NETWORK_ERROR"];
const windows = ["1h", "6h", "24h", "7d"];

/** The calls of investigations, in a fixed mixture drawn anew for each. */
function drawCall(random: () => number): readonly [string, Record<string, unknown>] {
	const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
	const since = pick(windows);
	const error_code = pick(codes);
	const share = random();
	if (share < 0.25) return ["error_stats", { since, ...(random() < 0.5 ? {} : { error_code }) }];
	if (share < 0.5) return ["fetch_errors", { since, error_code, limit: 5 + Math.floor(random() * 4) * 10 }];
	if (share < 0.65) return ["failed_skill_runs", { since }];
	if (share < 0.78) {
		const sql = `SELECT provider, COUNT(*) AS n FROM error_events WHERE error_code = '${error_code}' GROUP BY provider LIMIT 10`;
		return ["query_database", { sql }];
	}
	if (share < 0.84) return ["describe_database", random() < 0.5 ? {} : { table: "error_events" }];
	if (share < 0.94) {
		return [
			"debug_report",
			{ since, issues: [{ error_code, root_cause: "too many", proposed_fix: "fewer" }] },
		];
	}
	if (share < 0.99) return ["search_codebase", { error_code, history: false }];
	return [
		"propose_patch",
		{
			title: "t",
			rationale: "r",
			edits: [{ path: "src/app.ts", old_text: "const a = 1;", new_text: "const a = 2;" }],
		},
	];
}

/** Faults that are over at once and that no call after them has to wait for. */
function usable(fault: Fault): boolean {
	return (
		fault.behave !== "refuse" &&
		fault.endless !== true &&
		fault.staysAway !== true &&
		!/GB|bomb|far more/.test(fault.name)
	);
}

export async function soak(options: SoakOptions): Promise<SoakFigures> {
	const { calls, faultEvery = 10, agents: agentCount = 8, seed = 1, onSample } = options;
	const begun = performance.now();
	const sound = await startSoundProduction();
	const repository = await temporaryFolder();
	await layOut(repository.root, {
		"src/app.ts": `const a = 1;\n${codes.map((code) => `if (a) throw new Error("${code}");\n`).join("")}`,
	});
	execFileSync("git", ["init", "--quiet"], { cwd: repository.root });
	const faults = faultsTowards("http://127.0.0.1:9").filter(usable);
	const failedWithoutFault: string[] = [];
	const samples: SoakSample[] = [];
	const counts = { done: 0, faults: 0, met: 0, failed: 0, requests: 0 };
	const every = Math.max(1, Math.floor(calls / 10));
	const step = Math.ceil(calls / agentCount);

	const work = async (index: number): Promise<() => Promise<void>> => {
		const random = randomNumbers(seed * 1000 + index);
		const production = await startFaultyProduction(sound);
		const agent: Agent = await connectAgent({
			url: production.url,
			key: sound.key,
			now: sound.now,
			timeoutMs: 60_000,
			maxCallsPerMinute: 1_000_000,
			env: {
				PROD_DEBUGGER_REPO: repository.root,
				PROD_DEBUGGER_STATE_DIR: `${repository.root}-state-${index}`,
			},
		});
		let faultsOfCall = 0;
		await production.behave(async (exchange) => {
			counts.requests += 1;
			const fault = random() < 1 / faultEvery ? faults[Math.floor(random() * faults.length)] : undefined;
			if (typeof fault?.behave !== "function") return exchange.answerWell();
			faultsOfCall += 1;
			counts.faults += 1;
			await fault.behave(exchange);
		});
		for (let call = 0; call < step && counts.done < calls; call += 1) {
			faultsOfCall = 0;
			const [tool, given] = drawCall(random);
			const { text, isError } = await agent.call(tool, given);
			counts.done += 1;
			if (faultsOfCall > 0) counts.met += 1;
			if (isError) counts.failed += 1;
			if (isError && faultsOfCall === 0) failedWithoutFault.push(`${tool}: ${text}`);
			if (counts.done % every === 0) {
				const sample = await takeSample(counts.done);
				samples.push(sample);
				onSample?.(sample);
			}
		}
		return async () => {
			await agent.close();
			await production.close();
		};
	};

	const closers = await Promise.all(Array.from({ length: agentCount }, (_, index) => work(index)));
	for (const close of closers) await close();
	await sound.close();
	await repository.remove();
	const { done, ...others } = counts;
	return { calls: done, ...others, failedWithoutFault, samples, seconds: (performance.now() - begun) / 1000 };
}

async function takeSample(calls: number): Promise<SoakSample> {
	globalThis.gc?.();
	const { heapUsed, rss } = process.memoryUsage();
	const handles = await readdir("/proc/self/fd").then(
		(open) => open.length,
		() => undefined,
	);
	return {
		calls,
		heapMiB: heapUsed / 2 ** 20,
		residentMiB: rss / 2 ** 20,
		handles,
		resources: process.getActiveResourcesInfo().length,
	};
}

export function printSoak({ samples, failedWithoutFault, ...figures }: SoakFigures): void {
	console.table(
		samples.map(({ calls, heapMiB, residentMiB, handles, resources }) => ({
			calls,
			"heap MiB": heapMiB.toFixed(1),
			"resident MiB": residentMiB.toFixed(0),
			handles: handles ?? "",
			resources,
		})),
	);
	console.log(
		`${figures.calls} calls, ${figures.requests} requests, ${figures.faults} faults in ${figures.seconds.toFixed(0)} s; ${figures.met} calls met a fault, ${figures.failed} of them failed; ${failedWithoutFault.length} failed without a fault`,
	);
	for (const text of failedWithoutFault.slice(0, 5)) console.log(text);
}

if (process.argv[1] === import.meta.filename) {
	printSoak(
		await soak({ calls: Number(process.argv[2] ?? 20_000), onSample: (sample) => console.error(sample) }),
	);
}
