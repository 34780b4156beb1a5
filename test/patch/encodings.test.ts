// Files that are not UTF-8, files with lone carriage returns, and tracked files that are not there.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Edit } from "../../src/patch/propose.ts";
import { describeError } from "../../src/text/index.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

async function applied(
	path: string,
	before: Buffer,
	edit: Omit<Extract<Edit, { old_text: string }>, "path">,
) {
	repository = await makeRepository({ [path]: before });
	const patch = await repository.edit({ path, ...edit });
	repository.git("apply", "--whitespace=nowarn", patch.file);
	return { patch, after: await readFile(join(repository.root, path)) };
}

async function refusal(edit: Edit): Promise<string | undefined> {
	return repository?.edit(edit).then(
		() => "made",
		(error: unknown) => describeError(error),
	);
}

const latin1 = (text: string) => Buffer.from(text, "latin1");
const wide = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

describe("a file that is not UTF-8", () => {
	test("in Latin-1 keeps its bytes, and takes characters that Latin-1 has", async () => {
		const edit = { old_text: 'name = "café"', new_text: 'name = "thé"' };
		const { patch, after } = await applied("a.py", latin1('# déjà\nname = "café"\n'), edit);
		expect(after).toEqual(latin1('# déjà\nname = "thé"\n'));
		expect(patch.diff).toContain('+name = "thé"');
		expect(patch.exact).toBe(false);
		expect(patch.notes.join()).toContain("read as Windows-1252 (Latin-1), and stays so");
		const wrong = { path: "a.py", old_text: "# déjà", new_text: "# déjà 日本" };
		await repository?.write({ "a.py": latin1("# déjà\n") });
		expect(await refusal(wrong)).toMatch(/its encoding has no character .日/);
	});

	test("in Windows-1252 takes its curly quotes and the euro", async () => {
		const before = Buffer.from([0x61, 0x80, 0x0a, 0x62, 0x93, 0x63, 0x94, 0x0a]);
		const { after } = await applied("a.txt", before, { old_text: "b“c”", new_text: "“€”" });
		expect(after).toEqual(Buffer.from([0x61, 0x80, 0x0a, 0x93, 0x80, 0x94, 0x0a]));
	});

	test.each([
		["little", (bytes: Buffer) => bytes],
		["big", (bytes: Buffer) => Buffer.from(bytes).swap16()],
	])("in UTF-16 (%s endian) keeps its mark and its line endings", async (_, order) => {
		const before = order(wide("one\r\nзwei\r\nthree\r\n"));
		const { patch, after } = await applied("a.txt", before, { old_text: "зwei", new_text: "два 🎉" });
		expect(after).toEqual(order(wide("one\r\nдва 🎉\r\nthree\r\n")));
		expect(patch.files).toMatchObject([{ added: 1, removed: 1 }]);
		expect(patch.diff).toContain("+два 🎉");
	});

	test("in an encoding that is not known keeps its bytes, and takes ASCII", async () => {
		const japanese = Buffer.from("93fa967b8cea0a", "hex");
		const { after } = await applied("a.txt", Buffer.concat([japanese, latin1("key = 1\n")]), {
			old_text: "key = 1",
			new_text: "key = 2",
		});
		expect(after).toEqual(Buffer.concat([japanese, latin1("key = 2\n")]));
		expect(await refusal({ path: "a.txt", old_text: "key = 2", new_text: "key = é" })).toMatch(
			/has no character/,
		);
	});

	test("is refused a secret, whatever it is encoded in, and kept byte for byte as a resource", async () => {
		const { patch } = await applied("a.txt", wide("one\n"), { old_text: "one", new_text: "two" });
		const read = await repository?.proposer.read(patch.id, new AbortController().signal);
		expect(read).toMatchObject({ exact: false, applies: false, stale: true });
		const key = `k = "sk_live_${"a1B2".repeat(8)}"`;
		expect(await refusal({ path: "a.txt", old_text: "two", new_text: key })).toMatch(/looks like a secret/);
	});
});

test("a file whose lines end with a lone carriage return is edited by lines", async () => {
	const { after } = await applied("a.txt", latin1("one\rtwo\rthree\r"), {
		old_text: "two\nthree",
		new_text: "2\nand more\nthree",
	});
	expect(after.toString()).toBe("one\r2\rand more\rthree\r");
	const diff = "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-2\n+two\n";
	const patch = await repository?.diff(diff);
	repository?.git("apply", patch?.file ?? "");
	expect(await readFile(join(repository?.root ?? "", "a.txt"), "utf8")).toBe("one\rtwo\rand more\rthree\r");
	// As git shows it: one line, which does not end.
	repository?.git("add", "a.txt");
	await repository?.write({ "a.txt": "one\rtwo\rAND MORE\rthree\r" });
	const shown = repository?.git("diff") ?? "";
	repository?.git("checkout", "a.txt");
	const again = await repository?.diff(shown);
	repository?.git("apply", again?.file ?? "");
	expect(await readFile(join(repository?.root ?? "", "a.txt"), "utf8")).toBe("one\rtwo\rAND MORE\rthree\r");
});

test("a tracked file that is not there is said to be so, and never one to create", async () => {
	repository = await makeRepository({ "src/a.txt": "a\n", "other/b.txt": "b\n", "c.txt": "c\n" });
	const edit = { path: "other/b.txt", old_text: "b", new_text: "B" };
	repository.git("sparse-checkout", "set", "src");
	expect(await refusal(edit)).toMatch(
		/git tracks the file, and the work tree does not have it \(a sparse checkout\)/,
	);
	expect(await refusal({ path: "other/b.txt", delete: true })).toMatch(/sparse checkout/);
	const anew = await repository.edit({ path: "other/b.txt", content: "new\n" });
	expect(anew.notes.join()).toMatch(
		/git tracks it, and the work tree does not have it \(a sparse checkout\)/,
	);
	await rm(join(repository.root, "c.txt"));
	expect(await refusal({ ...edit, path: "c.txt" })).toMatch(/was deleted from the work tree/);
	expect(await refusal({ ...edit, path: "nope.txt" })).toMatch(/there is no such file/);
});
