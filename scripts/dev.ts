// Rebuilds dist/ whenever a source changes.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { context, type Plugin } from "esbuild";
import { isFresh } from "./stamp.ts";

const root = join(import.meta.dirname, "..");

/** In a separate process, so that changes of the build scripts apply too. */
async function rebuild(): Promise<void> {
	if (await isFresh(root)) return console.log("dist/ is fresh");
	const started = performance.now();
	const { status } = spawnSync(process.execPath, ["--import", "tsx", "scripts/build.ts"], {
		cwd: root,
		stdio: "inherit",
	});
	console.log(status === 0 ? `built in ${Math.round(performance.now() - started)} ms` : "the build failed");
}

const afterChange: Plugin = {
	name: "rebuild",
	setup({ onEnd }) {
		// esbuild prints its errors itself, and keeps watching.
		onEnd(({ errors }) => (errors.length === 0 ? rebuild() : undefined));
	},
};

const watching = await context({
	absWorkingDir: root,
	entryPoints: ["src/main.ts", "src/cli/launch.cts", "src/visual/view/main.ts"],
	bundle: true,
	packages: "external",
	platform: "node",
	format: "esm",
	outdir: "dist",
	write: false,
	logLevel: "warning",
	plugins: [afterChange],
});
await watching.watch();
