// Whether a first answer knows a trouble that comes again, and no other: `npx tsx bench/recall.ts`.

import { recallRepeats } from "../test/cases/repeats.ts";

const { repeats, strangers, known, mistaken } = await recallRepeats(4);
process.stdout.write(
	`known: ${known.length} of ${repeats} repeats, ${mistaken.length} of ${strangers} strangers${mistaken.length === 0 ? "" : ` (${mistaken.join(", ")})`}\n`,
);
