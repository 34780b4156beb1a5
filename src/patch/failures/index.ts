// Every reason why a patch is not made.

export { EditRefused } from "./edit-refused.ts";
export type { DistinguishingLine, MatchProblem, Nearest } from "./match-problem.ts";
export { type PatchProblem, PatchRefused } from "./patch-refused.ts";
export { PatchUnknown } from "./patch-unknown.ts";
export { type ConflictPlace, RevertConflicts } from "./revert-conflicts.ts";
