// DOOR sandbox

export { createStoryCodebase } from "./codebase.ts";
export { startSandbox } from "./server.ts";
