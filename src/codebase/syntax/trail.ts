// Follows an error code from the lines that raise it to its callers and receivers.

import type { RepositoryRoot } from "../../system/index.ts";
import { type HitFile, HitStore } from "../find/hits.ts";
import { ripgrep } from "../find/ripgrep.ts";
import { readSource } from "../find/source.ts";
import type { Handover } from "./annotate.ts";
import { enclosingOf } from "./enclosing.ts";
import { field, functionTypes, nearestOf } from "./nodes.ts";
import { callsOf, type Sink, sinksInside, sinksOf } from "./sinks.ts";
import { languageOf, type Node, withTree } from "./syntax.ts";

/** A call of a function that only returns the code. */
export interface Caller {
	/** The classifying function. */
	readonly calls: string;
	readonly path: string;
	readonly line: number;
	readonly enclosing: string | undefined;
	/** Where the code goes from there. */
	readonly sinks: readonly Sink[];
}

/** A function that receives the code, and what its body writes. */
export interface Receiver {
	readonly name: string;
	readonly path: string;
	readonly line: number;
	readonly sinks: readonly Sink[];
}

/** Where a code goes after the lines that raise it. */
export interface Trail {
	readonly callers: readonly Caller[];
	readonly receivers: readonly Receiver[];
	/** Some possible callers or receivers were not searched or are not listed. */
	readonly isCut: boolean;
}

const maxNames = 6;
const maxFiles = 40;
const maxCallers = 8;
const maxHits = 2000;
const timeoutMs = 3000;

/** Function names that are too common to follow. */
const commonplace =
	/^(json|send|push|set|get|add|log|error|warn|info|map|then|call|apply|bind|emit|next|status|append|format|print|write|end|fn|cb|callback|constructor|__init__|values|insert|Error|String|Number)$/;

/**
 * Finds who calls the functions that only return the code, and what the functions that receive it do. Two rounds at
 * most: receivers found through callers are looked up too.
 *
 * @param accepts which files are code that may be shown
 */
export async function followTrail(
	root: RepositoryRoot,
	handovers: readonly Handover[],
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<Trail> {
	const returning = namesOf(handovers, "return");
	const given = namesOf(handovers, "call");
	const first = await explore(root, returning, given, accepts, signal);
	const further = first.callers
		.flatMap(({ sinks }) => sinks)
		.filter(({ kind, name }) => kind === "call" && isWorthFollowing(name) && !given.includes(name))
		.map(({ name }) => name);
	const names = [...new Set(further)].slice(0, maxNames);
	const second = await explore(root, [], names, accepts, signal);
	return {
		callers: first.callers.slice(0, maxCallers),
		receivers: [...first.receivers, ...second.receivers].filter(({ sinks }) => sinks.length > 0),
		isCut: first.isCut || second.isCut || first.callers.length > maxCallers,
	};
}

function namesOf(handovers: readonly Handover[], by: Handover["by"]): readonly string[] {
	const names = handovers.filter((one) => one.by === by).map((one) => one.function);
	return [...new Set(names)].filter(isWorthFollowing).slice(0, maxNames);
}

function isWorthFollowing(name: string): boolean {
	return /^[A-Za-z_$][\w$]{2,79}$/.test(name) && !commonplace.test(name);
}

async function explore(
	root: RepositoryRoot,
	returning: readonly string[],
	given: readonly string[],
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<Trail> {
	const names = [...returning, ...given];
	if (names.length === 0) return { callers: [], receivers: [], isCut: false };
	const store = new HitStore();
	const { cut } = await ripgrep({
		root,
		patterns: names,
		mode: "word",
		caseSensitive: true,
		type: undefined,
		path: undefined,
		accepts: (path) => languageOf(path) !== undefined && accepts(path),
		onHit: store.add,
		maxMatches: maxHits,
		timeoutMs,
		signal,
	});
	const callers: Caller[] = [];
	const receivers: Receiver[] = [];
	const files = store.files().filter(({ kind }) => kind === "code");
	for (const file of files.slice(0, maxFiles)) {
		signal.throwIfAborted();
		const seen = await look(root, file, new Set(returning), new Set(given));
		callers.push(...seen.callers);
		receivers.push(...seen.receivers);
	}
	return { callers, receivers, isCut: cut !== undefined || files.length > maxFiles };
}

async function look(
	root: RepositoryRoot,
	file: HitFile,
	returning: ReadonlySet<string>,
	given: ReadonlySet<string>,
): Promise<Omit<Trail, "isCut">> {
	const none = { callers: [], receivers: [] };
	const language = languageOf(file.path);
	const source = await readSource(root, file.path);
	if (language === undefined || source === undefined) return none;
	const found = await withTree(language, source.text, (tree) => ({
		callers: callsOf(tree, returning, new Set(file.lines)).map((call) => callerAt(file.path, call)),
		receivers: file.lines.flatMap((line, index) => {
			const at = (source.lineStarts[line - 1] ?? 0) + (file.columns[index] ?? 0);
			const receiver = receiverAt(file.path, tree, at, given);
			return receiver === undefined ? [] : [receiver];
		}),
	}));
	return found ?? none;
}

function callerAt(path: string, call: Node): Caller {
	const callee = field(call, "function", "constructor")?.text ?? "";
	return {
		calls: /[\w$]+$/.exec(callee.slice(-80))?.[0] ?? "",
		path,
		line: call.startPosition.row + 1,
		enclosing: enclosingOf(call)?.name,
		sinks: sinksOf(call),
	};
}

/** The function declared at a place, if it has one of the names. */
function receiverAt(path: string, tree: Node, at: number, names: ReadonlySet<string>): Receiver | undefined {
	const node = tree.namedDescendantForIndex(at, at);
	if (node === null || !names.has(node.text)) return undefined;
	const { parent } = node;
	if (parent === null) return undefined;
	const isOwnName = field(parent, "name")?.id === node.id;
	const declared = functionTypes.has(parent.type)
		? parent
		: parent.type === "variable_declarator"
			? (field(parent, "value") ?? undefined)
			: undefined;
	if (!isOwnName || declared === undefined || !functionTypes.has(declared.type)) return undefined;
	// A declaration inside another function is local to it.
	if (nearestOf(parent, functionTypes) !== undefined) return undefined;
	return { name: node.text, path, line: node.startPosition.row + 1, sinks: sinksInside(declared) };
}
