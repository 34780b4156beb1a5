// What differs on Windows, asked on any machine: each branch takes its platform as an argument.

import { readdir, readFile } from "node:fs/promises";
import { join, win32 } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { applications } from "../../src/cli/attach/hosts.ts";
import { compileGlob } from "../../src/codebase/find/glob.ts";
import { defaultStateFolder, isSystemFolder } from "../../src/config/folders.ts";
import { readPath, workspaceFolders } from "../../src/config/paths.ts";
import { isOpenToOthers } from "../../src/config/private-file.ts";
import { splitRepositories } from "../../src/config/repositories.ts";
import { editorAddress } from "../../src/report/links.ts";
import { PathRefused, relativePath } from "../../src/system/confined-file.ts";
import { fixedEnvironment, treeKiller } from "../../src/system/process.ts";
import { fileNames } from "../../src/system/programs.ts";
import { isInside, type RepositoryRoot } from "../../src/system/repository.ts";
import { findSandbox } from "../../src/system/sandboxed-process.ts";
import { isOurs } from "../../src/system/state-folder.ts";

const root = "C:\\code\\web" as RepositoryRoot;

describe("a path of an agent", () => {
	test.each([
		["src\\app.ts", "src/app.ts"],
		["src/app.ts", "src/app.ts"],
		["C:\\code\\web\\src\\app.ts", "src/app.ts"],
		["c:/CODE/web/src/app.ts", "src/app.ts"],
		[".\\src\\..\\app.ts", "app.ts"],
		[".", ""],
	])("%s is %s", (path, way) => {
		expect(relativePath(root, path, "win32")).toBe(way);
	});

	test.each([
		["C:\\code\\worker\\app.ts", "outside"],
		["D:\\code\\web\\app.ts", "outside"],
		["..\\worker\\app.ts", "outside"],
		["\\\\server\\share\\app.ts", "outside"],
		["/etc/passwd", "outside"],
		["C:app.ts", "malformed"],
		["src\\app.ts:stream", "malformed"],
		["\\\\?\\C:\\code\\web\\app.ts", "malformed"],
		["nul", "malformed"],
		["src\\COM1.ts", "malformed"],
		["ENV~1", "malformed"],
		[".env.", "malformed"],
		[".env ", "malformed"],
		[".git\\config", "git_internal"],
		["GIT\\..\\.GIT\\config", "git_internal"],
	])("%s is refused: %s", (path, problem) => {
		expect(() => relativePath(root, path, "win32")).toThrow(PathRefused);
		expect(() => relativePath(root, path, "win32")).toThrow(expect.objectContaining({ problem }));
	});

	test("elsewhere a backslash and a drive are refused as before", () => {
		const posix = "/code/web" as RepositoryRoot;
		for (const path of ["src\\app.ts", "C:/code/web/app.ts"])
			expect(() => relativePath(posix, path, "linux")).toThrow(
				expect.objectContaining({ problem: "malformed" }),
			);
		expect(relativePath(posix, "nul", "linux")).toBe("nul");
	});

	test("a folder is inside another whatever its case; another drive never is", () => {
		expect(isInside("C:\\code", "c:\\CODE\\web", win32)).toBe(true);
		expect(isInside("C:\\code", "C:\\code2", win32)).toBe(false);
		expect(isInside("C:\\code", "D:\\code", win32)).toBe(false);
		expect(isInside("C:\\code", "\\\\server\\code", win32)).toBe(false);
	});
});

describe("folders", () => {
	test("the state folder, where the variable is unset or relative too", () => {
		const home = "C:\\Users\\me";
		const folder = (env: Record<string, string>) => defaultStateFolder(env, "win32", home);
		expect(folder({ LOCALAPPDATA: "D:\\Local" })).toBe("D:\\Local\\prod-debugger-mcp");
		for (const env of [{}, { LOCALAPPDATA: "" }, { LOCALAPPDATA: "Local" }])
			expect(folder(env)).toBe("C:\\Users\\me\\AppData\\Local\\prod-debugger-mcp");
		expect(defaultStateFolder({}, "darwin", "/Users/me")).toBe(
			"/Users/me/Library/Application Support/prod-debugger-mcp",
		);
	});

	test("where hosts keep their settings", () => {
		const home = "C:\\Users\\me";
		expect(applications({ APPDATA: "D:\\Roaming" }, "win32", home)).toBe("D:\\Roaming");
		expect(applications({}, "win32", home)).toBe("C:\\Users\\me\\AppData\\Roaming");
		expect(applications({}, "darwin", "/Users/me")).toBe("/Users/me/Library/Application Support");
	});

	test.each([
		["C:\\", true],
		["C:\\Windows\\System32", true],
		["C:\\Program Files (x86)\\x", true],
		["C:\\ProgramData", true],
		["C:\\Users", true],
		["C:\\Users\\me\\code", false],
		["D:\\code", false],
	])("%s is a system folder: %s", (folder, is) => {
		expect(isSystemFolder(folder)).toBe(is);
	});

	test("folders of a host's environment, between semicolons", () => {
		const named = (list: string) => workspaceFolders({ WORKSPACE_FOLDER_PATHS: list }, ";");
		expect(named("C:\\code\\web;D:\\worker")).toEqual(["C:\\code\\web", "D:\\worker"]);
		expect(named('["C:\\\\code"]')).toEqual(["C:\\code"]);
	});

	test("several repositories with drives and shares", () => {
		expect(splitRepositories("web=C:\\code\\web,worker=\\\\server\\worker")).toEqual([
			{ name: "web", path: "C:\\code\\web" },
			{ name: "worker", path: "\\\\server\\worker" },
		]);
	});

	test("a variable of its own form that nobody filled in is refused", () => {
		expect(() => readPath("PROD_DEBUGGER_REPO", "%USERPROFILE%\\code", {}, "/")).toThrow(/%USERPROFILE%/);
	});
});

