// What a walk along the code needs: the repository, its files' texts, and a search for names.

import type { RepositoryRoot } from "../../system/index.ts";
import { type HitFile, HitStore } from "../find/hits.ts";
import type { Sources } from "../find/read-page.ts";
import { ripgrep } from "../find/ripgrep.ts";
import type { Piece } from "./function-facts.ts";
import type { Spot } from "./types.ts";

const maxHits = 6000;
const timeoutMs = 2500;
/** Files parsed in one step. */
export const maxFiles = 80;

/** A function or value on the way, still to be followed. */
export interface Reached extends Piece {
	readonly path: string;
	/** Callers are followed both ways, what they call only downwards: another caller of a helper is on no way to here. */
	readonly goes: "both" | "down";
	readonly steps: number;
	readonly end: { readonly path: string; readonly line: number };
}

export interface Search {
	readonly root: RepositoryRoot;
	readonly sources: Sources;
	readonly accepts: (path: string) => boolean;
	readonly signal: AbortSignal;
}

/** The part of a place that says from where it was reached. */
export function via(name: string | undefined): Pick<Spot, "via"> {
	return name === undefined ? {} : { via: name };
}

/** Lines with one of the texts, words or expressions, in code files. */
export async function hitsOf(
	{ root, accepts, signal }: Search,
	patterns: readonly string[],
	mode: "literal" | "word" | "regex",
): Promise<{ readonly files: readonly HitFile[]; readonly isCut: boolean }> {
	if (patterns.length === 0) return { files: [], isCut: false };
	const store = new HitStore();
	const { cut } = await ripgrep({
		root,
		patterns,
		mode,
		caseSensitive: true,
		type: undefined,
		path: undefined,
		accepts,
		onHit: store.add,
		matches: "each",
		maxMatches: maxHits,
		timeoutMs,
		signal,
	});
	return { files: store.files(), isCut: cut !== undefined };
}
