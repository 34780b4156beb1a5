// Takes one step along the code's way: to what its functions call and read, and to what calls them.

import { type HitFile, placesOf, ranks } from "../find/hits.ts";
import type { Source } from "../find/source.ts";
import { field, functionTypes, nearestOf } from "../syntax/nodes.ts";
import { languageOf, type Node, withTree } from "../syntax/syntax.ts";
import { definedAt, namesAround, type Piece, pieceAround } from "./function-facts.ts";
import { importsOf, isBehindImport, isImported } from "./imports.ts";
import { isWorthCalling, isWorthFollowing } from "./names-used.ts";
import type { Spot } from "./types.ts";
import { hitsOf, maxFiles, type Reached, type Search, via } from "./walk-search.ts";

export const maxSteps = 3;
/** Upper bounds of one step: names searched for, files of one name's definitions and callers. */
const maxNames = 48;
const maxDefinitions = 4;
/** Definitions of one name in one file. */
const maxInFile = 4;
const maxCallerFiles = 12;

/** What the walk has found, and from where it goes on. */
export class Walk {
	readonly spots: Spot[] = [];
	readonly names = new Map<string, number>();
	edge: readonly Reached[];
	readonly #seen = new Set<string>();

	constructor(seeds: readonly Reached[]) {
		this.edge = seeds;
		for (const seed of seeds) this.#seen.add(keyOf(seed));
	}

	/** The names of this step: what its functions call, read and are called. */
	namesAt(step: number): { readonly down: Map<string, Reached>; readonly up: Map<string, Reached> } {
		const down = new Map<string, Reached>();
		const up = new Map<string, Reached>();
		// In turns: a long function does not use up what is looked for.
		const lists = this.edge.map(({ calls, reads }) => [...calls, ...reads]);
		const longest = Math.max(0, ...lists.map(({ length }) => length));
		for (let turn = 0; turn < longest; turn += 1) {
			for (const [index, piece] of this.edge.entries()) {
				const name = lists[index]?.[turn];
				if (name !== undefined && !this.names.has(name) && !down.has(name)) down.set(name, piece);
			}
		}
		for (const piece of this.edge) {
			if (piece.goes === "both" && piece.kind === "function" && isFollowed(piece.name))
				up.set(piece.name, piece);
		}
		for (const name of down.keys()) this.names.set(name, step);
		return { down, up };
	}

