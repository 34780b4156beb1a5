import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createPatchProposer } from "../../src/patch/propose.ts";
import { PatchStore, patchId } from "../../src/patch/store.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createGit } from "../../src/system/git.ts";
import { describeError } from "../../src/text/index.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

const signal = new AbortController().signal;
const edit = { path: "a.txt", old_text: "two", new_text: "2" };
const request = { title: "Mend it", rationale: "r", edits: [edit] };

function proposerAt({ root }: TestRepository, stateFolder: string) {
	return createPatchProposer({ root, git: createGit(root), stateFolder, clock: systemClock });
}

test("a patch is read by its id, which is the hash of its content, and is stale once a file has changed", async () => {
	repository = await makeRepository({ "a.txt": "one\ntwo\n", "b.txt": "b\n" });
	const patch = await repository.edit(edit, { path: "new.txt", content: "n\n" });
	expect(patch.id).toMatch(/^[a-z0-9]{16}$/);
	expect((await repository.edit(edit, { path: "new.txt", content: "n\n" })).id).toBe(patch.id);
	const { proposer } = repository;
	const read = async () => {
		const { diff, stale, applies, title } = await proposer.read(patch.id, signal);
		return { diff, stale, applies, title };
	};
	expect(await read()).toEqual({ diff: patch.diff, stale: false, applies: true, title: "Mend it" });
	await repository.write({ "b.txt": "B\n" });
	expect((await read()).stale).toBe(false);
	await repository.write({ "new.txt": "other\n" });
	expect((await read()).stale).toBe(true);
});

test("a patch still applies to a file that changed elsewhere, and no more once its own lines did", async () => {
	const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
	const text = (changed: readonly string[]) => `${changed.join("\n")}\n`;
	repository = await makeRepository({ "a.txt": text(lines) });
	const { id } = await repository.edit({ path: "a.txt", old_text: "line 15", new_text: "line XV" });
	const { proposer } = repository;
	const read = async () => {
		const { stale, applies } = await proposer.read(id, signal);
		return { stale, applies };
	};
	expect(await read()).toEqual({ stale: false, applies: true });
	await repository.write({ "a.txt": text(["a new first line", ...lines]) });
	expect(await read()).toEqual({ stale: true, applies: true });
	await repository.write({ "a.txt": text(lines.with(15, "another line")) });
	expect(await read()).toEqual({ stale: true, applies: false });
	await repository.write({ "a.txt": text(lines.with(15, "line XV")) });
	expect(await read()).toEqual({ stale: true, applies: false });
});

test("folders are the user's alone, and so are the files", async () => {
	repository = await makeRepository({ "a.txt": "one\ntwo\n" });
	await mkdir(repository.stateFolder);
	await chmod(repository.stateFolder, 0o755);
	const { file } = await repository.edit(edit);
	const mode = async (path: string) => (await stat(path)).mode & 0o777;
	expect(await mode(repository.stateFolder)).toBe(0o700);
	expect(await mode(join(file, ".."))).toBe(0o700);
	expect(await mode(file)).toBe(0o600);
	expect(await readdir(join(file, ".."))).toHaveLength(2);
});

test.each(["../../etc/passwd", "ABC", "", "0123456789abcdef", "a/b"])(
	"no patch is kept under %j",
	async (id) => {
		repository = await makeRepository({ "a.txt": "one\ntwo\n" });
		await expect(repository.proposer.read(id, signal)).rejects.toMatchObject({ kind: "patch_unknown" });
	},
);

test("a kept diff that somebody changed is none of ours", async () => {
	repository = await makeRepository({ "a.txt": "one\ntwo\n" });
	const { id, file } = await repository.edit(edit);
	await writeFile(file, `${await readFile(file, "utf8")}+more\n`);
	await expect(repository.proposer.read(id, signal)).rejects.toMatchObject({ kind: "patch_unknown" });
});

test("the newest 200 are kept, and of older ones nothing", async () => {
	repository = await makeRepository({ "a.txt": "one\ntwo\n" }, { init: false });
	const { id } = await repository.edit(edit);
	const store = new PatchStore(repository.stateFolder, repository.root, systemClock);
	const folder = join(repository.stateFolder, "patches");
	const record = { title: "t", rationale: "r", files: {} };
	for (let index = 0; index < 200; index += 1) {
		const diff = Buffer.from(`${index}`);
		await store.keep(patchId(diff), diff, record);
	}
	await writeFile(join(folder, "0123456789abcdef.diff"), "its record was never written");
	// File systems tell times of the same moment alike.
	const long = new Date(0);
	for (const name of [`${id}.json`, `${id}.diff`, "0123456789abcdef.diff"]) {
		await utimes(join(folder, name), long, long).catch(() => {});
	}
	const last = await repository.edit({ ...edit, new_text: "3" });
	const names = await readdir(folder);
	expect(names).toHaveLength(400);
	expect(names).toContain(`${last.id}.diff`);
	expect(names).not.toContain(`${id}.diff`);
	expect(names).not.toContain("0123456789abcdef.diff");
});

describe("a state folder that cannot be used", () => {
	test("inside the repository, through a link too", async () => {
		repository = await makeRepository({ "a.txt": "one\ntwo\n" });
		const { root } = repository;
		const link = join(root, "..", "way-in");
		await symlink(root, link);
		for (const folder of [root, join(root, "state"), join(link, "state"), join(link, "a/b/c")]) {
			const error = await proposerAt(repository, folder)
				.propose(request, signal)
				.catch((reason: unknown) => reason);
			expect(describeError(error)).toContain("inside the repository");
		}
		expect(await readdir(root)).toEqual([".git", "a.txt"]);
	});

	test("a link and a file are refused; one that cannot be written is said not to last", async () => {
		repository = await makeRepository({ "a.txt": "one\ntwo\n" });
		const base = join(repository.root, "..");
		const elsewhere = join(base, "elsewhere");
		await mkdir(elsewhere);
		await symlink(elsewhere, join(base, "link"));
		await writeFile(join(base, "file"), "");
		await mkdir(join(base, "mine"), { mode: 0o700 });
		await symlink(elsewhere, join(base, "mine", "scratch"));
		for (const [name, words] of [
			["link", "is a link"],
			["file", "is not a folder"],
			["mine", "is a link"],
		] as const) {
			const failed = proposerAt(repository, join(base, name)).propose(request, signal);
			expect(describeError(await failed.catch((reason: unknown) => reason))).toContain(words);
		}
		expect(await readdir(elsewhere)).toEqual([]);
		const { notes, file } = await proposerAt(repository, join(base, "file/below")).propose(request, signal);
		expect(notes.join()).toMatch(/^kept until this server ends, since the folder .* cannot be written$/);
		expect(file.startsWith(base)).toBe(false);
	});

	test("a link in a kept file's place is replaced and not followed", async () => {
		repository = await makeRepository({ "a.txt": "one\ntwo\n" });
		const { file, diff } = await repository.edit(edit);
		const precious = join(repository.root, "..", "precious");
		await writeFile(precious, "kept");
		const { rm } = await import("node:fs/promises");
		await rm(file);
		await symlink(precious, file);
		await expect(repository.proposer.read(file.slice(-21, -5), signal)).rejects.toMatchObject({
			kind: "patch_unknown",
		});
		await repository.edit(edit);
		expect(await readFile(precious, "utf8")).toBe("kept");
		expect(await readFile(file, "utf8")).toBe(diff);
	});
});
