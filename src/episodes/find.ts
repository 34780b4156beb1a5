// From one series to its episodes: what stands out, put together.

import type { Calendar } from "./calendar.ts";
import type { Span } from "./grid.ts";
import { stretches } from "./pieces.ts";
import { type Recurrence, recurrences, recurringSuspects } from "./recurring.ts";
import { type Found, scan } from "./scan.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { type Traced, tracedRecurrence, tracedStretch } from "./traced.ts";
import type { Baseline, Track } from "./track.ts";

/** How much likelier a suspect may be by chance than an episode: e^7. */
const suspicion = 7;
/** The same of what may be one time of a recurring one. */
const faintest = 13;
const firstSpread: Spread = { dispersion: 1.5, volatility: 0.03 };

/** A first look at a series: what seems to stand out, so that it bends neither the day's shape nor the scatter. */
export function suspectsOf(track: Track, logThreshold: number): Suspects {
	const empty = new Uint8Array(track.counts.length);
	const options = { passes: 2, leastCount: 3 };
	const { baseline, found } = scan(track, empty, firstSpread, logThreshold + faintest, options);
	const strong = found.filter(({ logChance }) => logChance < logThreshold + suspicion);
	const spans = [...strong, ...recurringSuspects(baseline, logThreshold + suspicion)];
	const mask = empty.slice();
	for (const { from, to } of spans) mask.fill(1, from, to);
	return { mask, spans, found };
}

export interface Suspects {
	readonly mask: Uint8Array;
	/** What is masked; spans may overlap. */
	readonly spans: readonly Span[];
	/** Fainter ones too, which may be the times of what recurs. */
	readonly found: readonly Found[];
}

/** @param logThreshold ln of the chance to err in this series, of all that are looked at */
export function find(
	track: Track,
	suspects: Suspects,
	calendar: Calendar,
	logThreshold: number,
): readonly Traced[] {
	const spread = spreadOf(track, suspects.mask);
	const { baseline, found } = scan(track, suspects.mask, spread, logThreshold);
	const recurring = recurrences(baseline, found, suspects.found, logThreshold).filter(
		(one) => !found.some((piece) => isWithin(baseline, one, piece)),
	);
	const used = new Set(recurring.flatMap(({ pieces }) => pieces));
	const whole = stretches(
		baseline,
		found.filter((one) => !used.has(one) && !isExplained(baseline, one, recurring)),
	);
	const seen = { baseline, calendar };
	return [
		...recurring.flatMap((one) => (one.isUsual ? [] : [tracedRecurrence(seen, one)])),
		...whole.map((one, index) =>
			tracedStretch(seen, one, {
				from: whole[index - 1]?.to ?? 0,
				to: whole[index + 1]?.from ?? track.counts.length,
			}),
		),
	].sort((one, other) => one.episode.since - other.episode.since);
}

/** It is part of a longer trouble that goes on between its times. */
function isWithin(baseline: Baseline, one: Recurrence, piece: Found): boolean {
	if (piece.to - piece.from < baseline.perDay) return false;
	const inside = one.times.filter((time) => time.from < piece.to && piece.from < time.to);
	return 2 * inside.length > one.times.length && !isExplained(baseline, piece, [one]);
}

/** Without the times of what recurs it is as usual. */
function isExplained(baseline: Baseline, piece: Found, recurring: readonly Recurrence[]): boolean {
	const inside = recurring
		.flatMap(({ times }) => times)
		.map((time) => ({ from: Math.max(piece.from, time.from), to: Math.min(piece.to, time.to) }))
		.filter(({ from, to }) => from < to);
	if (inside.length === 0) return false;
	const sum = (of: (span: Span) => number) => inside.reduce((total, span) => total + of(span), 0);
	const count = piece.count - sum((span) => baseline.count(span));
	const load = baseline.load(piece) - sum((span) => baseline.load(span));
	return count < 2 * load * piece.usual.level + 3;
}
