// Code that waited for a switch: its commit's likelihood goes to the commit that switched it on.

import type { Evidence } from "./features.ts";

export interface Weighted {
	readonly one: Evidence;
	readonly likelihood: number;
}

/** What is left to the commit that wrote the dormant lines: they may have run before by another way. */
const leftToOrigin = 0.1;
const off = /\b(?:false|off|no|none|null|nil|disabled|0)\b/i;
const on = /\b(?:true|on|yes|enabled|[1-9]\d*)\b/i;

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

/** The setting that a commit turns on and does nothing else. */
function switchedName({ isSettingOnly, sets, touches, commit }: Evidence): string | undefined {
	const name = sets?.name ?? touches.find(({ spot }) => spot.relation === "read")?.spot.name;
	if (!isSettingOnly || name === undefined) return undefined;
	const hunks = commit.patch.files.flatMap((file) => file.hunks);
	const has = (lines: readonly string[], value: RegExp) =>
		lines.some((line) => words(line).has(name) && value.test(line.replace(name, "")));
	const isTurnedOn = hunks.some(({ removed, added }) => has(removed, off) && has(added, on));
	return isTurnedOn ? name : undefined;
}

function isWaiting({ touches, commit }: Evidence, name: string): boolean {
	return (
		touches.length > 0 &&
		commit.patch.files.some(({ hunks }) =>
			hunks.some(({ added }) => added.some((line) => words(line).has(name))),
		)
	);
}

function words(line: string): ReadonlySet<string> {
	return new Set(line.match(/[\w$]+/g));
}
