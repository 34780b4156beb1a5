// The door of the room: what is known of earlier trouble, and whether its fix worked.

export type { Case, Happened, Others } from "./case.ts";
export { goesOn, patchesOf, returnedAt, type Standing, shownStatus } from "./changes.ts";
export { type CasesRefused, maxFileBytes, readCases, writeCases } from "./exchange.ts";
export { boundsOf, type Fingerprint } from "./fingerprint.ts";
export { type CaseMemory, JoinedMemory } from "./joined-memory.ts";
export { type Known, type KnownSources, knownOf, mostKnown, recallable } from "./known.ts";
export { Memory, type Remembered, type Taken } from "./memory.ts";
export { isOwn } from "./others.ts";
export {
	type KeptFix,
	type KeptIssue,
	type KeptReport,
	rememberFix,
	rememberIssues,
	rememberPatch,
} from "./remember.ts";
export { type ShownStatus, shownStatuses } from "./status.ts";
