// The door of the room: episodes of error codes, and of skills whose runs fail.
export { findEpisodes } from "./episodes.ts";
export { countLaw } from "./law.ts";
export { findRunEpisodes } from "./runs.ts";
export { logBetaBinomialTail } from "./tail.ts";
export type {
	CodeEpisode,
	CodeSeries,
	Counts,
	Dimension,
	Episode,
	EpisodeKind,
	EpisodesInput,
	History,
	Interval,
	Part,
	PartSeries,
	RunEpisode,
	RunEpisodesInput,
	RunSeries,
	TimeSpan,
} from "./types.ts";
export { type UsualHours, usualHours } from "./usual-hours.ts";
export { scatterOf, type UsualLoad, usualLoad } from "./usual-load.ts";
