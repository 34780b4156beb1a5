// Possible causes: what was committed before errors began.

export { type ChangesBefore, changesBeforeEpisodes, hoursBefore } from "./changes-before.ts";
