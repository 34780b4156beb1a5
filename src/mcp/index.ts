// What speaks MCP: server, stdio, revisions, schemas, prompts, resources, views.

export { createLogger, type Logger } from "./log.ts";
export { serve } from "./stdio.ts";
