// Finds the known word that a misspelt one most likely means.

import { distance } from "fastest-levenshtein";

/**
 * The known word that a misspelt one most likely means: letter case aside, at most a third of its letters
 * apart, or beginning or ending with it. Undefined where none is near.
 *
 * @param word at most its first 100 characters are looked at
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
	const wanted = plain(word);
	const ranked = known
		.map((candidate) => ({ candidate, far: distance(wanted, plain(candidate)) }))
		.sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate, "en"));
	const best = ranked[0];
	if (best !== undefined && best.far <= Math.max(1, Math.floor(wanted.length / 3))) return best.candidate;
	if (wanted.length < 3) return undefined;
	return known.find((candidate) => {
		const whole = plain(candidate);
		return whole.startsWith(wanted) || whole.endsWith(wanted);
	});
}

/** Separators and letter case are where most misspellings differ. */
function plain(word: string): string {
	return word
		.slice(0, 100)
		.toLowerCase()
		.replace(/[\s_-]/g, "");
}
