// From one series to its episodes: what stands out, put together, with its kind and its course.

import { type Calendar, timeOf } from "./calendar.ts";
import { courseOf, onsetOf } from "./course.ts";
import type { Edge } from "./edge.ts";
import { bucketSeconds, type Span } from "./grid.ts";
import { growth, stepHours } from "./growing.ts";
import { type Stretch, stretches } from "./pieces.ts";
import { type Recurrence, recurrences, recurringSuspects } from "./recurring.ts";
import { type Found, scan } from "./scan.ts";
import { type Spread, spreadOf } from "./spread.ts";
import type { Baseline, Track, Usual } from "./track.ts";
import type { Episode, Interval, TimeSpan } from "./types.ts";

/** How much likelier a suspect may be by chance than an episode: e^8. */
const suspicion = 8;
/** The same of what may be one time of a recurring one. */
const faintest = 14;
const firstSpread: Spread = { dispersion: 1.5, volatility: 0.03 };

/** An episode, and what it was made from. */
export interface Traced {
	readonly episode: Episode;
	readonly spans: readonly Span[];
	readonly usual: Usual;
	readonly baseline: Baseline;
}

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
	const tell = teller(baseline, calendar);
	return [
		...recurring.flatMap((one) => (one.isUsual ? [] : [tell.recurring(one)])),
		...whole.map((one, index) =>
			tell.stretch(one, {
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

function teller(baseline: Baseline, calendar: Calendar) {
	const { track } = baseline;
	const seconds = (bucketSeconds * 12) / track.perHour;
	const time = (cell: number) => timeOf(calendar, (cell * 12) / track.perHour);
	const interval = ({ earliest, latest }: Edge): Interval => [time(earliest), time(latest)];
	const common = (spans: readonly Span[], usual: Usual, onset: Edge) => {
		const count = spans.reduce((sum, span) => sum + baseline.count(span), 0);
		const expected = spans.reduce((sum, span) => sum + baseline.load(span), 0) * usual.level;
		const since = Math.min(Math.max(time(Math.floor(onset.at)), time(onset.earliest)), time(onset.latest));
		return {
			since,
			between: interval(onset),
			isNew: baseline.count({ from: 0, to: Math.floor(onset.earliest) }) === 0,
			count: Math.round(count),
			expected,
			...(expected >= 1 ? { factor: count / expected } : {}),
			daysBefore: usual.days,
			grain: seconds,
		};
	};
	const timeSpan = ({ from, to }: Span): TimeSpan => ({ from: time(from), to: time(to) });

	return {
		stretch(stretch: Stretch, within: Span): Traced {
			const { usual } = stretch;
			const rise = growth(baseline, stretch, within);
			const course = courseOf(baseline, stretch, usual, within);
			const onset = rise?.onset ?? course.onset;
			const { end } = course;
			const span = {
				from: Math.floor(onset.at),
				to: end === undefined ? track.counts.length : Math.max(Math.floor(onset.at) + 1, Math.ceil(end.at)),
			};
			const shared = common([span], usual, onset);
			const until = end === undefined ? undefined : time(end.at);
			const episode: Episode = {
				kind: rise !== undefined ? "growing" : end === undefined ? "on" : "burst",
				...shared,
				...(end === undefined || until === undefined ? {} : { until, untilBetween: interval(end) }),
				...(rise === undefined ? {} : { perDay: rise.perDay, grain: stepHours * 3600 }),
				logChance: stretch.logChance,
				spans: [{ from: shared.since, to: until ?? timeSpan(span).to }],
			};
			return { episode, spans: [span], usual, baseline };
		},
		recurring(one: Recurrence): Traced {
			const [first = { from: 0, to: 1 }] = one.times;
			const known = baseline.usualBefore(first.from) ?? one.usual;
			const onset = onsetOf(baseline, first, known, { from: 0, to: track.counts.length });
			const last = one.times.at(-1) ?? first;
			const episode: Episode = {
				kind: "recurring",
				...common(one.times, known, onset),
				...(one.isOver ? { until: time(last.to), untilBetween: [time(last.to - 1), time(last.to)] } : {}),
				hours: hoursOf(track, one.times),
				logChance: one.logChance,
				spans: one.times.map(timeSpan),
			};
			return { episode, spans: one.times, usual: known, baseline };
		},
	};
}

/** An hour that has so much of what the busiest has is one of them. */
const hourShare = 0.15;

/** The hours of the day that the events of all times fall in. */
function hoursOf({ counts, firstCell, perHour }: Track, times: readonly Span[]): readonly number[] {
	const found = new Float64Array(24);
	for (const { from, to } of times) {
		for (let cell = from; cell < to; cell++) {
			const hour = Math.floor((firstCell + cell) / perHour) % 24;
			found[hour] = (found[hour] ?? 0) + (counts[cell] ?? 0);
		}
	}
	const most = Math.max(...found);
	return [...found.keys()].filter((hour) => (found[hour] ?? 0) >= Math.max(1, hourShare * most));
}
