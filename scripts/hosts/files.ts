// All generated files of hosts/.

import { claudeCodeFiles } from "./claude-code.ts";
import { bundleManifest } from "./claude-desktop.ts";
import { editorFiles } from "./editors.ts";
import { readme } from "./readme.ts";
import { registryFile } from "./registry.ts";

/** The platforms of Claude Desktop, and those where its bundles are tested. */
const bundlePlatforms = ["darwin", "win32", "linux"];

/** By path below `hosts/`. */
export function hostFiles(): Readonly<Record<string, string>> {
	const files = {
		...claudeCodeFiles(),
		...editorFiles(),
		"claude-desktop/manifest.json": bundleManifest(bundlePlatforms),
		"server.json": registryFile(),
	};
	return { ...files, "README.md": readme(files) };
}
