// Where in the sources an error arose: the bundle's places in a stack, by the source map that lies beside it.
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A line of a stack that lies in the bundle. Whichever folder it names: V8 keeps, with the code that it compiled, the
 * path that the bundle had when it was built.
 */
const bundleFrame = /^( +at (?:async )?(?:[^(\n]+ \()?)(?:.*[\\/])?bundle\.js:(\d+):(\d+)(\)?)$/gm;

/** Read at the first stack, and kept: what fails once is likely to fail again. Undefined where there is none. */
let map: SourceMap | undefined | "unread" = "unread";

/**
 * A stack with the places in the bundle as `src/….ts:line:column`. Node's own --enable-source-maps does not reach
 * code that is compiled as src/cli/launch.cts does it, and would cost time at every start.
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
		// A stack in the bundle's own places is better than an error about an error.
		return undefined;
	}
}

/** Both count from 1 in a stack, and from 0 in a map. */
function sourceOf(line: number, column: number): string | undefined {
	if (map === undefined || map === "unread") return undefined;
	const entry = map.findEntry(line - 1, column - 1);
	if (!("originalSource" in entry)) return undefined;
	// The map names sources as they lie from dist/.
	const source = posix.join("dist", entry.originalSource);
	return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
