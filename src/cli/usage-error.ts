// The error of a command line that is invalid.

import { ConfigError } from "../config/index.ts";

/** The command line is invalid. */
export class UsageError extends ConfigError {}
