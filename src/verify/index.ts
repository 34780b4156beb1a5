// The door of the room: whether a fix worked, judged on the counts since.
export { isFinal, judgeFix, leftShare } from "./judge.ts";
export type {
	Expected,
	FixBasis,
	FixJudgement,
	FixStory,
	FixVerdict,
	TroubleBefore,
	VictimCounts,
} from "./types.ts";
