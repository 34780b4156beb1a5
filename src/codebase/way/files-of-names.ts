// Which files define the names of a step, and which call its functions.

import { type HitFile, ranks } from "../find/hits.ts";
import { importsOf, isBehindImport, isImported } from "./imports.ts";
import { isWorthCalling } from "./names-used.ts";
import { maxFiles, type Reached, type Search } from "./walk-search.ts";

/** Files of one name's definitions. */
const maxDefinitions = 4;
/** Files that use a name, whatever they import; and those that import the file that defines it. */
const maxCallerFiles = 20;
const maxImportingFiles = 40;

/** Where a name may be defined: files whose line looks like a definition of it, and those whose line could be one. */
interface Defining {
	readonly surely: string[];
	readonly perhaps: string[];
}

/** The functions of a step that call or read a name, or are called by it; of several files, and of each the first. */
export type PiecesByName = ReadonlyMap<string, readonly Reached[]>;
/** By file: which of them is meant there by a name. */
export type PiecesByFile = ReadonlyMap<string, ReadonlyMap<string, Reached>>;

/** Reads what a file imports, once. */
function importsReader({ sources }: Search): (path: string) => Promise<readonly string[]> {
	const known = new Map<string, readonly string[]>();
	return async (path) => {
		const imports = known.get(path) ?? importsOf((await sources(path))?.text ?? "");
		known.set(path, imports);
		return imports;
	};
}

export async function definingFiles(
	search: Search,
	files: readonly HitFile[],
	down: PiecesByName,
): Promise<PiecesByFile> {
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
	const wanted = new Map<string, Map<string, Reached>>();
	const importsIn = importsReader(search);
	for (const [name, defining] of by) {
		for (const user of down.get(name) ?? []) {
			const imports = await importsIn(user.path);
			for (const path of chosen(defining, user.path, imports).slice(0, maxDefinitions))
				put(wanted, path, name, user);
		}
	}
	return wanted;
}

function put(by: Map<string, Map<string, Reached>>, path: string, name: string, piece: Reached): void {
	const here = by.get(path) ?? new Map<string, Reached>();
	if (!here.has(name)) here.set(name, piece);
	by.set(path, here);
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
export async function callingFiles(
	search: Search,
	files: readonly HitFile[],
	up: PiecesByName,
): Promise<PiecesByFile> {
	const calling = new Map<string, Map<string, Reached>>();
	const importsIn = importsReader(search);
	for (const [name, pieces] of up) {
		const isUsed = ({ matched, rank }: HitFile) =>
			matched.some((one, index) => one === name && rank[index] === ranks.code);
		const using = files.filter(isUsed).map(({ path }) => path);
		const importing: (readonly [path: string, piece: Reached])[] = [];
		for (const path of using.slice(0, maxFiles)) {
			const imports = await importsIn(path);
			const piece =
				pieces.find((one) => one.path === path) ??
				pieces.find((one) => isImported(one.path, path, imports)) ??
				pieces.find((one) => isBehindImport(one.path, path, imports));
			if (piece !== undefined) importing.push([path, piece]);
		}
		const isFew = importing.length <= maxImportingFiles;
		for (const [path, piece] of importing) if (isFew || piece.path === path) put(calling, path, name, piece);
		const [any] = pieces;
		if (any === undefined || using.length > maxCallerFiles || !isWorthCalling(name)) continue;
		for (const path of using) put(calling, path, name, any);
	}
	return calling;
}
