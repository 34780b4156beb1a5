// What speaks MCP: server, stdio, revisions, schemas, prompts, resources, views.

export { describeInvalidArgument } from "./argument-issues.ts";
export { createLogger, type Logger } from "./log.ts";
export { serve } from "./stdio.ts";
