// The episodes of skills whose runs fail, from their runs and failures.
import { type Calendar, calendarOf, seriesOf } from "./calendar.ts";
import { find, suspectsOf } from "./find.ts";
import { bucketSeconds } from "./grid.ts";
import { shareLaw } from "./law.ts";
import type { Traced } from "./traced.ts";
import type { Track } from "./track.ts";
import type { RunEpisode, RunEpisodesInput, RunSeries } from "./types.ts";

/** The chance that quiet skills show an episode, if failures followed the law supposed. */
const falseChance = 0.05;

/**
 * The same search as that of error codes, with the runs as exposure: what is usual is a share, and what is found is a
 * share far above it. Ten failures of ten at night are an episode, 40 of 400 at noon need not be. A run has no day's
 * shape: how many there are says how busy it is.
 *
 * @throws {RangeError} where the history is empty
 */
export function findRunEpisodes({ history, skills }: RunEpisodesInput): readonly RunEpisode[] {
	const calendar = calendarOf(history);
	const logThreshold = Math.log(falseChance / Math.max(1, skills.length));
	return skills
		.flatMap((series) => {
			const track = trackOf(calendar, series);
			return find(track, suspectsOf(track, logThreshold), calendar, logThreshold).map((traced) =>
				reported(series.skill, traced),
			);
		})
		.sort((one, other) => one.since - other.since);
}

function trackOf(calendar: Calendar, { runs, failed }: RunSeries): Track {
	const { counts: failures, isEven } = seriesOf(calendar, failed);
	return {
		counts: failures,
		isEven,
		// A failure whose run is not counted is a run.
		load: seriesOf(calendar, runs).counts.map((one, bucket) => Math.max(one, failures[bucket] ?? 0)),
		held: calendar.extent,
		variance: new Float64Array(calendar.length),
		law: shareLaw,
		perHour: 3600 / bucketSeconds,
		firstCell: calendar.first,
	};
}

function reported(skill: string, { episode, spans, baseline, usual }: Traced): RunEpisode {
	const runs = spans.reduce((sum, span) => sum + baseline.load(span), 0);
	return {
		skill,
		...episode,
		runs: Math.round(runs),
		rate: runs === 0 ? 0 : episode.count / runs,
		usualRate: Math.min(1, usual.level),
	};
}
