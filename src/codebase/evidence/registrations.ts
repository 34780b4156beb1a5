// Where a raising function is handed over by its name: to a router, a queue, a table of handlers.

import { placesOf } from "../find/hits.ts";
import { argumentTypes, callTypes, field } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import type { Files } from "../trail/files.ts";
import { hitsOf } from "../way/walk-search.ts";

/** A function by the file that defines it. */
export interface Named {
	readonly path: string;
	readonly name: string;
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
): Promise<ReadonlyMap<string, readonly string[]>> {
	const names = [...new Set(functions.map(({ name }) => name))].filter((name) => /^[\w$]{3,80}$/.test(name));
	const wanted = new Set(functions.map(keyOf));
	const hits = await hitsOf(files.options, names.slice(0, maxNames), "word");
	const found = new Map<string, string[]>();
	for (const file of hits.files.slice(0, maxFiles)) {
		const { path } = file;
		const places = placesOf(file).filter(({ whole }) => whole);
		const handed = await files.tree(path, (root, text) => {
			const starts = lineStarts(text);
			return places.flatMap(({ line, column, matched }) => {
				const at = (starts[line - 1] ?? 0) + column;
				const node = root.namedDescendantForIndex(at, at + matched.length - 1);
				const beside = node?.text === matched ? besideOf(node) : undefined;
				return beside === undefined ? [] : [{ name: matched, beside }];
			});
		});
		for (const { name, beside } of handed ?? []) {
			const meant = (await files.meaning(path, name)) ?? { path, name };
			if (wanted.has(keyOf(meant))) found.set(keyOf(meant), [...(found.get(keyOf(meant)) ?? []), beside]);
		}
	}
	return found;
}

export function keyOf({ path, name }: Named): string {
	return `${path}:${name}`;
}

/** What stands beside a name that is an argument, or a value of an object. */
function besideOf(node: Node): string | undefined {
	const { parent } = node;
	if (parent === null) return undefined;
	// `{ "shop": new SignedSender() }`: what is made of a class.
	if (callTypes.has(parent.type) && field(parent, "function", "constructor")?.id === node.id)
		return parent.parent?.type === "pair" || argumentTypes.has(parent.parent?.type ?? "")
			? besideOf(parent)
			: undefined;
	if (/^(pair|keyed_element)$/.test(parent.type))
		return field(parent, "value")?.id === node.id ? parent.text.slice(0, maxText) : undefined;
	if (!argumentTypes.has(parent.type)) return undefined;
	return parent.parent?.text.slice(0, maxText);
}

function lineStarts(text: string): readonly number[] {
	const starts = [0];
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	return starts;
}
