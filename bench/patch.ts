import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { PatchRequest } from "../src/patch/propose.ts";
import { forms, replayBeginPatches, replayForms } from "./patch-forms.ts";
import {
	changesOfHistory,
	changesOfReleases,
	type RealChange,
	replayDiffs,
	replayEdits,
	type Score,
	variants,
	withDiffs,
	withoutFinalNewline,
} from "./patch-replay.ts";
import { openHost } from "./plain-host.ts";

export interface ReplayRow extends Score {
	readonly as: "edits" | "diffs";
	readonly variant: string;
}

/** Replays real changes as edits and as diffs, in every variant. */
export function replay(changes: readonly RealChange[]): { hunks: number; files: number; rows: ReplayRow[] } {
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
		{ as: "diffs", variant: "*** Begin Patch", ...replayBeginPatches(diffs) },
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

function replayTable(name: string, { files, hunks, rows }: ReturnType<typeof replay>): readonly string[] {
	return [
		`${name}: ${files} changed files, ${hunks} hunks`,
		"",
		"| as | variant | applied | refused | of them without a line | wrong | applied % |",
		"|---|---|---|---|---|---|---|",
		...rows.map(({ as, variant, applied, refused, unexplained, wrong }) => {
			const share = ((100 * applied) / (applied + refused + wrong)).toFixed(2);
			return `| ${as} | ${variant} | ${applied} | ${refused} | ${unexplained} | ${wrong} | ${share} |`;
		}),
		"",
	];
}

export interface BenchOptions {
	/** One folder: a repository's history. Several: releases of the same thing, oldest first. */
	readonly folders: readonly string[];
	/** Of a history, the newest. */
	readonly commits?: number;
	/** Of releases, how many files of each pair, and how their names end. */
	readonly files?: number;
	readonly suffix?: string;
}

export async function benchPatch({ folders, commits = 1000, files = 150, suffix = ".py" }: BenchOptions) {
	const [first = ".", ...others] = folders;
	const isHistory = others.length === 0;
	const changes = isHistory ? changesOfHistory(first, commits) : changesOfReleases(folders, suffix, files);
	const replayed = replay(changes);
	const latencies = await latency();
	const markdown = [
		...replayTable(isHistory ? "history" : "releases", replayed),
		"| call | calls | p50 ms | p95 ms | least ms |",
		"|---|---|---|---|---|",
		...latencies.map(
			({ what, calls, p50Ms, p95Ms, leastMs }) =>
				`| ${what} | ${calls} | ${p50Ms.toFixed(1)} | ${p95Ms.toFixed(1)} | ${leastMs.toFixed(1)} |`,
		),
	].join("\n");
	return { results: { replayed, latencies }, markdown };
}

if (process.argv[1] === import.meta.filename) {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { commits: { type: "string" }, files: { type: "string" }, suffix: { type: "string" } },
	});
	const { markdown } = await benchPatch({
		folders: positionals,
		...(values.commits === undefined ? {} : { commits: Number(values.commits) }),
		...(values.files === undefined ? {} : { files: Number(values.files) }),
		...(values.suffix === undefined ? {} : { suffix: values.suffix }),
	});
	process.stdout.write(`${markdown}\n`);
}
