// The file that holds the key: where it is, and whether a key may be written there.

import { mkdir, readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ConfigError } from "../../config/index.ts";
import { createGit, findGitRoot, writeWhole } from "../../system/index.ts";

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
	if (await isTrackable(path))
		throw new ConfigError(
			`The key was not written: ${path} is in a git repository that does not ignore it. Name a file outside with SKILLOMATIC_API_KEY_FILE.`,
		);
	await writeWhole(path, `${key}\n`);
}

async function isTrackable(path: string): Promise<boolean> {
	const root = await findGitRoot(dirname(path));
	if (root === undefined) return false;
	const name = relative(root, join(await realpath(dirname(path)), basename(path)));
	const signal = AbortSignal.timeout(10_000);
	const git = createGit(root);
	const exitOf = async (args: readonly string[]) =>
		(await git.run([...args, "--", name], { signal, accept: [1] })).exitCode;
	try {
		const isTracked = (await exitOf(["ls-files", "--error-unmatch"])) === 0;
		return isTracked || (await exitOf(["check-ignore", "--quiet"])) !== 0;
	} catch {
		// A repository that git cannot read may track it.
		return true;
	}
}
