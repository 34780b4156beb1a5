// Troubles that come again are known in the first answer, and others of the same codes and skills are not.

import { expect, test } from "vitest";
import { recallRepeats } from "./repeats.ts";

// `npx tsx bench/recall.ts` runs all four groups of 25.
test("11 of 11 repeats are known, and 0 of 22 strangers", async () => {
	const { repeats, strangers, known, mistaken } = await recallRepeats(1, 6);
	expect({ repeats, strangers }).toEqual({ repeats: 11, strangers: 22 });
	expect(mistaken).toEqual([]);
	expect(known).toHaveLength(11);
}, 200_000);
