import { shortId } from "../answer/ids.ts";
import { categoryOf } from "../production/error-codes.ts";
import { findFindings } from "../production/stats/findings.ts";
import type { Services } from "../services.ts";
import { withDeadline } from "../system/deadline.ts";
import { type Report, renderReport } from "./report.ts";

/** Codes in the summary; the rest is counted as one. */
const maxCodes = 20;

export interface ReportArguments {
	readonly since: string | undefined;
	readonly until: string | undefined;
}

/** `prod-debugger-mcp report`: the report's own numbers as Markdown on stdout, progress on stderr. @returns the exit code */
export async function runReport(services: Services, { since, until }: ReportArguments): Promise<number> {
	process.stderr.write("asking production\n");
	const signal = withDeadline(new AbortController().signal, services.config.timeoutMs);
	const stats = await services.production.errorStats({ since, until, limit: maxCodes }, signal);
	const report: Report = {
		since: until === undefined ? (since ?? "24h") : undefined,
		window: stats.window,
		total: stats.total,
		uniqueCodes: stats.uniqueCodes,
		codes: stats.groups.map(({ key: [code], count, topSkill }) => ({
			code: String(code ?? "(none)"),
			count,
			category: categoryOf(String(code ?? "")),
			topSkill: topSkill ?? undefined,
		})),
		otherCount: stats.total - stats.groups.reduce((sum, { count }) => sum + count, 0),
		findings: findFindings(stats, shortId),
		issues: [],
		actions: {},
	};
	process.stdout.write(renderReport(report));
	return 0;
}
