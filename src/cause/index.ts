// Possible causes: what was committed before errors began.

export { type AskedEpisode, askEpisode, onsetAbout, onsetOf, wordsOfEpisode } from "./asked-episode.ts";
export {
	type CommitQuestion,
	type CommitStory,
	commitStory,
	type StoryBlock,
	type StoryFile,
} from "./commit-story.ts";
export {
	type CauseHistory,
	causesOfEpisodes,
	type EpisodeCause,
	type EpisodeQuestion,
} from "./episode-causes.ts";
export { type CauseOptions, conclude, findCause, reachSeconds, type Weighed, weigh } from "./find-cause.ts";
export { findCauseInEach, type NamedHistory } from "./find-in-each.ts";
export { type DeployedFix, deployedFix } from "./fix-deployed.ts";
export {
	type FeatureName,
	type Features,
	featureNames,
	type Likelihoods,
	likelihoods,
	type NoneFeatures,
	noneNames,
	type Weights,
	weights,
} from "./model.ts";
export type {
	CauseAnswer,
	CauseQuestion,
	CauseSources,
	ChangedLines,
	CommitSources,
	Onset,
	Origin,
	RuledOut,
	Suspect,
	Verdict,
} from "./question.ts";
export { placeWords } from "./why.ts";