describe("programs and processes", () => {
	test("a program ends in .exe; a script that needs a shell is not started", () => {
		expect(fileNames("git", "win32")).toEqual(["git.exe"]);
		expect(fileNames("Git.EXE", "win32")).toEqual(["Git.EXE"]);
		expect(fileNames("notify.cmd", "win32")).toEqual(["notify.cmd.exe"]);
		expect(fileNames("git", "linux")).toEqual(["git"]);
	});

	test("a child's environment has the system's folders, and no secret", () => {
		const env = {
			SystemRoot: "D:\\Windows",
			TEMP: "D:\\Temp",
			SKILLOMATIC_API_KEY: "k",
			NODE_OPTIONS: "-r x",
		};
		expect(fixedEnvironment(env, "win32")).toEqual({
			LC_ALL: "C.UTF-8",
			PATH: "D:\\Windows\\System32;D:\\Windows",
			SystemRoot: "D:\\Windows",
			TEMP: "D:\\Temp",
		});
		expect(fixedEnvironment({}, "linux").PATH).toBe("/usr/local/bin:/usr/bin:/bin");
	});

	test("a process is ended with what it started, by a program of the system", () => {
		expect(treeKiller(42, { SystemRoot: "D:\\Windows" })).toEqual({
			program: "D:\\Windows\\System32\\taskkill.exe",
			args: ["/PID", "42", "/T", "/F"],
		});
	});

	test("there is no sandbox, so that no check runs unless the user allows it", async () => {
		const found = await findSandbox("/nowhere" as RepositoryRoot, new AbortController().signal, "win32");
		expect(found).toEqual({ available: false, reason: "platform" });
	});

	test("files have no owner's number", () => {
		expect(isOurs({ uid: 7 }, "none")).toBe(true);
		expect([isOurs({ uid: 7 }, 7), isOurs({ uid: 7 }, 8)]).toEqual([true, false]);
	});
});

describe("what other programs write", () => {
	test("a glob with backslashes", () => {
		const fits = compileGlob("src\\app\\*.ts");
		expect([fits("src/app/a.ts"), fits("src/other/a.ts")]).toEqual([true, false]);
	});

	test("an editor's address of a file on a drive", () => {
		expect(editorAddress("C:\\code", "src/a b.ts", 3, win32)).toBe("vscode://file/C:/code/src/a%20b.ts:3");
	});
});

test("a file of keys is not refused for a mode that the platform does not have", () => {
	expect(isOpenToOthers(0o100644, "win32")).toBe(false);
	expect(isOpenToOthers(0o100644, "linux")).toBe(true);
	expect(isOpenToOthers(0o100600, "linux")).toBe(false);
});

test("docs/windows.md names every file of src that asks which platform it is on", async () => {
	const source = fileURLToPath(new URL("../../src", import.meta.url));
	const told = await readFile(fileURLToPath(new URL("../../docs/windows.md", import.meta.url)), "utf8");
	const asks = /process\.platform|process\.getuid|O_NOFOLLOW|\bwin32\b|\bdelimiter\b.*node:path/;
	const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith(".ts"));
	const texts = await Promise.all(
		files.map(async (name) => [name, await readFile(join(source, name), "utf8")] as const),
	);
	const branching = texts
		.filter(([, text]) => asks.test(text))
		.map(([name]) => `src/${name.replaceAll("\\", "/")}`);
	expect(branching.length).toBeGreaterThan(8);
	expect(branching.filter((name) => !told.includes(`\`${name}\``))).toEqual([]);
});
