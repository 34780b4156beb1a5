import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { withToolsTable } from "../scripts/hosts/tools-table.ts";
import { settings } from "../src/config/index.ts";
import { tools } from "../tools/index.ts";

let readme: string;
let manifest: {
	readonly scripts: Readonly<Record<string, string>>;
	readonly dependencies: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
};
beforeAll(async () => {
	readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
	manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
});

describe("the README", () => {
	test("has every setting, as it is described where it is read", () => {
		const rows = Object.values(settings).map(
			(setting) => `| \`${setting.name}\` | ${setting.about} | ${setting.takes} | ${setting.default} |`,
		);
		expect(readme).toContain(rows.join("\n"));
	});

	test("has every tool, with its own summary", () => {
		expect(readme, "npm run hosts writes it").toBe(withToolsTable(readme));
		for (const { name, summary } of tools) expect(readme).toContain(`| \`${name}\` | ${summary} |`);
	});

	test("quotes the demo as it runs", async () => {
		const transcript = await readFile(new URL("../docs/demo-transcript.md", import.meta.url), "utf8");
		const excerpt = readme.slice(readme.indexOf("```\n> error_stats") + 4, readme.indexOf("## Attach it"));
		const quoted = excerpt.split("\n").filter((line) => !/^(?:```|…|> propose_patch.*)?$/.test(line));
		expect(quoted.length).toBeGreaterThan(15);
		for (const line of quoted) expect(transcript).toContain(line);
	});

	test("names only scripts that there are", () => {
		const named = [...readme.matchAll(/`npm run ([a-z:]+)`/g)].map(([, script = ""]) => script);
		for (const script of named.filter((name) => name !== "typecheck")) {
			expect(manifest.scripts).toHaveProperty([script]);
		}
	});
});
