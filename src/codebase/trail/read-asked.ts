// Names the functions one step down from raising lines, with the newest commit of each.

import type { Git } from "../../system/index.ts";
import type { Raise } from "../find/code-search.ts";
import { type BlameRequest, blame, headVersions } from "../history/blame.ts";
import { type LineMark, marksOf } from "../history/marks.ts";
import { field, functionTypes } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import { askedAt } from "./asked.ts";
import { definitionOf } from "./callees.ts";
import { identityOf } from "./facts.ts";
import { type Files, type FilesOptions, type Place, placeOf } from "./files.ts";
import { valueAt } from "./references.ts";

/** A function that a raising line depends on. */
export interface AskedFunction extends Place {
	/** It is not called there, but makes a value of this type, which a parameter brings. */
	readonly makes?: string;
	/** Undefined where the history is not asked for, or not known. */
	readonly newest: LineMark | undefined;
}

/** The functions of one raising line. */
export interface AskedFunctions {
	readonly path: string;
	readonly line: number;
	readonly functions: readonly AskedFunction[];
}

const maxRaises = 6;
/** For one raising line. */
const maxFunctions = 3;
const maxLines = 200;

/** @param git undefined if no history is wanted */
export async function readAsked(
	files: Files,
	raises: readonly Raise[],
	git: Git | undefined,
): Promise<readonly AskedFunctions[]> {
	const found: { readonly path: string; readonly line: number; readonly places: readonly AskedPlace[] }[] =
		[];
	for (const raise of raises.slice(0, maxRaises)) {
		files.options.signal.throwIfAborted();
		const places = await placesAsked(files, raise);
		if (places.length > 0) found.push({ path: raise.path, line: raise.place.line, places });
	}
	const all = found.flatMap(({ places }) => places);
	const newest = git === undefined ? new Map<string, LineMark>() : await newestOf(files.options, git, all);
	return found.map(({ path, line, places }) => ({
		path,
		line,
		functions: places.map((place) => ({ ...place, newest: newest.get(keyOf(place)) })),
	}));
}

/** The functions around lines, each with the newest commit of its lines; undefined where a line is in none. */
export async function functionsAround(
	files: Files,
	lines: readonly { readonly path: string; readonly line: number }[],
	git: Git | undefined,
): Promise<readonly (AskedFunction | undefined)[]> {
	const places = await Promise.all(
		lines.map(async ({ path, line }): Promise<Place | undefined> => {
			const facts = await files.facts(path);
			const around = facts?.definitions.findLast(({ from, to }) => from <= line && line <= to && from < to);
			return around === undefined ? undefined : placeOf(path, around);
		}),
	);
	const known = places.filter((place) => place !== undefined);
	const newest = git === undefined ? new Map<string, LineMark>() : await newestOf(files.options, git, known);
	return places.map((place) =>
		place === undefined ? undefined : { ...place, newest: newest.get(keyOf(place)) },
	);
}

type AskedPlace = Omit<AskedFunction, "newest">;

async function placesAsked(files: Files, { path, place }: Raise): Promise<readonly AskedPlace[]> {
	const read = await files.tree(path, (root, text) => {
		const value = valueAt(root, text, place);
		if (value === undefined) return undefined;
		const { callees, types } = askedAt(value);
		return { callees, makers: types.flatMap((type) => makersOf(root, path, type)) };
	});
	const places = new Map<string, AskedPlace>();
	const add = (found: AskedPlace) => {
		const isAround = found.path === path && found.from <= place.line && place.line <= found.to;
		if (!isAround && !places.has(keyOf(found))) places.set(keyOf(found), found);
	};
	for (const callee of read?.callees ?? []) {
		const found = await definitionOf(files, path, callee);
		if (found !== undefined) add(found);
	}
	for (const maker of read?.makers ?? []) add(maker);
	return [...places.values()].slice(0, maxFunctions);
}

/** The functions of a file that return a type; where many do, none says much. */
function makersOf(root: Node, path: string, type: string): readonly AskedPlace[] {
	const makers = root.descendantsOfType([...functionTypes]).flatMap((node) => {
		const returned = node === null ? "" : (field(node, "return_type", "result")?.text.slice(0, 200) ?? "");
		const identity =
			node === null || !new RegExp(`\\b${type}\\b`).test(returned) ? undefined : identityOf(node);
		if (node === null || identity === undefined) return [];
		return [
			{ ...identity, path, from: node.startPosition.row + 1, to: node.endPosition.row + 1, makes: type },
		];
	});
	return makers.length > maxMakers ? [] : makers;
}

const maxMakers = 3;

async function newestOf(
	{ sources, signal }: FilesOptions,
	git: Git,
	places: readonly Place[],
): Promise<ReadonlyMap<string, LineMark>> {
	const lines = new Map<string, Set<number>>();
	for (const { path, from, to } of places) {
		const known = lines.get(path) ?? new Set();
		lines.set(path, known);
		for (let line = from; line <= Math.min(to, from + maxLines - 1); line += 1) known.add(line);
	}
	const requests: BlameRequest[] = [];
	for (const [path, wanted] of lines) {
		const source = await sources(path);
		if (source !== undefined) requests.push({ source, lines: [...wanted] });
	}
	const blamed = await blame(git, requests, headVersions(git, [...lines.keys()], signal), signal);
	const newest = new Map<string, LineMark>();
	for (const place of places) {
		const commits = [...(blamed.get(place.path) ?? [])].filter(
			([line]) => line >= place.from && line <= place.to,
		);
		const [first] = marksOf(commits);
		if (first !== undefined) newest.set(keyOf(place), first);
	}
	return newest;
}

function keyOf({ path, name, from }: Place): string {
	return `${path}:${from}:${name}`;
}
