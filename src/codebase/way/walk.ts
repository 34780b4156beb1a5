// Takes one step along the code's way: to what its functions call and read, and to what calls them.

import { type HitFile, placesOf, ranks } from "../find/hits.ts";
import type { Source } from "../find/source.ts";
import { ancestors, field, functionTypes, nearestOf } from "../syntax/nodes.ts";
import { languageOf, type Node, withTree } from "../syntax/syntax.ts";
import { callingFiles, definingFiles, type PiecesByName } from "./files-of-names.ts";
import { definedAt, namesAround, type Piece, pieceAround } from "./function-facts.ts";
import { importedNames } from "./imports.ts";
import { isWorthCalling, isWorthFollowing } from "./names-used.ts";
import { bearsPart } from "./part-names.ts";
import type { Part, Spot } from "./types.ts";
import { hitsOf, maxFiles, type Reached, type Search, via } from "./walk-search.ts";

export const maxSteps = 3;
/** Names searched for in one step. */
const maxNames = 48;
/** Functions of one step that share a name. */
const maxPieces = 4;
/** Definitions of one name in one file. */
const maxInFile = 4;

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
	namesAt(step: number): { readonly down: PiecesByName; readonly up: PiecesByName } {
		const down = new Map<string, Reached[]>();
		const up = new Map<string, Reached[]>();
		// In turns: a long function does not use up what is looked for.
		const lists = this.edge.map(({ calls, reads }) => [...calls, ...reads]);
		const longest = Math.max(0, ...lists.map(({ length }) => length));
		for (let turn = 0; turn < longest; turn += 1) {
			for (const [index, piece] of this.edge.entries()) {
				const name = lists[index]?.[turn];
				if (name !== undefined && !this.names.has(name)) add(down, name, piece);
			}
		}
		for (const piece of this.edge) {
			if (piece.goes === "both" && piece.kind === "function" && isFollowed(piece)) add(up, piece.name, piece);
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

/** One of a file: what its imports mean is the same for all. */
function add(by: Map<string, Reached[]>, name: string, piece: Reached): void {
	const pieces = by.get(name) ?? [];
	if (pieces.length < maxPieces && !pieces.some(({ path }) => path === piece.path)) pieces.push(piece);
	by.set(name, pieces);
}

/** What is called by its import can have any name: `shared.assign`. */
function isFollowed(piece: Reached): piece is Reached & { readonly name: string } {
	const { name, form } = piece;
	return name !== undefined && (isWorthCalling(name) || (form === "module" && name.length > 2));
}

function keyOf({ path, from, to }: Reached): string {
	return `${path}:${from}-${to}`;
}

/**
 * @param part what the events share
 * @returns whether something was left out
 */
export async function takeStep(search: Search, walk: Walk, step: number, part: Part): Promise<boolean> {
	const { down, up } = walk.namesAt(step);
	const called = [...down.keys()].slice(0, maxNames);
	const names = [...new Set([...up.keys(), ...called])].slice(0, 2 * maxNames);
	const { files, isCut } = await hitsOfNames(search, names);
	const found: Found[] = [...outerOf(walk.edge, step)];
	const definitions = await definingFiles(search, files, down);
	const callers = await callingFiles(search, files, up);
	const unclear = new Set([...up.keys()].filter((name) => isUnclear(name, files)));
	const wanted = new Set(
		[...[...callers.keys()].slice(0, maxFiles / 2), ...definitions.keys(), ...callers.keys()].slice(
			0,
			maxFiles,
		),
	);
	for (const file of files) {
		if (!wanted.has(file.path)) continue;
		const source = await search.sources(file.path);
		const language = languageOf(file.path);
		if (source === undefined || language === undefined) continue;
		const here = await withTree(language, source.text, (root) =>
			readFile(root, source, file, {
				step,
				unclear,
				down: definitions.get(file.path) ?? new Map(),
				up: callers.get(file.path) ?? new Map(),
			}),
		);
		found.push(...(here ?? []));
	}
	walk.reach(withoutOthersCallers(found, part));
	return isCut || down.size > maxNames;
}

/** Of the callers of one function, those whose file bears the name of what the events share, where one does. */
function withoutOthersCallers(found: readonly Found[], part: Part): readonly Found[] {
	const isOf = ({ spot }: Found) => bearsPart(spot.path, part);
	const named = new Set(
		found.flatMap((one) => (one.spot.relation === "calls" && isOf(one) ? [one.spot.via] : [])),
	);
	return found.filter((one) => one.spot.relation !== "calls" || !named.has(one.spot.via) || isOf(one));
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
			everyday.map((name) => `\\b${name.replaceAll("$", "\\$")}\\(`),
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

function placeOf({ from, to, name }: Piece): Pick<Spot, "from" | "to" | "name"> {
	return { from, to, ...(name === undefined ? {} : { name }) };
}

/** Whether a call of this name on an object may well mean another function. */
function isUnclear(name: string, files: readonly HitFile[]): boolean {
	if (!isWorthFollowing(name)) return true;
	let definitions = 0;
	for (const { matched, rank } of files) {
		for (const [index, one] of matched.entries())
			if (one === name && rank[index] === ranks.definition) definitions += 1;
	}
	return definitions > 1;
}

interface StepNames {
	readonly step: number;
	readonly unclear: ReadonlySet<string>;
	/** Names that may be defined here, with what uses them. */
	readonly down: ReadonlyMap<string, Reached>;
	/** Names of functions that may be called here. */
	readonly up: ReadonlyMap<string, Reached>;
}

function readFile(
	root: Node,
	source: Source,
	file: HitFile,
	{ down, up, step, unclear }: StepNames,
): readonly Found[] {
	const { path } = file;
	const names = step < maxSteps ? "with_names" : "without_names";
	const defined = new Map<string, number>();
	let known: ReadonlySet<string> | undefined;
	const modules = () => {
		known ??= importedNames(source.text);
		return known;
	};
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
			if (from === undefined) return [];
			if (definition.form === "method" && from.plainCalls.has(matched)) return [];
			// A local definition belongs to the function that uses it.
			if (from.path === path && line >= from.from && line <= from.to) return [];
			if (isHidden(node, definition, from.path === path ? from : undefined)) return [];
			defined.set(matched, (defined.get(matched) ?? 0) + 1);
			return make(definition, definition.kind === "function" ? "called" : "read", from);
		}
		if (to === undefined || isHolder(node)) return [];
		if (!isMeant(node, to, unclear.has(matched) ? modules : undefined)) return [];
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

/**
 * Whether a name used in this way can be the function: `close()`, `client.close()`.
 *
 * @param modules what a module's function must be called on
 */
function isMeant(
	{ parent }: Node,
	{ form }: Reached,
	modules: (() => ReadonlySet<string>) | undefined,
): boolean {
	const isOnObject =
		parent !== null && /^(?:member_expression|subscript_expression|attribute)$/.test(parent.type);
	if (form === "method") return isOnObject;
	if (form !== "module" || !isOnObject || modules === undefined) return true;
	const holder = field(parent, "object")?.text ?? "";
	return /^(?:module\.)?exports$|^this$/.test(holder) || modules().has(holder);
}

/** A variable of a function, unless what uses it stands inside that function too. */
function isHidden(node: Node, { kind }: Piece, user: Reached | undefined): boolean {
	if (kind !== "value") return false;
	const holder = holderOfVariable(node);
	if (holder === undefined) return false;
	const [from, to] = [holder.startPosition.row + 1, holder.endPosition.row + 1];
	return user === undefined || user.from < from || user.to > to;
}

/** The function that declares the variable that is set here. */
function holderOfVariable(node: Node): Node | undefined {
	const declares = /^(variable_declarator|assignment|short_var_declaration|const_spec|var_spec)$/;
	if (declares.test(node.parent?.type ?? "")) return nearestOf(node, functionTypes);
	if (node.parent?.type !== "assignment_expression") return undefined;
	const name = node.text;
	return [...ancestors(node)].find(
		(above) =>
			functionTypes.has(above.type) &&
			above
				.descendantsOfType("variable_declarator")
				.some((one) => one !== null && field(one, "name")?.text === name),
	);
}
