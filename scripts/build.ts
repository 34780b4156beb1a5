// Builds dist/: one bundle with V8's compiled code, and the modules that it loads on demand.

import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { assetSources } from "../src/system/index.ts";
import { buildPageScript } from "./page-script.ts";
import { hashSources, writeStamp } from "./stamp.ts";
import { buildView } from "./view.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const require = createRequire(import.meta.url);
const { version } = require("../package.json");

/** Packages that are imported at first use; each becomes a separate file, which is not read at start. */
const loadedLater: Readonly<Record<string, string>> = {
	undici: "undici.mjs",
	"@sqlite.org/sqlite-wasm": "sqlite.mjs",
	"web-tree-sitter": "tree-sitter.mjs",
};

/** Not `.map`: mcpb leaves such names out of its bundle. */
const mapName = "bundle-map.json";

const loadLater: Plugin = {
	name: "load-later",
	setup({ onResolve }) {
		onResolve({ filter: /^[@\w./-]+$/ }, ({ path, kind }) =>
			kind === "dynamic-import" && path in loadedLater
				? { path: `./${loadedLater[path]}`, external: true }
				: undefined,
		);
	},
};

/** Replacements for modules that are larger than this server needs. */
const lighter: readonly (readonly [RegExp, string])[] = [
	// zod carries its messages in fifty languages; ours are worded in src/mcp/argument-issues.ts.
	[/[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/, 'export { default as en } from "./en.js";'],
	// The SDK validates elicited input with ajv (300 kB); this server elicits none, and the SDK's other validator suffices.
	[
		/[\\/]@modelcontextprotocol[\\/]server[\\/]dist[\\/]shimsNode\.mjs$/,
		'export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from "./validators/cfWorker.mjs"; export { default as process } from "node:process";',
	],
];

const lightenImports: Plugin = {
	name: "lighten-imports",
	setup({ onLoad }) {
		for (const [filter, contents] of lighter) onLoad({ filter }, () => ({ contents, loader: "js" }));
	},
};

const common: BuildOptions = {
	absWorkingDir: root,
	outdir: dist,
	bundle: true,
	platform: "node",
	target: "node20.18",
	minifySyntax: true,
	minifyWhitespace: true,
	minifyIdentifiers: true,
	legalComments: "none",
	logLevel: "warning",
};

// Changes while this runs are not included.
const builtFrom = await hashSources(root);
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await build({
	...common,
	format: "cjs",
	entryPoints: { "prod-debugger-mcp": "src/cli/launch.cts" },
	banner: { js: "#!/usr/bin/env node" },
});
const { outputFiles } = await build({
	...common,
	format: "cjs",
	entryPoints: { bundle: "src/main.ts" },
	external: ["@vscode/ripgrep"],
	define: { __VERSION__: JSON.stringify(version), "import.meta.url": "__bundleUrl" },
	plugins: [loadLater, lightenImports],
	// src/cli/launch.cts calls it. In the banner, so that the source map accounts for it.
	banner: {
		js: '(function (require, __filename, __load) {const __bundleUrl = require("node:url").pathToFileURL(__filename).href;',
	},
	footer: { js: "})" },
	// Read when a stack is logged (src/system/source-map.ts), and by debuggers; not at start.
	sourcemap: "external",
	sourcesContent: false,
	write: false,
});
// Code compiled separately has no `import()`: src/cli/launch.cts passes one in.
const outputOf = (name: string) => outputFiles.find(({ path }) => path === join(dist, name))?.text ?? "";
const bundle = outputOf("bundle.js");
const imports = bundle.split('import("').length - 1;
if (imports !== Object.keys(loadedLater).length + 1)
	throw new Error(`${imports} dynamic imports in the bundle`);
// Same length as the original, so that the source map stays correct.
const loading = bundle.replaceAll('import("', '__load("');
await writeFile(join(dist, "bundle.js"), `${loading}//# sourceMappingURL=${mapName}\n`);
await writeFile(join(dist, mapName), outputOf("bundle.js.map"));
await build({
	...common,
	format: "esm",
	outExtension: { ".js": ".mjs" },
	entryPoints: Object.fromEntries(
		Object.entries(loadedLater).map(([name, file]) => [file.replace(/\.mjs$/, ""), name]),
	),
	// esbuild keeps `require` calls of bundled CommonJS packages; an ES module has no `require`.
	banner: {
		js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
	},
});
// The package is ESM; these two files start faster as CommonJS.
await writeFile(join(dist, "package.json"), '{ "type": "commonjs" }\n');

await writeFile(join(dist, "error-stats.html"), await buildView(root, version));
await writeFile(join(dist, "report-page.js"), await buildPageScript(root));

// The engines and grammars.
for (const [file, source] of Object.entries(assetSources))
	await cp(require.resolve(source), join(dist, file));

// The files of the demo's code base.
await cp(join(root, "src", "sandbox", "codebase", "fixtures"), join(dist, "fixtures"), { recursive: true });

const command = join(dist, "prod-debugger-mcp.js");
await chmod(command, 0o755);
// A session such as every host opens, so that the functions it runs are compiled.
const session = [
	{
		id: 1,
		method: "initialize",
		params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "build", version } },
	},
	{ method: "notifications/initialized" },
	{ id: 2, method: "tools/list" },
].map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
execFileSync(process.execPath, [command], {
	input: session.join(""),
	cwd: root,
	env: { PATH: process.env.PATH, PROD_DEBUGGER_KEEP_COMPILED: "1" },
	stdio: ["pipe", "ignore", "inherit"],
});
await writeStamp(root, builtFrom);
