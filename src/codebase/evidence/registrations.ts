// Where a raising function is handed over by its name: to a router, a queue, a table of handlers.

import { placesOf } from "../find/hits.ts";
import { ancestors, argumentTypes, callTypes, field } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import type { Files } from "../trail/files.ts";
import { hitsOf } from "../way/walk-search.ts";
import type { Condition } from "./condition.ts";
import { resolveNames } from "./resolve-names.ts";
import { surroundingsOf } from "./surroundings.ts";

/** A function by the file that defines it. */
export interface Named {
	readonly path: string;
	readonly name: string;
}

/** A place that hands a function over, or makes an instance of a class. */
export interface Use {
	readonly beside: string;
	/** They hold where it is used. */
	readonly conditions: readonly Condition[];
}

const maxNames = 24;
const maxFiles = 40;
const maxText = 200;

/**
 * `router.post("/print-label", printLabel)`, `{ "load-plan": runLoadPlan }`: the texts beside the name, which tell for
 * what the function is used though nothing calls it there.
 *
 * @returns by path and name, as `keyOf` has them
 */
export async function registrationsOf(
	files: Files,
	functions: readonly Named[],
): Promise<ReadonlyMap<string, readonly Use[]>> {
	const names = [...new Set(functions.map(({ name }) => name))].filter((name) => /^[\w$]{3,80}$/.test(name));
	const wanted = new Set(functions.map(keyOf));
	const hits = await hitsOf(files.options, names.slice(0, maxNames), "word");
	const found = new Map<string, Use[]>();
	for (const file of hits.files.slice(0, maxFiles)) {
		const { path } = file;
		const places = placesOf(file).filter(({ whole }) => whole);
		const handed = await files.tree(path, (root, text) => {
			const starts = lineStarts(text);
			return places.flatMap(({ line, column, matched }) => {
				const at = (starts[line - 1] ?? 0) + column;
				const node = root.namedDescendantForIndex(at, at + matched.length - 1);
				const beside = node?.text === matched ? besideOf(node) : undefined;
				return node === null || beside === undefined
					? []
					: [{ name: matched, beside, around: surroundingsOf(node, path) }];
			});
		});
		for (const { name, beside, around } of handed ?? []) {
			const meant = (await files.meaning(path, name)) ?? { path, name };
			if (!wanted.has(keyOf(meant))) continue;
			const conditions = await Promise.all(around.conditions.map((one) => resolveNames(files, path, one)));
			const known = found.get(keyOf(meant)) ?? [];
			found.set(keyOf(meant), [...known, { beside, conditions }]);
		}
	}
	return found;
}

export function keyOf({ path, name }: Named): string {
	return `${path}:${name}`;
}

/** What stands beside a name that is an argument, a value of an object, or the class of what is made there. */
function besideOf(node: Node): string | undefined {
	const { parent } = node;
	if (parent === null) return undefined;
	// `{ "shop": new SignedSender() }`, `bind("shop", () => new SignedSender())`: what is made of a class.
	if (callTypes.has(parent.type) && field(parent, "function", "constructor")?.id === node.id) {
		return parent.type === "new_expression" || isHanded(parent)
			? (besideOf(parent) ?? madeFor(parent))
			: undefined;
	}
	if (/^(pair|keyed_element)$/.test(parent.type))
		return field(parent, "value")?.id === node.id ? parent.text.slice(0, maxText) : undefined;
	if (!argumentTypes.has(parent.type)) return undefined;
	return parent.parent?.text.slice(0, maxText);
}

function isHanded({ parent }: Node): boolean {
	return parent?.type === "pair" || argumentTypes.has(parent?.type ?? "");
}

/** The statement that makes an instance; of a callback, what it is given to. */
function madeFor(made: Node): string {
	let text = "";
	for (const above of ancestors(made)) {
		if (/^(statement_block|block|program|class_body)$/.test(above.type)) break;
		text = above.text.slice(0, maxText);
	}
	return text;
}

function lineStarts(text: string): readonly number[] {
	const starts = [0];
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	return starts;
}
