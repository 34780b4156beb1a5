import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tools } from "../tools/index.ts";

const read = (path: string) => readFileSync(path, "utf8");

/** Every place that names the tools, and what to do where it lacks one. */
const places: readonly (readonly [place: string, what: string, has: (name: string) => boolean])[] = [
	["tools/index.ts", "list it", (name) => tools.some((tool) => tool.name === name)],
	["README.md", "run npm run hosts", (name) => read("README.md").includes(`| \`${name}\` |`)],
	[
		"hosts/claude-desktop/manifest.json",
		"run npm run hosts",
		(name) => read("hosts/claude-desktop/manifest.json").includes(`"name": "${name}"`),
	],
	[
		"hosts/claude-code/prod-debugger/skills/prod-debugger/SKILL.md",
		"say when it is used",
		(name) => read("hosts/claude-code/prod-debugger/skills/prod-debugger/SKILL.md").includes(name),
	],
	[
		"src/mcp/instructions.ts",
		"say when it is used",
		(name) => read("src/mcp/instructions.ts").includes(name),
	],
];

test("each file in tools/ is a tool, and each tool stands in every place that names them", () => {
	const files = readdirSync("tools").filter((file) => file.endsWith(".ts") && file !== "index.ts");
	const names = new Set([
		...files.map((file) => file.replace(/\.ts$/, "")),
		...tools.map(({ name }) => name),
	]);
	const missing = [...names].flatMap((name) => [
		...(files.includes(`${name}.ts`) ? [] : [`tools/${name}.ts: the file bears the tool's name`]),
		...places.filter(([, , has]) => !has(name)).map(([place, what]) => `${place}: ${what} (${name})`),
	]);
	expect(missing).toEqual([]);
});

test("CONTRIBUTING lists the same places for a new tool", () => {
	const section = /^## Add a tool$([\s\S]*?)^## /m.exec(read("CONTRIBUTING.md"))?.[1] ?? "";
	expect(section).toContain("`tools/its_name.ts`");
	expect(places.filter(([place]) => !section.includes(`\`${place}\``))).toEqual([]);
});
