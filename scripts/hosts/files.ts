import { claudeCodeFiles } from "./claude-code.ts";
import { bundleManifest } from "./claude-desktop.ts";
import { editorFiles } from "./editors.ts";
import { readme } from "./readme.ts";
import { registryFile } from "./registry.ts";

/** Where Claude Desktop runs, and where its bundles are tried. */
const bundlePlatforms = ["darwin", "win32", "linux"];

/** Every generated file of `hosts/`, by its path there. */
export function hostFiles(): Readonly<Record<string, string>> {
	const files = {
		...claudeCodeFiles(),
		...editorFiles(),
		"claude-desktop/manifest.json": bundleManifest(bundlePlatforms),
		"server.json": registryFile(),
	};
	return { ...files, "README.md": readme(files) };
}
