// The command `report`: prints the report as Markdown, or writes it as a page.

import { ConfigError } from "../config/index.ts";
import { collectPage, pageScript, renderPage, renderPageMarkdown } from "../report/index.ts";
import type { Services } from "../services.ts";
import { type CallMeter, startMeter } from "../source/index.ts";
import { checkTarget, withDeadline, writeWhole } from "../system/index.ts";
import { visibleLine } from "../text/index.ts";

export interface ReportArguments {
	readonly since: string | undefined;
	readonly until: string | undefined;
	/** Where the page goes; undefined: Markdown goes to stdout. */
	readonly html: string | undefined;
}

/** The failure that agents read speaks of tools and of a host; this line speaks to a person. */
const withoutKey =
	"No API key is set, so there is no production to report on. Set SKILLOMATIC_API_KEY to a super admin's key, or SKILLOMATIC_API_KEY_FILE to a file that holds one. To see a report without a key: prod-debugger-mcp report --demo";

/**
 * The report without an agent's issues. Progress goes to stderr.
 *
 * @returns the exit code
 * @throws {ConfigError} without a key, and {Failure}
 */
export async function runReport(
	services: Services,
	{ since, until, html }: ReportArguments,
): Promise<number> {
	if (html !== undefined) await checkTarget(html);
	if (services.config.apiKey === undefined && services.config.database === undefined)
		throw new ConfigError(withoutKey);
	process.stderr.write("asking production\n");
	const signal = withDeadline(new AbortController().signal, services.config.timeoutMs);
	const meter = startMeter(signal, () => {});
	const data = await collectPage(services, { since, until }, signal);
	tellSource(meter);
	if (html === undefined) {
		process.stdout.write(renderPageMarkdown(data));
		return 0;
	}
	const page = renderPage(data, await pageScript());
	const path = await writeWhole(html, page);
	process.stderr.write(`wrote ${visibleLine(path)} (${Math.ceil(page.length / 1024)} KiB)\n`);
	return 0;
}

function tellSource({ source }: CallMeter): void {
	if (source !== undefined) process.stderr.write(`${source}\n`);
}
