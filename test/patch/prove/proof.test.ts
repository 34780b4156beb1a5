// A test that is run without the fix and with it, in the sandbox: each verdict, and what may be named.

import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createPatchProposer, type Edit } from "../../../src/patch/propose.ts";
import type { TestOutcome } from "../../../src/patch/prove/run-test.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { createGit } from "../../../src/system/git.ts";
import { resolveRepositoryRoot } from "../../../src/system/repository.ts";
import { findSandbox } from "../../../src/system/sandboxed-process.ts";
import { describeError } from "../../../src/text/index.ts";
import { makeRepository, type TestRepository } from "../repository.ts";

const never = new AbortController().signal;
const sandbox = await findSandbox(await resolveRepositoryRoot(process.cwd()), never);

/** One for all tests: none of them changes it. */
let repository: TestRepository;
beforeAll(async () => {
	repository = await makeRepository(files);
});
afterAll(() => repository.remove());
afterEach(() => {
	delete process.env.SKILLOMATIC_API_KEY;
});

const head = 'import { test } from "node:test";\nimport assert from "node:assert";\n';
const files = {
	"package.json": '{"type":"module"}\n',
	"lib.js": "export const add = (a, b) => a - b;\n",
	"pass.test.js": `${head}import { add } from "./lib.js";\ntest("zero", () => assert.equal(add(1, 0), 1));\n`,
	"skip.test.js": `${head}test.skip("later", () => {});\n`,
};
const fix: Edit = { path: "lib.js", old_text: "a - b", new_text: "a + b" };
const adds = `${head}import { add } from "./lib.js";\ntest("adds", () => assert.equal(add(1, 2), 3));\n`;

const setting = (words: readonly string[], timeoutMs = 20_000) => ({ words, timeoutMs, unsandboxed: false });
const nodeTest = setting(["node", "--test", "{files}"]);

function proposerWith(test: typeof nodeTest | undefined) {
	const { root, stateFolder } = repository;
	const command = test === undefined ? {} : { test };
	return createPatchProposer({ root, git: createGit(root), stateFolder, clock: systemClock, ...command });
}

async function prove(
	edits: readonly Edit[],
	named: readonly string[],
	command: typeof nodeTest | undefined = nodeTest,
): Promise<TestOutcome> {
	const request = { title: "t", rationale: "r", edits, test: named };
	return (await proposerWith(command).propose(request, never)).checks.test;
}

function verdictOf(outcome: TestOutcome): string {
	return outcome.status === "ran" ? outcome.verdict : outcome.status;
}

