// The HTTP client of Skillomatic's API.

export type { Cell, Row } from "./skillomatic/answers.ts";
export { createSkillomatic, type Skillomatic } from "./skillomatic/client.ts";
export { DatabaseError, type SkillomaticFailure, UnexpectedAnswer } from "./skillomatic/failures/index.ts";
export { startMeter, type Wait } from "./skillomatic/meter.ts";
export type { RequestTrace } from "./skillomatic/trace.ts";
