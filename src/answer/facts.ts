// A data tool's answer: facts, and the same facts as text.

import {
	fitRows,
	isoInstant,
	renderedFrom,
	type Safe,
	type SafeText,
	type Shown,
	safeFacts,
} from "../text/index.ts";
import type { windowSchema } from "./arguments.ts";
import { renderFacts } from "./markdown.ts";
import type { Facts } from "./tool.ts";

type AnyFacts = Readonly<Record<string, unknown>>;

export interface FactsAnswer<Fields extends AnyFacts> {
	readonly text: SafeText;
	readonly structured: Safe<Fields>;
}

/** A data tool's answer: the facts, and the same as Markdown. Facts that are undefined are left out. */
export function factsAnswer<Fields extends AnyFacts>(facts: Fields, shown: Shown): FactsAnswer<Fields> {
	const structured = safeFacts(facts, shown);
	return { structured, text: renderedFrom(structured, renderFacts) };
}

/**
 * A data tool's answer with as many rows as fit.
 *
 * @param rows how many there are
 * @param shown what the user lets be seen
 * @param build the facts with the first `rows` rows, and how many were left out
 */
export function fittedAnswer<Fields extends AnyFacts>(
	rows: number,
	shown: Shown,
	build: (rows: number) => Fields,
): FactsAnswer<Fields> {
	return fitRows(
		rows,
		(count) => factsAnswer(build(count), shown),
		(answer) => [answer.text, JSON.stringify(answer.structured)],
	);
}

/** The window as every answer echoes it, and whose clock it ends by. */
export function windowFacts(timed: {
	readonly window: { readonly from: number; readonly to: number; readonly cutFrom?: number };
	readonly clockDifferenceSeconds?: number;
}): Facts<typeof windowSchema> {
	const { window, clockDifferenceSeconds: difference } = timed;
	return {
		since: isoInstant(window.from),
		until: isoInstant(window.to),
		...(window.cutFrom === undefined
			? {}
			: { until_note: `${isoInstant(window.cutFrom)} lies in the future: the window ends now` }),
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
