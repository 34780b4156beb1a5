// DOOR mcp

export { describeInvalidArgument } from "./argument-issues.ts";
export { createLogger, type Logger } from "./log.ts";
export { serve } from "./stdio.ts";
