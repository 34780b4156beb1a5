// Finds the definition that a call means, by scope, import, class and receiver.

import { classTypes, field, lastName, nearestOf } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import type { FileFacts } from "./facts.ts";
import { type Files, type Place, placeOf } from "./files.ts";

/** What is called: `this.client.get` is `get` on `this`, `client`. */
export interface Callee {
	readonly name: string;
	readonly on: readonly string[];
	/** The class around the call. */
	readonly inClass: string | undefined;
	/** The call's line. */
	readonly line: number;
}

const chain = /^[\w$#]+(?:[?!]?\.[\w$#]+)*$/;

/** @param callee the node that is called, or handed over as a function; undefined if it is not a chain of names */
export function readCallee(callee: Node): Callee | undefined {
	const text = callee.text.slice(0, 200).replace(/\s+/g, "");
	const around = nearestOf(callee, classTypes);
	const place = {
		inClass: around === undefined ? undefined : field(around, "name")?.text,
		line: callee.startPosition.row + 1,
	};
	if (chain.test(text)) {
		const parts = text.split(/[?!]?\./);
		const name = parts.pop() ?? "";
		return { name, on: parts, ...place };
	}
	// `createClient(x).get`: only the last name is known.
	const name = lastName(text);
	return name === "" ? undefined : { name, on: ["()"], ...place };
}

/** @returns undefined where what is called is not known */
export async function definitionOf(files: Files, path: string, callee: Callee): Promise<Place | undefined> {
	const facts = await files.facts(path);
	if (facts === undefined) return undefined;
	const { name, on, inClass } = callee;
	const [first, second] = on;
	if (first === undefined) return (await ownFunction(files, facts, callee)) ?? imported(files, path, name);
	if (/^(this|self|super|cls)$/.test(first)) {
		if (second !== undefined && on.length === 2) return memberOf(files, facts, second, name);
		return on.length === 1 && inClass !== undefined ? files.definitionIn(path, name, inClass) : undefined;
	}
	return on.length === 1 ? memberOf(files, facts, first, name) : undefined;
}

/** A function of the same file that can be seen from the call: the innermost of its name. */
async function ownFunction(
	files: Files,
	facts: FileFacts,
	{ name, line }: Callee,
): Promise<Place | undefined> {
	const seen = facts.definitions
		.filter((one) => one.name === name && one.holder === undefined)
		.filter(({ within }) => within === undefined || (within.from <= line && line <= within.to))
		.sort((one, other) => (other.within?.from ?? 0) - (one.within?.from ?? 0));
	const [nearest] = seen;
	if (nearest !== undefined) return placeOf(facts.path, nearest);
	for (const sibling of await files.packageOf(facts.path, undefined)) {
		const found = await files.definitionIn(sibling, name);
		if (found !== undefined) return found;
	}
	return undefined;
}

async function imported(files: Files, path: string, name: string): Promise<Place | undefined> {
	const meant = await files.meaning(path, name);
	return meant === undefined ? undefined : files.definitionIn(meant.path, meant.name);
}

/** A member of a module, an object, or an instance whose class is known. */
async function memberOf(
	files: Files,
	facts: FileFacts,
	receiver: string,
	name: string,
): Promise<Place | undefined> {
	const { path } = facts;
	const meant = await files.meaning(path, receiver);
	if (meant !== undefined) {
		if (meant.name === "*") return files.definitionIn(meant.path, name);
		const there = await files.facts(meant.path);
		const type = there?.types.get(meant.name);
		return (
			(await files.definitionIn(meant.path, name, meant.name)) ??
			(type === undefined || there === undefined ? undefined : classMember(files, there, type, name)) ??
			// `import api from "./api"`, where the module has functions of its own.
			(meant.name === "default" ? files.definitionIn(meant.path, name) : undefined)
		);
	}
	const type = facts.types.get(receiver);
	if (type !== undefined) return classMember(files, facts, type, name);
	for (const file of await files.packageOf(path, receiver)) {
		const found = await files.definitionIn(file, name);
		if (found !== undefined) return found;
	}
	return files.definitionIn(path, name, receiver);
}

async function classMember(
	files: Files,
	facts: FileFacts,
	type: string,
	name: string,
): Promise<Place | undefined> {
	const meant = (await files.meaning(facts.path, type)) ?? { path: facts.path, name: type };
	return files.definitionIn(meant.path, name, meant.name);
}