describe.runIf(sandbox.available && !sandbox.inPlace)("a test, without the fix and with it", () => {
	test("proves it where an assertion fails without it", async () => {
		const outcome = await prove([fix, { path: "new.test.js", content: adds }], ["new.test.js"]);
		expect(outcome).toMatchObject({ status: "ran", sandboxed: true, verdict: "proof" });
		if (outcome.status !== "ran") return;
		expect(outcome.without.reading?.failures).toMatchObject([{ name: "adds", kind: "assertion" }]);
		expect(outcome.withFix.reading).toMatchObject({ passed: 1, failed: 0 });
		expect(await readdir(join(repository.stateFolder, "scratch"))).toEqual([]);
	});

	test.each([
		["passes without it as well", "grep -q add lib.js", "proves_nothing"],
		["fails with it too", "grep -q wrong lib.js", "fails_too"],
		["passes without it only", 'grep -q "a - b" lib.js', "breaks"],
	])("is told from one that %s", async (_, line, verdict) => {
		const script = { path: "run.sh", content: `${line}\n` };
		expect(verdictOf(await prove([fix, script], ["run.sh"], setting(["sh", "{files}"])))).toBe(verdict);
	});

	test("is told from one that was skipped", async () => {
		expect(verdictOf(await prove([fix], ["skip.test.js"]))).toBe("did_not_run");
	});

	test("is weaker where it does not compile without the fix", async () => {
		const twice = { path: "lib.js", content: "export const twice = (a) => 2 * a;\n" };
		const content = `${head}import { twice } from "./lib.js";\ntest("x", () => assert.equal(twice(2), 4));\n`;
		expect(verdictOf(await prove([twice, { path: "new.test.js", content }], ["new.test.js"]))).toBe("weak");
	});

	test("that does not end is stopped", async () => {
		const content = `${head}import "./lib.js";\ntest("waits", () => new Promise((done) => setTimeout(done, 60_000)));\n`;
		const outcome = await prove(
			[fix, { path: "new.test.js", content }],
			["new.test.js"],
			setting(["node", "--test", "{files}"], 700),
		);
		expect(verdictOf(outcome)).toBe("timed_out");
		expect(await readdir(join(repository.stateFolder, "scratch"))).toEqual([]);
	});

	test("of an unknown runner counts by its exit code", async () => {
		const script = { path: "run.sh", content: 'grep -q "a + b" lib.js\n' };
		const outcome = await prove([fix, script], ["run.sh"], setting(["sh", "{files}"]));
		expect(outcome).toMatchObject({ verdict: "proof", without: { reading: undefined, exitCode: 1 } });
	});

	test("has names that no shell and no option parser reads", async () => {
		const names = ["--version", "$(touch ran).js", "a b'\".js"];
		const edits = names.map((path) => ({ path, content: "x\n" }));
		const outcome = await prove([fix, ...edits], names, setting(["printf", "<%s>", "{files}"]));
		expect(outcome).toMatchObject({ withFix: { output: "<./--version><./$(touch ran).js><./a b'\".js>" } });
	});

	test("that is not there, or outside, or hidden, is refused", async () => {
		for (const name of ["nowhere.test.js", "../x.test.js", ".env", ".git/config", "/etc/passwd"]) {
			const refused = await prove([fix], [name]).catch((error: unknown) => describeError(error));
			expect(refused, name).toMatch(
				/not a file that can be run|out of the repository|may hold secrets|git's own/,
			);
		}
		expect(verdictOf(await prove([{ path: "new.test.js", content: adds }], ["new.test.js"]))).toBe(
			"nothing_but_the_test",
		);
	});

	test("whose program is not there says that it did not start", async () => {
		const outcome = await prove([fix], ["pass.test.js"], setting(["no-such-program", "{files}"]));
		expect(verdictOf(outcome)).toBe("did_not_start");
	});

	test("gets no key, no home, no other process and no network", async () => {
		process.env.SKILLOMATIC_API_KEY = "sk_live_canary_0123456789";
		const probe = [
			"env | grep -c canary",
			"cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c canary",
			`ls -A ${process.env.HOME ?? "/root"} 2>/dev/null | wc -l`,
			"grep -c : /proc/net/dev",
			`ls -d /proc/${process.pid} /proc/${process.ppid} 2>/dev/null | wc -l`,
		];
		const script = { path: "probe.sh", content: `${probe.join("\n")}\n` };
		const outcome = await prove([fix, script], ["probe.sh"], setting(["sh", "{files}"]));
		expect(outcome).toMatchObject({ withFix: { output: "0\n0\n0\n1\n0\n" } });
	});
});

test("without a command none is run, and with one a test is asked for", async () => {
	const { proposer } = repository;
	const request = { title: "t", rationale: "r", edits: [fix] };
	const outcome = async (named: readonly string[]) =>
		verdictOf((await proposer.propose({ ...request, test: named }, never)).checks.test);
	expect(await outcome(["pass.test.js"])).toBe("not_set");
	expect(await outcome([])).toBe("not_asked");
	expect(verdictOf(await prove([fix], []))).toBe("not_named");
});

test("a sandbox that cannot be made is told by a sign from within, and nothing runs without one", async () => {
	const programs = await mkdtemp(join(tmpdir(), "prod-debugger-programs-"));
	await symlink("/usr/bin/git", join(programs, "git"));
	// As inside another sandbox: it ends like a command that fails, but the trial's.
	const bwrap = join(programs, "bwrap");
	await writeFile(bwrap, '#!/bin/sh\nfor last; do :; done\n[ "$last" = "exit 0" ] || exit 1\n');
	await chmod(bwrap, 0o755);
	const path = process.env.PATH;
	process.env.PATH = programs;
	try {
		const ran = join(programs, "ran");
		const own = await makeRepository(files, {
			init: false,
			test: { ...setting(["touch", ran, "{files}"]), unsandboxed: true },
			check: { command: `touch ${ran}`, timeoutMs: 20_000, unsandboxed: true },
		});
		const { checks } = await own.proposer.propose(
			{ title: "t", rationale: "r", edits: [fix], test: ["pass.test.js"] },
			never,
		);
		const reason = process.platform === "linux" ? "not_made" : "not_installed";
		expect(checks.test).toMatchObject({ status: "not_run", reason });
		expect(checks.command).toMatchObject({ status: "not_run", reason });
		expect(await readdir(programs)).not.toContain("ran");
		await own.remove();
	} finally {
		process.env.PATH = path;
		await rm(programs, { recursive: true });
	}
});
