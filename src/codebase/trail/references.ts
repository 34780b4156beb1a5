// Finds where a file calls functions that pass a code on, or gives them to a router or a queue.

import type { Raise } from "../find/code-search.ts";
import type { MatchPosition } from "../find/source.ts";
import { enclosingOf } from "../syntax/enclosing.ts";
import { argumentTypes, calleeOf, callTypes, field, stringContent } from "../syntax/nodes.ts";
import { type Sink, type SinkPlace, sinksOf } from "../syntax/sinks.ts";
import type { Node } from "../syntax/syntax.ts";
import { type Callee, definitionOf, readCallee } from "./callees.ts";
import { endingOf, isKept, type Outlet, outletOf } from "./ends.ts";
import type { Files, Place } from "./files.ts";

/** A function whose callers are looked for. */
export interface Target extends Place {
	readonly by: Outlet["by"];
	/** The raising lines whose code it passes on; more may be found later. */
	readonly origins: Set<string>;
}

/** A place that calls a target, or hands it over. */
export interface Reference {
	readonly target: Target;
	readonly path: string;
	readonly line: number;
	readonly enclosing: string | undefined;
	/** What the function is given to, such as `router.post("/runs")`. */
	readonly givenTo: string | undefined;
	/** Where the code goes from there. */
	readonly sinks: readonly Sink[];
	/** Functions there that are given the code. */
	readonly receivers: readonly Callee[];
	/** The functions that pass it on to their callers. */
	readonly outlets: readonly Outlet[];
}

interface Candidate {
	readonly callee: Callee;
	readonly make: (target: Target) => Reference;
}

/** A line that raises the code, read as what becomes of a value there. */
export function startAt(files: Files, { path, place }: Raise): Promise<Untargeted | undefined> {
	return files.tree(path, (root, text) => {
		const value = valueAt(root, text, place);
		return value === undefined ? undefined : ofReturned(value, path);
	});
}

/** The smallest node of a match. */
export function valueAt(
	root: Node,
	text: string,
	{ line, column, matched }: MatchPosition,
): Node | undefined {
	let start = 0;
	for (let at = 1; at < line; at += 1) start = text.indexOf("\n", start) + 1;
	const end = Math.max(start + column, start + column + matched.length - 1);
	return root.namedDescendantForIndex(start + column, end) ?? undefined;
}

const maxCandidates = 200;

/** @param names by which the targets may be called in this file */
export async function referencesIn(
	files: Files,
	path: string,
	targets: readonly Target[],
	isOnly: (name: string) => boolean,
): Promise<readonly Reference[]> {
	const names = await localNames(files, path, targets);
	const candidates = await files.tree(path, (root) => candidatesIn(root, path, new Set(names.keys())));
	const found: Reference[] = [];
	for (const { callee, make } of candidates ?? []) {
		const meant = await definitionOf(files, path, callee);
		for (const target of names.get(callee.name) ?? []) {
			const isMeant =
				meant === undefined ? await mayMean(files, path, callee, target, isOnly) : isSame(meant, target);
			if (isMeant) found.push(make(target));
		}
	}
	return found;
}

function isSame(one: Place, other: Place): boolean {
	return one.path === other.path && one.from === other.from;
}

/** The targets by the names that they have here: their own, and those that this file imports them under. */
async function localNames(
	files: Files,
	path: string,
	targets: readonly Target[],
): Promise<ReadonlyMap<string, readonly Target[]>> {
	const names = new Map<string, Target[]>();
	const add = (name: string, target: Target) => {
		const known = names.get(name) ?? [];
		if (!known.includes(target)) names.set(name, [...known, target]);
	};
	for (const target of targets) add(target.name, target);
	for (const { local, imported } of (await files.facts(path))?.bindings ?? []) {
		if (names.has(local) && local === imported) continue;
		const meant = imported === "*" ? undefined : await files.meaning(path, local);
		for (const target of targets) {
			if (meant?.path === target.path && meant.name === target.name) add(local, target);
		}
	}
	return names;
}

/** Where the receiver is not known: a name that only one place in the code defines. */
async function mayMean(
	files: Files,
	path: string,
	{ name, on }: Callee,
	target: Target,
	isOnly: (name: string) => boolean,
): Promise<boolean> {
	if (name !== target.name || !isOnly(name)) return false;
	if (on.length > 0) return !/^(this|self|super|cls)$/.test(on.join("."));
	const facts = await files.facts(path);
	// A script without imports sees what others declare.
	return facts?.bindings.every(({ local }) => local === "*") === true && target.holder === undefined;
}

function candidatesIn(root: Node, path: string, names: ReadonlySet<string>): readonly Candidate[] {
	const found: Candidate[] = [];
	for (const call of root.descendantsOfType([...callTypes])) {
		if (call === null || found.length >= maxCandidates) continue;
		const callee = field(call, "function", "constructor");
		const read = callee === undefined ? undefined : readCallee(callee);
		if (read !== undefined && names.has(read.name)) {
			// Both ways are read now: the tree does not outlive this.
			const returned = ofReturned(call, path);
			const thrown = ofThrown(call, path);
			found.push({
				callee: read,
				make: (target) => ({ ...(target.by === "return" ? returned : thrown), target }),
			});
		}
		const list = field(call, "arguments");
		if (list === undefined || !argumentTypes.has(list.type) || !isKept(call)) continue;
		for (const given of list.namedChildren) {
			if (given === null || !/^(identifier|member_expression)$/.test(given.type)) continue;
			const handler = readCallee(given);
			if (handler === undefined || !names.has(handler.name)) continue;
			const about = ofGiven(call, path);
			found.push({ callee: handler, make: (target) => ({ ...about, target }) });
		}
	}
	return found;
}

export type Untargeted = Omit<Reference, "target">;

function ofReturned(value: Node, path: string): Untargeted {
	const outlets: Outlet[] = [];
	const places = sinksOf(value).flatMap((place) => {
		const { sink, node } = place;
		if (sink.kind === "returned") outlets.push(...listed(outletOf(node, "return")));
		if (sink.kind !== "thrown") return [place];
		const { caught, outlet } = endingOf(node);
		outlets.push(...listed(outlet));
		return caught ?? [place];
	});
	return { ...placeOf(value, path), givenTo: undefined, ...goingTo(places), outlets };
}

function ofThrown(call: Node, path: string): Untargeted {
	const { caught, outlet } = endingOf(call);
	return { ...placeOf(call, path), givenTo: undefined, ...goingTo(caught ?? []), outlets: listed(outlet) };
}

function listed<T>(one: T | undefined): readonly T[] {
	return one === undefined ? [] : [one];
}

function goingTo(places: readonly SinkPlace[]): Pick<Reference, "sinks" | "receivers"> {
	return {
		sinks: places.map(({ sink }) => sink),
		receivers: places.flatMap(({ sink, node }) => {
			const callee = sink.kind === "call" ? field(node, "function", "constructor") : undefined;
			return callee === undefined ? [] : listed(readCallee(callee));
		}),
	};
}

function ofGiven(call: Node, path: string): Untargeted {
	const first = field(call, "arguments")?.namedChild(0);
	const label = first === null || first === undefined ? undefined : stringContent(first);
	const callee = calleeOf(call).slice(-60);
	return {
		...placeOf(call, path),
		givenTo: label === undefined ? callee : `${callee}("${label.slice(0, 40)}")`,
		sinks: [],
		receivers: [],
		outlets: [],
	};
}

function placeOf(call: Node, path: string): Pick<Reference, "path" | "line" | "enclosing"> {
	return { path, line: call.startPosition.row + 1, enclosing: enclosingOf(call)?.name };
}
