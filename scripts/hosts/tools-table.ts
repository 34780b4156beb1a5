// The README's table of tools, from what each tool says of itself.
import { tools } from "../../tools/index.ts";

const start = "<!-- tools: written by npm run hosts from each tool's summary -->";
const end = "<!-- end of tools -->";

/**
 * The README with its table as the tools have it now.
 *
 * @throws {Error} where the README has lost the marks around the table
 */
export function withToolsTable(readme: string): string {
	const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`README.md lacks the marks around the tools: ${start} … ${end}`);
	const rows = tools.map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
	const table = ["| tool | what it answers |", "|---|---|", ...rows].join("\n");
	return `${readme.slice(0, from)}${start}\n\n${table}\n\n${readme.slice(to)}`;
}
