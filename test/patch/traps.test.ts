import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { shellQuoted } from "../../src/system/shell-quoted.ts";
import { makeRepository, type TestRepository, userGit } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

/** A repository whose configuration, hooks and attributes run a marker program by every way that git knows. */
async function trapped(): Promise<{ own: TestRepository; markers: () => Promise<readonly string[]> }> {
	const own = await makeRepository({ "a.txt": "one\ntwo\n", "b.ts": "export const b = 1;\n" });
	repository = own;
	const marks = join(own.root, "..", "marks");
	await mkdir(marks);
	const program = async (name: string, folder = join(own.root, "..")) => {
		const file = join(folder, name);
		await writeFile(file, `#!/bin/sh\ntouch '${marks}'/${name}\ncat\n`);
		await chmod(file, 0o755);
		return file;
	};
	const keys = [
		"core.fsmonitor",
		"core.pager",
		"core.editor",
		"core.askPass",
		"core.sshCommand",
		"core.gitProxy",
		"core.alternateRefsCommand",
		"sequence.editor",
		"diff.external",
		"diff.trap.command",
		"diff.trap.textconv",
		"merge.trap.driver",
		"filter.trap.clean",
		"filter.trap.smudge",
		"filter.trap.process",
		"gpg.program",
		"credential.helper",
		"pager.diff",
		"pager.apply",
		"alias.diff",
		"alias.apply",
		"interactive.diffFilter",
		"trailer.trap.command",
		"uploadpack.packObjectsHook",
	];
	for (const key of keys) {
		const value = await program(key.replaceAll(".", "-"));
		own.git("config", key, key.startsWith("alias") ? `!${value}` : value);
	}
	own.git("config", "filter.trap.required", "true");
	own.git("config", "core.hooksPath", join(own.root, "hooks"));
	await mkdir(join(own.root, "hooks"));
	for (const hook of [
		"pre-applypatch",
		"applypatch-msg",
		"post-checkout",
		"post-index-change",
		"fsmonitor-watchman",
	]) {
		await program(hook, join(own.root, "hooks"));
		await program(hook, join(own.root, ".git", "hooks"));
	}
	const included = join(own.root, "included");
	await writeFile(included, `[filter "inc"]\n\tclean = ${await program("included-clean")}\n`);
	own.git("config", "include.path", included);
	await writeFile(
		join(own.root, ".git", "info", "attributes"),
		"* filter=trap diff=trap merge=trap\n*.ts filter=inc\n",
	);
	await own.write({ ".gitattributes": "* filter=trap diff=trap text\n" });
	for (const name of ["git", "bwrap", "sh"]) await program(name, own.root);
	return { own, markers: () => readdir(marks) };
}

test("no program that a repository names is ever run", async () => {
	const { own, markers } = await trapped();
	const path = process.env.PATH;
	process.env.PATH = `.:${own.root}:${path}`;
	try {
		await own.edit(
			{ path: "a.txt", old_text: "two", new_text: "2" },
			{ path: "b.ts", content: "export const b = 2;\n" },
			{ path: "c.txt", content: "new\n" },
			{ path: ".gitattributes", content: "* filter=trap2\n" },
		);
		const { id } = await own.diff("--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n");
		await own.proposer.read(id, new AbortController().signal);
		await own.edit({ path: "b.ts", delete: true });
	} finally {
		process.env.PATH = path;
	}
	expect(await markers()).toEqual([]);
	// The trap is a real one: the user's own git springs it, whatever it makes of the programs then.
	try {
		userGit(own.root, ["diff", "HEAD"]);
	} catch {
		// git goes on, or gives up.
	}
	expect(await markers()).not.toEqual([]);
});

describe("attributes and settings that change a patch when it is applied", () => {
	test.each([
		["eol=crlf", "*.txt text eol=crlf\n", "a.txt: git apply will write bytes other than the patch says"],
		["a filter", "*.txt filter=lfs\n", 'a.txt: when the patch is applied, git runs the filter "lfs"'],
		["nothing", "*.md text eol=crlf\n", undefined],
	])("%s", async (_, attributes, note) => {
		repository = await makeRepository({ "a.txt": "one\ntwo\n", ".gitattributes": attributes });
		const { notes } = await repository.edit({ path: "a.txt", old_text: "two", new_text: "2" });
		if (note === undefined) expect(notes).toEqual([]);
		else expect(notes.join()).toContain(note);
	});

	test("whatever its name, and for the file itself alone", async () => {
		const names = ["a\u00a0b.txt", "a b.txt", "a-b.txt", "[x] *?.txt", "x.txt", 'q"ué.txt', "!x", "#h"];
		for (const name of names) {
			repository = await makeRepository({
				...Object.fromEntries(names.map((one) => [one, "one\ntwo\n"])),
				".gitattributes": `${quoted(name)} text eol=crlf\n`,
			});
			const { notes } = await repository.edit(
				...names.map((path) => ({ path, old_text: "two", new_text: "2" })),
			);
			expect(notes).toEqual([
				`${name}: git apply will write bytes other than the patch says, mostly line endings (text eol=crlf)`,
			]);
			await repository.remove();
		}
	});

	test.each(["filter=u+p", "filter=git:x", "filter=a/b", `filter=${"long".repeat(20)}`])(
		"whatever the value: %s",
		async (attribute) => {
			repository = await makeRepository({ "a.txt": "one\ntwo\n", ".gitattributes": `*.txt ${attribute}\n` });
			const { notes } = await repository.edit({ path: "a.txt", old_text: "two", new_text: "2" });
			expect(notes.join()).toContain(`git runs the filter "${attribute.slice("filter=".length)}"`);
		},
	);

	const rule = "*.txt text eol=crlf\n";
	const files = { "sub/a.txt": "one\ntwo\n" };
	test.each<readonly [string, (own: TestRepository) => Promise<void>]>([
		["in a folder on the way", (own) => own.write({ "sub/.gitattributes": rule })],
		["in the git folder", (own) => own.write({ ".git/info/attributes": rule })],
		[
			"in the index alone",
			async (own) => {
				await own.write({ ".gitattributes": rule });
				own.git("add", ".gitattributes");
				await rm(join(own.root, ".gitattributes"));
			},
		],
		[
			"in an index that shortens names",
			async (own) => {
				await own.write({ ".gita": "", ".gitattributes": rule });
				own.git("update-index", "--index-version", "4");
				own.git("add", ".gita", ".gitattributes");
				await rm(join(own.root, ".gitattributes"));
			},
		],
		[
			"in an index that is split",
			async (own) => {
				await own.write({ ".gitattributes": rule });
				own.git("add", ".gitattributes");
				own.git("update-index", "--split-index");
				await rm(join(own.root, ".gitattributes"));
			},
		],
	])("attributes %s", async (_, lay) => {
		repository = await makeRepository(files);
		const edit = { path: "sub/a.txt", old_text: "two", new_text: "2" };
		expect((await repository.edit(edit)).notes).toEqual([]);
		await lay(repository);
		expect((await repository.edit(edit)).notes.join()).toContain("git apply will write bytes other than");
	});

	test("the repository's core.autocrlf", async () => {
		repository = await makeRepository({ "a.txt": "one\ntwo\n" });
		repository.git("config", "core.autocrlf", "true");
		const { notes } = await repository.edit({ path: "a.txt", old_text: "two", new_text: "2" });
		expect(notes.join()).toContain("core.autocrlf=true");
	});
});

