// Reads a path as people and hosts write it: with ~, variables, quotation marks, or as a file URL.

import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError, type SettingName, settings, wrong } from "./settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param cwd where a relative path begins
 * @returns an absolute path
 * @throws {ConfigError} for a variable that nobody filled in, and for a URL that is not a local file's
 */
export function readPath(name: SettingName, value: string, env: Environment, cwd: string): string {
	const given = value
		.trim()
		.replace(/^(["'])(.*)\1$/s, "$2")
		.trim();
	if (given.includes("\0")) throw wrong(name, value);
	if (/^file:/i.test(given)) return pathOfUrl(given) ?? refuse(name, value);
	if (/^[a-z][a-z0-9+.-]+:\/\//i.test(given)) throw wrong(name, value);
	const home = /^(?:~|\$HOME|\$\{HOME\}|\$\{env:HOME\}|\$\{userHome\})(?=$|[\\/])/.exec(given)?.[0];
	if (home !== undefined) return join(homedir(), given.slice(home.length));
	const workspace = /^\$\{workspace(?:Folder|Root)[^}]*\}(?=$|[\\/])/.exec(given)?.[0];
	const folder = workspace === undefined ? undefined : workspaceFolders(env)[0];
	if (workspace !== undefined && folder !== undefined) return join(folder, given.slice(workspace.length));
	const unfilled = /\$\{[^}]*\}|^\$\w+|%\w+%/.exec(given)?.[0];
	if (unfilled !== undefined) {
		throw new ConfigError(
			`${name} is ${JSON.stringify(given.slice(0, 120))}, and the host did not fill in ${unfilled}: write ${settings[name].takes} without variables (~ is taken).`,
		);
	}
	return resolve(cwd, given);
}

function refuse(name: SettingName, value: string): never {
	throw wrong(name, value);
}

/** @returns undefined for a URL that names no file of this machine */
export function pathOfUrl(url: string): string | undefined {
	try {
		return fileURLToPath(url);
	} catch {
		return undefined;
	}
}

/** The folders that hosts name in the environment: Claude Code one, Cursor those of its workspace. */
export function workspaceFolders(env: Environment, between = delimiter): readonly string[] {
	const several = (env.WORKSPACE_FOLDER_PATHS ?? "").trim();
	return [env.CLAUDE_PROJECT_DIR ?? "", ...foldersIn(several, between)]
		.map((folder) => folder.trim())
		.map((folder) => (/^file:/i.test(folder) ? (pathOfUrl(folder) ?? "") : folder))
		.filter((folder) => folder !== "" && !folder.includes("${"));
}

/** A list as JSON, with commas, or as PATH has it. */
function foldersIn(text: string, between: string): readonly string[] {
	if (text.startsWith("[")) {
		try {
			const list: unknown = JSON.parse(text);
			return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
		} catch {
			return [];
		}
	}
	const parts = text.split(",");
	return parts.length > 1 || /^file:/i.test(text) ? parts : text.split(between);
}
