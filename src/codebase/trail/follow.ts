// Follows an error code from the lines that raise it to its callers and receivers, by import and scope.

import type { Raise } from "../find/code-search.ts";
import { type HitFile, HitStore, ranks } from "../find/hits.ts";
import { ripgrep, type SearchCut } from "../find/ripgrep.ts";
import { sinksInside } from "../syntax/sinks.ts";
import { languageOf } from "../syntax/syntax.ts";
import { type Callee, definitionOf } from "./callees.ts";
import type { Files, Place } from "./files.ts";
import { type Reference, referencesIn, startAt, type Target, type Untargeted } from "./references.ts";
import type { Caller, Receiver, Start, Trail } from "./types.ts";

/** Calls that are followed upwards from one that raises. */
const maxSteps = 4;
const maxNames = 8;
const maxFiles = 40;
const maxCallers = 8;
const maxReceivers = 8;
const maxHits = 3000;
const timeoutMs = 3000;

/** Function names that are too common to follow. */
const commonplace =
	/^(json|send|push|set|get|add|log|error|warn|info|map|then|call|apply|bind|emit|next|status|append|format|print|write|end|fn|cb|callback|constructor|__init__|values|insert|Error|String|Number)$/;

export async function followTrail(files: Files, raises: readonly Raise[]): Promise<Omit<Trail, "writers">> {
	const started = (
		await Promise.all(raises.slice(0, maxFiles).map((raise) => startAt(files, raise)))
	).flatMap((start) => start ?? []);
	const walk: Walk = { files, seen: new Map(), callers: [], isCut: raises.length > maxFiles };
	let targets = await targetsOf(walk, started);
	for (let step = 0; step < maxSteps && targets.length > 0; step += 1) {
		const found = await callersOf(walk, targets);
		walk.callers.push(...found);
		targets = await targetsOf(walk, found);
	}
	const given = [...started, ...walk.callers].flatMap(({ path, receivers }) =>
		receivers.map((callee) => ({ path, callee })),
	);
	const shown = shownCallers(walk.callers);
	return {
		starts: started.filter(({ sinks }) => sinks.some(({ kind }) => kind === "table")).map(asStart),
		callers: shown.map(asCaller),
		left: {
			callers: walk.callers.length - shown.length,
			names: [
				...new Set(walk.callers.filter((one) => !shown.includes(one)).map(({ target }) => target.name)),
			],
		},
		receivers: await receiversOf(walk, given),
		isCut: walk.isCut,
	};
}

interface Walk {
	readonly files: Files;
	readonly seen: Map<string, Target>;
	readonly callers: Reference[];
	isCut: boolean;
}

function asStart({ path, line, sinks }: Start): Start {
	return { path, line, sinks };
}

function asCaller({ target, path, line, enclosing, givenTo, sinks }: Reference): Caller {
	return { calls: target.name, path, line, enclosing, givenTo, sinks, origins: [...target.origins] };
}

/** The nearest; where there are too many, those that lead to a table, an answer or a route. */
function shownCallers(callers: readonly Reference[]): readonly Reference[] {
	const ends = callers.filter(
		({ sinks, givenTo }) =>
			givenTo !== undefined || sinks.some(({ kind }) => kind === "table" || kind === "answer"),
	);
	const best = new Set([...callers.slice(0, maxCallers / 2), ...ends, ...callers]);
	const chosen = new Set([...best].slice(0, maxCallers));
	return callers.filter((one) => chosen.has(one));
}

/** The functions that pass the code on to their callers, without those that were followed before. */
async function targetsOf(
	walk: Walk,
	found: readonly (Untargeted & { readonly target?: Target })[],
): Promise<readonly Target[]> {
	const targets: Target[] = [];
	for (const { path, line, outlets, target } of found) {
		const facts = await walk.files.facts(path);
		const origins = target?.origins ?? new Set([`${path}:${line}`]);
		for (const { by, name, holder, from } of outlets) {
			const key = `${by}:${path}:${name}:${from}`;
			const known = walk.seen.get(key);
			if (known !== undefined) {
				for (const origin of origins) known.origins.add(origin);
				continue;
			}
			const own = facts?.definitions.find(
				(one) => one.name === name && one.holder === holder && one.from === from,
			);
			const place = own === undefined ? await walk.files.definitionIn(path, name, holder) : { ...own, path };
			if (place === undefined) continue;
			const followed = { ...place, by, origins: new Set(origins) };
			walk.seen.set(key, followed);
			targets.push(followed);
		}
	}
	return targets;
}

