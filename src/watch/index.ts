// The door of the room: a watch over production, round by round.

export { type Limit, readLimit } from "./limits.ts";
export { type Alert, alerts } from "./round.ts";
export type { Message } from "./state.ts";
export { WatchStore } from "./store.ts";
export { type Watching, watchRound } from "./watch.ts";
