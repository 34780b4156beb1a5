import { afterEach, expect, test } from "vitest";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

const good = {
	"a.ts": "export const a = (x: number) => x + 1;\n",
	"b.tsx": "export const B = () => <p>{1}</p>;\n",
	"c.js": "export const c = [1, 2];\n",
	"d.py": "def d(x):\n    return x + 1\n",
	"e.go": "package e\n\nfunc E(x int) int {\n\treturn x + 1\n}\n",
	"g.json": '{\n  "a": [1, 3]\n}\n',
};

test.each([
	["a.ts", "export const a = (x: number => x + 1;\n"],
	["b.tsx", "export const B = () => <p>{1</p>;\n"],
	["c.js", "export const c = [1, 2;\n"],
	["d.py", "def d(x:\n    return x + 1\n"],
	["e.go", "package e\n\nfunc E(x int) int {\n\treturn x +\n}\n"],
	["g.json", '{\n  "a": [1, 3}\n'],
	["h.json", '{\n  "a": 1,\n'],
])("a new error in %s is told with its place", async (path, content) => {
	repository = await makeRepository(good, { init: false });
	const { checks, diff } = await repository.edit({ path, content });
	expect(checks.syntax.broken.map((problem) => problem.path)).toContain(path);
	expect(checks.syntax.broken[0]?.line).toBeGreaterThan(0);
	expect(diff).toContain(content.split("\n")[0]);
});

test("a sound change of every language has none, and an unknown language is named as not looked at", async () => {
	repository = await makeRepository(good, { init: false });
	const edits = Object.entries(good).map(([path, content]) => ({ path, content: content.replace("1", "2") }));
	const { checks } = await repository.edit(
		...edits,
		{ path: "f.toml", content: "x = [\n" },
		{ path: "i.json", content: '// Some programs take comments.\n{ "a": 1 }\n' },
	);
	expect(checks.syntax).toEqual({
		checked: Object.keys(good),
		unchecked: ["f.toml", "i.json"].map((path) => ({ path, why: "language" })),
		broken: [],
	});
});

test("a file that is too large to be parsed is said to be", async () => {
	const large = `export const a = "${"x".repeat(1_000_100)}";\n`;
	repository = await makeRepository({ "a.ts": "export const a = 1;\n" }, { init: false });
	const { checks } = await repository.edit({ path: "a.ts", content: large });
	expect(checks.syntax).toEqual({ checked: [], unchecked: [{ path: "a.ts", why: "size" }], broken: [] });
});

test("errors that the file had before are not the patch's", async () => {
	const broken = "export const a = ;\nexport const b = 1;\n";
	repository = await makeRepository({ "a.ts": broken }, { init: false });
	const same = await repository.edit({
		path: "a.ts",
		old_text: "export const b = 1;",
		new_text: "export const b = 2;",
	});
	expect(same.checks.syntax.broken).toEqual([]);
	const worse = await repository.edit({
		path: "a.ts",
		old_text: "export const b = 1;",
		new_text: "export const b = (;",
	});
	expect(worse.checks.syntax.broken.map(({ line }) => line)).toEqual([2]);
});
