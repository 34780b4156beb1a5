// Edits as models write them: a part of a line, other indentation, white space at the ends of lines.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { findEdit } from "../../src/patch/apply/find-edit.ts";
import { describeError } from "../../src/text/index.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

async function edited(
	before: string,
	old_text: string,
	new_text: string,
	line?: number,
): Promise<{ readonly after: string; readonly notes: string }> {
	await repository?.remove();
	repository = await makeRepository({ "file.ts": before });
	const { file, notes } = await repository.edit({
		path: "file.ts",
		old_text,
		new_text,
		...(line === undefined ? {} : { line }),
	});
	repository.git("apply", file);
	return { after: await readFile(join(repository.root, "file.ts"), "utf8"), notes: notes.join(" ") };
}

async function refusal(before: string, old_text: string, new_text: string): Promise<string> {
	return edited(before, old_text, new_text).then(
		({ notes }) => `accepted: ${notes}`,
		(error: unknown) => describeError(error) ?? String(error),
	);
}

describe("a part of a line", () => {
	test.each([
		["one word", "const a = 10;\nconst b = 20;\n", "a = 10", "a = 11", "const a = 11;\nconst b = 20;\n"],
		["to the end", "call(one, two);\n", "two);", "two, three);", "call(one, two, three);\n"],
		[
			"from the middle of one line into the middle of another",
			"if (a && b) {\n  run(1);\n}\n",
			"b) {\n  run(",
			"c) {\n  walk(",
			"if (a && c) {\n  walk(1);\n}\n",
		],
		["deleted", "a(b, c);\n", ", c", "", "a(b);\n"],
		["more lines than before", "a(b);\n", "(b)", "(\n  b,\n)", "a(\n  b,\n);\n"],
		["with CRLF", "a(b);\r\nc();\r\n", "(b)", "(d)", "a(d);\r\nc();\r\n"],
		["without a newline at the end", "x\na(b)", "(b)", "(c)", "x\na(c)"],
		["from a template's sign on", "url = `v1${path}`;\n", "${path}`;", "${way}`;", "url = `v1${way}`;\n"],
		["up to a pattern's end", "/^\\dZ$/.test(a);\n", "/^\\dZ", "/^\\d\\dZ", "/^\\d\\dZ$/.test(a);\n"],
	])("%s", async (_, before, old_text, new_text, after) => {
		const done = await edited(before, old_text, new_text);
		expect(done.after).toBe(after);
		expect(done.notes).toContain("as a part of line");
	});

	test("several places are refused with their lines, and one is picked by its line", async () => {
		const before = "a(x, 1);\nb(y);\nc(x, 1);\n";
		expect(await refusal(before, "(x, 1)", "(z)")).toContain("2 places (line 1, 3)");
		expect((await edited(before, "(x, 1)", "(z)", 3)).after).toBe("a(x, 1);\nb(y);\nc(z);\n");
	});

	test("in the middle of a word it is refused", async () => {
		expect(await refusal("retries: 300,\n", "retries: 3", "retries: 30")).toContain("middle of a word");
		expect(await refusal("unhandled();\n", "handled()", "caught()")).toContain("middle of a word");
		expect(await refusal("load(utils$1);\n", "load(utils", "save(utils")).toContain("middle of a word");
	});

	test("where the change was made already it is refused, not made twice", async () => {
		expect(await refusal("if (a || b) {\n", "if (a", "if (a || b")).toContain("made already");
		expect(await refusal("x = f(a) ?? 0;\n", "f(a)", "f(a) ?? 0")).toContain("made already");
	});
});

describe("indentation", () => {
	const tabs = "class A {\n\tb() {\n\t\tif (c) {\n\t\t\td();\n\t\t}\n\t}\n}\n";

	test.each([2, 4])("%d blanks for a tab", async (wide) => {
		const blanks = (text: string) => text.replaceAll("\t", " ".repeat(wide));
		const { after, notes } = await edited(
			tabs,
			blanks("\t\tif (c) {\n\t\t\td();\n\t\t}"),
			blanks("\t\tif (c) {\n\t\t\td();\n\t\t\tif (e) {\n\t\t\t\tf();\n\t\t\t}\n\t\t}"),
		);
		expect(after).toBe(tabs.replace("\t\t\td();\n", "\t\t\td();\n\t\t\tif (e) {\n\t\t\t\tf();\n\t\t\t}\n"));
		expect(notes).toContain("indented as the file is (tabs)");
	});

	test("a tab for blanks, and from the first column", async () => {
		const blanks = tabs.replaceAll("\t", "  ");
		const { after } = await edited(blanks, "if (c) {\n\td();\n}", "if (c) {\n\td();\n\te();\n}");
		expect(after).toBe(blanks.replace("      d();\n", "      d();\n      e();\n"));
	});

	test("two blanks a level for four", async () => {
		const four = tabs.replaceAll("\t", "    ");
		const { after } = await edited(four, "  b() {\n    if (c) {", "  b() {\n    e();\n    if (c) {");
		expect(after).toBe(four.replace("        if (c)", "        e();\n        if (c)"));
	});

	test("a line that the edit leaves as it was keeps the file's own characters", async () => {
		const before = "\ta();  \n\t\tb();\t\n\tc();\n";
		const { after } = await edited(before, "  a();\n    b();\n  c();", "  a();\n    b();\n  d();");
		expect(after).toBe("\ta();  \n\t\tb();\t\n\td();\n");
	});

	test("what does not differ alike is refused", async () => {
		expect(await refusal("\ta();\n\t\tb();\n", "  a();\n   b();", "  a();")).toContain("only in whitespace");
		// A new line with a part of a level.
		expect(await refusal("\ta();\n\t\tb();\n", "  a();\n    b();", "  a();\n     c();")).not.toMatch(
			/^accepted/,
		);
	});

	test("two blocks that differ in their indentation alone are two places", async () => {
		const before = "\tif (a) {\n\t\tb();\n\t}\n\t\tif (a) {\n\t\t\tb();\n\t\t}\n";
		expect(await refusal(before, "  if (a) {\n    b();", "  if (c) {\n    b();")).toContain("2 places");
	});
});

