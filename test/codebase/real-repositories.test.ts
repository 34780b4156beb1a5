// Repositories as they really are: nested ones, ignored but tracked files, globs as models write them, no ripgrep.
import { chmod, cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connection, command, connect } from "../e2e/connect.ts";
import { runCommand } from "../e2e/run.ts";
import { userGit } from "../patch/repository.ts";

let base: string;
let root: string;

async function write(files: Record<string, string>, at: string): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(at, path)), { recursive: true });
		await writeFile(join(at, path), text);
	}
}

function commit(folder: string, subject: string): void {
	userGit(folder, ["add", "-A"]);
	userGit(folder, ["commit", "-qm", subject]);
}

beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "real-")));
	root = join(base, "a path with 'quotes' \"and\" ünïcode");
	await mkdir(root);
	userGit(root, ["init", "-q"]);
	await write(
		{
			"src/app/one.ts": "export const needle = 1;\n",
			"src/app/two.tsx": "export const needle = 2;\n",
			"src/three.js": "export const needle = 3;\n",
			"config.yml": "needle: 4\n",
			".gitignore": "kept/\n.claude/\n*.gen.ts\n",
			"README.md": "# needle\n",
		},
		root,
	);
	commit(root, "the first");
	await write({ "kept/forced.ts": "export function raise() { throw new Error('FORCED_CODE'); }\n" }, root);
	await write({ "kept/ignored.ts": "// FORCED_CODE\n" }, root);
	userGit(root, ["add", "-f", "kept/forced.ts"]);
	userGit(root, ["commit", "-qm", "forced in"]);
	userGit(root, ["worktree", "add", "-q", ".claude/worktrees/fix"]);
	const clone = join(root, "vendor/clone");
	await mkdir(clone, { recursive: true });
	userGit(clone, ["init", "-q"]);
	await write({ "lib.ts": "export const needle = 'clone';\n" }, clone);
	commit(clone, "in the clone");
});
afterAll(async () => {
	await shared?.close();
	await rm(base, { recursive: true, force: true });
});

/** One server for all searches without an environment of their own. */
let shared: Connection | undefined;

async function search(args: Record<string, unknown>, env?: Record<string, string>) {
	if (env === undefined) {
		shared ??= await connect({ env: { PROD_DEBUGGER_REPO: root } });
		return shared.call("search_codebase", args);
	}
	const { call, close } = await connect({ env: { PROD_DEBUGGER_REPO: root, ...env } });
	try {
		return await call("search_codebase", args);
	} finally {
		await close();
	}
}

describe("a repository inside the repository", () => {
	test("is left out, and said", async () => {
		const { text } = await search({ query: "needle" });
		expect(text).toContain("5 matches in 5 files");
		expect(text).not.toContain("'clone'");
		expect(text).not.toContain("not committed yet");
		expect(text).toContain(
			'Left out: matches in 1 nested repository (work trees, submodules, clones): "vendor/clone"',
		);
	});

	test("is searched where path names it, and has its own history", async () => {
		const { text, isError } = await search({ query: "needle", path: "vendor/clone" });
		expect(isError, text).toBe(false);
		expect(text).toContain("vendor/clone/lib.ts");
		expect(text).toContain("in the clone");
	});

	test("so is a work tree below .claude, though it is ignored", async () => {
		const { text, isError } = await search({ query: "needle", path: ".claude/worktrees/fix/src/app" });
		expect(isError, text).toBe(false);
		expect(text).toContain(".claude/worktrees/fix/src/app/one.ts");
		expect(text).toContain("the first");
	});
});

test("a file that is tracked though ignored is part of the code", async () => {
	const { text } = await search({ error_code: "FORCED_CODE" });
	expect(text).toContain("# raises");
	expect(text).toContain("kept/forced.ts");
	expect(text).toContain("forced in");
	expect(text).not.toContain("kept/ignored.ts");
	const named = await search({ query: "FORCED_CODE", path: "kept/forced.ts" });
	expect(named.isError, named.text).toBe(false);
	expect(named.text).toContain("1 match in 1 file");
});

describe("globs and types as models write them", () => {
	test.each<[Record<string, unknown>, number]>([
		[{ glob: "*.ts,*.tsx" }, 2],
		[{ glob: "*.ts, *.tsx" }, 2],
		[{ glob: ["*.ts", "*.tsx"] }, 2],
		[{ glob: '["*.ts"]' }, 1],
		[{ glob: "src" }, 3],
		[{ glob: "src/app" }, 2],
		[{ glob: "src\\app\\*" }, 2],
		[{ glob: "*.{ts,tsx}" }, 2],
		[{ glob: "src/**,!*.js" }, 2],
		[{ glob: "one.ts" }, 1],
		[{ type: "tsx" }, 2],
		[{ type: "TypeScript" }, 2],
		[{ type: ".ts" }, 2],
		[{ type: "javascript" }, 1],
		[{ type: "yml" }, 1],
	])("%j", async (args, files) => {
		const { text, isError } = await search({ query: "needle", history: false, ...args });
		expect(isError, text).toBe(false);
		expect(text).toContain(`in ${files} file${files === 1 ? "" : "s"}`);
	});

	test.each([{ glob: "[" }, { glob: "*.rb" }, { type: "golang" }])(
		"%j fits no file, and that is said",
		async (args) => {
			const { text } = await search({ query: "needle", ...args });
			expect(text).toContain("fit no file here");
		},
	);
});

describe("a ripgrep that is none", () => {
	/** The built command beside a ripgrep of these bytes. */
	async function withRipgrep(name: string, bytes: string): Promise<string> {
		const folder = join(base, name);
		const fake = join(folder, "node_modules/@vscode/ripgrep");
		await mkdir(fake, { recursive: true });
		await cp(dirname(command), join(folder, "dist"), { recursive: true });
		await writeFile(join(fake, "rg"), bytes);
		await chmod(join(fake, "rg"), 0o755);
		await writeFile(
			join(fake, "package.json"),
			'{"name":"@vscode/ripgrep","version":"1.0.0","main":"index.js"}',
		);
		await writeFile(join(fake, "index.js"), 'exports.rgPath = require("node:path").join(__dirname, "rg");\n');
		return join(folder, "dist/prod-debugger-mcp.js");
	}

	test.each([
		["empty", ""],
		["a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"],
		["exit 127", "#!/bin/sh\nexit 127\n"],
		["another program", "#!/bin/sh\necho grep 3.1\n"],
	])("%s: an error in the search, and the doctor names it", async (name, bytes) => {
		const program = await withRipgrep(name, bytes);
		const { call, close } = await connect({ program, env: { PROD_DEBUGGER_REPO: root } });
		const { text, isError } = await call("search_codebase", { query: "needle" });
		await close();
		expect(isError).toBe(true);
		expect(text).toContain("ripgrep does not work");
		const { stdout } = await runCommand({ program, args: ["doctor"], env: { PROD_DEBUGGER_REPO: root } });
		expect(stdout).toMatch(/^FAIL {2}ripgrep .*ripgrep does not work/m);
	});
});

test("without git a search answers, and says that it has no history", async () => {
	const bin = join(base, "bin");
	await mkdir(bin);
	await symlink(process.execPath, join(bin, "node"));
	const { text, isError } = await search({ query: "needle" }, { PATH: bin });
	expect(isError, text).toBe(false);
	expect(text).toContain("src/app/one.ts");
	expect(text).toContain("git was not found");
});
