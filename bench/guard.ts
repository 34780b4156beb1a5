/**
 * Measures the guard: `npx tsx bench/guard.ts [checks]`. Needs the built server: the guard is bundled the same way, with
 * the same SQLite code beside it, and runs in separate processes.
 */
import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { leastRounds, median } from "./figures.ts";
import type { GuardRun } from "./guard-process.ts";

export interface GuardFigures extends GuardRun {
	/** Processes of which `readyMs` is the median. */
	readonly starts: number;
}

const dist = join(import.meta.dirname, "..", "dist");

export async function measureGuard(checks = 100_000): Promise<GuardFigures> {
	const folder = await mkdtemp(join(tmpdir(), "guard-bench-"));
	try {
		await copyFile(join(dist, "sqlite3.wasm"), join(folder, "sqlite3.wasm"));
		const script = join(folder, "guard.mjs");
		await build({
			entryPoints: [join(import.meta.dirname, "guard-process.ts")],
			outfile: script,
			bundle: true,
			minify: true,
			platform: "node",
			format: "esm",
			target: "node20.18",
			// The package's own loader, which the guard never imports.
			external: ["@sqlite.org/sqlite-wasm"],
			logLevel: "error",
		});
		const run = (count: number) =>
			JSON.parse(
				execFileSync(process.execPath, ["--expose-gc", script, String(count)], { encoding: "utf8" }),
			) as GuardRun;
		const starts = Array.from({ length: leastRounds }, () => run(0).readyMs);
		return { ...run(checks), readyMs: median(starts), starts: starts.length };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

if (process.argv[1] === import.meta.filename) {
	const figures = await measureGuard(Number(process.argv[2] ?? 100_000));
	const { readyMs, starts, p50, p99, checks, engineBytes, heapBytes } = figures;
	const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
	console.log(`guard: ready in ${readyMs.toFixed(0)} ms, median of ${starts} (bound 120)`);
	console.log(
		`guard: ${checks} checks, p50 ${p50.toFixed(0)} µs (bound 150), p99 ${p99.toFixed(0)} µs (bound 700)`,
	);
	console.log(`guard: engine ${engineBytes.map(mib).join(" → ")}, heap ${heapBytes.map(mib).join(" → ")}`);
}
