import { execFile } from "node:child_process";
import { command, type Launch } from "./connect.ts";

export interface Finished {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the built command to its end, with nothing of the tests' own environment but what a process needs. */
export function runCommand({
	args = [],
	env = {},
	cwd,
	program = command,
	input = "",
}: Launch & { readonly input?: string }): Promise<Finished> {
	return new Promise((resolve) => {
		const child = execFile(
			process.execPath,
			[program, ...args],
			{
				env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
				...(cwd === undefined ? {} : { cwd }),
			},
			(_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
		);
		child.stdin?.end(input);
	});
}
