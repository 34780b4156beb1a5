// Reads a file that holds secrets: only the user can read it, and no repository carries it away.

import { constants, open, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { createGit, findGitRoot, shellQuoted } from "../system/index.ts";
import { ConfigError, type SettingName, settings } from "./settings.ts";

const maxBytes = 64 * 1024;
const gitMs = 5000;

/**
 * @param path absolute
 * @throws {ConfigError} which repeats nothing of its content
 */
export async function readPrivateSettings(name: SettingName, path: string): Promise<string> {
	const shown = `${name} is ${JSON.stringify(path.slice(0, 200))}`;
	const refuse = (why: string): never => {
		throw new ConfigError(`${shown}, which ${why}`);
	};
	const takes = `it takes ${settings[name].takes}.`;
	const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() =>
		refuse(`cannot be read: ${takes}`),
	);
	let text: string;
	try {
		const found = await handle.stat();
		const { mode, size } = found;
		if (!found.isFile()) return refuse(`is not a file: ${takes}`);
		// Windows has no such bits: there, files below the user's own folder are the user's.
		if (process.platform !== "win32" && (mode & 0o077) !== 0)
			return refuse(
				`others on this machine can read or change (mode ${(mode & 0o777).toString(8)}), and it names keys: chmod 600 ${shellQuoted(path)}`,
			);
		if (size > maxBytes) return refuse(`is larger than ${maxBytes / 1024} KiB: ${takes}`);
		text = await handle.readFile("utf8");
	} finally {
		await handle.close();
	}
	const real = await realpath(path);
	switch (await trackedBy(real)) {
		case "no":
			return text;
		case "tracked":
			return refuse(
				`git tracks, so that everyone with the repository has it: git rm --cached ${shellQuoted(real)}, revoke the keys that it holds or held, and keep it outside the repository.`,
			);
		case "unknown":
			return refuse(
				"is in a git repository, and git could not say whether it tracks it: keep it outside the repository.",
			);
	}
}

async function trackedBy(path: string): Promise<"no" | "tracked" | "unknown"> {
	const root = await findGitRoot(dirname(path));
	if (root === undefined) return "no";
	try {
		const { exitCode } = await createGit(root).run(["ls-files", "--error-unmatch", "--", path], {
			signal: new AbortController().signal,
			timeoutMs: gitMs,
			accept: [1],
		});
		return exitCode === 0 ? "tracked" : "no";
	} catch {
		return "unknown";
	}
}
