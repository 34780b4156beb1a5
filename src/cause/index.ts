// Which change did it: what was committed before trouble began.

export { type ChangesBefore, changesBeforeEpisodes, hoursBefore } from "./changes-before.ts";
