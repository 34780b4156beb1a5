import { parseArgs } from "node:util";
import {
	changesOfHistory,
	changesOfReleases,
	type RealChange,
	replayDiffs,
	replayEdits,
	type Score,
	variants,
	withDiffs,
	withoutFinalNewline,
} from "./patch-replay.ts";

export interface ReplayRow extends Score {
	readonly as: "edits" | "diffs";
	readonly variant: string;
}

/** Replays real changes as edits and as diffs, in every variant. */
export function replay(changes: readonly RealChange[]): { hunks: number; files: number; rows: ReplayRow[] } {
	const diffs = withDiffs(
		changes.filter(({ before }) => !before.includes("\r") && !before.startsWith("\ufeff")),
	);
	const bare = withoutFinalNewline(diffs);
	const rows = variants.flatMap((variant): ReplayRow[] => {
		const used = variant === "no final newline" ? bare : diffs;
		return [
			{ as: "edits", variant, ...replayEdits(used, variant) },
			{ as: "diffs", variant, ...replayDiffs(used, variant) },
		];
	});
	return { files: diffs.length, hunks: diffs.reduce((sum, { hunks }) => sum + hunks.length, 0), rows };
}

function print(name: string, changes: readonly RealChange[]): void {
	const { files, hunks, rows } = replay(changes);
	console.log(`\n${name}: ${files} changed files, ${hunks} hunks`);
	console.log("| as | variant | applied | refused | of them without a line | wrong | applied % |");
	console.log("|---|---|---|---|---|---|---|");
	for (const { as, variant, applied, refused, unexplained, wrong } of rows) {
		const share = ((100 * applied) / (applied + refused + wrong)).toFixed(2);
		console.log(`| ${as} | ${variant} | ${applied} | ${refused} | ${unexplained} | ${wrong} | ${share} |`);
	}
}

if (process.argv[1] === import.meta.filename) {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			commits: { type: "string", default: "1000" },
			files: { type: "string", default: "200" },
			suffix: { type: "string", default: ".py" },
		},
	});
	// One folder: a repository's history. Several: releases of the same thing, oldest first.
	const [first = ".", ...others] = positionals;
	if (others.length === 0) print("history", changesOfHistory(first, Number(values.commits)));
	else print("releases", changesOfReleases(positionals, values.suffix, Number(values.files)));
}
