// What the styles of the judging round are written from.

import type { Said } from "./event-line-ways.ts";
import type { Random } from "./world-random.ts";

export interface Scene {
	/** What the events of the line that raised most of them say, of the next, of the last. */
	readonly right: Said;
	readonly wrong: Said;
	readonly third: Said;
	/** The right and the wrong one, and all three, in an order that tells nothing. */
	readonly two: readonly Said[];
	readonly three: readonly Said[];
	/** The mark of the right line, at its end. */
	readonly mark: (said: Said) => string;
}

export interface Style {
	/** What the code tells its lines apart by. */
	readonly by: readonly (keyof Said)[];
	/** Of the right, the wrong and the third line, where not any will do. */
	readonly statuses?: (random: Random) => number[];
	readonly files: (scene: Scene) => Readonly<Record<string, string>>;
}
