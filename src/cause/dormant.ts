// Code that waited for a switch: its commit's likelihood goes to the commit that switched it on.

import type { Evidence } from "./features.ts";
import { switchedName, wordsIn } from "./switched.ts";

export interface Weighted {
	readonly one: Evidence;
	readonly likelihood: number;
}

/** What is left to the commit that wrote the dormant lines: they may have run before by another way. */
const leftToOrigin = 0.1;

/**
 * A commit that turns a setting on, and an earlier one whose added lines read that setting: until then those lines did
 * nothing. The model, which knows one commit at a time, cannot see it.
 */
export function withSwitches(all: readonly Weighted[]): readonly Weighted[] {
	const likelihoods = all.map(({ likelihood }) => likelihood);
	for (const [index, { one }] of all.entries()) {
		const name = switchedName(one);
		if (name === undefined) continue;
		for (const [other, { one: earlier, likelihood }] of all.entries()) {
			if (earlier.liveAt >= one.liveAt || !isWaiting(earlier, name)) continue;
			likelihoods[other] = likelihood * leftToOrigin;
			likelihoods[index] = (likelihoods[index] ?? 0) + likelihood * (1 - leftToOrigin);
		}
	}
	return all.map(({ one }, index) => ({ one, likelihood: likelihoods[index] ?? 0 }));
}

function isWaiting({ touches, commit }: Evidence, name: string): boolean {
	return (
		touches.length > 0 &&
		commit.patch.files.some(({ hunks }) =>
			hunks.some(({ added }) => added.some((line) => wordsIn(line).has(name))),
		)
	);
}
