// A failure carries its own sentence: what is wrong, why, and the next step.

import { maskSecrets } from "./secrets.ts";
import { visible, withoutMarks } from "./untrusted.ts";

/** What a failure says of itself. */
export interface Explanation {
	/** What is wrong and why: one or more whole sentences. */
	readonly problem: string;
	/** What to do next: one or more whole sentences in the imperative; `""` where `problem` says it. */
	readonly next: string;
	/** `user`: only the user of the host can take the next step, so that an agent has to ask. Default `caller`. */
	readonly by?: "caller" | "user";
}

/** The longest that a sentence may be, in characters. */
const maxLength = 2000;

/**
 * The base of everything that can go wrong in a way the caller is informed of.
 *
 * A class holds what happened as data and words it in `explain`, once: tools, log and doctor all use these words.
 * An explanation may quote rows and arguments; `describeError` makes them safe to show.
 */
export abstract class Failure extends Error {
	/** The class's stable name, for logs and tests. */
	abstract readonly kind: string;

	abstract explain(): Explanation;
}

/** A failure's two parts, safe to show: secrets masked, nothing invisible, no mark of ours. Undefined for what has no words. */
export function explanationOf(error: unknown): Explanation | undefined {
	if (!(error instanceof Failure)) return undefined;
	try {
		const { problem, next, by } = error.explain();
		if (problem.trim() === "") return undefined;
		return { problem: safe(problem), next: safe(next), ...(by === undefined ? {} : { by }) };
	} catch {
		return undefined;
	}
}

/**
 * The sentences an agent reads when a call fails: what is wrong, why, what to do next. At most 2,000 characters.
 * Undefined for what is not a failure, or has no words: a fault of this server itself.
 */
export function describeError(error: unknown): string | undefined {
	const explanation = explanationOf(error);
	if (explanation === undefined) return undefined;
	const { problem, next, by } = explanation;
	const step =
		by === "user" && next !== "" ? `Ask the user to ${next.charAt(0).toLowerCase()}${next.slice(1)}` : next;
	const words = `${problem} ${step}`.trim();
	return words.length > maxLength ? `${words.slice(0, maxLength - 1)}…` : words;
}

function safe(words: string): string {
	return withoutMarks(visible(maskSecrets(words)));
}