describe("wherever the repository stands", () => {
	const edit = { path: "a.txt", old_text: "two", new_text: "2" };
	const content = { "a.txt": "one\ntwo\n" };

	test("without commits, and dirty", async () => {
		repository = await makeRepository({}, { init: false });
		repository.git("init", "-q");
		await repository.write(content);
		const first = await repository.edit(edit);
		repository.git("apply", "--check", first.file);
		repository.git("add", "-A");
		await repository.write({ "a.txt": "zero\none\ntwo\n" });
		const { file } = await repository.edit(edit);
		repository.git("apply", "--check", file);
	});

	test("in a plain folder", async () => {
		repository = await makeRepository(content, { init: false });
		const { file, apply } = await repository.edit(edit);
		expect(apply).toBe(`git -C ${shellQuoted(repository.root)} apply --whitespace=nowarn`);
		repository.git("apply", "--check", file);
	});

	test("inside another repository, and below its root", async () => {
		const outer = await makeRepository({ "x.txt": "x\n" });
		repository = outer;
		await outer.write({ "inner/a.txt": "one\ntwo\n" });
		const below = await makeRepository(content, { init: false, at: join(outer.root, "sub folder") });
		const patch = await below.edit(edit);
		expect(patch.apply).toBe(
			`git -C ${shellQuoted(outer.root)} apply --whitespace=nowarn --directory='sub folder'`,
		);
		outer.git("apply", "--directory=sub folder", patch.file);
		expect(outer.git("status", "--porcelain", "-uall")).toContain('"sub folder/a.txt"');
		const inner = await makeRepository(content, { at: join(outer.root, "inner") });
		const own = await inner.edit(edit);
		expect(own.apply).toBe(`git -C ${shellQuoted(inner.root)} apply --whitespace=nowarn`);
		inner.git("apply", "--check", own.file);
	});

	test.each(["fix", "error-all", "warn", "strip"])(
		"the command that is given applies byte for byte where apply.whitespace is %s, from any folder",
		async (whitespace) => {
			repository = await makeRepository({ "a b/c.txt": "one\ntwo \n" });
			repository.git("config", "apply.whitespace", whitespace);
			const after = "one  \n\t two\t\n \n";
			const { file, apply } = await repository.edit({ path: "a b/c.txt", content: after });
			execFileSync("sh", ["-c", `${apply} ${shellQuoted(file)}`], {
				cwd: "/",
				env: { PATH: process.env.PATH ?? "" },
				stdio: "pipe",
			});
			expect(await readFile(join(repository.root, "a b/c.txt"), "utf8")).toBe(after);
		},
	);

	test("what the user's own excludes file ignores is ignored, and nothing else of his configuration counts", async () => {
		const home = process.env.HOME;
		repository = await makeRepository({ ...content, "b.mine": "b\n" }, { init: false });
		process.env.HOME = join(repository.root, "..");
		try {
			await writeFile(
				join(process.env.HOME, ".gitconfig"),
				"[core]\n\texcludesFile = ~/mine\n\tattributesFile = ~/attributes\n",
			);
			await writeFile(join(process.env.HOME, "mine"), "*.mine\n");
			await writeFile(join(process.env.HOME, "attributes"), "* filter=x\n");
			repository.git("init", "-q");
			await expect(repository.edit({ path: "b.mine", content: "c\n" })).rejects.toMatchObject({
				problem: "ignored",
			});
			expect((await repository.edit(edit)).notes).toEqual([]);
		} finally {
			process.env.HOME = home;
		}
	});
});

/** A pattern for one name, as gitattributes(5) quotes it. */
function quoted(name: string): string {
	const literal = `/${name}`.replace(/[*?[\]\\]/g, "\\$&");
	return `"${literal.replace(/[\\"]/g, "\\$&")}"`;
}
