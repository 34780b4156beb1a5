// Installed packages in the sandbox: there to read, and never written.

import { readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { CheckOutcome } from "../../../src/patch/prove/run-check.ts";
import { resolveRepositoryRoot } from "../../../src/system/repository.ts";
import { findSandbox } from "../../../src/system/sandboxed-process.ts";
import { makeRepository, type TestRepository } from "../repository.ts";

const sandbox = await findSandbox(await resolveRepositoryRoot(process.cwd()), new AbortController().signal);

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

const setting = (command: string) => ({ command, timeoutMs: 20_000, unsandboxed: false });
const change = { path: "app.txt", old_text: "old", new_text: "new" };

function outputOf(outcome: CheckOutcome): string {
	return outcome.status === "ran" ? outcome.after.output : outcome.status;
}

describe.runIf(sandbox.available && !sandbox.inPlace)("packages in the sandbox", () => {
	test("a virtual environment of Python is there to read, unless the repository brings it", async () => {
		const command = "sh .venv/bin/tool; echo x > .venv/bin/tool; ls -d venv";
		repository = await makeRepository(
			{ "app.txt": "old\n", ".gitignore": ".venv\n" },
			{ check: setting(command) },
		);
		await repository.write({ ".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/tool": "echo it runs\n" });
		await symlink(".venv", join(repository.root, "venv"));
		const { checks } = await repository.edit(change);
		expect(outputOf(checks.command)).toMatch(/^it runs\n.*Read-only file system/);
		expect(await readFile(join(repository.root, ".venv/bin/tool"), "utf8")).toBe("echo it runs\n");
	});

	test("where vite is installed and has not run yet, it can make its folder among the packages", async () => {
		const command =
			"mkdir node_modules/.vite-temp && cat node_modules/vite/index.js node_modules/own/app.txt; echo x > node_modules/vite/index.js";
		repository = await makeRepository(
			{ "own/app.txt": "old\n", ".gitignore": "node_modules\n" },
			{ check: setting(command) },
		);
		await repository.write({ "node_modules/vite/index.js": "installed\n" });
		await symlink("../own", join(repository.root, "node_modules/own"));
		const { checks } = await repository.edit({ ...change, path: "own/app.txt" });
		expect(outputOf(checks.command)).toMatch(/^installed\nnew\n[\s\S]*Read-only file system/);
		expect(await readdir(join(repository.root, "node_modules"))).toEqual(["own", "vite"]);
	});
});