test("white space at the ends of lines alone", async () => {
	const { after, notes } = await edited("a();  \nb();\t\nc();\n", "a();\nb();\nc();", "a();\nb();\nd();");
	expect(after).toBe("a();  \nb();\t\nd();\n");
	expect(notes).toContain("white space at the ends of lines");
});

describe("what differs is told with the file's own characters", () => {
	test.each([
		[
			"quotes",
			'const a = "b";\n',
			"const a = 'b';",
			'`const a = "b";`',
			`character 11 is " (U+0022) in the file`,
		],
		["a curly quote", "// it\u2019s\n", "// it's", "it\u2019s", "a curly quote (U+2019)"],
		["a no-break space", "a\u00a0= 1;\n", "a = 1;", "a\u00a0=", "a no-break space (U+00A0)"],
		["a zero-width space", "a\u200b = 1;\n", "a = 1;", "a\\u{200b}", "a zero-width space (U+200B)"],
	])("%s", async (_, before, old_text, shown, sign) => {
		const words = await refusal(before, old_text, "x");
		expect(words).toContain(shown);
		expect(words).toContain(sign);
	});

	test("the text that would match is given whole, ready to send again", async () => {
		const before = 'start();\nconst name = "x";\nstop();\n';
		const words = await refusal(before, "start();\nconst name = 'x';\nstop();", "begin();");
		const [, ready] = /This old_text matches: (".*")\. No patch/.exec(words) ?? [];
		const { after } = await edited(before, JSON.parse(ready ?? "null"), "begin();");
		expect(after).toBe("begin();\n");
	});
});

describe("whatever an edit is, its result is the only one that it can mean", () => {
	const word = fc.constantFrom("a", "b", "if (c) {", "}", "d();", "");
	const line = fc
		.tuple(fc.constantFrom("", "\t", "\t\t", "  ", "    "), word, fc.constantFrom("", " "))
		.map((parts) => parts.join(""));
	const lines = fc.array(line, { minLength: 1, maxLength: 8 });

	test("a part of the file's own text, cut out anywhere, gives what replacing the text gives", () => {
		fc.assert(
			fc.property(lines, fc.nat(), fc.nat(), fc.constantFrom("X", "X\nY", ""), (file, from, length, by) => {
				const text = file.join("\n");
				const start = from % text.length || 0;
				const part = text.slice(start, start + 1 + (length % 20));
				if (
					part.split("\n").every((one) => one.trim() === "") ||
					part.endsWith("\n") ||
					part.startsWith("\n")
				)
					return;
				const isOnly = text.indexOf(part) === text.lastIndexOf(part);
				const wanted = {
					lines: part.split("\n"),
					replacement: by === "" ? [] : by.split("\n"),
					hint: undefined,
				};
				const found = findEdit(file, wanted, (index) => index + 1);
				if ("problem" in found || found.note?.includes("part of line") !== true) return;
				expect(isOnly).toBe(true);
				const after = [...file.slice(0, found.at), ...found.after, ...file.slice(found.at + found.count)];
				expect(after.join("\n")).toBe(text.replace(part, () => by));
			}),
			{ numRuns: 2000 },
		);
	});

	test("lines outside the place, and unchanged lines within it, stay byte for byte", () => {
		fc.assert(
			fc.property(lines, lines, lines, (file, old, by) => {
				const found = findEdit(file, { lines: old, replacement: by, hint: undefined }, (index) => index + 1);
				if ("problem" in found) return;
				const bare = (one: string) => one.replace(/\s/g, "");
				const there = file.slice(found.at, found.at + found.count);
				if (found.note?.includes("part of line") !== true) {
					expect(there.map(bare)).toEqual(old.map(bare));
					expect(found.after.map(bare)).toEqual(by.map(bare));
				}
			}),
			{ numRuns: 3000 },
		);
	});
});
