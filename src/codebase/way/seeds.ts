// Finds where a way begins: the lines that raise an error, else those that name it.

import { fitsOf } from "../evidence/fit.ts";
import { type Surroundings, surroundingsOf } from "../evidence/surroundings.ts";
import { buildingPatterns, passingPatterns } from "../find/code-parts.ts";
import { type HitFile, placesOf } from "../find/hits.ts";
import { lineAt, type Source } from "../find/source.ts";
import { annotate } from "../syntax/annotate.ts";
import { languageOf, type Node, withTree } from "../syntax/syntax.ts";
import { valueAt } from "../trail/references.ts";
import { namesAround, pieceAround } from "./function-facts.ts";
import { guardLines } from "./guard-lines.ts";
import { bearsPart } from "./part-names.ts";
import { sharingTypes } from "./sharing-types.ts";
import type { Part, Spot, WayRequest } from "./types.ts";
import { hitsOf, maxFiles, type Reached, type Search, via } from "./walk-search.ts";

/** Seeds that are followed: a code raised in more places is followed from the first ones. */
const maxSeeds = 12;

export interface Seeds {
	readonly spots: readonly Spot[];
	readonly reached: readonly Reached[];
	readonly raising: number;
	readonly mentioning: ReadonlySet<string>;
	readonly isCut: boolean;
}

export async function findSeeds(search: Search, { codes, texts, words, part }: WayRequest): Promise<Seeds> {
	const exact = [...codes, ...texts];
	const [found, named] = await Promise.all([hitsOf(search, exact, "literal"), hitsOf(search, words, "word")]);
	const strong: Seed[] = [];
	const weak: Seed[] = [];
	let raising = 0;
	for (const seed of await seedsOf(search, found.files)) {
		if (seed.raises) {
			raising += 1;
			if (raising <= maxSeeds) strong.push(seed);
		} else weak.push(seed);
	}
	const built = raising === 0 ? await seedsFromParts(search, codes) : [];
	// A code that a client sends is only mentioned.
	const seeds =
		raising > 0
			? withFittingFirst(strong, part ?? {})
			: [...built, ...weak.slice(0, maxSeeds).map(onlyMentioned)];
	return {
		spots: seeds.flatMap((seed) => seed.spots),
		reached: seeds.flatMap((seed) => seed.reached),
		raising: raising + built.length,
		mentioning: new Set([...found.files, ...named.files].map(({ path }) => path)),
		isCut: found.isCut || raising > maxSeeds,
	};
}

interface Seed {
	readonly raises: boolean;
	readonly spots: readonly Spot[];
	readonly reached: readonly Reached[];
	/** What stands around the line; missing where the file cannot be parsed. */
	readonly around?: Omit<Surroundings, "calls" | "callers">;
}

function onlyMentioned(seed: Seed): Seed {
	return {
		...seed,
		spots: seed.spots.map((spot) => ({ ...spot, relation: "mentions" as const, steps: 1 })),
		reached: seed.reached.map((one) => ({ ...one, steps: 1 })),
	};
}

/**
 * The lines that name what the meant events share. Others that raise the code are a step further away; where the files
 * bear names, what is called and read in another's leads to other events.
 */
function withFittingFirst(seeds: readonly Seed[], part: Part): readonly Seed[] {
	const nothing = { statement: "", conditions: [], asked: "", inside: "", place: "" };
	const shape = { provider: null, action: null, httpStatus: null, skill: null, ...part, count: 1 };
	const fits = fitsOf(
		[shape],
		seeds.map(({ around = nothing }) => ({ ...around, calls: "", callers: "" })),
	);
	const fitting = seeds.filter((_, index) => (fits[index]?.events ?? 0) > 0);
	if (fitting.length === 0 || fitting.length === seeds.length) return seeds;
	const others = seeds.filter((seed) => !fitting.includes(seed)).map(onlyMentioned);
	const isOf = ({ spots }: Seed) => spots.some(({ path }) => bearsPart(path, part));
	if (!fitting.some(isOf)) return [...fitting, ...others];
	return [...fitting, ...others.map((seed) => (isOf(seed) ? seed : { ...seed, reached: [] }))];
}

/**
 * Where a code is put together from parts: the functions that pass the missing part raise it, and other callers of the
 * line that builds it do not.
 */
async function seedsFromParts(search: Search, codes: readonly string[]): Promise<readonly Seed[]> {
	const all: Seed[] = [];
	for (const code of codes) {
		const building = await hitsOf(search, buildingPatterns(code), "regex");
		const built = await seedsOf(search, building.files);
		if (built.length === 0) continue;
		const texts = await textsOf(search, building.files);
		const passing = await hitsOf(search, passingPatterns(code, texts), "regex");
		// What stands in no function is a type's list of parts, or another table of them.
		const passed = (await seedsOf(search, passing.files)).filter(({ reached }) => reached.length > 0);
		all.push(
			...(passed.length === 0 ? built : [...passed, ...built.map((seed) => ({ ...seed, reached: [] }))]),
		);
	}
	return all.slice(0, maxSeeds);
}

async function seedsOf(search: Search, files: readonly HitFile[]): Promise<readonly Seed[]> {
	const seeds: Seed[] = [];
	for (const file of files.slice(0, maxFiles)) {
		const source = await search.sources(file.path);
		if (source !== undefined) seeds.push(...(await seedsIn(source, file)));
	}
	return seeds;
}

async function textsOf(search: Search, files: readonly HitFile[]): Promise<readonly string[]> {
	const texts: string[] = [];
	for (const file of files.slice(0, maxFiles)) {
		const source = await search.sources(file.path);
		if (source !== undefined) texts.push(...placesOf(file).map(({ line }) => lineAt(source, line)));
	}
	return texts;
}

async function seedsIn(source: Source, file: HitFile): Promise<readonly Seed[]> {
	const places = placesOf(file);
	const notes = await annotate(source, file.kind, places, { kind: "code" });
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
			const value = root === undefined ? undefined : valueAt(root, source.text, place);
			const around = value === undefined ? {} : { around: surroundingsOf(value, path) };
			const piece = node === undefined ? undefined : pieceAround(node, "with_names");
			const own: Spot = { path, from: note.line, to: note.line, relation: "raises", steps: 0, end };
			if (node === undefined || piece === undefined) {
				const near = { ...own, from: note.line - 10, to: note.line + 10, relation: "holds" as const };
				return [{ raises, spots: [own, near], reached: [], ...around }];
			}
			const named = piece.name === undefined ? {} : { name: piece.name };
			const last = piece.last ?? piece.to;
			const holds: Spot = {
				path,
				from: piece.from,
				to: last,
				relation: "holds",
				steps: 0,
				end,
				...named,
			};
			const follows: readonly Spot[] =
				last === piece.to ? [] : [{ ...holds, from: last + 1, to: piece.to, relation: "follows" }];
			const guards = guardLines(node).map((range): Spot => ({ ...holds, ...range, relation: "guards" }));
			const shares = sharingTypes(node, piece).map(
				(range): Spot => ({ path, relation: "shares", steps: 1, end, ...range, ...via(piece.name) }),
			);
			const [name = piece.name] = namesAround(node);
			const reached = {
				...piece,
				...(name === undefined ? {} : { name }),
				path,
				goes: "both" as const,
				steps: 0,
				end,
			};
			// Data at the top level leads nowhere.
			return [
				{
					raises,
					spots: [own, ...guards, holds, ...follows, ...shares],
					reached: piece.kind === "function" ? [reached] : [],
					...around,
				},
			];
		});
	if (language === undefined) return read(undefined);
	return (await withTree(language, source.text, read)) ?? read(undefined);
}
