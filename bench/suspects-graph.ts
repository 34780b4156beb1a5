// Who calls whom, by plain text: the bench's own judge of what is on a code's way, apart from the syntax trees it judges.

import { EventEmitter } from "node:events";
import { posix } from "node:path";
import { Duplex } from "node:stream";
import { isCode } from "./suspects-stories.ts";

export interface Fn {
	readonly path: string;
	readonly name: string;
	/** 0-based lines, both included. */
	readonly from: number;
	readonly to: number;
	/** Called on an object; else by its own name, or on what a file imports. */
	readonly isMethod: boolean;
}

export interface Graph {
	readonly functions: readonly Fn[];
	readonly calls: (fn: Fn) => readonly Fn[];
	readonly callers: (fn: Fn) => readonly Fn[];
	/** 0-based lines of a function that call another one. */
	readonly linesOfCall: (fn: Fn, called: Fn) => readonly number[];
}

/** How a function's errors follow from a change elsewhere. */
export interface Route {
	/** In calls; 0 for the changed function itself. */
	readonly distance: number;
	/** `up`: it calls what changed. `down`: what changed, or a caller of it, goes on to call it. */
	readonly way: "self" | "up" | "down";
	/** The function next to it on the route; itself at 0. */
	readonly via: Fn;
	/** Where the changed function itself calls on: its last line that does, after which no change has an effect. */
	readonly until: number | undefined;
}

const heads = [
	/^(\s*)(?:export\s+)?(?:default\s+)?(?:async\s+)?function\*?\s+([A-Za-z_$][\w$]*)\s*\(/,
	/^(\s*)(?:export\s+)?(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|\w+\s*=>)/,
	/^(\s+)(?:(?:public|private|protected|static|async|override|get|set)\s+)*\*?#?([A-Za-z_$][\w$]*)\s*(?:<[^>]*>)?\([^)]*\)\s*(?::[^{]+)?\{\s*$/,
	/^(\s*)(?:[\w$.]+\.)([A-Za-z_$][\w$]*)\s*=\s*(?:async\s+)?function\b/,
	/^(\s*)(?:async\s+)?def\s+([A-Za-z_]\w*)\s*\(/,
];
const keywords = /^(?:if|for|while|switch|catch|return|function|constructor|else|do|try|with)$/;

export function functionsIn(path: string, text: string): readonly Fn[] {
	const lines = text.split("\n");
	const found: Fn[] = [];
	for (const [index, line] of lines.entries()) {
		for (const [number, head] of heads.entries()) {
			const [, indent, name] = head.exec(line) ?? [];
			if (indent === undefined || name === undefined || keywords.test(name)) continue;
			const to = endOf(lines, index, indent, path.endsWith(".py"));
			const isMethod = number === 2 || number === 3 || (path.endsWith(".py") && indent !== "");
			if (to > index && to - index < 120) found.push({ path, name, from: index, to, isMethod });
			break;
		}
	}
	return found;
}

/** The line that closes a block, by its indentation. */
function endOf(lines: readonly string[], start: number, indent: string, isPython: boolean): number {
	for (let index = start + 1; index < lines.length; index += 1) {
		const line = lines[index] ?? "";
		if (line.trim() === "") continue;
		const depth = line.length - line.trimStart().length;
		if (isPython) {
			if (depth <= indent.length && !/^\s*\)/.test(line)) return index - 1;
		} else if (depth <= indent.length && /^\s*[})]/.test(line) && !/^\s*\)\s*(?::[^{]*)?\{/.test(line))
			return index;
	}
	return lines.length - 1;
}

/** What every text, list, iterator or stream has: a call of it is no call of a method of that name. */
const builtIn = new Set([
	...["next", "return", "throw"],
	...[String, Array, Map, Set, Promise, RegExp, Date, Number, Object, Function, EventEmitter, Duplex].flatMap(
		(one) => [...allNames(one.prototype), ...Object.getOwnPropertyNames(one)],
	),
]);

