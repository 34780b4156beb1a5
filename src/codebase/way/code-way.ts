// Finds the code's way to an error, two or three calls around the lines that raise it.

import type { RepositoryRoot } from "../../system/index.ts";
import { type HitFile, HitStore, placesOf, ranks } from "../find/hits.ts";
import { createSources, type Sources } from "../find/read-page.ts";
import { ripgrep } from "../find/ripgrep.ts";
import type { Source } from "../find/source.ts";
import { annotate } from "../syntax/annotate.ts";
import { languageOf, type Node, withTree } from "../syntax/syntax.ts";
import { definedAt, isWorthFollowing, namesAround, type Piece, pieceAround } from "./function-facts.ts";
import { guardLines } from "./guard-lines.ts";
import { importsOf, isImported } from "./imports.ts";
import type { CodeWay, Spot, WayRequest } from "./types.ts";

const maxSteps = 3;
/** Upper bounds of one step: names searched for, hits, files parsed for one name and for all. */
const maxNames = 48;
const maxHits = 6000;
const maxDefinitions = 4;
const maxInFile = 4;
const maxCallerFiles = 12;
const maxFiles = 60;
const timeoutMs = 2500;
/** Seeds that are followed: a code raised in more places is followed from the first ones. */
const maxSeeds = 12;

/** A function or value on the way, still to be followed. */
interface Reached extends Piece {
	readonly path: string;
	readonly steps: number;
	readonly end: { readonly path: string; readonly line: number };
}

interface Search {
	readonly root: RepositoryRoot;
	readonly sources: Sources;
	readonly accepts: (path: string) => boolean;
	readonly signal: AbortSignal;
}

