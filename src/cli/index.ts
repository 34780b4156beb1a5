// DOOR cli

export { type CommandLine, readCommandLine, UsageError } from "./command-line.ts";
export { helpText } from "./help.ts";
