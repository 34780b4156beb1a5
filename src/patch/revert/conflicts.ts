// Where an undone change meets a later one: files, their lines as they are now, and the commits since.

import type { Git } from "../../system/index.ts";
import { opsBetween } from "../apply/line-ops.ts";
import { splitLines, textsOf } from "../apply/text-file.ts";
import type { ConflictPlace } from "../failures/index.ts";
import type { Merged, PrivateRepository } from "./private-repository.ts";
import { readEntries } from "./trees.ts";

export interface ConflictContext {
	readonly git: Git;
	readonly repository: PrivateRepository;
	/** The whole hash of the commit that is undone. */
	readonly commit: string;
	/** The tree as it is now. */
	readonly ours: string;
	readonly dirty: ReadonlySet<string>;
	readonly signal: AbortSignal;
}

const maxPaths = 20;

export async function conflictPlaces(
	{ tree, conflicts }: Merged,
	context: ConflictContext,
): Promise<readonly ConflictPlace[]> {
	const kinds = new Map(conflicts.flatMap(({ kind, paths }) => paths.map((path) => [path, kind] as const)));
	const paths = [...kinds.keys()].slice(0, maxPaths);
	const run = (args: readonly string[]) => context.repository.run(args);
	const marked = await readEntries(run, tree, paths);
	const now = await readEntries(run, context.ours, paths);
	const text = async (id: string | undefined) =>
		id === undefined ? [] : textsOf(splitLines((await context.repository.blob(id)).toString("utf8")));
	const places: ConflictPlace[] = [];
	for (const path of paths) {
		const lines = conflictLines(await text(marked.get(path)?.id), await text(now.get(path)?.id));
		places.push({
			path,
			kind: kinds.get(path) ?? "contents",
			lines,
			since: await commitsSince(path, context),
			dirty: context.dirty.has(path),
		});
	}
	return places;
}

/** The lines of the file as it is now that stand between git's marks of a conflict. */
function conflictLines(marked: readonly string[], now: readonly string[]) {
	const chosen: string[] = [];
	const blocks: { from: number; to: number }[] = [];
	let side: "both" | "ours" | "theirs" = "both";
	let from = 0;
	for (const line of marked) {
		if (side === "both" && /^<{7} /.test(line)) [side, from] = ["ours", chosen.length];
		else if (side === "ours" && line === "=======") side = "theirs";
		else if (side === "theirs" && /^>{7} /.test(line)) {
			blocks.push({ from, to: chosen.length });
			side = "both";
		} else if (side !== "theirs") chosen.push(line);
	}
	// The number, from 1, of the line that is now at each place of the chosen ones, or of the next.
	const numbers: number[] = [];
	let number = 1;
	for (const { op } of opsBetween(now, chosen)) {
		if (op !== "drop") numbers.push(number);
		if (op !== "add") number += 1;
	}
	return blocks.map((block) => {
		const first = numbers[block.from] ?? Math.max(1, now.length);
		const last = block.to > block.from ? (numbers[block.to - 1] ?? first) : first;
		return { from: first, to: last };
	});
}

async function commitsSince(path: string, { git, commit, signal }: ConflictContext) {
	const { exitCode, stdout } = await git.run(
		[
			"log",
			"--max-count=3",
			"--no-color",
			"--no-show-signature",
			"--format=%h %s",
			`${commit}..HEAD`,
			"--",
			path,
		],
		{ signal, accept: [128] },
	);
	if (exitCode !== 0) return [];
	return stdout
		.toString("utf8")
		.split("\n")
		.flatMap((row) => {
			const [, id, subject] = /^(\w+) (.*)$/.exec(row) ?? [];
			return id === undefined || subject === undefined ? [] : [{ commit: id, subject }];
		});
}
