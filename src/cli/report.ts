// The command `report`: prints the report as Markdown, or writes it as a page.

import type { Case } from "../cases/index.ts";
import { ConfigError } from "../config/index.ts";
import { collectPage, pageScript, renderPage, renderPageMarkdown } from "../report/index.ts";
import type { Services } from "../services.ts";
import { type CallMeter, startMeter } from "../source/index.ts";
import { checkTarget, withDeadline, writeWhole } from "../system/index.ts";
import { quoteUntrusted, visibleLine } from "../text/index.ts";

export interface ReportArguments {
	readonly since: string | undefined;
	readonly until: string | undefined;
	/** Where the page goes; undefined: Markdown goes to stdout. */
	readonly html: string | undefined;
	/** Ids of cases, which it shows as its issues. */
	readonly cases: readonly string[];
}

/** The failure that agents read speaks of tools and of a host; this line speaks to a person. */
const withoutKey =
	"No API key is set, so there is no production to report on. Set SKILLOMATIC_API_KEY to a super admin's key, or SKILLOMATIC_API_KEY_FILE to a file that holds one. To see a report without a key: prod-debugger-mcp report --demo";

/**
 * The report, with the cases that the user names as its issues. Progress goes to stderr.
 *
 * @returns the exit code
 * @throws {ConfigError} without a key, and {Failure}
 */
export async function runReport(
	services: Services,
	{ since, until, html, cases: ids }: ReportArguments,
): Promise<number> {
	if (html !== undefined) await checkTarget(html);
	if (services.config.apiKey === undefined && services.config.database === undefined)
		throw new ConfigError(withoutKey);
	const cases = await readCases(services, ids);
	process.stderr.write("asking production\n");
	const signal = withDeadline(new AbortController().signal, services.config.timeoutMs);
	const meter = startMeter(signal, () => {});
	const data = await collectPage(services, { since, until }, signal, cases);
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

/** @throws {ConfigError} for one that there is not, and {Failure} where no cases are kept */
async function readCases(services: Services, ids: readonly string[]): Promise<readonly Case[]> {
	if (ids.length === 0) return [];
	const all = await services.memory().all();
	return ids.map((id) => {
		const found = all.find((one) => one.id === id);
		if (found !== undefined) return found;
		throw new ConfigError(`There is no case ${quoteUntrusted(id)}: prod-debugger-mcp cases lists them.`);
	});
}

function tellSource({ source }: CallMeter): void {
	if (source !== undefined) process.stderr.write(`${source}\n`);
}
