// Changes of real source text, made by a seed: the suite's answer must not depend on what was committed last.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RealChange } from "../../bench/patch-changes.ts";
import { randomNumbers } from "../random-numbers.ts";

/** Each file of a folder with one to four places changed: lines replaced, added, removed, or moved. */
export function generatedChanges(folder: string, suffix: string, seed: number): RealChange[] {
	const next = randomNumbers(seed);
	const below = (count: number) => Math.floor(next() * count);
	const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(suffix))
		.sort();
	return names.flatMap((path) => {
		const before = readFileSync(join(folder, path), "utf8");
		// The newline at the end stays: the replay's own judge takes it for granted.
		const lines = before.trimEnd().split("\n");
		if (lines.length < 8) return [];
		for (let left = 1 + below(4); left > 0; left--) changeLines(lines, below);
		const after = `${lines.join("\n")}\n`;
		return before === after ? [] : [{ path, before, after }];
	});
}

function changeLines(lines: string[], below: (count: number) => number): void {
	const at = below(lines.length - 2);
	const line = lines[at] ?? "";
	const indent = /^\s*/.exec(line)?.[0] ?? "";
	switch (below(4)) {
		case 0:
			lines[at] = `${line.trimEnd()} // changed ${below(1000)}`;
			return;
		case 1:
			lines.splice(at, 0, `${indent}const added${below(1000)} = ${below(1000)};`, "");
			return;
		case 2:
			lines.splice(at, 1 + below(3));
			return;
		default:
			// A block that is moved leaves the same lines at two places of the diff.
			lines.splice(below(lines.length - 2), 0, ...lines.splice(at, 2));
	}
}
