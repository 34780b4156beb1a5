// The code's way to an error: the lines that raise it, and the functions and values that lead there.

import type { Shape } from "../evidence/condition.ts";
import type { LineRange } from "./line-range.ts";

/**
 * How a place belongs to the way. `raises`: the statement itself. `guards`: a condition that lets it be reached.
 * `holds`: its function. `follows`: lines of that function that run after it only, or of a caller after the call. `called`, `calls`: a function that the way's functions call, or that calls them. `read`: a
 * constant or setting that they read. `shares`: a function of the same file that takes or returns the same type as the
 * one that raises. `mentions`: code that names the error code, its message or its skill.
 */
export type Relation =
	| "raises"
	| "guards"
	| "holds"
	| "follows"
	| "called"
	| "calls"
	| "read"
	| "shares"
	| "mentions";

export interface Spot extends LineRange {
	readonly path: string;
	readonly relation: Relation;
	/** Steps from the function that raises: 0 for itself. */
	readonly steps: number;
	/** The function or value. */
	readonly name?: string;
	/** The function one step nearer to the raising one, and where the way ends. */
	readonly via?: string;
	readonly end?: { readonly path: string; readonly line: number };
}

export interface CodeWay {
	readonly spots: readonly Spot[];
	/** Places that raise one of the codes. */
	readonly raising: number;
	/** Names that the way's functions read or call, with the fewest steps: a removed or renamed definition has no spot. */
	readonly names: ReadonlyMap<string, number>;
	/** Packages that the way's files import. */
	readonly packages: ReadonlySet<string>;
	/** Files that contain one of the words. */
	readonly mentioning: ReadonlySet<string>;
	readonly isCut: boolean;
}

export interface WayRequest {
	readonly codes: readonly string[];
	/** Fixed pieces of the failing runs' messages. */
	readonly texts: readonly string[];
	/** Names of skills, providers and actions. */
	readonly words: readonly string[];
	/** The part of the codes' events that is meant: of several raising lines, those that fit it come first. */
	readonly part?: Part;
}

/** What the meant events share. */
export type Part = Partial<Omit<Shape, "count">>;