function allNames(of: object | null): readonly string[] {
	return of === null ? [] : [...Object.getOwnPropertyNames(of), ...allNames(Object.getPrototypeOf(of))];
}

/** What it is called on, with its dot, and its name. */
const call = /(?<![\w$])((?:[\w$\])?]+\.)(?:#)?)?([A-Za-z_$][\w$]{3,})\s*\(/g;

/** The file that a name of this one is imported from: without its ending; "" for a package. */
function importedNames(path: string, text: string): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	const statements =
		/(?:const|let|var)\s+([\w$]+|\{[^{}]*\})\s*=\s*require\(\s*["']([^"']+)["']|import\s+(?:type\s+)?([^"'();]{1,2000}?)\s+from\s+["']([^"']+)["']/g;
	for (const { 1: bound = "", 2: required, 3: names = bound, 4: from = required ?? "" } of text.matchAll(
		statements,
	)) {
		const file = from.startsWith(".") ? posix.join(posix.dirname(path), from).replace(/\.\w{1,3}$/, "") : "";
		for (const [name] of names.replace(/[\w$]+\s*(?::|\bas\b)\s*/g, "").matchAll(/[A-Za-z_$][\w$]*/g))
			found.set(name, file);
	}
	return found;
}

/** Whether a function can be what an import means: of its file, or behind its folder's index. */
function isFrom({ path }: Fn, file: string): boolean {
	const bare = path.replace(/\.\w{1,3}$/, "");
	return file !== "" && (bare === file || bare.startsWith(`${file.replace(/\/index$/, "")}/`));
}

/** Names that a function declares itself: its parameters and variables. */
function ownNames(lines: readonly string[]): ReadonlySet<string> {
	const [head = "", ...body] = lines;
	const parameters = /\(([^()]*(?:\([^()]*\)[^()]*)*)\)/.exec(head)?.[1] ?? "";
	const declared = [...body.join("\n").matchAll(/\b(?:const|let|var|function)\s+([\w$]+)/g)].map(
		([, name = ""]) => name,
	);
	return new Set([...declared, ...[...parameters.matchAll(/[A-Za-z_$][\w$]*/g)].map(([name]) => name)]);
}

/** Names that stand for a whole module in a file. */
function modulesOf(text: string): ReadonlySet<string> {
	const found = text.matchAll(
		/(?:const|let|var) ([\w$]+) = require\(|import (?:\* as )?([\w$]+) from|^(?:from [\w.]+ )?import (\w+)/gm,
	);
	return new Set([...found].map(([, required, whole, python]) => required ?? whole ?? python ?? ""));
}

export function graphOf(tree: ReadonlyMap<string, string>): Graph {
	const functions = [...tree].flatMap(([path, text]) => (isCode(path) ? functionsIn(path, text) : []));
	const byName = new Map<string, Fn[]>();
	for (const fn of functions) byName.set(fn.name, [...(byName.get(fn.name) ?? []), fn]);
	const outers = outersOf(functions);
	const linesOf = new Map([...tree].map(([path, text]) => [path, text.split("\n")]));
	const imported = new Map([...tree].map(([path, text]) => [path, modulesOf(text)]));
	const bound = new Map([...tree].map(([path, text]) => [path, importedNames(path, text)]));
	const calls = new Map<Fn, Fn[]>();
	const callers = new Map<Fn, Fn[]>();
	for (const fn of functions) {
		const lines = (linesOf.get(fn.path) ?? []).slice(fn.from, fn.to + 1);
		const local = ownNames(lines);
		const body = lines.join("\n");
		const named = new Map<string, boolean>();
		for (const { 1: receiver, 2: name = "" } of body.matchAll(call)) {
			const isOnObject =
				receiver !== undefined && !(imported.get(fn.path)?.has(receiver.slice(0, -1)) ?? false);
			const isNested = (byName.get(name) ?? []).some((one) => inside(one, fn));
			// Its own name, a parameter and a variable mean no other function.
			if (name !== fn.name && (receiver !== undefined || isNested || !local.has(name)))
				named.set(name, isOnObject);
		}
		for (const [name, isMethod] of named) {
			const defined = (byName.get(name) ?? []).filter((one) => {
				if (one === fn || inside(fn, one) || one.isMethod !== isMethod) return false;
				if (isMethod) return !builtIn.has(name);
				// A function inside another one is not seen from elsewhere.
				const outer = outers.get(one);
				return outer === undefined || outer === fn || inside(fn, outer);
			});
			// The same file's first; a name that several files define means none of them for sure.
			const own = defined.filter(({ path }) => path === fn.path);
			const from = isMethod ? undefined : bound.get(fn.path)?.get(name);
			const meant = from === undefined ? defined : defined.filter((one) => isFrom(one, from));
			const targets = own.length > 0 ? own : meant.length === 1 ? meant : [];
			for (const target of targets) {
				calls.set(fn, [...(calls.get(fn) ?? []), target]);
				callers.set(target, [...(callers.get(target) ?? []), fn]);
			}
		}
	}
	return {
		functions,
		calls: (fn) => calls.get(fn) ?? [],
		callers: (fn) => callers.get(fn) ?? [],
		linesOfCall: (fn, called) => {
			const call = new RegExp(`\\b${called.name.replaceAll("$", "\\$")}\\s*\\(`);
			const lines = (linesOf.get(fn.path) ?? []).slice(fn.from + 1, fn.to + 1);
			return lines.flatMap((line, index) => (call.test(line) ? [fn.from + 1 + index] : []));
		},
	};
}

/** The innermost function that each is written in. */
function outersOf(functions: readonly Fn[]): ReadonlyMap<Fn, Fn> {
	const found = new Map<Fn, Fn>();
	const open: Fn[] = [];
	for (const fn of functions) {
		while (open.length > 0 && !open.slice(-1).some((last) => inside(fn, last))) open.pop();
		const outer = open.at(-1);
		if (outer !== undefined) found.set(fn, outer);
		open.push(fn);
	}
	return found;
}

function inside(one: Fn, other: Fn): boolean {
	return one.path === other.path && other.from >= one.from && other.to <= one.to;
}

/** The innermost function around a line. */
export function functionAround(functions: readonly Fn[], path: string, line: number): Fn | undefined {
	return functions
		.filter((fn) => fn.path === path && fn.from <= line && line <= fn.to)
		.sort((one, other) => one.to - one.from - (other.to - other.from))[0];
}

/**
 * Functions whose errors a change of a function can cause: those that call it, and all that it or its callers go on to call
 * afterwards. What ran before a change was reached can't fail by it.
 */
export function routes(graph: Graph, start: Fn, most: number): ReadonlyMap<Fn, Route> {
	const found = new Map<Fn, Route>([[start, { distance: 0, way: "self", via: start, until: undefined }]]);
	let up: readonly Fn[] = [start];
	let down: readonly Fn[] = [];
	for (let distance = 1; distance <= most; distance += 1) {
		const reached = (fn: Fn, route: Omit<Route, "distance">) => {
			if (found.has(fn)) return [];
			found.set(fn, { distance, ...route });
			return [fn];
		};
		const callers = up.flatMap((via) =>
			graph.callers(via).flatMap((fn) => reached(fn, { way: "up", via, until: undefined })),
		);
		const afterUp = up.flatMap((via) => {
			const from = via === start ? via.from : firstCall(graph, via, found.get(via)?.via);
			return graph.calls(via).flatMap((fn) => {
				const last = graph.linesOfCall(via, fn).at(-1) ?? -1;
				return last > from ? reached(fn, { way: "down", via, until: via === start ? last : undefined }) : [];
			});
		});
		const deeper = down.flatMap((via) =>
			graph.calls(via).flatMap((fn) => reached(fn, { way: "down", via, until: found.get(via)?.until })),
		);
		up = callers;
		down = [...afterUp, ...deeper];
	}
	return found;
}

function firstCall(graph: Graph, fn: Fn, called: Fn | undefined): number {
	return (called === undefined ? undefined : graph.linesOfCall(fn, called)[0]) ?? fn.from;
}
