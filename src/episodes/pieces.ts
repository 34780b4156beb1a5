// Puts the spans that were found together: one trouble is one episode.
import type { Span } from "./grid.ts";
import { gain } from "./law.ts";
import type { Found } from "./scan.ts";
import type { Baseline, Usual } from "./track.ts";

/** ln of how much likelier a return to the usual must be than going on, to tell two episodes. */
const returned = Math.log(300);

/** A return to the usual for less than this part of what is on either side is a pause. */
const pause = 0.1;

/** A stretch at one raised level or several, without a return to the usual in between. */
export interface Stretch extends Span {
	readonly usual: Usual;
	/** Count and expectation in all of it. */
	readonly count: number;
	readonly expected: number;
	readonly logChance: number;
}

/** Gaps that are as likely within the trouble as outside of it are part of it: at night little happens either way. */
export function stretches(baseline: Baseline, found: readonly Found[]): readonly Stretch[] {
	const grown: Stretch[] = [];
	for (const one of found) {
		const last = grown.at(-1);
		if (last !== undefined && goesOn(baseline, last, one))
			grown[grown.length - 1] = joined(baseline, last, one);
		else grown.push(one);
	}
	return grown;
}

function goesOn(baseline: Baseline, before: Stretch, after: Stretch): boolean {
	const gap = { from: before.to, to: after.from };
	const shorter = Math.min(before.to - before.from, after.to - after.from);
	if (gap.to - gap.from <= shorter * pause) return true;
	const { law } = baseline.track;
	const { usual } = before;
	const factor = Math.min(before.count / before.expected, after.count / (baseline.load(after) * usual.level));
	if (factor <= 1.2) return false;
	const load = baseline.load(gap);
	// Less than it was is going on too: a rise has its slower days.
	const gains = [1, 0.5, 0.25].map((part) =>
		gain(law.weights(usual.level, 1 + (factor - 1) * part), baseline.count(gap), load),
	);
	return Math.max(...gains) / baseline.spread.dispersion > -returned;
}

function joined(baseline: Baseline, before: Stretch, after: Stretch): Stretch {
	const span = { from: before.from, to: after.to };
	return {
		...span,
		usual: before.usual,
		count: baseline.count(span),
		expected: baseline.load(span) * before.usual.level,
		logChance: Math.min(before.logChance, after.logChance),
	};
}
