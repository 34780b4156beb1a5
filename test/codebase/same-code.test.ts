import { describe, expect, test } from "vitest";
import { isSameCode } from "../../src/codebase/syntax/same-code.ts";

const before = `import { fetchPage } from "./pages.ts";
const limit = 50;
export async function read(total: number, url: string) {
	const page = await fetchPage(url);
	const rest = { total, page };
	return page.items.map((item) => item.total + total + limit + rest.total);
}
export function other(page: number) {
	return page;
}
`;
const python = `import pages

def read(url, total):
    page = pages.fetch(url, total=total)
    for item in page.items:
        item.total = item.size
    return page
`;
const renamed = (text: string, from: RegExp, to: string) => text.replace(from, to);

describe("another version of a file is the same code", () => {
	test.each([
		["a local variable has another name", "a.ts", renamed(before, /\bitem\b(?!s)/g, "entry"), before],
		[
			"a parameter of a function has another name",
			"a.ts",
			before.replace("url: string", "address: string").replace("fetchPage(url)", "fetchPage(address)"),
			before,
		],
		[
			"two local variables exchange their names",
			"a.js",
			"function f(a, b) { return a - b; }",
			"function f(b, a) { return b - a; }",
		],
		[
			"a local variable of Python has another name",
			"a.py",
			renamed(python, /\bitem\b(?!s)/g, "entry"),
			python,
		],
		["comments and layout differ", "a.ts", `// Why\n${before.replaceAll("\t", "    ")}`, before],
	])("where %s", async (_, path, now, old) => {
		expect(now).not.toBe(old);
		expect(await isSameCode(path, old, now)).toBe(true);
	});

	test.each([
		[
			"one use kept the old name",
			"a.ts",
			before.replace("item.total + total", "entry.total + total"),
			before,
		],
		["a name of the file changed", "a.ts", renamed(before, /\blimit\b/g, "most"), before],
		["a function's name changed", "a.ts", before.replace("function other", "function another"), before],
		["a member's name changed", "a.ts", before.replace("page.items", "page.rows"), before],
		["a key of an object would change with it", "a.ts", renamed(before, /(?<!\.)\btotal\b/g, "sum"), before],
		[
			"two variables become one",
			"a.js",
			"function f(a, b) { return a - a; }",
			"function f(a, b) { return a - b; }",
		],
		[
			"arguments change places",
			"a.js",
			"function f(a, b) { return g(b, a); }",
			"function f(a, b) { return g(a, b); }",
		],
		["a global one is meant", "a.js", "function f() { return window; }", "function f() { return other; }"],
		[
			"a name of the file is hidden",
			"a.js",
			"const b = 1;\nfunction f() { const b = 2; return b; }",
			"const b = 1;\nfunction f() { const a = 2; return a; }",
		],
		["a parameter of Python has another name", "a.py", renamed(python, /\burl\b/g, "address"), python],
		["a keyword of Python changed", "a.py", python.replace("total=total", "sum=total"), python],
		[
			"a member of Python has the variable's name",
			"a.py",
			"def f(item):\n    sum = item.sum\n    return sum\n",
			"def f(item):\n    total = item.total\n    return total\n",
		],
		[
			"a constructor's parameter is a member",
			"a.ts",
			"class A { constructor(private readonly b: number) { use(b); } }",
			"class A { constructor(private readonly a: number) { use(a); } }",
		],
		["a text changed", "a.ts", before.replace("./pages.ts", "./page.ts"), before],
	])("not where %s", async (_, path, now, old) => {
		expect(now).not.toBe(old);
		expect(await isSameCode(path, old, now)).toBe(false);
	});
});