/** @param accepts which files are code that may be read */
export async function findWay(
	root: RepositoryRoot,
	request: WayRequest,
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<CodeWay> {
	const search: Search = { root, sources: createSources(root), accepts, signal };
	const seeds = await findSeeds(search, request);
	const walk = new Walk(seeds.reached);
	let isCut = seeds.isCut;
	for (let step = 1; step <= maxSteps && walk.edge.length > 0; step += 1) {
		signal.throwIfAborted();
		isCut = (await takeStep(search, walk, step)) || isCut;
	}
	return {
		spots: [...seeds.spots, ...walk.spots],
		raising: seeds.raising,
		names: walk.names,
		packages: await packagesOf(search, [...seeds.spots, ...walk.spots]),
		mentioning: seeds.mentioning,
		isCut,
	};
}

interface Seeds {
	readonly spots: readonly Spot[];
	readonly reached: readonly Reached[];
	readonly raising: number;
	readonly mentioning: ReadonlySet<string>;
	readonly isCut: boolean;
}

async function findSeeds(search: Search, { codes, texts, words }: WayRequest): Promise<Seeds> {
	const exact = [...codes, ...texts];
	const [found, named] = await Promise.all([hitsOf(search, exact, false), hitsOf(search, words, true)]);
	const spots: Spot[] = [];
	const reached: Reached[] = [];
	const weak: { readonly spots: readonly Spot[]; readonly reached: readonly Reached[] }[] = [];
	let raising = 0;
	for (const file of found.files.slice(0, maxFiles)) {
		const source = await search.sources(file.path);
		if (source === undefined) continue;
		for (const seed of await seedsIn(source, file)) {
			if (seed.raises) {
				raising += 1;
				if (raising > maxSeeds) continue;
				spots.push(...seed.spots);
				reached.push(...seed.reached);
			} else weak.push(seed);
		}
	}
	// A code that a client sends or that is put together from parts is only mentioned.
	for (const seed of raising === 0 ? weak.slice(0, maxSeeds) : []) {
		spots.push(...seed.spots.map((spot) => ({ ...spot, relation: "mentions" as const, steps: 1 })));
		reached.push(...seed.reached.map((one) => ({ ...one, steps: 1 })));
	}
	return {
		spots,
		reached,
		raising,
		mentioning: new Set([...found.files, ...named.files].map(({ path }) => path)),
		isCut: found.isCut || raising > maxSeeds,
	};
}

interface Seed {
	readonly raises: boolean;
	readonly spots: readonly Spot[];
	readonly reached: readonly Reached[];
}

async function seedsIn(source: Source, file: HitFile): Promise<readonly Seed[]> {
	const places = placesOf(file);
	const notes = await annotate(source, file.kind, places, { isCode: true });
	const language = languageOf(source.path);
	const { path } = source;
	const read = (root: Node | undefined): readonly Seed[] =>
		notes.flatMap((note, index): Seed[] => {
			const place = places[index];
			if (place === undefined || note.role === "defines" || note.role === "docs") return [];
			const end = { path, line: note.line };
			const raises = note.role === "raises";
			const at = (source.lineStarts[note.line - 1] ?? 0) + place.column;
			const node = root?.namedDescendantForIndex(at, at) ?? undefined;
			const piece = node === undefined ? undefined : pieceAround(node, "with_names");
			const own: Spot = { path, from: note.line, to: note.line, relation: "raises", steps: 0, end };
			if (node === undefined || piece === undefined) {
				const near = { ...own, from: note.line - 10, to: note.line + 10, relation: "holds" as const };
				return [{ raises, spots: [own, near], reached: [] }];
			}
			const named = piece.name === undefined ? {} : { name: piece.name };
			const holds: Spot = {
				path,
				from: piece.from,
				to: piece.to,
				relation: "holds",
				steps: 0,
				end,
				...named,
			};
			const guards = guardLines(node).map((range): Spot => ({ ...holds, ...range, relation: "guards" }));
			const [name = piece.name] = namesAround(node);
			const reached = { ...piece, ...(name === undefined ? {} : { name }), path, steps: 0, end };
			// Data at the top level is no way to anything.
			return [
				{ raises, spots: [own, ...guards, holds], reached: piece.kind === "function" ? [reached] : [] },
			];
		});
	if (language === undefined) return read(undefined);
	return (await withTree(language, source.text, read)) ?? read(undefined);
}

/** What the walk has found, and from where it goes on. */
class Walk {
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
		for (const piece of this.edge) {
			for (const name of [...piece.calls, ...piece.reads]) {
				if (!this.names.has(name) && !down.has(name)) down.set(name, piece);
			}
			if (piece.kind === "function" && piece.name !== undefined && isWorthFollowing(piece.name))
				up.set(piece.name, piece);
		}
		for (const name of down.keys()) this.names.set(name, step);
		return { down, up };
	}

	reach(found: readonly { readonly piece: Reached; readonly spot: Spot }[]): void {
		this.edge = found.flatMap(({ piece, spot }) => {
			const key = keyOf(piece);
			if (this.#seen.has(key)) return [];
			this.#seen.add(key);
			this.spots.push(spot);
			return [piece];
		});
	}
}

function keyOf({ path, from, to }: Reached): string {
	return `${path}:${from}-${to}`;
}

/** @returns whether something was left out */
async function takeStep(search: Search, walk: Walk, step: number): Promise<boolean> {
	const { down, up } = walk.namesAt(step);
	const called = [...down.keys()].slice(0, maxNames);
	const names = [...new Set([...up.keys(), ...called])].slice(0, 2 * maxNames);
	const { files, isCut } = await hitsOf(search, names, true);
	const found: { readonly piece: Reached; readonly spot: Spot }[] = [];
	const definitions = await definingFiles(search, files, down);
	const callers = callingFiles(files, up);
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
): readonly { readonly piece: Reached; readonly spot: Spot }[] {
	const { path } = file;
	const names = step < maxSteps ? "with_names" : "without_names";
	const defined = new Map<string, number>();
	const found = placesOf(file).flatMap(({ line, column, matched, whole }) => {
		if (!whole) return [];
		const at = (source.lineStarts[line - 1] ?? 0) + column;
		const node = root.namedDescendantForIndex(at, at);
		if (node === null || node.text !== matched) return [];
		const from = down.get(matched);
		const to = up.get(matched);
		const definition = definedAt(node, names);
		const make = (piece: Piece, relation: Spot["relation"], near: Reached) => {
			const via = near.name;
			const { end } = near;
			const { kind: _, calls: __, reads: ___, ...place } = piece;
			const spot: Spot = {
				...place,
				path,
				relation,
				steps: step,
				end,
				...(via === undefined ? {} : { via }),
			};
			return [{ piece: { ...piece, path, steps: step, end }, spot }];
		};
		if (definition !== undefined) {
			if (from === undefined || mayDefine?.has(matched) !== true) return [];
			// A local definition belongs to the function that uses it.
			if (from.path === path && line >= from.from && line <= from.to) return [];
			defined.set(matched, (defined.get(matched) ?? 0) + 1);
			return make(definition, definition.kind === "function" ? "called" : "read", from);
		}
		if (to === undefined) return [];
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

/** Of a name that several files define, those count that the file using it imports, and itself. */
async function definingFiles(
	{ sources }: Search,
	files: readonly HitFile[],
	down: ReadonlyMap<string, Reached>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const by = new Map<string, string[]>();
	for (const file of files) {
		const names = new Set(
			file.matched.filter((name, index) => down.has(name) && mayDefine(file.rank[index] ?? ranks.part)),
		);
		for (const name of names) by.set(name, [...(by.get(name) ?? []), file.path]);
	}
	const wanted = new Map<string, Set<string>>();
	const known = new Map<string, readonly string[]>();
	for (const [name, paths] of by) {
		const user = down.get(name);
		if (user === undefined) continue;
		const imports = known.get(user.path) ?? importsOf((await sources(user.path))?.text ?? "");
		known.set(user.path, imports);
		const near = paths.filter((path) => path === user.path || isImported(path, user.path, imports));
		const chosen = near.length > 0 ? near : paths.length <= maxDefinitions ? paths : [];
		for (const path of chosen.slice(0, maxDefinitions)) {
			const names = wanted.get(path) ?? new Set();
			names.add(name);
			wanted.set(path, names);
		}
	}
	return wanted;
}

/** A definition, or code: a key of an object does not look like a definition in its line. */
function mayDefine(rank: number): boolean {
	return rank === ranks.definition || rank === ranks.code;
}

function callingFiles(files: readonly HitFile[], up: ReadonlyMap<string, Reached>): readonly string[] {
	return [...up].flatMap(([name, { path }]) => {
		const using = files.filter((file) => file.matched.includes(name)).map((file) => file.path);
		// A name that half the repository uses tells nothing.
		return using.length > maxCallerFiles ? using.filter((one) => one === path) : using;
	});
}

async function hitsOf(
	{ root, accepts, signal }: Search,
	patterns: readonly string[],
	isWord: boolean,
): Promise<{ readonly files: readonly HitFile[]; readonly isCut: boolean }> {
	if (patterns.length === 0) return { files: [], isCut: false };
	const store = new HitStore();
	const { cut } = await ripgrep({
		root,
		patterns,
		mode: isWord ? "word" : "literal",
		caseSensitive: true,
		type: undefined,
		path: undefined,
		accepts,
		onHit: store.add,
		maxMatches: maxHits,
		timeoutMs,
		signal,
	});
	return { files: store.files(), isCut: cut !== undefined };
}

async function packagesOf({ sources }: Search, spots: readonly Spot[]): Promise<ReadonlySet<string>> {
	const near = new Set(spots.filter(({ steps }) => steps <= 1).map(({ path }) => path));
	const packages = new Set<string>();
	for (const path of near) {
		const source = await sources(path);
		for (const name of source === undefined ? [] : importsOf(source.text)) {
			if (/^[@\w]/.test(name) && !name.startsWith("node:")) {
				packages.add(
					name
						.split("/")
						.slice(0, name.startsWith("@") ? 2 : 1)
						.join("/"),
				);
			}
		}
	}
	return packages;
}
