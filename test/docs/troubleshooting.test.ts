// docs/troubleshooting.md against the doctor: every check has its section, in the order in which it is printed.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkNames } from "../../src/cli/doctor/check.ts";

test("every check of the doctor has its section", () => {
	const page = readFileSync("docs/troubleshooting.md", "utf8");
	const sections = [...page.matchAll(/^### `([^`]+)`$/gm)].map(([, name]) => name);
	expect(sections).toEqual(checkNames.map((name) => name.replaceAll("_", " ")));
});
