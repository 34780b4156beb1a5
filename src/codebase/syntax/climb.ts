// The state of a climb from a match to the node that decides its use.

import type { Node } from "./syntax.ts";

/** How an expression uses a value. */
export type UsageKind =
	| "returned"
	| "thrown"
	| "argument"
	| "assigned"
	/** The default of a parameter or of a destructured name. */
	| "default"
	| "compared"
	/** A label of a switch or a match, or what a handler of exceptions catches. */
	| "case"
	/** The key of an object, a map or a dictionary. */
	| "key"
	/** Part of a type's declaration. */
	| "type"
	/** The name that is declared. */
	| "declared"
	| "imported"
	| "comment"
	/** Markup. */
	| "shown"
	| "other";

/** What the climb has gathered; rules write to it. */
export interface Climb {
	readonly start: Node;
	/** The child of `node` that contains the match. */
	value: Node;
	/** The current node. */
	node: Node;
	name: string;
	readonly keys: Node[];
	listed: boolean;
	embedded: boolean;
	called: boolean;
}
