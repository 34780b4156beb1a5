// Locates the files that are loaded at run time.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Each file and the package it is from. The build copies them beside the bundle. */
export const assetSources = {
	"sqlite3.wasm": "@sqlite.org/sqlite-wasm/sqlite3.wasm",
	"web-tree-sitter.wasm": "web-tree-sitter/web-tree-sitter.wasm",
	"tree-sitter-typescript.wasm": "@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm",
	"tree-sitter-tsx.wasm": "@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm",
	"tree-sitter-javascript.wasm": "@vscode/tree-sitter-wasm/wasm/tree-sitter-javascript.wasm",
	"tree-sitter-python.wasm": "@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm",
	"tree-sitter-go.wasm": "@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm",
} as const;

export type AssetName = keyof typeof assetSources;

/** The absolute path of a run-time file: beside the bundle where it was built, else in its package. */
export function assetPath(name: AssetName): string {
	const beside = join(dirname(fileURLToPath(import.meta.url)), name);
	return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(assetSources[name]);
}

/**
 * The text of a file that the build makes: beside the bundle, and for a source tree in its `dist/`.
 *
 * @throws where it was not built
 */
export function readBuilt(name: "error-stats.html" | "report-page.js"): Promise<string> {
	const here = dirname(fileURLToPath(import.meta.url));
	const beside = join(here, name);
	return readFile(existsSync(beside) ? beside : join(here, "..", "..", "dist", name), "utf8");
}
