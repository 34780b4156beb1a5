// Which change did it: what was committed before trouble began.

export { type ChangesBefore, changesBeforeSpikes, hoursBefore } from "./changes-before.ts";
