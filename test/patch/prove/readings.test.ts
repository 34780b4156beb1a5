// What runners print, as it was recorded (go test's by its documentation): which tests ran, and how they failed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTestOutput } from "../../../src/patch/prove/runners/index.ts";

const folder = join(import.meta.dirname, "outputs");

const extensions: Readonly<Record<string, (name: string) => string>> = {
	pytest: (name) => `test_${name}.py`,
	go: (name) => `${name}_test.go`,
	vitest: (name) => (name === "outside" ? "outside.js" : `${name}.test.js`),
};

/** `passed/failed kinds` of a recorded output. */
function reading(file: string): string {
	const [, runner = "", name = ""] = /^([a-z]+)-(\w+)\.txt$/.exec(file) ?? [];
	const own = (extensions[runner] ?? ((base: string) => `${base}.test.js`))(name);
	const read = readTestOutput(readFileSync(join(folder, file), "utf8"), [own]);
	if (read === undefined) return "not known";
	const kinds = read.failures.map(({ kind }) => kind).join(" ");
	return `${read.passed}/${read.failed} ${kinds}`.trim();
}

/** What each case is, whatever runs it; where runners count differently, each is named. */
const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	assert: { all: "1/1 assertion", go: "0/1 assertion" },
	crash: { all: "1/1 program", go: "0/1 program", pytest: "0/1 program" },
	import: { all: "0/0 load", node: "0/1 load", nodespec: "0/1 load", pytest: "0/1 load" },
	name: { all: "0/1 load", go: "0/0 load" },
	attr: { all: "0/1 load" },
	kw: { all: "0/1 load" },
	syntax: { all: "0/0 load", node: "0/1 load", nodespec: "0/1 load", pytest: "0/1 load" },
	dep: { all: "0/0 load" },
	// A file without a test is one test to node:test, which passes.
	none: { all: "0/0", node: "1/0", nodespec: "1/0" },
	skip: { all: "0/0" },
	missing: { all: "0/0" },
	outside: { all: "0/0" },
	nested: { all: "1/1 assertion" },
	unit: { all: "0/1 assertion" },
	pass: { all: "1/0" },
};

describe("what runners print", () => {
	test.each(readdirSync(folder))("%s", (file) => {
		const [, runner = "", name = ""] = /^([a-z]+)-(\w+)\.txt$/.exec(file) ?? [];
		const known = cases[name] ?? {};
		expect(reading(file)).toBe(known[runner] ?? known.all);
	});
});

test("messages name what was found and what was wanted", () => {
	const messages = ["vitest", "jest", "node", "nodespec", "mocha", "pytest", "go"].map((runner) => {
		const output = readFileSync(join(folder, `${runner}-assert.txt`), "utf8");
		return readTestOutput(output, [])
			?.failures.map(({ message }) => message)
			.join();
	});
	expect(messages).toMatchInlineSnapshot(`
		[
		  "AssertionError: expected -1 to be 3 // Object.is equality - Expected",
		  "expect(received).toBe(expected) // Object.is equality Expected: 3",
		  "AssertionError: -1 == 3",
		  "AssertionError [ERR_ASSERTION]: -1 == 3",
		  "AssertionError [ERR_ASSERTION]: -1 == 3 + expected - actual",
		  "AssertionError: assert -1 == 3",
		  "Assertion failed: Add(1, 2) = -1, want 3",
		]
	`);
});

test("a program that parses JSON badly is not one that does not compile", () => {
	const output = [
		"TAP version 13",
		"not ok 1 - reads",
		"  ---",
		"  error: 'Unexpected token < in JSON at position 0'",
		"  code: 'ERR_TEST_FAILURE'",
		"  name: 'SyntaxError'",
		"  stack: |-",
		"    JSON.parse (<anonymous>)",
		"    read (file:///home/dev/lib.js:2:3)",
		"  ...",
		"# pass 0",
		"# fail 1",
	].join("\n");
	expect(readTestOutput(output, ["a.test.js"])?.failures.map(({ kind }) => kind)).toEqual(["program"]);
});

test("output that is no known runner's is not read", () => {
	expect(readTestOutput("3 tests passed\n1 failed\n", ["a.test.js"])).toBeUndefined();
});
