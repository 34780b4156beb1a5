// A data tool's answer: facts, and the same facts as text.

import { fitRows, isoInstant, visible } from "../text/index.ts";
import type { windowSchema } from "./arguments.ts";
import { renderFacts } from "./markdown.ts";
import type { Facts } from "./tool.ts";

type AnyFacts = Readonly<Record<string, unknown>>;

export interface FactsAnswer<Fields extends AnyFacts> {
	readonly text: string;
	readonly structured: Fields;
}

/** A data tool's answer: the facts, and the same as Markdown. Facts that are undefined are left out. */
export function factsAnswer<Fields extends AnyFacts>(facts: Fields): FactsAnswer<Fields> {
	const structured = visibleFacts(facts);
	return { structured, text: renderFacts(structured) };
}

/** The same facts with what cannot be seen made visible, in names as in values. */
function visibleFacts<Fields extends AnyFacts>(facts: Fields): Fields {
	const walk = (value: unknown): unknown => {
		if (typeof value === "string") return visible(value);
		if (Array.isArray(value)) return value.map(walk);
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(
			Object.entries(value)
				.filter(([, inner]) => inner !== undefined)
				.map(([name, inner]) => [visible(name), walk(inner)]),
		);
	};
	// Strings stay strings, and undefined fields were optional: the type is the same.
	return walk(facts) as Fields;
}

/**
 * A data tool's answer with as many rows as fit.
 *
 * @param rows how many there are
 * @param build the facts with the first `rows` rows, and how many were left out
 */
export function fittedAnswer<Fields extends AnyFacts>(
	rows: number,
	build: (rows: number) => Fields,
): FactsAnswer<Fields> {
	return fitRows(
		rows,
		(count) => factsAnswer(build(count)),
		(answer) => [answer.text, JSON.stringify(answer.structured)],
	);
}

/** The window as every answer echoes it, and whose clock it ends by. */
export function windowFacts(timed: {
	readonly window: { readonly from: number; readonly to: number };
	readonly clockDifferenceSeconds?: number;
}): Facts<typeof windowSchema> {
	const { window, clockDifferenceSeconds: difference } = timed;
	return {
		since: isoInstant(window.from),
		until: isoInstant(window.to),
		...(difference === undefined
			? {}
			: {
					clock_note: `by production's clock, ${Math.abs(difference)} s ${difference > 0 ? "ahead of" : "behind"} this machine's`,
				}),
	};
}

/** Three significant digits. */
export function significant(value: number): number {
	return Number(value.toPrecision(3));
}
