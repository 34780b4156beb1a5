import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeWhole } from "../../src/system/write-file.ts";
import { describeError } from "../../src/text/index.ts";
import { runCommand } from "./run.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "prod-debugger-report-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const demo = ["report", "--demo", "--demo-now", "2026-11-24T09:00:00Z"];

describe("prod-debugger-mcp report", () => {
	test("prints Markdown on stdout and progress on stderr", async () => {
		const { code, stdout, stderr } = await runCommand({ args: demo });
		expect({ code, stderr }).toEqual({ code: 0, stderr: "asking production\n" });
		expect(stdout).toMatch(
			/^## Production Debug Report\n\n\*\*Time Period:\*\* Last 24 hours \(2026-11-23T09:00/,
		);
		expect(stdout).toContain("| Error Code | Count | Category | Top Skill |");
		expect(stdout).not.toContain("untrusted");
	});

	test("writes the page, for the user alone, and says where", async () => {
		const file = join(folder, "report.html");
		const { code, stdout, stderr } = await runCommand({ args: [...demo, "--since", "7d", "--html", file] });
		expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
		expect(stderr).toMatch(/^asking production\nwrote .*report\.html \(\d+ KiB\)\n$/);
		expect(await readFile(file, "utf8")).toMatch(
			/^<!doctype html>[\s\S]*17 Nov 2026 09:00 to 24 Nov 2026 09:00/,
		);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});

	test.each([
		[
			{ args: ["report", "--since", "24h"] },
			/^prod-debugger-mcp: No API key is set.*\. Set SKILLOMATIC_API_KEY .*: prod-debugger-mcp report --demo$/,
		],
		[
			{
				args: ["report"],
				env: { SKILLOMATIC_API_KEY: "sk_live_1", SKILLOMATIC_API_URL: "http://127.0.0.1:9" },
			},
			/^prod-debugger-mcp: (?!.*\buser\b)/,
		],
		[
			{ args: ["report", "--html", "/"] },
			/^prod-debugger-mcp: "\/" was not written: it is a folder\. Name a file in it\./,
		],
	])("%j fails in words, with exit code 1 and no stack", async (launch, words) => {
		const { code, stdout, stderr } = await runCommand({ ...launch, cwd: folder });
		const [last = ""] = stderr.trimEnd().split("\n").slice(-1);
		expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
		expect(last).toMatch(words);
		expect(stderr).not.toMatch(/\n\s+at /);
	});
});

describe("a file that the user names", () => {
	test("is replaced whole; a link is replaced and not followed; nothing else is left behind", async () => {
		const inside = join(folder, "inside");
		await mkdir(inside);
		await writeFile(join(inside, "target"), "kept");
		await symlink(join(inside, "target"), join(inside, "page"));
		expect(await writeWhole(join(inside, "page"), "one")).toBe(join(inside, "page"));
		await writeWhole(join(inside, "page"), "two");
		expect(await readFile(join(inside, "page"), "utf8")).toBe("two");
		expect(await readFile(join(inside, "target"), "utf8")).toBe("kept");
		expect((await readdir(inside)).sort()).toEqual(["page", "target"]);
	});

	test.each([
		["", "is a folder"],
		["no/such/page.html", "its folder does not exist"],
		["there/", "is a folder"],
		["file/page.html", "its folder does not exist"],
	])("%j is refused in words", async (name, words) => {
		await writeFile(join(folder, "file"), "x");
		const error = await writeWhole(`${folder}/${name}`, "x").catch((thrown: unknown) => thrown);
		expect(describeError(error)).toContain(words);
	});
});
