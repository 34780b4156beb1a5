// Adds an entry to Claude Code by its own command, which knows the form of its file.

import { ConfigError } from "../../config/index.ts";
import { type ProgramPath, runProcess } from "../../system/index.ts";
import { visibleLine } from "../../text/index.ts";
import { claudeArguments, type ServerEntry } from "./entry.ts";
import { hasEntry, keepBackup } from "./host-file.ts";
import type { Host } from "./hosts.ts";

const timeoutMs = 60_000;
const maxOutputBytes = 100_000;

/** What `claude` needs to find its configuration. The key is not among it. */
const passed = ["HOME", "PATH", "CLAUDE_CONFIG_DIR", "XDG_CONFIG_HOME", "USERPROFILE", "APPDATA"] as const;

/** Replaces an older entry of that name. @throws {ConfigError} with what `claude` said */
export async function addToClaude(
	host: Host,
	program: ProgramPath,
	name: string,
	entry: ServerEntry,
): Promise<void> {
	const backup = await keepBackup(host.file);
	if (await hasEntry(host, name)) await run(program, ["mcp", "remove", "--scope", "user", name]);
	const words = await run(program, claudeArguments(name, entry));
	process.stdout.write(`${words}${backup === undefined ? "" : `\nAs it was: ${visibleLine(backup)}`}\n`);
}

async function run(program: ProgramPath, args: readonly string[]): Promise<string> {
	const env: Record<string, string> = {};
	for (const name of passed) {
		const value = process.env[name];
		if (value !== undefined) env[name] = value;
	}
	const signal = new AbortController().signal;
	const { end, exitCode, stdout, stderr } = await runProcess({
		program,
		args,
		cwd: process.cwd(),
		env,
		signal,
		timeoutMs,
		maxOutputBytes,
	});
	const said = stdout.toString("utf8").trim().split("\n").map(visibleLine).join("\n");
	if (end === "exited" && exitCode === 0) return said;
	const why = visibleLine(`${stderr.trim()} ${said}`.trim().slice(0, 500));
	throw new ConfigError(
		`claude ${args.slice(0, 2).join(" ")} failed (${end === "exited" ? `exit code ${exitCode}` : end}): ${why}`,
	);
}
