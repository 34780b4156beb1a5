// Marks on a chart at which the code changed: commits, and deployments.

import { type Element, element } from "./element.ts";
import { instantWords } from "./time-words.ts";

/** When code changed. Its words are untrusted. */
export interface Marker {
	readonly kind: "commit" | "deployment";
	/** Epoch seconds. */
	readonly at: number;
	readonly words: string;
}

/** A commit's mark is a disc, a deployment's an arrow head above it: often both are of one moment. */
const shapes: Readonly<Record<Marker["kind"], string>> = {
	commit: "M-4 14a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
	deployment: "M-5 0H5L0 8Z",
};

/** @param at the place of an instant in percent; what is outside 0 to 100 is left out */
export function markerMarks(
	markers: readonly Marker[],
	at: (seconds: number) => number,
	base: number,
): readonly Element[] {
	return markers.flatMap(({ kind, at: instant, words }) => {
		const place = Math.round(100 * at(instant)) / 100;
		if (place < 0 || place > 100) return [];
		return [
			element(
				"svg",
				{ class: `marker ${kind}`, x: `${place}%`, overflow: "visible" },
				element("title", {}, `${instantWords(instant)}: ${words}`),
				element("line", { x1: 0, x2: 0, y1: 0, y2: base }),
				element("path", { d: shapes[kind] }),
			),
		];
	});
}
