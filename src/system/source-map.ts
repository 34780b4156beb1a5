// Maps the bundle's positions in a stack trace to the sources.

import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A stack line in the bundle, in whatever folder: V8's compiled code keeps the path that the bundle had when it was
 * built.
 */
const bundleFrame = /^( +at (?:async )?(?:[^(\n]+ \()?)(?:.*[\\/])?bundle\.js:(\d+):(\d+)(\)?)$/gm;

/** Read at the first stack and cached, failures included. Undefined if there is none. */
let map: SourceMap | undefined | "unread" = "unread";

/**
 * A stack with the bundle's positions as `src/….ts:line:column`. Node's own --enable-source-maps does not support code
 * compiled as in src/cli/launch.cts, and would cost time at every start.
 */
export function sourceStack(stack: string): string {
	return stack.replaceAll(bundleFrame, (frame, before, line, column, after) => {
		if (map === "unread") map = readMap();
		const source = sourceOf(Number(line), Number(column));
		return source === undefined ? frame : `${before}${source}${after}`;
	});
}

function readMap(): SourceMap | undefined {
	try {
		const mapPath = join(dirname(fileURLToPath(import.meta.url)), "bundle-map.json");
		return new SourceMap(JSON.parse(readFileSync(mapPath, "utf8")));
	} catch {
		// A stack with the bundle's positions is better than an error about an error.
		return undefined;
	}
}

/** Both count from 1 in a stack, and from 0 in a map. */
function sourceOf(line: number, column: number): string | undefined {
	if (map === undefined || map === "unread") return undefined;
	const entry = map.findEntry(line - 1, column - 1);
	if (!("originalSource" in entry)) return undefined;
	// The map names sources relative to dist/.
	const source = posix.join("dist", entry.originalSource);
	return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
