// Determines each match's role and surroundings from the file's syntax.

import type { FileKind } from "../find/paths.ts";
import type { MatchPosition, Source } from "../find/source.ts";
import { type Enclosing, enclosingOf } from "./enclosing.ts";
import { guardsOf } from "./guards.ts";
import { roleOfName } from "./name-role.ts";
import { type Role, readRole, type WantedKind } from "./roles.ts";
import { languageOf, type Node, withTree } from "./syntax.ts";
import { roleFromText } from "./text-role.ts";

/** What is known of one matching line. */
export interface Note {
	readonly line: number;
	readonly role: Role;
	readonly enclosing: Enclosing | undefined;
	/** Of a raising line: the conditions under which it is reached, the nearest first. */
	readonly guards: readonly string[];
	/** Of a definition: another name by which code refers to it. */
	readonly alias: string | undefined;
	/** Of a definition: how many codes the same declaration holds. */
	readonly codes: number;
}

export interface Wanted {
	/** What was searched for. */
	readonly kind: WantedKind;
}

/** Without a grammar for the file, roles come from the line's text. */
export async function annotate(
	source: Source,
	kind: FileKind,
	places: readonly MatchPosition[],
	{ kind: wanted }: Wanted,
): Promise<readonly Note[]> {
	const byPath = kind === "test" ? "test" : kind === "docs" ? "docs" : undefined;
	const language = kind === "docs" ? undefined : languageOf(source.path);
	const notes =
		language === undefined
			? undefined
			: await withTree(language, source.text, (root) =>
					places.map((place) => noteOf(root, source, place, wanted)),
				);
	return (notes ?? places.map((place) => plainNote(source, place, wanted))).map((note) =>
		byPath === undefined ? note : { ...note, role: byPath, guards: [] },
	);
}

function plainNote(source: Source, place: MatchPosition, wanted: WantedKind): Note {
	return {
		line: place.line,
		role: place.whole && wanted !== "symbol" ? roleFromText(source, place) : "mention",
		enclosing: undefined,
		guards: [],
		alias: undefined,
		codes: 0,
	};
}

function noteOf(root: Node, source: Source, place: MatchPosition, wanted: WantedKind): Note {
	const start = (source.lineStarts[place.line - 1] ?? 0) + place.column;
	const node = root.namedDescendantForIndex(start, Math.max(start, start + place.matched.length - 1)) ?? root;
	const enclosing = enclosingOf(node);
	const reading = place.whole ? readRole(node, place.matched, wanted) : undefined;
	const read = reading?.role ?? "mention";
	const role = reading === undefined || wanted !== "capitals" ? read : roleOfName(reading, node);
	const alias = reading?.alias;
	const raises = role === "raises";
	return {
		line: place.line,
		role,
		enclosing,
		guards: raises ? guardsOf(node) : [],
		alias,
		codes: role === "defines" ? codesAround(node) : 0,
	};
}

/** How many codes the same declaration has: the list of all codes has the most. */
function codesAround(node: Node): number {
	let outermost = node;
	for (let above = node.parent; above?.parent; above = above.parent) outermost = above;
	const codes = outermost.text.slice(0, 20_000).match(/["'`][A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{2,60}["'`]/g) ?? [];
	return new Set(codes).size;
}
