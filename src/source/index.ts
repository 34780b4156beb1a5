// The HTTP client of Skillomatic's API.

export { createSource } from "./failover.ts";
export { DatabaseError, type SkillomaticFailure, UnexpectedAnswer } from "./failures/index.ts";
export { AuditLog } from "./http/audit.ts";
export { type CallMeter, carryMeter, startMeter, type Wait } from "./http/meter.ts";
export type { RequestTrace } from "./http/trace.ts";
export type { Cell, Row } from "./row.ts";
export { createSkillomatic, type Skillomatic } from "./skillomatic/client.ts";
export type { Source } from "./source.ts";
export { createTurso, type Turso } from "./turso/client.ts";
export { type DatabaseClaims, judgeToken } from "./turso/judge.ts";
