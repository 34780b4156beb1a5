// Picks what breaks: a real commit's functions, or a small change of code, of a constant or of a dependency.

import { structuredPatch } from "diff";
import { apply, type Edit, mutate, padded } from "./suspects-edits.ts";
import { type Fn, functionAround, type Graph } from "./suspects-graph.ts";
import type { Raise } from "./suspects-raise.ts";
import { isCode, pick, type Story, type StoryCommit } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

export interface Slice {
	readonly trees: readonly ReadonlyMap<string, string>[];
	readonly commits: readonly StoryCommit[];
}
export function sliceOf(story: Story, length: number, random: Random): Slice | undefined {
	const room = story.commits.length - length;
	if (room < 0) return undefined;
	const from = Math.floor(random() * (room + 1));
	let tree: ReadonlyMap<string, string> = story.base;
	for (const commit of story.commits.slice(0, from)) tree = after(tree, commit);
	const commits = story.commits.slice(from, from + length);
	const trees = [tree];
	for (const commit of commits) {
		tree = after(tree, commit);
		trees.push(tree);
	}
	return { trees, commits };
}

export function after(
	tree: ReadonlyMap<string, string>,
	{ changes }: StoryCommit,
): ReadonlyMap<string, string> {
	const next = new Map(tree);
	for (const [path, text] of changes) {
		if (text === null) next.delete(path);
		else next.set(path, text);
	}
	return next;
}

/** A function and its first 0-based line that changed. */
export interface ChangedFunction {
	readonly fn: Fn;
	readonly line: number;
}

/** Functions that a real commit changed in code that runs. */
export function changedFunctions(
	{ trees, commits }: Slice,
	place: number,
	graph: Graph,
): readonly ChangedFunction[] {
	const before = trees[place];
	const files = [...(commits[place]?.changes ?? [])].filter(([path, text]) => isCode(path) && text !== null);
	if (before === undefined || files.length === 0 || files.length > 4) return [];
	const found = new Map<Fn, number>();
	for (const [path, text] of files) {
		const old = before.get(path);
		if (old === undefined || text === null) continue;
		for (const hunk of structuredPatch(path, path, old, text, "", "", { context: 0 }).hunks) {
			if (renames(hunk.lines)) continue;
			for (const [offset, line] of hunk.lines.filter((one) => !one.startsWith("-")).entries()) {
				if (!line.startsWith("+") || /^\+\s*(?:$|\/\/|\*|\/\*|#)/.test(line)) continue;
				const at = hunk.newStart - 1 + offset;
				const fn = functionAround(graph.functions, path, at);
				if (fn !== undefined && !found.has(fn)) found.set(fn, at);
			}
		}
	}
	return [...found].map(([fn, line]) => ({ fn, line }));
}

/** Whether lines differ in names, brackets and layout only. */
function renames(lines: readonly string[]): boolean {
	const side = (sign: string) =>
		lines
			.filter((line) => line.startsWith(sign))
			.map((line) => line.slice(1).replace(/[A-Za-z_$][\w$]*/g, "x"))
			.join("")
			.replace(/[\s();,]+/g, "");
	return side("-") === side("+");
}

/**
 * One in six changes a setting or a constant that the function reads, or a dependency.
 * @param until a 0-based line, as it was before the raising line was put in: the change stands before it
 */
export function culpritEdit(
	tree: ReadonlyMap<string, string>,
	fn: Fn,
	{ edit: raise, at }: Raise,
	until: number | undefined,
	random: Random,
): Edit | undefined {
	const text = tree.get(fn.path);
	if (text === undefined) return undefined;
	const raised = fn.path === raise.path ? (apply(text, raise) ?? text) : text;
	const grown = (line: number) =>
		line + (fn.path === raise.path && at <= line ? raised.split("\n").length - text.split("\n").length : 0);
	const reached = {
		...fn,
		from: grown(fn.from),
		to: until === undefined ? grown(fn.to) : grown(until - 1) + 1,
	};
	if (random() < 0.16) {
		const edit = random() < 0.7 ? constantEdit(raised, reached, random) : dependencyEdit(tree, fn, random);
		if (edit !== undefined) return edit;
	}
	const edit = mutate(raised, reached, random);
	return edit === undefined || edit.old === raise.now ? edit : padded(edit, random);
}

function constantEdit(text: string, fn: Fn, random: Random): Edit | undefined {
	const lines = text.split("\n");
	const body = lines.slice(fn.from, fn.to + 1).join("\n");
	const constants = lines.flatMap((line, index) => {
		const name =
			/^(?:export )?(?:const|let|var) (\w{3,}) = .*\d/.exec(line)?.[1] ??
			/^\s{0,4}(\w{3,}): \d+,?$/.exec(line)?.[1];
		return name !== undefined && body.includes(name) ? [index] : [];
	});
	if (constants.length === 0) return undefined;
	const at = pick(constants, random);
	// A condition at the top level would not even be read.
	return mutate(text, { ...fn, from: at - 1, to: at + 1 }, random, ["number"]);
}

function dependencyEdit(tree: ReadonlyMap<string, string>, fn: Fn, random: Random): Edit | undefined {
	const text = tree.get("package.json");
	if (text === undefined) return undefined;
	const code = tree.get(fn.path) ?? "";
	const lines = text.split("\n");
	const used = lines.flatMap((line, index) => {
		const [, name, version] = /^\s*"([@\w./-]+)": "[\^~]?(\d+)\.\d+\.\d+",?$/.exec(line) ?? [];
		return name !== undefined &&
			version !== undefined &&
			new RegExp(`(?:from |require\\(|import )["']${name}["'/]`).test(code)
			? [index]
			: [];
	});
	if (used.length === 0) return undefined;
	const at = pick(used, random);
	const line = (lines[at] ?? "").replace(/(\d+)\.\d+\.\d+/, (_, major) => `${Number(major) + 1}.0.0`);
	return { path: "package.json", old: lines[at] ?? "", now: line, kind: "dependency" };
}
