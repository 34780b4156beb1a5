// Climbs from a match to the node that decides how the match is used.

import type { Climb, UsageKind } from "./climb.ts";
import type { Node } from "./syntax.ts";
import { fallbackRule, usageRules } from "./usage-rules.ts";

export interface Usage {
	readonly kind: UsageKind;
	/** The node that decides: the call, the statement, the declaration. */
	readonly node: Node;
	/** The deciding node's child that contains the value. */
	readonly value: Node;
	/** The name assigned to, or the function called. */
	readonly name: string;
	/** Keys of the objects around the value, the innermost first. */
	readonly keys: readonly Node[];
	/** It is an element of a list. */
	readonly listed: boolean;
	/** It is part of a longer text. */
	readonly embedded: boolean;
	/** The value is called or constructed, and the result is used. */
	readonly called: boolean;
}

export function usageOf(start: Node): Usage {
	const climb: Climb = {
		start,
		value: start,
		node: start,
		name: "",
		keys: [],
		listed: false,
		embedded: false,
		called: false,
	};
	if (start.type === "comment") return { ...climb, kind: "comment" };
	for (let node = start.parent; node !== null; node = node.parent) {
		climb.node = node;
		const rule = usageRules.get(node.type) ?? fallbackRule;
		const kind = rule(climb);
		if (kind !== undefined) return { ...climb, kind };
		climb.value = node;
	}
	return { ...climb, kind: "other" };
}
