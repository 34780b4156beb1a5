// An embedded Skillomatic with errors to find, for the demo and the tests.

export { createStoryCodebase } from "./codebase.ts";
export { startSandbox } from "./server.ts";
