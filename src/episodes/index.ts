// The door of the room: episodes of error codes.
export { findEpisodes } from "./episodes.ts";
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
