import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { applyRequest } from "../../src/patch/apply/apply-request.ts";
import { readFileRequests } from "../../src/patch/read/request.ts";
import { Failure } from "../../src/text/failure.ts";
import { describeError } from "../../src/text/index.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

const before = Array.from({ length: 60 }, (_, index) => `line ${index + 1}\n`).join("");
const after = before.replace("line 20\n", "line twenty\n").replace("line 40\n", "line 40\nline 40b\n");
const hunks = [
	"@@ -17,7 +17,7 @@",
	" line 17",
	" line 18",
	" line 19",
	"-line 20",
	"+line twenty",
	" line 21",
	" line 22",
	" line 23",
	"@@ -38,6 +38,7 @@",
	" line 38",
	" line 39",
	" line 40",
	"+line 40b",
	" line 41",
	" line 42",
	" line 43",
];
const plain = ["--- a/file.txt", "+++ b/file.txt", ...hunks, ""].join("\n");

async function applied(diff: string, content: string | Buffer = before): Promise<string> {
	repository = await makeRepository({ "file.txt": content });
	const { file } = await repository.diff(diff);
	repository.git("apply", file);
	return readFile(join(repository.root, "file.txt"), "utf8");
}

async function refusal(
	diff: string,
	files: Record<string, string> = { "file.txt": before },
): Promise<string> {
	repository = await makeRepository(files);
	const error = await repository.diff(diff).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	return describeError(error) ?? "";
}

