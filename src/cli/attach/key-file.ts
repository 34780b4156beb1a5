// The file that holds the key: where it is, and whether a key may be written there.

import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ConfigError, whatGitDoes } from "../../config/index.ts";
import { writeWhole } from "../../system/index.ts";

/** As hosts/README.md has it, on every platform. */
export function keyFileOf(env: Readonly<Record<string, string | undefined>>): string {
	const named = env.SKILLOMATIC_API_KEY_FILE;
	if (named !== undefined && named.trim() !== "" && !named.includes("${")) return resolve(named);
	return join(homedir(), ".config", "prod-debugger-mcp", "key");
}

export async function holdsKey(path: string): Promise<boolean> {
	const text = await readFile(path, "utf8").catch(() => "");
	return text.trim() !== "";
}

/**
 * For the user alone (0600).
 *
 * @throws {ConfigError} where git tracks the file, or would with the next `git add`
 */
export async function writeKey(path: string, key: string): Promise<void> {
	if (!/^[\x21-\x7e]+$/.test(key))
		throw new ConfigError("The key was not written: it takes a key on one line, without spaces.");
	await mkdir(dirname(path), { recursive: true, mode: 0o700 });
	if ((await whatGitDoes(path)) !== "nothing")
		throw new ConfigError(
			`The key was not written: ${path} is in a git repository that does not ignore it. Name a file outside with SKILLOMATIC_API_KEY_FILE.`,
		);
	await writeWhole(path, `${key}\n`);
}
