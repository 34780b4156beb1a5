// The door of the room: what is known of earlier trouble, and whether its fix worked.

export type { Case, Happened } from "./case.ts";
export { isSinceFix, patchesOf, type Report, shownStatus, type Verification } from "./changes.ts";
export { boundsOf, type Fingerprint, fingerprintOf, isSame } from "./fingerprint.ts";
export { changedAt, Memory, type MemoryOptions, type Remembered } from "./memory.ts";
export { type ShownStatus, shownStatuses } from "./status.ts";
