// Whose code a file is, by its path: a provider's or a skill's failures do not come through another's file.

import { plain } from "../evidence/condition.ts";
import type { Part } from "./types.ts";

/** Shorter names stand in the paths of others. */
const leastName = 4;

/** Whether a path bears the provider's or the skill's name, whatever the case and the signs between words. */
export function bearsPart(path: string, { provider, skill }: Part): boolean {
	const here = plain(path);
	return [provider, skill].some((name) => {
		const word = plain(name ?? "");
		return word.length >= leastName && here.includes(word);
	});
}
