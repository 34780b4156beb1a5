import { afterEach, describe, expect, test } from "vitest";
import { type Asked, askable } from "./ask.ts";

let repository: Asked | undefined;
afterEach(() => repository?.remove());

/** The role of each matching line, as the answer says it. */
async function roles(file: string, args: Record<string, unknown>): Promise<readonly string[]> {
	repository = await askable({ "src/a.ts": file });
	const { files } = await repository.find({ ...args, history: false });
	return files
		.flatMap(({ items }) => items)
		.sort((one, other) => one.line - other.line)
		.map(({ role }) => role);
}

describe("a free search for a name in capitals", () => {
	test.each([
		["a limit", "const limit = pLimit(THE_NAME);"],
		["an address", "await fetch(THE_NAME, options);"],
		["a key", "export const token = encode(THE_NAME);"],
		["what is returned", "function f() { return THE_NAME; }"],
		["a default", "function f(limit = THE_NAME) {}"],
		["a copy", "export const other = THE_NAME;"],
		["an environment's variable", "const x = readEnv('THE_NAME');"],
		["a measure", "if (count > THE_NAME) stop();"],
	])("%s is a use, and no raise", async (_, line) => {
		expect(await roles(`${line}\n`, { query: "THE_NAME" })).toEqual(["mention"]);
	});

	test.each([
		["thrown", "function f() { throw new AppError(THE_NAME); }", "raises"],
		["quoted and returned", "function f() { return 'THE_NAME'; }", "raises"],
		["quoted and reported", "recordError({ at }, 'THE_NAME');", "raises"],
		["under the key code", "function f() { return { code: THE_NAME }; }", "raises"],
		["compared", "if (error.code === THE_NAME) retry();", "handles"],
		["defined", "export const THE_NAME = 'x';", "defines"],
	])("%s", async (_, line, role) => {
		expect(await roles(`${line}\n`, { query: "THE_NAME" })).toEqual([role]);
	});
});

describe("a map from codes", () => {
	test.each([
		["to help texts", "const words = {\n  THE_CODE: 'Try again in a minute',\n};\n", "mention"],
		[
			"to objects of help texts",
			"const words = {\n  THE_CODE: { title: 'Busy', hint: 'Try it again' },\n};\n",
			"mention",
		],
		["to translated texts", "const words = {\n  THE_CODE: t('busy'),\n};\n", "mention"],
		["to a handler", "const on = {\n  THE_CODE: () => retry(),\n};\n", "handles"],
		["to a status", "const status = {\n  THE_CODE: 429,\n};\n", "handles"],
		["to a decision", "const next = {\n  THE_CODE: 'connect',\n};\n", "handles"],
		["to how it is retried", "const next = {\n  THE_CODE: { retry: true, after: 30 },\n};\n", "handles"],
	])("%s", async (_, file, role) => {
		expect(await roles(file, { errorCode: "THE_CODE" })).toEqual([role]);
	});
});
