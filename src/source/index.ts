// The HTTP client of Skillomatic's API.

export { DatabaseError, type SkillomaticFailure, UnexpectedAnswer } from "./failures/index.ts";
export { startMeter, type Wait } from "./http/meter.ts";
export type { RequestTrace } from "./http/trace.ts";
export type { Cell, Row } from "./row.ts";
export { createSkillomatic, type Skillomatic } from "./skillomatic/client.ts";
export type { Source } from "./source.ts";
export { type DatabaseClaims, judgeToken } from "./turso/judge.ts";
