// DOOR cause

export { changesBeforeSpikes } from "./changes-before.ts";
