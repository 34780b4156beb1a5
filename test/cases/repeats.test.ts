// Troubles that come again are known in the first answer, and others of the same codes and skills are not.

import { expect, test } from "vitest";
import { recallRepeats } from "./repeats.ts";

// `npx tsx bench/recall.ts` runs all four groups.
test("25 of 25 repeats are known, and 0 of 50 strangers", async () => {
	const { repeats, strangers, known, mistaken } = await recallRepeats(1);
	expect({ repeats, strangers }).toEqual({ repeats: 25, strangers: 50 });
	expect(mistaken).toEqual([]);
	expect(known).toHaveLength(25);
}, 200_000);
