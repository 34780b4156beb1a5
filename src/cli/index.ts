// The commands; each is loaded only when it is used, so that the server starts fast.

import type { Config } from "../config/index.ts";
import type { Services } from "../services.ts";
import type { AttachArguments } from "./attach/index.ts";
import type { CasesArguments } from "./cases.ts";
import type { Demo } from "./demo.ts";
import type { DoctorOptions } from "./doctor/index.ts";
import type { ReportArguments } from "./report.ts";
import type { WatchArguments } from "./watch.ts";

export { type CommandLine, readCommandLine, UsageError } from "./command-line.ts";
export { helpText } from "./help.ts";

/** @see {@link Demo} */
export async function startDemo(now?: number): Promise<Demo> {
	return (await import("./demo.ts")).startDemo(now);
}

/** @returns the exit code: 1 when a check failed */
export async function runDoctor(services: Services, options: DoctorOptions): Promise<number> {
	return (await import("./doctor/index.ts")).runDoctor(services, options);
}

/** @returns the exit code: 1 where there is no such case */
export async function runCases(services: Services, asked: CasesArguments): Promise<number> {
	return (await import("./cases.ts")).runCases(services, asked);
}

/** @returns the exit code */
export async function runReport(services: Services, asked: ReportArguments): Promise<number> {
	return (await import("./report.ts")).runReport(services, asked);
}

/** @returns the exit code: 1 where something asked for was told, 3 where production could not be asked */
export async function runWatch(services: Services, asked: WatchArguments): Promise<number> {
	return (await import("./watch.ts")).runWatch(services, asked);
}

/** @returns the exit code */
export async function runAttach(config: Config, asked: AttachArguments): Promise<number> {
	return (await import("./attach/index.ts")).runAttach(config, asked);
}
