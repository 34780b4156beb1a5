// Packs the built server and ripgrep into an .mcpb bundle.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import { stampName } from "../stamp.ts";
import { bundleManifest } from "./claude-desktop.ts";
import { json, product } from "./product.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** Its platform packages have the same version. */
const ripgrepVersion = manifest.dependencies["@vscode/ripgrep"];
const run = promisify(execFile);

export interface BundleOptions {
	/** Platforms and processors as Node names them, such as `darwin-arm64`. */
	readonly targets: readonly string[];
	/** The output folder. */
	readonly into: string;
	/** Brings a package that is not installed here, `name@version`, into a folder. @returns the package's own folder */
	readonly fetch: (name: string, folder: string) => string;
}

/**
 * Packs the built server with ripgrep for the targets; needs dist/. `mcpb` itself validates and packs.
 *
 * @returns the bundle's path
 */
export async function packBundle({ targets, into, fetch }: BundleOptions): Promise<string> {
	const stage = await mkdtemp(join(tmpdir(), "bundle-"));
	try {
		const bundle = join(stage, "bundle");
		await mkdir(bundle);
		await cp(join(root, "dist"), join(bundle, "dist"), {
			recursive: true,
			filter: (path) => basename(path) !== stampName,
		});
		await cp(join(root, "LICENSE"), join(bundle, "LICENSE"));
		const platforms = [...new Set(targets.map((target) => target.split("-")[0] ?? ""))];
		await writeFile(join(bundle, "manifest.json"), bundleManifest(platforms));
		await writeFile(
			join(bundle, "package.json"),
			json({ name: product.name, version: product.version, type: "module", private: true }),
		);
		const ripgrep = join(root, "node_modules", "@vscode", "ripgrep");
		await cp(ripgrep, join(bundle, "node_modules", "@vscode", "ripgrep"), { recursive: true });
		for (const target of targets) {
			const name = `@vscode/ripgrep-${target}`;
			const installed = join(dirname(ripgrep), `ripgrep-${target}`);
			const isHere = await stat(installed).then(
				() => true,
				() => false,
			);
			const from = isHere
				? installed
				: fetch(`${name}@${ripgrepVersion}`, await mkdtemp(join(stage, "fetched-")));
			await cp(from, join(bundle, "node_modules", name), { recursive: true });
		}
		const file = join(into, `${product.name}-${product.version}-${targets.join("-")}.mcpb`);
		const mcpb = join(root, "node_modules", ".bin", "mcpb");
		await run(mcpb, ["validate", join(bundle, "manifest.json")]);
		await run(mcpb, ["pack", bundle, file]);
		return file;
	} finally {
		await rm(stage, { recursive: true, force: true });
	}
}
