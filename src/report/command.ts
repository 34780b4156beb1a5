import type { Services } from "../services.ts";
import { withDeadline } from "../system/deadline.ts";
import { collectReport } from "./collect.ts";
import { renderReport } from "./markdown.ts";

export interface ReportArguments {
	readonly since: string | undefined;
	readonly until: string | undefined;
}

/**
 * `prod-debugger-mcp report`: the report's own numbers as Markdown on stdout, progress on stderr.
 *
 * @returns the exit code
 * @throws {Failure}
 */
export async function runReport(services: Services, { since, until }: ReportArguments): Promise<number> {
	process.stderr.write("asking production\n");
	const { production, patches, config } = services;
	const signal = withDeadline(new AbortController().signal, config.timeoutMs);
	const sources = { production, patches, showPersonalData: config.showPersonalData };
	const { report } = await collectReport(sources, { since, until }, signal);
	process.stdout.write(renderReport(report));
	return 0;
}
