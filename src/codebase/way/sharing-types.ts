// Functions of the same file that take or return the same types: what one makes, another is given.

import { field, functionTypes } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import type { Piece } from "./function-facts.ts";
import type { LineRange } from "./line-range.ts";

const common =
	/^(Promise|Array|ReadonlyArray|Record|Map|ReadonlyMap|Set|ReadonlySet|Partial|Pick|Omit|Readonly|Required|Error|Date|Buffer|Request|Response|AbortSignal|Function|Iterable|string|int|bool|error|List|Dict|Optional|Any)$/;
const maxFunctions = 400;
const maxShared = 8;

/** @param node inside the function; those that half of the file's functions share tell nothing */
export function sharingTypes(node: Node, piece: Piece): readonly (LineRange & { readonly name?: string })[] {
	let root = node;
	for (let above = node.parent; above !== null; above = above.parent) root = above;
	const functions = root.descendantsOfType([...functionTypes]).slice(0, maxFunctions);
	const own = functions.find(
		(one) => one !== null && one.startPosition.row + 1 >= piece.from && one.endPosition.row + 1 === piece.to,
	);
	const types = own === undefined || own === null ? new Set<string>() : signatureTypes(own);
	if (types.size === 0) return [];
	const sharing = functions.flatMap((one) => {
		if (one === null || one.id === own?.id) return [];
		const name = field(one, "name")?.text;
		if (name === undefined || ![...signatureTypes(one)].some((type) => types.has(type))) return [];
		return [{ name, from: one.startPosition.row + 1, to: one.endPosition.row + 1 }];
	});
	return sharing.length > maxShared ? [] : sharing;
}

function signatureTypes(node: Node): ReadonlySet<string> {
	const parts = [field(node, "parameters"), field(node, "return_type", "result")];
	const types = parts.flatMap((part) => part?.descendantsOfType("type_identifier") ?? []);
	return new Set(types.flatMap((type) => (type === null || common.test(type.text) ? [] : [type.text])));
}
