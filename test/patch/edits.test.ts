import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { applyRequest } from "../../src/patch/apply/apply-request.ts";
import { readFileRequests } from "../../src/patch/read/request.ts";
import { describeError } from "../../src/text/index.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

/** What the user's own git makes of a file with the patch of one edit. */
async function edited(
	before: string | Buffer,
	old_text: string,
	new_text: string,
	line?: number,
): Promise<string> {
	repository = await makeRepository({ "file.txt": before });
	const edit = { path: "file.txt", old_text, new_text, ...(line === undefined ? {} : { line }) };
	const { file } = await repository.edit(edit);
	repository.git("apply", file);
	return readFile(join(repository.root, "file.txt"), "utf8");
}

async function refusal(before: string, ...edits: { old_text: string; new_text: string; line?: number }[]) {
	repository = await makeRepository({ "file.txt": before });
	const wanted = edits.map((edit) => ({ path: "file.txt", ...edit }));
	const error = await repository.edit(...wanted).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	return describeError(error) ?? "";
}

describe("line endings", () => {
	test.each([
		["CRLF stays", "a\r\nb\r\nc\r\n", "b\n", "B\nB2\n", "a\r\nB\r\nB2\r\nc\r\n"],
		["an edit in CRLF fits a file in LF", "a\nb\nc\n", "a\r\nb\r\n", "a\r\nB\r\n", "a\nB\nc\n"],
		["a byte-order mark stays", "\ufeffa\nb\n", "a", "A", "\ufeffA\nb\n"],
		["a mark in the edit alone is passed over", "a\nb\n", "\ufeffa", "A", "A\nb\n"],
		[
			"mixed endings stay line by line",
			"a\r\nb\nc\r\nd\n",
			"a\nb\nc\nd",
			"a\nB\nnew\nc\nd",
			"a\r\nB\nnew\nc\r\nd\n",
		],
		["a missing final newline stays missing", "a\nb", "b", "B", "a\nB"],
		["also where the edit assumes one", "a\nb", "b\n", "B\n", "a\nB"],
		["also with lines added behind", "a\nb", "b\n", "b\nc\n", "a\nb\nc"],
		["also where the last line goes", "a\nb", "b\n", "", "a"],
		["unless the edit adds it", "a\nb", "b", "B\n", "a\nB\n"],
		["an empty new text takes lines out", "a\nb\nc\n", "b", "", "a\nc\n"],
		["a lone CR is part of its line", "a\rb\nc\n", "c", "C", "a\rb\nC\n"],
	])("%s", async (_, before, old_text, new_text, after) => {
		expect(await edited(before, old_text, new_text)).toBe(after);
	});

	test("a whole new content keeps the file's endings and its mark", async () => {
		repository = await makeRepository({ "file.txt": "\ufeffa\r\nb\r\nc\r\n" });
		const { file } = await repository.edit({ path: "file.txt", content: "a\nnew\nc\n" });
		repository.git("apply", file);
		expect(await readFile(join(repository.root, "file.txt"), "utf8")).toBe("\ufeffa\r\nnew\r\nc\r\n");
	});
});

describe("one place or none", () => {
	const twice = "f() {\n  x\n}\ng() {\n  x\n}\n";

	test("several places are refused, with their lines and what tells them apart", async () => {
		const words = await refusal(twice, { old_text: "  x", new_text: "  y" });
		expect(words).toContain("2 places (line 2, 5)");
		expect(words).toContain("the line before them");
		expect(words).toContain('line 5: "g() {"');
	});

	test("a line picks the nearest, and none where two are as near", async () => {
		expect(await edited(twice, "  x", "  y", 6)).toBe("f() {\n  x\n}\ng() {\n  y\n}\n");
		await repository?.remove();
		expect(await refusal("x\na\nx\n", { old_text: "x", new_text: "y", line: 2 })).toContain("2 places");
	});

	test("a line counts in the file as it is, whatever the edits before it did", async () => {
		repository = await makeRepository({ "file.txt": "a\nx\nb\nc\nd\ne\nx\n" });
		const { file } = await repository.edit(
			{ path: "file.txt", old_text: "a", new_text: "a1\na2\na3\na4" },
			{ path: "file.txt", old_text: "x", new_text: "y", line: 2 },
		);
		repository.git("apply", file);
		expect(await readFile(join(repository.root, "file.txt"), "utf8")).toBe(
			"a1\na2\na3\na4\ny\nb\nc\nd\ne\nx\n",
		);
	});

	test("places that overlap count as several", async () => {
		expect(await refusal("a\na\na\n", { old_text: "a\na", new_text: "b" })).toContain("2 places (line 1, 2)");
	});

	test.each([
		["whitespace", "if (a)  {\n", "if (a) {\n", "only in whitespace"],
		["case", "const Name = 1;\n", "const name = 1;\n", "only in upper and lower case"],
		["one word", "return total;\nend\n", "return count;\nend\n", "in one word"],
		["a part of a word", "const x = 100;\n", "x = 10", "only a part of line 1"],
		["applied already", "a\nnew\n", "old", "the change was made already"],
		["nothing like it", "a\n", "zzz yyy", "nor any similar ones"],
	])("of what is not there, the nearest place and what differs: %s", async (_, before, old_text, words) => {
		expect(await refusal(before, { old_text, new_text: "new" })).toContain(words);
	});

	test("the line of the nearest place is right", async () => {
		const before = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join("\n");
		const old_text = "line 20\nline 21\nline twenty-two\nline 23";
		const words = await refusal(before, { old_text, new_text: "x" });
		expect(words).toContain("Nearest is line 20, where 3 of 4 lines match; line 22 differs");
		expect(words).toContain('the file has "line 22"');
	});
});