function isWorthFollowing(name: string): boolean {
	return /^[A-Za-z_$][\w$]{2,79}$/.test(name) && !commonplace.test(name);
}

async function callersOf(walk: Walk, targets: readonly Target[]): Promise<readonly Reference[]> {
	const { files } = walk;
	const words = new Set<string>();
	for (const { path, name } of targets) {
		const isDefault = (await files.facts(path))?.defaultName === name || name === "default";
		// Who imports a module names it; a default export has another name there, and a common name says nothing.
		if (isDefault || !isWorthFollowing(name)) words.add(moduleWord(path));
		if (isWorthFollowing(name) && name !== "default") words.add(name);
	}
	const names = [...words].slice(0, maxNames);
	const { hits, cut } = await searchWords(walk, names);
	if (cut !== undefined || words.size > maxNames || hits.length > maxFiles) walk.isCut = true;
	const found: Reference[] = [];
	for (const path of searchedFiles(hits, targets)) {
		walk.files.options.signal.throwIfAborted();
		const isOnly = (name: string) => definitionsIn(hits, name).length === 1;
		found.push(...(await referencesIn(files, path, targets, isOnly)));
	}
	return found;
}

/** The targets' own files, then those that name them. */
function searchedFiles(hits: readonly HitFile[], targets: readonly Target[]): readonly string[] {
	const paths = new Set([...targets.map(({ path }) => path), ...hits.map(({ path }) => path)]);
	return [...paths].slice(0, maxFiles);
}

function moduleWord(path: string): string {
	const parts = path.replace(/\.\w+$/, "").split("/");
	const name = parts.pop() ?? "";
	return /^(index|__init__)$/.test(name) ? (parts.pop() ?? name) : name;
}

async function searchWords(
	{
		files: {
			options: { root, accepts, signal },
		},
	}: Walk,
	names: readonly string[],
): Promise<{ readonly hits: readonly HitFile[]; readonly cut: SearchCut | undefined }> {
	if (names.length === 0) return { hits: [], cut: undefined };
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
		matches: "each",
		maxMatches: maxHits,
		timeoutMs,
		signal,
	});
	return { hits: store.files().filter(({ kind }) => kind === "code"), cut };
}

/** The files that define a name, judged by the text of their lines. */
function definitionsIn(hits: readonly HitFile[], name: string): readonly HitFile[] {
	return hits.filter(({ matched, rank }) =>
		matched.some((one, index) => one === name && rank[index] === ranks.definition),
	);
}

/** The functions that are given the code and write a table, themselves or in one that they call. */
async function receiversOf(
	walk: Walk,
	given: readonly { readonly path: string; readonly callee: Callee }[],
): Promise<readonly Receiver[]> {
	const { files } = walk;
	const places: Place[] = [];
	const unknown = new Set<string>();
	for (const { path, callee } of given) {
		if (!isWorthFollowing(callee.name)) continue;
		const place = await definitionOf(files, path, callee);
		if (place !== undefined) places.push(place);
		else if (!/^(this|self)$/.test(callee.on.join("."))) unknown.add(callee.name);
	}
	const names = [...unknown].slice(0, maxNames);
	const { hits } = await searchWords(walk, names);
	for (const name of names) {
		const [only, second] = definitionsIn(hits, name);
		const place =
			only === undefined || second !== undefined ? undefined : await anywhereIn(files, only.path, name);
		if (place !== undefined) places.push(place);
	}
	const found = new Map<string, Receiver>();
	for (const place of places) {
		if (found.size >= maxReceivers) {
			walk.isCut = true;
			break;
		}
		const receiver = await receiverAt(files, place);
		if (receiver !== undefined) found.set(`${receiver.path}:${receiver.line}`, receiver);
	}
	return [...found.values()];
}

async function anywhereIn(files: Files, path: string, name: string): Promise<Place | undefined> {
	const own = (await files.facts(path))?.definitions.find((one) => one.name === name);
	return own === undefined ? undefined : { ...own, path };
}

async function receiverAt(files: Files, { path, name, from, to }: Place): Promise<Receiver | undefined> {
	const sinks = await files.tree(path, (root) => {
		const body = root.descendantForPosition({ row: from - 1, column: 0 }, { row: to - 1, column: 0 });
		return body === null ? [] : sinksInside(body, { from, to });
	});
	return sinks === undefined || sinks.length === 0 ? undefined : { name, path, line: from, sinks };
}
