// The sandbox of macOS: its profile as text, and the way of a run with a program in the place of sandbox-exec.

import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { macEnvironment, macProfile } from "../../../src/system/mac-profile.ts";
import { makeRepository, type TestRepository } from "../repository.ts";

describe("the profile", () => {
	const profile = macProfile({
		writable: '/private/var/x "y\\z',
		readable: ["/Users/me/.nvm/versions/node/v20"],
	});
	const rules = profile.trim().split("\n");

	test("denies everything but what it names, and the network with it", () => {
		expect(rules.slice(0, 2)).toEqual(["(version 1)", "(deny default)"]);
		expect(rules.slice(2).every((rule) => rule.startsWith("(allow "))).toBe(true);
		expect(profile).not.toMatch(
			/network|allow default|procargs|job-creation|\(allow (file|sysctl|mach)[\w*-]*\)/,
		);
	});

	test("lets one folder be written, whatever its name", () => {
		const written = rules.filter((rule) => rule.startsWith("(allow file-write"));
		expect(written).toEqual([
			'(allow file-write* (subpath "/private/var/x \\"y\\\\z"))',
			'(allow file-write-data (literal "/dev/null") (literal "/dev/zero"))',
		]);
	});

	test("shows nothing of a home folder but where Node is", () => {
		const shown = [...profile.matchAll(/\((subpath|literal) "(\/Users[^"]*)"\)/g)].map(
			([, how, path]) => `${how} ${path}`,
		);
		expect(shown).toEqual([
			"literal /Users",
			"literal /Users/me",
			"literal /Users/me/.nvm",
			"literal /Users/me/.nvm/versions",
			"literal /Users/me/.nvm/versions/node",
			"subpath /Users/me/.nvm/versions/node/v20",
		]);
		expect(rules.filter((rule) => rule.includes('"/Users/me"'))).toEqual([
			expect.stringMatching(/^\(allow file-read-metadata /),
		]);
	});

	test("its variables hold nothing of this process", () => {
		const environment = macEnvironment("/w", "/n/bin");
		expect(Object.keys(environment).sort()).toEqual(["CI", "HOME", "LC_ALL", "NO_COLOR", "PATH", "TMPDIR"]);
		expect(environment.HOME).toBe("/w/home");
	});

	test("its parentheses close", () => {
		for (const rule of rules) {
			const bare = rule.replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
			expect(bare.split("(").length).toBe(bare.split(")").length);
		}
	});
});

describe.skipIf(process.platform === "win32")("a run", () => {
	const { platform } = process;
	const path = process.env.PATH;
	let programs: string;
	let repository: TestRepository | undefined;
	const replace = async (script: string) => {
		const program = join(programs, "sandbox-exec");
		await writeFile(program, `#!/bin/sh\n${script}\n`);
		await chmod(program, 0o755);
	};
	beforeEach(async () => {
		programs = await mkdtemp(join(tmpdir(), "prod-debugger-programs-"));
		await symlink("/usr/bin/git", join(programs, "git"));
		process.env.PATH = programs;
		process.env.SKILLOMATIC_API_KEY = "sk_live_canary_0123456789";
		Object.defineProperty(process, "platform", { value: "darwin" });
	});
	afterEach(async () => {
		Object.defineProperty(process, "platform", { value: platform });
		process.env.PATH = path;
		delete process.env.SKILLOMATIC_API_KEY;
		await repository?.remove();
		repository = undefined;
		await rm(programs, { recursive: true });
	});
	const check = {
		command: "env; cat app.txt node_modules/pkg/index.js; echo x > node_modules/pkg/index.js",
		timeoutMs: 20_000,
		unsandboxed: false,
	};
	const edit = { path: "app.txt", old_text: "old", new_text: "new" };
	const files = { "app.txt": "old\n", "node_modules/pkg/index.js": "installed\n" };

	test("starts in the copy, with copied packages and variables of its own", async () => {
		await replace('[ "$1" = -p ] || exit 9\nshift 2\nexec "$@"');
		repository = await makeRepository(files, { init: false, check });
		const { checks } = await repository.edit(edit);
		expect(checks.command).toMatchObject({ status: "ran", sandboxed: true, after: { end: "passed" } });
		const output = checks.command.status === "ran" ? checks.command.after.output : "";
		expect(output).toMatch(/\nnew\ninstalled\n$/);
		expect(output).not.toContain("canary");
		expect(await readFile(join(repository.root, "node_modules/pkg/index.js"), "utf8")).toBe("installed\n");
	});

	test("inside another sandbox is none, and no failed check", async () => {
		await replace("echo 'sandbox_apply: Operation not permitted' >&2\nexit 71");
		repository = await makeRepository(files, { init: false, check });
		const { checks } = await repository.edit(edit);
		expect(checks.command).toMatchObject({ status: "not_run", reason: "not_permitted" });
	});
});
