// Patches in the form `*** Begin Patch`: what the user's own git makes of the proposed diff.
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { describeError } from "../../src/text/index.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

const files = {
	"src/a.ts":
		"export class A {\n  load() {\n    const wait = 1;\n    return wait;\n  }\n\n  save() {\n    const wait = 1;\n    return wait;\n  }\n}\n",
	"src/b.ts": "one\ntwo\nthree\ntwo\n",
};

async function patched(...lines: string[]): Promise<TestRepository> {
	const made = await makeRepository(files);
	repository = made;
	const { file } = await made.diff(lines.join("\n"));
	made.git("apply", file);
	return made;
}

const refused = (...lines: string[]) =>
	patched(...lines).then(
		() => "accepted",
		(error: unknown) => describeError(error) ?? String(error),
	);

const read = (made: TestRepository, path: string) => readFile(join(made.root, path), "utf8");

describe("what it does", () => {
	test("several hunks of a file, an added, a deleted and a moved one", async () => {
		const made = await patched(
			"*** Begin Patch",
			"*** Update File: src/b.ts",
			"@@",
			" one",
			"-two",
			"+2",
			" three",
			"@@",
			" three",
			"-two",
			"+22",
			"*** End of File",
			"*** Add File: src/new/c.ts",
			"+first",
			"+",
			"+last",
			"*** End Patch",
		);
		expect(await read(made, "src/b.ts")).toBe("one\n2\nthree\n22\n");
		expect(await read(made, "src/new/c.ts")).toBe("first\n\nlast\n");
	});

	test("moved with a change, and deleted", async () => {
		const made = await patched(
			"*** Begin Patch",
			"*** Update File: src/a.ts",
			"*** Move to: src/moved.ts",
			"@@ save() {",
			"-    const wait = 1;",
			"+    const wait = 2;",
			"*** Delete File: src/b.ts",
			"*** End Patch",
		);
		expect(await read(made, "src/moved.ts")).toBe(
			files["src/a.ts"].replace(/(save[\s\S]*?)wait = 1/, "$1wait = 2"),
		);
		await expect(access(join(made.root, "src/a.ts"))).rejects.toThrow();
		await expect(access(join(made.root, "src/b.ts"))).rejects.toThrow();
	});

	test.each([
		["one name", ["@@ save() {"], 1],
		["two names, one in the other", ["@@ export class A {", "@@   save() {"], 1],
		["the beginning of a line", ["@@ load()"], 0],
	])("a hunk that fits twice is placed by %s", async (_, anchors, place) => {
		const made = await patched(
			"Here is the fix:",
			"```",
			"*** Begin Patch",
			"*** Update File: src/a.ts",
			...anchors,
			"     const wait = 1;",
			"-    return wait;",
			"+    return wait + 1;",
			"*** End Patch",
			"```",
		);
		const parts = files["src/a.ts"].split("return wait;");
		const expected =
			place === 0
				? `${parts[0]}return wait + 1;${parts[1]}return wait;${parts[2]}`
				: `${parts[0]}return wait;${parts[1]}return wait + 1;${parts[2]}`;
		expect(await read(made, "src/a.ts")).toBe(expected);
	});

	test("hunks that fit in as many places as there are hunks stand in their order", async () => {
		const made = await patched(
			"*** Begin Patch",
			"*** Update File: src/a.ts",
			...["@@", "     const wait = 1;", "-    return wait;", "+    return wait + 1;"],
			...["@@", "     const wait = 1;", "-    return wait;", "+    return wait + 2;"],
			"*** End Patch",
		);
		const [before, between, after] = files["src/a.ts"].split("return wait;");
		expect(await read(made, "src/a.ts")).toBe(`${before}return wait + 1;${between}return wait + 2;${after}`);
	});

	test("a name that stands above several hunks does not send two of them to one place", async () => {
		const made = await patched(
			"*** Begin Patch",
			"*** Update File: src/a.ts",
			...["@@ export class A {", "     const wait = 1;", "-    return wait;", "+    return wait + 1;"],
			...["@@ export class A {", "-    return wait;", "+    return wait + 2;", "   }", " }"],
			"*** End Patch",
		);
		const [before, between, after] = files["src/a.ts"].split("return wait;");
		expect(await read(made, "src/a.ts")).toBe(`${before}return wait + 1;${between}return wait + 2;${after}`);
	});

	test("without Begin and End, and without @@", async () => {
		const made = await patched("*** Update File: src/b.ts", " one", "-two", "+2");
		expect(await read(made, "src/b.ts")).toBe("one\n2\nthree\ntwo\n");
	});
});

describe("what is refused, in one sentence", () => {
	test.each([
		["a hunk that fits twice", ["*** Update File: src/b.ts", "@@", "-two", "+2"], "2 places"],
		[
			"a hunk that fits twice in the block that it names",
			["*** Update File: src/a.ts", "@@ export class A {", "-    return wait;", "+    return 1;"],
			"2 places",
		],
		[
			"a name that is there twice",
			["*** Update File: src/a.ts", "@@ const wait = 1;", "-    return wait;"],
			"places",
		],
		["lines that are not there", ["*** Update File: src/b.ts", "-four"], "not in the file"],
		["a line without a sign", ["*** Update File: src/b.ts", "one"], "does not begin with a space, + or -"],
		["no change", ["*** Update File: src/b.ts"], "changes nothing"],
		["a way out", ["*** Add File: ../x", "+a"], "leads out"],
		["a hidden file", ["*** Add File: .env", "+A=1"], ".env"],
	])("%s", async (_, lines, words) => {
		expect(await refused("*** Begin Patch", ...lines, "*** End Patch")).toContain(words);
	});
});
