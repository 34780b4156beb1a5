// Pages for people name only what there is: linked files and headings, paths of the tree, scripts, settings.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { settings } from "../../src/config/index.ts";

const pages = [
	...readdirSync(".").filter((name) => name.endsWith(".md")),
	...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => join("docs", name)),
	...readdirSync("hosts", { recursive: true, encoding: "utf8" }).map((name) => join("hosts", name)),
	"bench/README.md",
].filter((path) => path.endsWith(".md") && path !== join("docs", "demo-transcript.md"));
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync("package.json", "utf8")).scripts;

/** As GitHub names the anchor of a heading. */
function anchorsOf(path: string): readonly string[] {
	const headings = readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm);
	return [...headings].map(([, words = ""]) =>
		words
			.toLowerCase()
			.replace(/[^\w\- ]/g, "")
			.replaceAll(" ", "-"),
	);
}

function isFound(page: string, link: string): boolean {
	const [file = "", anchor] = link.split("#");
	const path = file === "" ? page : join(dirname(page), file);
	return existsSync(path) && (anchor === undefined || anchorsOf(path).includes(anchor));
}

describe.each(pages)("%s", (page) => {
	const text = readFileSync(page, "utf8");
	const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);

	test("links to files and headings that exist", () => {
		const links = all(/\]\(([^)\s]+)\)/g).filter((link) => !/^[a-z]+:/.test(link));
		expect(links.filter((link) => !isFound(page, link))).toEqual([]);
	});

	test("names paths that exist", () => {
		const paths = all(/(?<![\w./-])((?:src|tools|test|scripts|bench|docs|hosts)\/[\w./-]*\w)/g);
		// Files that are made, a placeholder, and MCP's own method.
		const made = ["bench/results.json", "tools/its_name.ts", "tools/list"];
		expect(paths.filter((path) => !made.includes(path) && !existsSync(path))).toEqual([]);
	});

	test("names npm scripts that exist", () => {
		const elsewhere = ["typecheck"];
		const named = all(/npm run ([a-z:]+)/g).filter((script) => !elsewhere.includes(script));
		expect(named.filter((script) => !(script in scripts))).toEqual([]);
	});

	test("names settings that exist", () => {
		const named = all(/\b((?:SKILLOMATIC|PROD_DEBUGGER)_[A-Z_]+)\b/g);
		expect(named.filter((name) => !(name in settings))).toEqual([]);
	});
});
