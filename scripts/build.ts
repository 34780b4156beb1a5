// Builds dist/: one bundled command, and beside it the WebAssembly files that it loads at run time.
import { chmod, cp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { assetSources } from "../src/system/assets.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const require = createRequire(import.meta.url);
const { version } = require("../package.json");

// esbuild keeps `require` calls of bundled CommonJS packages; an ES module has none of its own.
const banner = [
	"#!/usr/bin/env node",
	'import { createRequire as __createRequire } from "node:module";',
	"const require = __createRequire(import.meta.url);",
].join("\n");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await build({
	absWorkingDir: root,
	entryPoints: { "prod-debugger-mcp": "src/main.ts" },
	outdir: dist,
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node20.18",
	minifySyntax: true,
	minifyWhitespace: true,
	legalComments: "none",
	external: ["@vscode/ripgrep"],
	define: { __VERSION__: JSON.stringify(version) },
	banner: { js: banner },
	logLevel: "warning",
});
await chmod(join(dist, "prod-debugger-mcp.js"), 0o755);

for (const [name, source] of Object.entries(assetSources)) {
	await cp(require.resolve(source), join(dist, name));
}
