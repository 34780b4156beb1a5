// How much the words of an error and of its failing runs stand in what a change adds or removes.

import type { Commit } from "../codebase/index.ts";

/** Okapi BM25's usual constants (Robertson and Zaragoza, 2009). */
const k1 = 1.2;
const b = 0.75;
const maxWords = 4000;

const common = new Set(
	"the a an of to in is for and or not with from on by at it as be this that error errors failed failure invalid code unknown could cannot can was were are has have no null undefined true false return const let var function new if else await async import export string number type value".split(
		" ",
	),
);

/** Words in lowercase: `createDraft`, `create_draft` and `LLM_TIMEOUT` are two words each. */
export function wordsOf(text: string): readonly string[] {
	return (text.match(/[\p{Lu}]+(?![\p{Ll}])|[\p{Lu}]?[\p{Ll}]+|\d{2,6}/gu) ?? [])
		.map((part) => part.toLowerCase())
		.filter((part) => part.length > 2 && !common.has(part));
}

export interface WordScore {
	/** 0 for no word; about 1 where every word stands in it. */
	readonly score: number;
	/** The rarest words found. */
	readonly found: readonly string[];
}

/** @returns by commit id */
export function scoreWords(
	commits: readonly Commit[],
	query: readonly string[],
): ReadonlyMap<string, WordScore> {
	const asked = [...new Set(query.flatMap(wordsOf))];
	const scores = new Map<string, WordScore>();
	if (asked.length === 0 || commits.length === 0) return scores;
	const wanted = new Set(asked);
	const documents = commits.map((commit) => ({ id: commit.id, ...countWords(commit, wanted) }));
	const average = documents.reduce((sum, { length }) => sum + length, 0) / documents.length || 1;
	const rarity = new Map(
		asked.map((word) => {
			const holding = documents.filter(({ counts }) => counts.has(word)).length;
			return [word, Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5))] as const;
		}),
	);
	const whole = [...rarity.values()].reduce((sum, one) => sum + one, 0) || 1;
	for (const { id, counts, length } of documents) {
		if (counts.size === 0) continue;
		let score = 0;
		for (const [word, count] of counts) {
			const weight = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / average));
			score += (rarity.get(word) ?? 0) * weight;
		}
		const found = [...counts.keys()].sort((one, other) => (rarity.get(other) ?? 0) - (rarity.get(one) ?? 0));
		scores.set(id, { score: score / (whole * (k1 + 1)), found: found.slice(0, 4) });
	}
	return scores;
}

function countWords(
	{ subject, patch }: Commit,
	wanted: ReadonlySet<string>,
): { readonly counts: ReadonlyMap<string, number>; readonly length: number } {
	const counts = new Map<string, number>();
	let length = 0;
	const take = (text: string) => {
		if (length > maxWords) return;
		for (const word of wordsOf(text)) {
			length += 1;
			if (wanted.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
		}
	};
	take(subject);
	for (const { path, hunks } of patch.files) {
		take(path);
		for (const { removed, added } of hunks) {
			for (const line of removed) take(line);
			for (const line of added) take(line);
		}
	}
	return { counts, length };
}
