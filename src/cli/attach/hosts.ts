// The hosts that the command can attach itself to: where each keeps its servers, and what shows that it is installed.

import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, posix, win32 } from "node:path";
import { findProgram, type ProgramPath } from "../../system/index.ts";
import type { HostName } from "./host-names.ts";

export interface Host {
	readonly name: HostName;
	readonly title: string;
	/** The user's own configuration, in no project. */
	readonly file: string;
	/** The object in that file that holds the servers. */
	readonly servers: "mcpServers" | "servers";
	/** The host's own command; undefined where it has none. */
	readonly program?: string;
	/** How an entry names the repository; undefined: the host starts servers in it. */
	readonly repository?: "${workspaceFolder}" | "absolute";
}

/** Where this user's applications keep their settings. */
export function applications(
	env: NodeJS.ProcessEnv = process.env,
	platform: NodeJS.Platform = process.platform,
	home = homedir(),
): string {
	switch (platform) {
		case "darwin":
			return posix.join(home, "Library", "Application Support");
		case "win32":
			return env.APPDATA || win32.join(home, "AppData", "Roaming");
		default:
			return env.XDG_CONFIG_HOME || posix.join(home, ".config");
	}
}

/**
 * @see https://code.claude.com/docs/en/mcp
 * @see https://modelcontextprotocol.io/docs/develop/connect-local-servers
 * @see https://code.visualstudio.com/docs/copilot/reference/mcp-configuration
 * @see https://cursor.com/docs/context/mcp
 */
export function hostOf(name: HostName): Host {
	switch (name) {
		case "claude":
			return {
				name,
				title: "Claude Code",
				file: join(process.env.CLAUDE_CONFIG_DIR || homedir(), ".claude.json"),
				servers: "mcpServers",
				program: "claude",
			};
		case "claude-desktop":
			return {
				name,
				title: "Claude Desktop",
				file: join(applications(), "Claude", "claude_desktop_config.json"),
				servers: "mcpServers",
				repository: "absolute",
			};
		case "vscode":
			return {
				name,
				title: "VS Code",
				file: join(applications(), "Code", "User", "mcp.json"),
				servers: "servers",
				program: "code",
				repository: "${workspaceFolder}",
			};
		case "cursor":
			return {
				name,
				title: "Cursor",
				file: join(homedir(), ".cursor", "mcp.json"),
				servers: "mcpServers",
				program: "cursor",
				repository: "${workspaceFolder}",
			};
	}
}

/** @param repository a program inside it is not the host's */
export async function programOf(host: Host, repository: string): Promise<ProgramPath | undefined> {
	if (host.program === undefined) return undefined;
	return findProgram(host.program, repository).catch(() => undefined);
}

/** Whether the host is on this machine: its command, or the folder of its settings. */
export async function isInstalled(host: Host, repository: string): Promise<boolean> {
	if ((await programOf(host, repository)) !== undefined) return true;
	// Claude Code's file is in the home folder, which is always there.
	if (host.name === "claude") return false;
	const folder = await stat(dirname(host.file)).catch(() => undefined);
	return folder?.isDirectory() === true;
}
