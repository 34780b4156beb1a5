// Which change did it: what was committed before trouble began.

export { changesBeforeSpikes } from "./changes-before.ts";
