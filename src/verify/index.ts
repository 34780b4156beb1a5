// The door of the room: whether a fix worked, judged on the counts since.
export { isFinal, judgeFix, leftShare } from "./judge.ts";
export type {
	Expected,
	FixBasis,
	FixJudgement,
	FixOutcome,
	FixStory,
	FixVerdict,
	TroubleBefore,
	VictimCounts,
} from "./types.ts";
export { fixOutcomes } from "./types.ts";
