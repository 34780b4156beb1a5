import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { readCommandLine, UsageError } from "../../src/cli/command-line.ts";
import { type SettingName, settings } from "../../src/config/index.ts";
import { command } from "./connect.ts";
import { runCommand } from "./run.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

describe("the command line", () => {
	test("--version is the package's version", async () => {
		expect(await runCommand({ args: ["--version"] })).toEqual({
			code: 0,
			stdout: `${version}\n`,
			stderr: "",
		});
	});

	test("--help names every command and setting", async () => {
		const { code, stdout, stderr } = await runCommand({ args: ["--help"] });
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		for (const name of Object.keys(settings) as SettingName[]) expect(stdout).toContain(`  ${name}\n`);
		for (const word of ["serve", "doctor", "report", "watch", "cases", "attach"])
			expect(stdout).toMatch(new RegExp(`^  ${word} `, "m"));
		expect(stdout).not.toContain("--skillomatic-api-key\n");
		for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
	});

	test("one that is not understood is one line on stderr, and exit code 2", async () => {
		expect(await runCommand({ args: ["docter"] })).toEqual({
			code: 2,
			stdout: "",
			stderr:
				'prod-debugger-mcp: "docter" is not a command (did you mean doctor?); commands: serve, doctor, report, watch, cases, attach. See --help.\n',
		});
	});

	test.each([
		[["--bogus"], "There is no flag --bogus. See prod-debugger-mcp --help."],
		[
			["report", "--sinse=1h"],
			"There is no flag --sinse: did you mean --since? See prod-debugger-mcp --help.",
		],
		[["doctor", "--since", "1h"], "--since belongs to report: prod-debugger-mcp report --since. See --help."],
		[["report", "--once"], "--once belongs to watch: prod-debugger-mcp watch --once. See --help."],
		[
			["report", "--json"],
			"--json belongs to doctor and watch: prod-debugger-mcp doctor --json. See --help.",
		],
		[["watch", "--every", "5s"], '--every is "5s": it takes 1m to 24h, such as 5m. See --help.'],
		[["watch", "--fail-on", "on"], "--fail-on belongs to --once. See --help."],
		[
			["watch", "--once", "--fail-on", "on,wors"],
			'--fail-on "wors" is nothing that is told (did you mean worse?): new, on, burst, recurring, growing, worse, over, came_back, limit. See --help.',
		],
		[
			["watch", "--limit", "many"],
			"--limit is \"many\": it takes '10/h', 'LLM_RATE_LIMITED 30/h' or 'skill email-draft 20%'. See --help.",
		],
		[["report", "--since"], "Option '--since <value>' argument missing. See prod-debugger-mcp --help."],
		[
			["docter"],
			'"docter" is not a command (did you mean doctor?); commands: serve, doctor, report, watch, cases, attach. See --help.',
		],
		[
			["doctor", "now"],
			'"doctor now" is not a command; commands: serve, doctor, report, watch, cases, attach. See --help.',
		],
		[
			["cases", "mutte", "1a2b3c4d"],
			'cases "mutte" is not a command (did you mean mute?); cases: list, show, mute, unmute, forget, export, import. See --help.',
		],
		[["cases", "mute"], "cases mute takes the ids of cases: prod-debugger-mcp cases mute ID. See --help."],
		[["cases", "show", "../x"], '"../x" is not a case\'s id: it has 8 hex digits. See --help.'],
		[["cases", "list", "1a2b3c4d"], "cases list takes no ids: prod-debugger-mcp cases show ID. See --help."],
		[["-x"], "Unknown option '-x'. See prod-debugger-mcp --help."],
		[["--\u001b[31m"], "There is no flag --\\u{1b}[31m. See prod-debugger-mcp --help."],
		[
			["--skillomatic-api-key=sk_live_1"],
			"--skillomatic-api-key is not a flag, since every process list would show the key: set SKILLOMATIC_API_KEY or SKILLOMATIC_API_KEY_FILE.",
		],
	])("%j is refused in words that help", (args, words) => {
		expect(() => readCommandLine(args)).toThrow(new UsageError(words));
	});

	test("a setting that cannot be used is one line, exit code 1, and no stack", async () => {
		expect(await runCommand({ args: ["report"], env: { PROD_DEBUGGER_LOG: "loud" } })).toEqual({
			code: 1,
			stdout: "",
			stderr: 'prod-debugger-mcp: PROD_DEBUGGER_LOG is "loud": it takes one of error, warn, info, debug.\n',
		});
	});

	test("a reader who stops is no fault", async () => {
		const line = `"${process.execPath}" "${command}" doctor 2>&1 >&3 3>&- | cat`;
		const { stdout } = await promisify(execFile)("/bin/sh", ["-c", `{ ${line}; } 3>&1 | head -n 1`], {
			env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" },
		});
		expect(stdout).toBe(`prod-debugger-mcp ${version}\n`);
	});
});