describe("indentation", () => {
	test("a block that is shifted as a whole is found, its replacement shifted, and that said", async () => {
		repository = await makeRepository({ "file.ts": "f() {\n\t\tif (a) {\n\t\t\tb();\n\t\t}\n}\n" });
		const { file, notes } = await repository.edit({
			path: "file.ts",
			old_text: "if (a) {\n\tb();\n}",
			new_text: "if (a) {\n\tc();\n\n\td();\n}",
		});
		repository.git("apply", file);
		const after = await readFile(join(repository.root, "file.ts"), "utf8");
		expect(after).toBe("f() {\n\t\tif (a) {\n\t\t\tc();\n\n\t\t\td();\n\t\t}\n}\n");
		expect(notes.join()).toContain("more indentation");
	});

	test("a block that is shifted unevenly is refused", async () => {
		const words = await refusal("  a\n    b\n", { old_text: "a\n b", new_text: "x" });
		expect(words).toContain("only in whitespace");
	});

	test("a new line with too little indentation to lose is refused, not guessed", async () => {
		const words = await refusal("a\nb\n", { old_text: "    a\n    b", new_text: "    a\n  c" });
		expect(words).toContain("only in whitespace");
	});
});

describe("several edits of one file", () => {
	test("they apply in order, and shared context is no overlap", async () => {
		repository = await makeRepository({ "file.txt": "a\nb\nc\nd\ne\n" });
		const { file } = await repository.edit(
			{ path: "file.txt", old_text: "a\nb\nc", new_text: "a\nB\nc" },
			{ path: "file.txt", old_text: "c\nd\ne", new_text: "c\nD\ne" },
		);
		repository.git("apply", file);
		expect(await readFile(join(repository.root, "file.txt"), "utf8")).toBe("a\nB\nc\nD\ne\n");
	});

	test("an edit of what another one brought is refused", async () => {
		const first = { old_text: "b", new_text: "B" };
		expect(await refusal("a\nb\nc\n", first, { old_text: "B", new_text: "C" })).toContain(
			"edits[0] changes too",
		);
	});

	test("an edit of what another one took away is refused, with the line", async () => {
		const words = await refusal(
			"a\nb\nc\n",
			{ old_text: "b", new_text: "B" },
			{ old_text: "a\nb", new_text: "x" },
		);
		expect(words).toContain("(line 2) that edits[0] changes too");
	});
});

describe("whatever a file's lines and endings are, an edit changes its own lines and no other byte", () => {
	const ending = fc.constantFrom("\n", "\r\n");
	const line = fc.stringMatching(/^[a-c {}\t\r]{0,6}[a-c{}]$/);
	const cases = fc.record({
		lines: fc.array(fc.tuple(line, ending), { minLength: 1, maxLength: 12 }),
		pick: fc.nat(11),
		fresh: fc.array(line, { maxLength: 3 }),
		bare: fc.boolean(),
		mark: fc.boolean(),
	});
	type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

	/** One line of a file is replaced by `fresh`, and what came out is looked at. */
	async function holds(
		{ lines, pick, fresh, bare, mark }: Case,
		apply: (content: string, edit: { old_text: string; new_text: string }) => Promise<string>,
	): Promise<void> {
		const at = pick % lines.length;
		const all = lines.map(([text, end], index) => (index === at ? `here ${text}` : text) + end);
		if (bare) all.push(all.pop()?.replace(/\r?\n$/, "") ?? "");
		// Where a file has `\r` alone, that is what ends its lines: another test is about those.
		fc.pre(all.join("").includes("\n") || !all.join("").includes("\r"));
		const head = (mark ? "\ufeff" : "") + all.slice(0, at).join("");
		const tail = all.slice(at + 1).join("");
		const new_text = fresh.map((text) => `new ${text}\n`).join("");
		const old_text = `here ${lines[at]?.[0]}\n`;
		const after = await apply((mark ? "\ufeff" : "") + all.join(""), { old_text, new_text });
		if (tail !== "") {
			expect(after.startsWith(head)).toBe(true);
			expect(after.endsWith(tail)).toBe(true);
			const middle = after.slice(head.length, after.length - tail.length);
			expect(middle.replaceAll("\r\n", "\n")).toBe(new_text);
		} else if (fresh.length > 0) {
			expect(after.replaceAll("\r\n", "\n")).toBe(
				(head.replaceAll("\r\n", "\n") + new_text).slice(0, bare ? -1 : undefined),
			);
		}
	}

	test("in memory", async () => {
		await fc.assert(
			fc.asyncProperty(cases, (one) =>
				holds(one, async (content, edit) => {
					const [request] = readFileRequests({ title: "", rationale: "", edits: [{ path: "f", ...edit }] });
					if (request === undefined) throw new Error("nothing is asked for");
					const target = { path: "f", content: Buffer.from(content), executable: false };
					return applyRequest(request, target, undefined).after?.toString("utf8") ?? "";
				}),
			),
			{ numRuns: 1000 },
		);
	});

	test("the whole way, as the user's git applies it", async () => {
		const own = await makeRepository({}, { init: false });
		repository = own;
		await fc.assert(
			fc.asyncProperty(cases, (one) =>
				holds(one, async (content, edit) => {
					await own.write({ "file.txt": content });
					const { diff } = await own.edit({ path: "file.txt", ...edit });
					const removed = diff.split("\n").filter((text) => /^-(?!--)/.test(text));
					// The line before a deleted last one may lose its newline.
					expect(removed.length).toBeLessThanOrEqual(2);
					await own.write({ "patch.diff": diff });
					own.git("apply", "--whitespace=nowarn", "patch.diff");
					return readFile(join(own.root, "file.txt"), "utf8");
				}),
			),
			{ numRuns: 12 },
		);
	});
});
