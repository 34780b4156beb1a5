// The most frequent value of a group, with its share where that is not nearly all.

import type { MostFrequent } from "../../production/index.ts";
import type { Show } from "./episode-words.ts";

/** A share below this is shown: most is not all. */
const nearlyAll = 0.8;

/** `gmail`, `gmail 52 %`, or `none 62 %` where most have none; null where nearly all have none. */
export function mostWords({ value, share }: MostFrequent, show: Show): string | null {
	const name = value === null ? "none" : show(value);
	if (share < nearlyAll) return `${name} ${Math.round(100 * share)} %`;
	return value === null ? null : name;
}
