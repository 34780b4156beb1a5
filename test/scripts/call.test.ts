import { execFile } from "node:child_process";
import { describe, expect, test } from "vitest";

interface Finished {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

function call(...args: readonly string[]): Promise<Finished> {
	return new Promise((resolve) => {
		const child = execFile(
			process.execPath,
			["--import", "tsx", "scripts/call.ts", ...args],
			{ env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" } },
			(_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
		);
	});
}

describe("npm run call", () => {
	test.concurrent("prints the text and the structured form that an agent gets", async () => {
		const { code, stdout, stderr } = await call("error_stats", '{"since":"24h","limit":3}');
		expect(stderr).toBe("");
		expect(code).toBe(0);
		expect(stdout).toContain("groups (3 of ");
		const structured: unknown = JSON.parse(stdout.slice(stdout.indexOf("structured: ") + 12));
		expect(structured).toMatchObject({ groups: { shown: 3 } });
	});

	test.concurrent("calls a tool by its own example where no arguments are given", async () => {
		const { code, stdout } = await call("search_codebase");
		expect(code).toBe(0);
		expect(stdout).toContain("raises");
	});

	test.concurrent("ends with 1 where the tool answers with an error", async () => {
		const { code, stdout } = await call("error_stats", '{"since":"2x"}');
		expect(code).toBe(1);
		expect(stdout).toContain("since: it is neither a duration nor an instant.");
	});

	test.concurrent("says how it is used", async () => {
		for (const args of [["error_stat"], ["error_stats", "{"]]) {
			const { code, stderr } = await call(...args);
			expect(code).toBe(2);
			expect(stderr).toContain("TOOL is one of error_stats,");
		}
	});
});