describe("what models write", () => {
	test.each([
		["as git does", plain],
		["with wrong counts", plain.replaceAll(/,7 @@|,6 /g, (found) => found.replace(/\d/, "9"))],
		["without counts", plain.replaceAll(/^@@.*@@$/gm, "@@ ... @@")],
		["with start lines off by 25", plain.replace("-17,7 +17", "-42,7 +42").replace("-38,6 +38", "-63,6 +63")],
		["without a/ and b/", plain.replace("a/file", "file").replace("b/file", "file")],
		["in a fence, with words around it", `Here it is:\n\n\`\`\`diff\n${plain}\`\`\`\n\nThat mends it.`],
		[
			"as git format-patch",
			`From abc Mon Sep 17\nSubject: [PATCH] x\n---\n file.txt | 3 +-\n\ndiff --git a/file.txt b/file.txt\nindex 111..222 100644\n${plain}-- \n2.39.5\n`,
		],
		["with the CRLF of a mail", plain.replaceAll("\n", "\r\n")],
		["with the file named twice", plain.replace(/^@@ -38/m, "--- a/file.txt\n+++ b/file.txt\n@@ -38")],
		["without the last newline", plain.trimEnd()],
	])("%s", async (_, diff) => {
		expect(await applied(diff)).toBe(after);
	});

	test("an LF diff for a CRLF file", async () => {
		const crlf = (text: string) => text.replaceAll("\n", "\r\n");
		expect(await applied(plain, crlf(before))).toBe(crlf(after));
	});

	test("blank lines of context that lost their space", async () => {
		const diff = "--- a/file.txt\n+++ b/file.txt\n@@ -1,3 +1,3 @@\n a\n\n-b\n+B\n";
		expect(await applied(diff, "a\n\nb\n")).toBe("a\n\nB\n");
	});

	test("lines that begin with two signs", async () => {
		const diff = "--- a/file.txt\n+++ b/file.txt\n@@ -1,3 +1,3 @@\n a\n--- old\n+++ new\n b\n";
		expect(await applied(diff, "a\n-- old\nb\n")).toBe("a\n++ new\nb\n");
	});

	test("lines that begin with two signs, before another hunk", async () => {
		const diff = `--- a/file.txt\n+++ b/file.txt\n@@ -1,2 +1,2 @@\n a\n--- old\n+++ new\n@@ -4,2 +4,2 @@\n c\n-d\n+D\n`;
		expect(await applied(diff, "a\n-- old\nb\nc\nd\n")).toBe("a\n++ new\nb\nc\nD\n");
	});

	test.each([
		["a/file.txt", "file.txt"],
		["file.txt", "b/file.txt"],
	])("half a pair of prefixes: %s, %s", async (old, fresh) => {
		expect(await applied(plain.replace("a/file.txt", old).replace("b/file.txt", fresh))).toBe(after);
	});

	test("a new file in a folder with a name like a prefix", async () => {
		repository = await makeRepository();
		const { files } = await repository.diff("--- /dev/null\n+++ c/new.txt\n@@ -0,0 +1 @@\n+x\n");
		expect(files.map(({ path }) => path)).toEqual(["c/new.txt"]);
	});

	test("thousands of hunks of a long file", async () => {
		const long = Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`).join("");
		const diff = Array.from(
			{ length: 2400 },
			(_, index) => `@@ -${index * 20 + 1} +${index * 20 + 1} @@\n-line ${index * 20}\n+LINE ${index}\n`,
		);
		const wanted = long.replaceAll(/^line (\d+)$/gm, (line, number) =>
			Number(number) % 20 === 0 && Number(number) < 48_000 ? `LINE ${Number(number) / 20}` : line,
		);
		expect(await applied(`--- a/file.txt\n+++ b/file.txt\n${diff.join("")}`, long)).toBe(wanted);
	});

	test.each([
		["no marker, file without a newline", "a\nb", " a\n-b\n+c\n", "a\nc"],
		["the marker takes the newline away", "a\nb\n", " a\n-b\n+c\n\\ No newline at end of file\n", "a\nc"],
		["the marker on the old side adds it", "a\nb", " a\n-b\n\\ No newline at end of file\n+c\n", "a\nc\n"],
		[
			"a marker that is wrong of both sides",
			"a\nb\n",
			"-a\n+c\n b\n\\ No newline at end of file\n",
			"c\nb\n",
		],
	])("the end of the file: %s", async (_, content, body, wanted) => {
		expect(await applied(`--- a/file.txt\n+++ b/file.txt\n@@ -1,2 +1,2 @@\n${body}`, content)).toBe(wanted);
	});

	test("new, deleted, renamed and empty files", async () => {
		repository = await makeRepository({ "old name.txt": "one\ntwo\n", "gone.txt": "x\n", "a/b.txt": "1\n" });
		const { file, files } = await repository.diff(
			[
				"diff --git a/old name.txt b/new näme.txt",
				"similarity index 60%",
				"rename from old name.txt",
				"rename to new näme.txt",
				"--- a/old name.txt\t",
				"+++ b/new näme.txt\t",
				"@@ -1,2 +1,2 @@",
				" one",
				"-two",
				"+2",
				"diff --git a/gone.txt b/gone.txt",
				"deleted file mode 100644",
				"--- a/gone.txt",
				"+++ /dev/null",
				"@@ -1 +0,0 @@",
				"-x",
				"diff --git a/empty b/empty",
				"new file mode 100644",
				"index 0000000..e69de29",
				"diff --git a/run.sh b/run.sh",
				"new file mode 100755",
				"--- /dev/null",
				"+++ b/run.sh",
				"@@ -0,0 +1 @@",
				"+true",
				'--- "a/a/b.txt"',
				'+++ "b/a/b.txt"',
				"@@ -1 +1 @@",
				"-1",
				"+\u00e9",
				"",
			].join("\n"),
		);
		repository.git("apply", file);
		expect(files.map(({ path, change }) => `${change} ${path}`).sort()).toEqual([
			"changed a/b.txt",
			"deleted gone.txt",
			"deleted old name.txt",
			"new empty",
			"new new näme.txt",
			"new run.sh",
		]);
		expect(await readFile(join(repository.root, "new näme.txt"), "utf8")).toBe("one\n2\n");
		expect(await readFile(join(repository.root, "a/b.txt"), "utf8")).toBe("é\n");
		expect((await stat(join(repository.root, "run.sh"))).mode & 0o111).not.toBe(0);
		expect((await stat(join(repository.root, "empty"))).size).toBe(0);
	});
});

describe("never a guess", () => {
	const block = "f() {\n  x\n  y\n  z\n}\n";
	const repeated = `one ${block}${"// -\n".repeat(20)}two ${block}`;
	const hunk = (header: string) => `--- a/file.txt\n+++ b/file.txt\n${header}\n   x\n-  y\n+  Y\n   z\n`;

	test("a start line that is right to the line chooses between places, one that is off does not", async () => {
		expect(await applied(hunk("@@ -27,3 +27,3 @@"), repeated)).toBe(repeated.replace(/y(?=[^y]*$)/, "Y"));
		await repository?.remove();
		expect(await refusal(hunk("@@ -30,3 +30,3 @@"), { "file.txt": repeated })).toContain(
			"2 places (line 2, 27)",
		);
	});

	test("a heading chooses, but not against a start line that fits another place", async () => {
		expect(await applied(hunk("@@ -99,3 +99,3 @@ two f() {"), repeated)).toBe(
			repeated.replace(/y(?=[^y]*$)/, "Y"),
		);
		await repository?.remove();
		expect(await refusal(hunk("@@ -27,3 +27,3 @@ one f() {"), { "file.txt": repeated })).toContain(
			"2 places",
		);
	});

	test("content that differs in one space is refused, with the line", async () => {
		const words = await refusal(plain.replace(" line 19", " line  19"));
		expect(words).toMatch(/hunk 1 of "file.txt".*line 19 differs only in whitespace/);
	});

	test.each([
		["a line that lost its first sign", plain.replace(" line 21", "line 21"), "is outside a hunk"],
		[
			"a mode",
			"diff --git a/file.txt b/file.txt\nold mode 100644\nnew mode 100755\n",
			"changes a file's mode",
		],
		["binary data", "diff --git a/x.png b/x.png\nindex 1..2\nGIT binary patch\nliteral 0\n", "is binary"],
		[
			"a link",
			"diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n",
			"is a link",
		],
		[
			"a submodule",
			"diff --git a/s b/s\nnew file mode 160000\n--- /dev/null\n+++ b/s\n@@ -0,0 +1 @@\n+S\n",
			"repository inside this one",
		],
		[
			"a hunk without a line of the file",
			"--- a/file.txt\n+++ b/file.txt\n@@ -5,0 +6 @@\n+x\n",
			"no lines of the file",
		],
		["a diff of a merge", plain.replace("@@ -17,7 +17,7 @@", "@@@ -17,7 -17,7 +17,7 @@@"), "diff of a merge"],
		["two names", plain.replace("+++ b/file.txt", "+++ b/other.txt"), "renames file.txt"],
		["words alone", "please change it", "no file headers"],
		["hunks alone", hunks.join("\n"), "precedes the first --- and +++"],
		[
			"a deletion of other content",
			"--- a/file.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-line 1\n",
			"not all of its lines",
		],
		["a new file that is there", "--- /dev/null\n+++ b/file.txt\n@@ -0,0 +1 @@\n+x\n", "exists already"],
		["a file that is not there", plain.replaceAll("file.txt", "nope.txt"), "no such file"],
	])("refused: %s", async (_, diff, words) => {
		expect(await refusal(diff)).toContain(words);
	});
});

test("whatever becomes of a diff's lines, it is refused in words or keeps every other line", () => {
	const line = fc.constantFrom(
		...plain.split("\n"),
		"",
		" ",
		"-",
		"+",
		"@@",
		"```",
		"--- a/file.txt",
		"\\",
		"diff --git a/x b/x",
	);
	const spoilt = fc
		.array(fc.tuple(fc.nat(30), fc.constantFrom("drop", "insert", "replace"), line), {
			minLength: 1,
			maxLength: 4,
		})
		.map((steps) => {
			const lines = plain.split("\n");
			for (const [at, step, text] of steps)
				lines.splice(at, step === "insert" ? 0 : 1, ...(step === "drop" ? [] : [text]));
			return lines.join("\n");
		});
	const content = Buffer.from(before);
	fc.assert(
		fc.property(spoilt, (diff) => {
			let result: Buffer | undefined;
			try {
				const [request] = readFileRequests({ title: "", rationale: "", diff });
				if (request?.path !== "file.txt" || request.kind !== "patch") return;
				result = applyRequest(request, { path: "file.txt", content, executable: false }, undefined).after;
			} catch (error) {
				expect(error).toBeInstanceOf(Failure);
				return;
			}
			// Lines that the diff does not name stay, in their order.
			const named = new Set(diff.split("\n").map((text) => text.slice(1)));
			const rest = (text: string) => text.split("\n").filter((one) => !named.has(one));
			expect(rest(result?.toString("utf8") ?? "")).toEqual(rest(before));
		}),
		{ numRuns: 500 },
	);
});
