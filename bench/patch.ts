// Replays real changes of any histories through the patch reader, and times propose_patch: tsx bench/patch.ts HISTORY ….

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { PatchRequest } from "../src/patch/propose.ts";
import { changesOf, type HistoryOptions, type RealChange, withDiffs } from "./patch-changes.ts";
import { beginForms, forms, replayBeginPatches, replayForms } from "./patch-forms.ts";
import { replayDiffs, replayEdits, type Score, variants, withoutFinalNewline } from "./patch-replay.ts";
import { openHost } from "./plain-host.ts";

export interface ReplayRow extends Score {
	readonly as: "edits" | "diffs";
	readonly variant: string;
}

export interface Replayed {
	readonly hunks: number;
	readonly files: number;
	readonly rows: readonly ReplayRow[];
}

/** Replays real changes as edits and as diffs, in every variant. */
export function replay(changes: readonly RealChange[]): Replayed {
	const diffs = withDiffs(
		changes.filter(({ before }) => !before.includes("\r") && !before.startsWith("\ufeff")),
	);
	const bare = withoutFinalNewline(diffs);
	const rows = variants.flatMap((variant): ReplayRow[] => {
		const used = variant === "no final newline" ? bare : diffs;
		return [
			{ as: "edits", variant, ...replayEdits(used, variant) },
			{ as: "diffs", variant, ...replayDiffs(used, variant) },
		];
	});
	rows.push(
		...forms.map((form): ReplayRow => ({ as: "edits", variant: form, ...replayForms(diffs, form) })),
		...beginForms.map(
			(form): ReplayRow => ({ as: "diffs", variant: form, ...replayBeginPatches(diffs, form) }),
		),
	);
	return { files: diffs.length, hunks: diffs.reduce((sum, { hunks }) => sum + hunks.length, 0), rows };
}

/** Calls that are not counted: the first ones load grammars and are compiled. */
const warmUps = 5;

export interface Latency {
	readonly what: string;
	readonly calls: number;
	readonly p50Ms: number;
	readonly p95Ms: number;
	/** What a machine does that nothing else runs on. */
	readonly leastMs: number;
}

/** How long whole calls take: a change of a file of this repository, and a large rewrite in a separate one. */
export async function latency(calls = 40): Promise<readonly Latency[]> {
	const base = await mkdtemp(join(tmpdir(), "patch-bench-"));
	try {
		const folder = join(base, "repository");
		await mkdir(folder);
		const large = (name: string, changed: number) =>
			Array.from(
				{ length: 10_000 },
				(_, index) => `export const ${index < changed ? name : "a"}${index} = 1;\n`,
			).join("");
		await writeFile(join(folder, "large.ts"), large("a", 0));
		for (const args of [
			["init", "-q"],
			["add", "-A"],
		])
			execFileSync("git", args, { cwd: folder });
		const here = join(import.meta.dirname, "..");
		const first = (await readFile(join(here, "src/config/settings.ts"), "utf8")).split("\n")[0] ?? "";
		const edit = (call: number) => [
			{ path: "src/config/settings.ts", old_text: first, new_text: `${first} // ${call}` },
		];
		const rewrite = (call: number) => [{ path: "large.ts", content: large(`b${call}_`, 2400) }];
		return [
			await timeCalls("one edit of one file of this repository", here, join(base, "state"), edit, calls),
			await timeCalls("a file of 10,000 lines, 2,400 rewritten", folder, join(base, "state"), rewrite, calls),
		];
	} finally {
		await rm(base, { recursive: true, force: true });
	}
}

/** In the built server, called over stdio as a host does: the cost of starting git depends on the size of the process that starts it. */
async function timeCalls(
	what: string,
	folder: string,
	stateFolder: string,
	edits: (call: number) => PatchRequest["edits"],
	calls: number,
): Promise<Latency> {
	const { call, close } = await openHost({
		PROD_DEBUGGER_REPO: folder,
		PROD_DEBUGGER_STATE_DIR: stateFolder,
	});
	const times: number[] = [];
	try {
		for (let round = -warmUps; round < calls; round += 1) {
			const request = { title: what, rationale: "to be timed", edits: edits(round) };
			const started = performance.now();
			await call("propose_patch", { ...request });
			if (round >= 0) times.push(performance.now() - started);
		}
	} finally {
		await close();
	}
	times.sort((one, other) => one - other);
	const at = (share: number) => times[Math.min(calls - 1, Math.ceil(share * calls) - 1)] ?? 0;
	return { what, calls, p50Ms: at(0.5), p95Ms: at(0.95), leastMs: times[0] ?? 0 };
}

function replayTable(name: string, { files, hunks, rows }: Replayed): readonly string[] {
	return [
		`${name}: ${files} changed files, ${hunks} hunks`,
		"",
		"| as | variant | applied | several places match: refused | of these applied with the line | refused otherwise | wrong | applied of those with one place, % |",
		"|---|---|---|---|---|---|---|---|",
		...rows.map(({ as, variant, applied, refused, ambiguous, withLine, wrong }) => {
			const clear = applied + refused + wrong;
			const share = clear === 0 ? "" : ((100 * applied) / clear).toFixed(2);
			const again = as === "edits" ? withLine : "";
			return `| ${as} | ${variant} | ${applied} | ${ambiguous} | ${again} | ${refused} | ${wrong} | ${share} |`;
		}),
		"",
	];
}

function sum(all: readonly Replayed[]): Replayed {
	const [first, ...others] = all;
	if (first === undefined) return { files: 0, hunks: 0, rows: [] };
	return others.reduce(
		(so, { files, hunks, rows }) => ({
			files: so.files + files,
			hunks: so.hunks + hunks,
			rows: so.rows.map((row, index) => added(row, rows[index] ?? row)),
		}),
		first,
	);
}

function added(one: ReplayRow, other: ReplayRow): ReplayRow {
	return {
		as: one.as,
		variant: one.variant,
		applied: one.applied + other.applied,
		refused: one.refused + other.refused,
		ambiguous: one.ambiguous + other.ambiguous,
		withLine: one.withLine + other.withLine,
		unexplained: one.unexplained + other.unexplained,
		wrong: one.wrong + other.wrong,
	};
}

export async function benchPatch(histories: readonly string[], options: HistoryOptions = {}) {
	const all = histories.map((history) => replay(changesOf(history, options)));
	const latencies = await latency();
	const markdown = [
		...all.flatMap((one, index) => replayTable(histories[index] ?? "", one)),
		...(all.length > 1 ? replayTable("all", sum(all)) : []),
		"| call | calls | p50 ms | p95 ms | least ms |",
		"|---|---|---|---|---|",
		...latencies.map(
			({ what, calls, p50Ms, p95Ms, leastMs }) =>
				`| ${what} | ${calls} | ${p50Ms.toFixed(1)} | ${p95Ms.toFixed(1)} | ${leastMs.toFixed(1)} |`,
		),
	].join("\n");
	return { results: { all, latencies }, markdown };
}

if (process.argv[1] === import.meta.filename) {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { commits: { type: "string" }, files: { type: "string" }, suffix: { type: "string" } },
	});
	const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));
	const { markdown } = await benchPatch(positionals.length > 0 ? positionals : ["."], {
		commits: number(values.commits),
		files: number(values.files),
		suffix: values.suffix,
	});
	process.stdout.write(`${markdown}\n`);
}
