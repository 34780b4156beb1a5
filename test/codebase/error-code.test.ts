import { afterEach, describe, expect, test } from "vitest";
import { type TestRepository, testRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(() => repository?.remove());

async function given(files: Record<string, string>): Promise<TestRepository> {
	repository = await testRepository(files);
	return repository;
}

/** The conditions of every raising line, by line. */
async function guards(
	path: string,
	text: string,
	errorCode = "THE_CODE",
): Promise<readonly (readonly string[])[]> {
	const { find } = await given({ [path]: text });
	const { files } = await find({ errorCode });
	return files.flatMap(({ items }) =>
		items.filter(({ role }) => role === "raises").map((item) => item.guards),
	);
}

describe("the condition that guards a raising line", () => {
	test.each([
		["if", "a.ts", "function f() { if (a > 1) {\n return 'THE_CODE'; } }", ["a > 1"]],
		["else", "a.ts", "function f() { if (a > 1) { g(); } else {\n return 'THE_CODE'; } }", ["not (a > 1)"]],
		["else if", "a.ts", "function f() { if (a) { g(); } else if (b) {\n return 'THE_CODE'; } }", ["b"]],
		["nested", "a.ts", "function f() { if (a) { if (b) {\n throw new Error('THE_CODE'); } } }", ["b", "a"]],
		["ternary", "a.ts", "const f = () => a ? 'THE_CODE' : null;", ["a"]],
		["ternary's other side", "a.ts", "const f = () => a ? null : 'THE_CODE';", ["not (a)"]],
		["switch", "a.ts", "function f() { switch (x) { case 1:\n return 'THE_CODE'; } }", ["x is 1"]],
		[
			"switch by its labels",
			"a.ts",
			"function f() { switch (true) { case m.includes('429'):\n return 'THE_CODE'; } }",
			["m.includes('429')"],
		],
		["default", "a.ts", "function f() { switch (x) { default:\n return 'THE_CODE'; } }", ["no case matches"]],
		[
			"catch",
			"a.ts",
			"function f() { try { g(); } catch (e) {\n throw new Error('THE_CODE'); } }",
			["an exception is caught"],
		],
		[
			"early returns",
			"a.ts",
			"function f() { if (a) return 1; if (b) return 2;\n return 'THE_CODE'; }",
			["none of the 2 conditions before it holds"],
		],
		["one early return", "a.ts", "function f() { if (a) return 1;\n return 'THE_CODE'; }", ["not (a)"]],
		["and", "a.ts", "function f() { a && fail('THE_CODE'); }", ["a"]],
		[
			"nothing beyond the function",
			"a.ts",
			"if (a) { const f = () => { throw new Error('THE_CODE'); }; }",
			[],
		],
		["Python's elif", "a.py", "def f():\n  if a:\n    pass\n  elif b:\n    return 'THE_CODE'\n", ["b"]],
		[
			"Python's except",
			"a.py",
			"def f():\n  try:\n    g()\n  except KeyError:\n    raise E('THE_CODE')\n",
			["except KeyError"],
		],
		["Python's match", "a.py", "def f(x):\n  match x:\n    case 1:\n      return 'THE_CODE'\n", ["x is 1"]],
		["Python's conditional", "a.py", "def f():\n  return 'THE_CODE' if a else None\n", ["a"]],
		[
			"Go's if",
			"a.go",
			'package a\nfunc f() string {\n\tif a > 1 {\n\t\treturn "THE_CODE"\n\t}\n\treturn ""\n}\n',
			["a > 1"],
		],
		[
			"Go's switch",
			"a.go",
			'package a\nfunc f() string {\n\tswitch x {\n\tcase 1:\n\t\treturn "THE_CODE"\n\t}\n\treturn ""\n}\n',
			["x is 1"],
		],
	] as const)("%s", async (_, path, text, expected) => {
		expect(await guards(path, text)).toEqual([expected]);
	});
});

describe("one step further", () => {
	test("who calls a classifier, and where the code then goes", async () => {
		const { find, text } = await given({
			"src/classify.ts":
				"export function classify(e: Error) {\n  if (e.message) return 'THE_CODE';\n  return 'OTHER_CODE';\n}\n",
			"src/route.ts":
				"app.post('/x', async (c) => {\n  const code = classify(new Error());\n  logger.warn({ code });\n  await record({ code });\n  return c.json({ error: { code } }, 500);\n});\n",
			"src/record.ts":
				"export async function record(event: object) {\n  await db.insert(schema.errorEvents).values(event);\n}\n",
			"src/classify.test.ts": "expect(classify(new Error('x'))).toBe('THE_CODE');\n",
		});
		const { trail } = await find({ errorCode: "THE_CODE" });
		expect(trail?.callers).toEqual([
			{
				calls: "classify",
				path: "src/route.ts",
				line: 2,
				enclosing: 'app.post("/x") callback',
				sinks: [
					{ kind: "log", name: "logger.warn" },
					{ kind: "call", name: "record" },
					{ kind: "answer", name: "c.json" },
				],
				origins: ["src/classify.ts:2"],
			},
		]);
		expect(trail?.receivers).toEqual([
			{ name: "record", path: "src/record.ts", line: 1, sinks: [{ kind: "table", name: "errorEvents" }] },
		]);
		expect(await text({ errorCode: "THE_CODE" })).toContain(
			'classify is called at src/route.ts:2 in app.post("/x") callback -> log (logger.warn), record(), HTTP answer (c.json)',
		);
	});

	test("a constant, an enum's member and an error class are followed to where they are used", async () => {
		const { find } = await given({
			"codes.go": 'package a\n\nvar ErrGone = errors.New("THE_CODE")\n',
			"use.go":
				"package a\n\nfunc f() error {\n\treturn ErrGone\n}\n\nfunc g(err error) bool {\n\treturn errors.Is(err, ErrGone)\n}\n",
			"error.py": 'class Gone(Exception):\n    code = "THE_CODE"\n\n\ndef f():\n    raise Gone()\n',
		});
		const { files } = await find({ errorCode: "THE_CODE" });
		const rows = files.flatMap(({ path, items }) =>
			items.map(({ role, line, via }) => `${role} ${path}:${line} ${via ?? ""}`),
		);
		expect(rows).toEqual([
			"raises error.py:6 Gone",
			"raises use.go:4 ErrGone",
			"handles use.go:8 ErrGone",
			"defines codes.go:3 ",
			"defines error.py:2 ",
		]);
	});

	test("what comes back whole is bounded when a name is everywhere", async () => {
		const files = Object.fromEntries(
			Array.from({ length: 80 }, (_, index) => [
				`src/f${index}.ts`,
				`export const v${index} = classify(${index});\n`,
			]),
		);
		const { find } = await given({
			...files,
			"src/classify.ts": "export function classify(n: number) {\n  return 'THE_CODE';\n}\n",
		});
		expect((await find({ errorCode: "THE_CODE" })).trail?.callers.length).toBeLessThanOrEqual(8);
	});
});

describe("a code that nothing raises", () => {
	const list = "export const ERROR_CODES = [\n  'THE_CODE',\n  'OTHER_CODE',\n  'THIRD_CODE',\n] as const;\n";
	const writer =
		"export async function record(code: string) {\n  await db.insert(errorEvents).values({ code });\n}\n";

	test("the list, what writes error_events, the commit that removed it, codes built from parts", async () => {
		const { find, text, write, commit } = await given({
			"src/codes.ts": list,
			"src/label.ts": "export type Label = 'THE_CODE';\n",
			"src/record.ts": writer,
			"src/sql.ts":
				"export const a = (code: string) => db.insertInto('error_events').values({ code });\nexport const b = (code: string) => sql`INSERT INTO error_events (code) VALUES (${code})`;\n",
			"src/build.ts": "export const codeOf = (kind: string) => `${kind}_CODE`;\n",
			"src/old.ts": "export function old() {\n  throw new Error('THE_CODE');\n}\n",
		});
		commit("feat: everything", "2026-01-01T00:00:00Z");
		await write({ "src/old.ts": "export function old() {\n  return;\n}\n" });
		commit("refactor: old raises nothing", "2026-02-01T00:00:00Z");
		await write({ "docs/codes.md": "THE_CODE\n" });
		commit("docs: THE_CODE", "2026-03-01T00:00:00Z");
		const { raising, absence, files } = await find({ errorCode: "THE_CODE" });
		expect(raising).toBe("none");
		expect(files[0]).toMatchObject({
			path: "src/codes.ts",
			items: [{ role: "defines", enclosing: "ERROR_CODES" }],
		});
		expect(absence?.removed).toMatchObject({
			at: "2026-02-01T00:00:00Z",
			subject: "refactor: old raises nothing",
			path: "src/old.ts",
			text: "throw new Error('THE_CODE');",
		});
		expect(absence?.writers.lines).toEqual([
			{ path: "src/record.ts", line: 2, text: "await db.insert(errorEvents).values({ code });" },
			expect.objectContaining({ path: "src/sql.ts", line: 1 }),
			expect.objectContaining({ path: "src/sql.ts", line: 2 }),
		]);
		expect(absence?.built.lines.map(({ path }) => path)).toEqual(["src/build.ts"]);
		const answer = await text({ errorCode: "THE_CODE" });
		expect(answer).toContain(
			'Nothing in the code raises "THE_CODE" in one piece: it may be put together from parts, as below.',
		);
		expect(answer).toContain("removed 2026-02-01");
	});

	test("a code that stands nowhere is answered too, inside git and outside", async () => {
		const { text } = await given({ "src/record.ts": writer });
		expect(await text({ errorCode: "NOWHERE_CODE" })).toMatch(
			/0 matches[\s\S]*No list of codes here names it[\s\S]*writes error_events[\s\S]*record\.ts:2/,
		);
		const plain = await testRepository({ "a.ts": "x\n" }, { plain: true });
		expect(await plain.text({ errorCode: "NOWHERE_CODE" })).toContain("The history could not be searched");
		await plain.remove();
	});

	test("what is raised elsewhere is not called raised nowhere", async () => {
		const { find, text } = await given({
			"packages/api/a.ts": "export function f() {\n  throw new Error('THE_CODE');\n}\n",
			"packages/web/b.ts": "export const words = { THE_CODE: 'try again' };\n",
		});
		for (const scope of [
			{ path: "packages/web" },
			{ glob: "packages/web/**" },
			{ glob: "*.js", type: "js" },
		]) {
			const { raising, absence } = await find({ errorCode: "THE_CODE", ...scope });
			expect({ raising, absence }).toEqual({ raising: "none_in_scope", absence: undefined });
		}
		expect(await find({ errorCode: "NO_CODE", path: "." })).toMatchObject({ raising: "none" });
		const answer = await text({ errorCode: "THE_CODE", path: "packages/web" });
		expect(answer).toContain('Nothing in this scope raises "THE_CODE"; something elsewhere may');
		expect(answer).not.toContain("Nothing in the code");
	});

	test("nor is what stands in more files than are parsed", async () => {
		const many = Object.fromEntries(
			Array.from({ length: 305 }, (_, index) => [`src/m${index}.ts`, "export const known = ['THE_CODE'];\n"]),
		);
		const { find, text } = await given(many);
		expect(await find({ errorCode: "THE_CODE" })).toMatchObject({ raising: "none_seen", unparsed: 5 });
		expect(await text({ errorCode: "THE_CODE" })).toMatch(
			/Nothing that was searched raises "THE_CODE", and not everything was searched\..*5 code files were not parsed/,
		);
	});

	test("a history in which it came and went more often than is looked into says so", async () => {
		const { text, write, commit } = await given({ "docs/codes.md": "\n" });
		commit("empty", "2026-01-01T00:00:00Z");
		for (let day = 2; day <= 12; day += 1) {
			await write({ "docs/codes.md": day % 2 === 0 ? "THE_CODE\n" : "\n" });
			commit(`docs ${day}`, `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`);
		}
		expect(await text({ errorCode: "THE_CODE" })).toContain(
			"None of the newest 10 commits that add or remove the code removed a raising line.",
		);
	});

	test("places beyond those that are shown are counted", async () => {
		const { text } = await given({
			"src/many.ts": "db.insertInto('error_events');\n".repeat(11),
		});
		expect(await text({ errorCode: "THE_CODE" })).toMatch(
			/writes error_events[\s\S]*many\.ts:8[\s\S]*and 3 more/,
		);
	});
});

describe("history", () => {
	test("the last commit of a line, uncommitted lines, lines that moved in the work tree", async () => {
		const { find, write, commit } = await given({ "a.ts": "one();\ntwo();\nneedle(1);\n" });
		commit("first", "2026-01-01T00:00:00Z");
		await write({ "a.ts": "one();\ntwo();\nneedle(1);\nneedle(2);\n" });
		commit("second", "2026-01-02T00:00:00Z");
		await write({ "a.ts": "zero();\none();\nneedle(1);\nneedle(2);\nneedle(3);\n", "b.ts": "needle(4);\n" });
		const { files } = await find({ query: "needle" });
		const told = files.flatMap(({ items }) =>
			items.map(({ commit: last }) => (typeof last === "object" ? `${last.at} ${last.subject}` : last)),
		);
		expect(told).toEqual([
			"2026-01-01T00:00:00Z first",
			"2026-01-02T00:00:00Z second",
			"uncommitted",
			"uncommitted",
		]);
		const [without] = (await find({ query: "needle", history: false })).files;
		expect(without?.items[0]?.commit).toBeUndefined();
	});

	test("at most ten matches are looked up, with the lines around them", async () => {
		const { find, commit } = await given({ "a.ts": "needle();\n\n\n\n\n\n\n".repeat(40) });
		commit("all", "2026-01-01T00:00:00Z");
		const { files } = await find({ query: "needle", limit: 40 });
		const told = files.flatMap(({ items }) => items).filter(({ commit: last }) => last !== undefined);
		expect(told).toHaveLength(10);
	});

	test("changes in a span: first-parent commits, tags, files, branch", async () => {
		const { search, write, commit, git } = await given({ "a.ts": "1\n" });
		commit("one", "2026-01-01T00:00:00Z");
		git("checkout", "--quiet", "-b", "side");
		await write({ "b.ts": "1\n" });
		commit("on the side", "2026-01-02T00:00:00Z");
		git("checkout", "--quiet", "main");
		await write({ "a.ts": "2\n", "ünï.ts": "1\n" });
		commit("two", "2026-01-03T00:00:00Z");
		git("tag", "v1");
		git("tag", "v1-also");
		const day = (number: number) => Date.UTC(2026, 0, number) / 1000;
		const read = async (from: number) => search.commitsSince(from, day(9), new AbortController().signal);
		expect(await read(day(2))).toMatchObject({
			branch: "main",
			newestAt: day(3),
			isShallow: false,
			commits: [
				{
					at: day(3),
					subject: "two",
					tags: ["v1", "v1-also"],
					patch: { files: [{ path: "a.ts" }, { path: "ünï.ts" }] },
				},
			],
		});
		expect(await read(day(5))).toMatchObject({ commits: [] });
		git("checkout", "--quiet", "--detach");
		expect(await read(day(1))).not.toHaveProperty("branch");
	});

	test("no git, no commits", async () => {
		const { search } = await given({ "a.ts": "1\n" });
		const signal = new AbortController().signal;
		expect(await search.commitsSince(0, 1, signal)).toEqual({ none: "no_commits" });
		const plain = await testRepository({}, { plain: true });
		expect(await plain.search.commitsSince(0, 1, signal)).toEqual({ none: "no_git" });
		await plain.remove();
	});
});
