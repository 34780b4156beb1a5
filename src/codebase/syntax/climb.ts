import type { Node } from "./syntax.ts";

/** What becomes of a value, as far as its expression tells. */
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

/** What the way up has gathered; rules write to it. */
export interface Climb {
	readonly start: Node;
	/** What `node` holds of the way so far. */
	value: Node;
	/** Where the way stands. */
	node: Node;
	name: string;
	readonly keys: Node[];
	listed: boolean;
	embedded: boolean;
	called: boolean;
}
