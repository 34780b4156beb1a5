// The role of a name in capitals that a free search found: an error code perhaps, or any constant.

import { lastName, stringContent } from "./nodes.ts";
import { codeName, errorMaker, keyName, type Reading, type Role, thrownBy } from "./roles.ts";
import type { Node } from "./syntax.ts";

/** Calls that are given a code to pass it on. */
const reporter = /(err|error|fail|failure|exception|problem|report|record|track|emit|capture|usage)/i;
const equality = /^(===?|!==?|in|is|is not|not in)$/;

/**
 * Using a constant is not raising it: `pLimit(CONCURRENCY_LIMIT)`, `fetch(TOKEN_URL)`. A code is quoted, thrown, given
 * to what makes or reports errors, or put under a key such as `code`.
 *
 * @param reading as for an error code
 */
export function roleOfName(reading: Reading, start: Node): Role {
	const { role, usage } = reading;
	const isQuoted = stringContent(start) !== undefined || stringContent(start.parent ?? start) !== undefined;
	switch (role) {
		case "raises":
			return isRaised(reading, isQuoted) ? "raises" : "mention";
		case "defines": {
			const isMade = usage.kind === "argument" && errorMaker.test(lastName(usage.name));
			const isUse = usage.kind === "argument" || (usage.kind === "assigned" && !isQuoted);
			return isUse && !isMade ? "mention" : "defines";
		}
		case "handles":
			return isQuoted || usage.kind !== "compared" || isEquality(usage.node) ? "handles" : "mention";
		default:
			return role;
	}
}

function isRaised({ usage }: Reading, isQuoted: boolean): boolean {
	const [inner] = usage.keys;
	const isUnderCode = inner !== undefined && codeName.test(keyName(inner));
	switch (usage.kind) {
		case "thrown":
			return true;
		case "argument": {
			const name = lastName(usage.name);
			return isUnderCode || errorMaker.test(name) || reporter.test(name) || thrownBy(usage.node);
		}
		case "returned":
			return isQuoted || isUnderCode || /(^|_)(ERR|ERROR|FAILED|FAILURE)(_|$)/.test(usage.value.text);
		case "default":
			return isQuoted || codeName.test(lastName(usage.name.replace(/\s*[:=].*/, "")));
		default:
			return true;
	}
}

function isEquality(node: Node): boolean {
	const operator = node.childForFieldName("operator")?.text;
	return operator === undefined ? /comparison|call/.test(node.type) : equality.test(operator);
}
