// From edits or a diff to one unified diff that is proven to apply.

export type { AppliedPatch, AppliedState } from "./applied/in-head.ts";
export {
	type EditRefused,
	type MatchProblem,
	type Nearest,
	type PatchRefused,
	PatchUnknown,
} from "./failures/index.ts";
export {
	createPatchProposer,
	type PatchProposer,
	type ProposedPatch,
	type ReadPatch,
	type TouchedFile,
} from "./propose.ts";
export type { CheckOutcome } from "./prove/run-check.ts";
export type { CheckRun, NotRun } from "./prove/run-copies.ts";
export type { TestOutcome } from "./prove/run-test.ts";
export type { TestFailure } from "./prove/runners/index.ts";
export type { TestRun } from "./prove/verdict.ts";
export type { Edit } from "./read/request.ts";