	reach(found: readonly Found[]): void {
		this.edge = found.flatMap(({ piece, spot }) => {
			const key = keyOf(piece);
			if (this.#seen.has(key)) return [];
			this.#seen.add(key);
			this.spots.push(...split(spot, piece.last));
			return [piece];
		});
	}
}

interface Found {
	readonly piece: Reached;
	readonly spot: Spot;
}

/** A caller's lines up to the call, and those that run after it only. */
function split(spot: Spot, last = spot.to): readonly Spot[] {
	if (last >= spot.to) return [spot];
	return [
		{ ...spot, to: last },
		{ ...spot, from: last + 1, relation: "follows" },
	];
}

function isFollowed(name: string | undefined): name is string {
	return name !== undefined && isWorthCalling(name);
}

function keyOf({ path, from, to }: Reached): string {
	return `${path}:${from}-${to}`;
}

/** @returns whether something was left out */
export async function takeStep(search: Search, walk: Walk, step: number): Promise<boolean> {
	const { down, up } = walk.namesAt(step);
	const called = [...down.keys()].slice(0, maxNames);
	const names = [...new Set([...up.keys(), ...called])].slice(0, 2 * maxNames);
	const { files, isCut } = await hitsOfNames(search, names);
	const found: Found[] = [...outerOf(walk.edge, step)];
	const definitions = await definingFiles(search, files, down);
	const callers = await callingFiles(search, files, up);
	const wanted = new Set([...definitions.keys(), ...callers].slice(0, maxFiles));
	for (const file of files) {
		if (!wanted.has(file.path)) continue;
		const source = await search.sources(file.path);
		const language = languageOf(file.path);
		if (source === undefined || language === undefined) continue;
		const here = await withTree(language, source.text, (root) =>
			readFile(root, source, file, { down, up, step, mayDefine: definitions.get(file.path) }),
		);
		found.push(...(here ?? []));
	}
	walk.reach(found);
	return isCut || down.size > maxNames;
}

/** An everyday word counts where it is called. */
async function hitsOfNames(
	search: Search,
	names: readonly string[],
): Promise<{ readonly files: readonly HitFile[]; readonly isCut: boolean }> {
	const everyday = names.filter((name) => !isWorthFollowing(name));
	const [words, calls] = await Promise.all([
		hitsOf(
			search,
			names.filter((name) => isWorthFollowing(name)),
			"word",
		),
		hitsOf(
			search,
			everyday.map((name) => `\\b${name}\\(`),
			"regex",
		),
	]);
	const called = calls.files.map((file) => ({
		...file,
		matched: file.matched.map((text) => text.slice(0, -1)),
		rank: file.rank.map((rank) => (rank === ranks.remark ? rank : ranks.code)),
	}));
	return { files: [...words.files, ...called], isCut: words.isCut || calls.isCut };
}

/** The functions that those of the last step are written in. */
function outerOf(edge: readonly Reached[], step: number): readonly Found[] {
	return edge.flatMap(({ outer, goes, path, end, name }) => {
		if (outer === undefined || goes !== "both") return [];
		const spot: Spot = { ...placeOf(outer), path, relation: "calls", steps: step, end, ...via(name) };
		return [{ piece: { ...outer, path, goes, steps: step, end }, spot }];
	});
}

function placeOf({
	kind: _,
	calls: __,
	plainCalls: ___,
	reads: ____,
	outer: _____,
	last: ______,
	isMethod: _______,
	...place
}: Piece): Pick<Spot, "from" | "to" | "name"> {
	return place;
}

interface StepNames {
	readonly down: ReadonlyMap<string, Reached>;
	readonly up: ReadonlyMap<string, Reached>;
	readonly step: number;
	/** The names whose definition is looked for here. */
	readonly mayDefine: ReadonlySet<string> | undefined;
}

function readFile(
	root: Node,
	source: Source,
	file: HitFile,
	{ down, up, step, mayDefine }: StepNames,
): readonly Found[] {
	const { path } = file;
	const names = step < maxSteps ? "with_names" : "without_names";
	const defined = new Map<string, number>();
	// The last call of several first: all that stands before it can lead there.
	const found = [...placesOf(file)].reverse().flatMap(({ line, column, matched, whole }) => {
		if (!whole) return [];
		const at = (source.lineStarts[line - 1] ?? 0) + column;
		const node = root.namedDescendantForIndex(at, at);
		if (node === null || node.text !== matched) return [];
		const from = down.get(matched);
		const to = up.get(matched);
		const definition = definedAt(node, names);
		const make = (piece: Piece, relation: Spot["relation"], near: Reached) => {
			const { end } = near;
			const spot: Spot = { ...placeOf(piece), path, relation, steps: step, end, ...via(near.name) };
			const goes = relation === "calls" ? ("both" as const) : ("down" as const);
			return [{ piece: { ...piece, path, goes, steps: step, end }, spot }];
		};
		if (definition !== undefined) {
			if (from === undefined || mayDefine?.has(matched) !== true) return [];
			if (definition.isMethod === true && from.plainCalls.has(matched)) return [];
			// A local definition belongs to the function that uses it.
			if (from.path === path && line >= from.from && line <= from.to) return [];
			if (isHidden(node, definition, from.path === path ? from : undefined)) return [];
			defined.set(matched, (defined.get(matched) ?? 0) + 1);
			return make(definition, definition.kind === "function" ? "called" : "read", from);
		}
		if (to === undefined || isHolder(node) || (to.isMethod === true && !isOnObject(node))) return [];
		const around = pieceAround(node, names);
		if (around === undefined || around.kind !== "function") return [];
		const [name = around.name] = namesAround(node);
		return make({ ...around, ...(name === undefined ? {} : { name }) }, "calls", to);
	});
	// A key that many objects have is not the one that is read.
	return found.filter(
		({ spot }) =>
			spot.relation === "calls" || spot.name === undefined || (defined.get(spot.name) ?? 0) <= maxInFile,
	);
}

/** `run.timeout`: a use of what it holds, not of itself; `run.call(…)` is one of itself. */
function isHolder(node: Node): boolean {
	const { parent } = node;
	if (parent === null || field(parent, "object")?.id !== node.id) return false;
	return !/^(?:call|apply|bind)$/.test(field(parent, "property", "attribute")?.text ?? "");
}

/** `client.close`, `this[kClose]` */
function isOnObject({ parent }: Node): boolean {
	return parent !== null && /^(?:member_expression|subscript_expression|attribute)$/.test(parent.type);
}

/** A variable of a function, unless what uses it stands inside that function too. */
function isHidden(node: Node, { kind }: Piece, user: Reached | undefined): boolean {
	const declares = /^(variable_declarator|assignment|short_var_declaration|const_spec|var_spec)$/;
	if (kind !== "value" || !declares.test(node.parent?.type ?? "")) return false;
	const holder = nearestOf(node, functionTypes);
	if (holder === undefined) return false;
	const [from, to] = [holder.startPosition.row + 1, holder.endPosition.row + 1];
	return user === undefined || user.from < from || user.to > to;
}

/** Where a name may be defined: files whose line looks like a definition of it, and those whose line could be one. */
interface Defining {
	readonly surely: string[];
	readonly perhaps: string[];
}

async function definingFiles(
	{ sources }: Search,
	files: readonly HitFile[],
	down: ReadonlyMap<string, Reached>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const by = new Map<string, Defining>();
	for (const { path, matched, rank } of files) {
		for (const name of new Set(matched.filter((one) => down.has(one)))) {
			const found = new Set(rank.filter((_, index) => matched[index] === name));
			const defining = by.get(name) ?? { surely: [], perhaps: [] };
			if (found.has(ranks.definition)) defining.surely.push(path);
			// A key of an object does not look like a definition in its line.
			else if (found.has(ranks.code)) defining.perhaps.push(path);
			by.set(name, defining);
		}
	}
	const wanted = new Map<string, Set<string>>();
	const known = new Map<string, readonly string[]>();
	for (const [name, defining] of by) {
		const user = down.get(name);
		if (user === undefined) continue;
		const imports = known.get(user.path) ?? importsOf((await sources(user.path))?.text ?? "");
		known.set(user.path, imports);
		for (const path of chosen(defining, user.path, imports).slice(0, maxDefinitions)) {
			const names = wanted.get(path) ?? new Set();
			names.add(name);
			wanted.set(path, names);
		}
	}
	return wanted;
}

/** Of a name that several files define, those count that the file using it imports, and itself. */
function chosen({ surely, perhaps }: Defining, user: string, imports: readonly string[]): readonly string[] {
	const isNear = (path: string) => path === user || isImported(path, user, imports);
	const near = surely.filter(isNear);
	if (near.length > 0) return near;
	const behindDoor = surely.filter((path) => isBehindImport(path, user, imports));
	if (behindDoor.length > 0) return behindDoor;
	const perhapsNear = perhaps.filter(isNear);
	const others = surely.length > 0 ? surely : perhapsNear.length > 0 ? [] : perhaps;
	return [...perhapsNear, ...(others.length <= maxDefinitions - 1 ? others : [])];
}

/** A name that half the repository uses tells nothing, unless few of those files import the one that defines it. */
async function callingFiles(
	{ sources }: Search,
	files: readonly HitFile[],
	up: ReadonlyMap<string, Reached>,
): Promise<readonly string[]> {
	const callers: string[] = [];
	for (const [name, { path }] of up) {
		const isUsed = ({ matched, rank }: HitFile) =>
			matched.some((one, index) => one === name && rank[index] === ranks.code);
		const using = files.filter(isUsed).map((file) => file.path);
		if (using.length <= maxCallerFiles) {
			callers.push(...using);
			continue;
		}
		const importing: string[] = [];
		for (const one of using.slice(0, maxFiles)) {
			const imports = one === path ? [] : importsOf((await sources(one))?.text ?? "");
			if (isImported(path, one, imports) || isBehindImport(path, one, imports)) importing.push(one);
		}
		callers.push(...using.filter((one) => one === path));
		if (importing.length <= maxCallerFiles) callers.push(...importing);
	}
	return callers;
}
