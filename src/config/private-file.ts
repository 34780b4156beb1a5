// Reads a file that holds secrets: only the user can read it, and no repository carries it away.

import { constants, open, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { createGit, findGitRoot, shellQuoted } from "../system/index.ts";
import { ConfigError, type SettingName, settings } from "./settings.ts";

const maxBytes = 64 * 1024;
const gitMs = 10_000;

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
		if (isOpenToOthers(mode))
			return refuse(
				`others on this machine can read or change (mode ${(mode & 0o777).toString(8)}), and it names keys: chmod 600 ${shellQuoted(path)}`,
			);
		if (size > maxBytes) return refuse(`is larger than ${maxBytes / 1024} KiB: ${takes}`);
		text = await handle.readFile("utf8");
	} finally {
		await handle.close();
	}
	const real = await realpath(path);
	switch (await whatGitDoes(real)) {
		case "nothing":
			return text;
		case "tracks":
			return refuse(
				`git tracks, so that everyone with the repository has it: git rm --cached ${shellQuoted(real)}, revoke the keys that it holds or held, and keep it outside the repository.`,
			);
		case "may_track":
			return refuse(
				"is in a git repository that does not ignore it, so that a commit may take its keys along: keep it outside the repository, or have git ignore it.",
			);
		case "unknown":
			return refuse(
				"is in a git repository, and git could not say whether it tracks it: keep it outside the repository.",
			);
	}
}

/** Windows has no such bits: there, files below the user's own folder are the user's. */
export function isOpenToOthers(mode: number, platform = process.platform): boolean {
	return platform !== "win32" && (mode & 0o077) !== 0;
}

/**
 * What git does with a file: nothing outside of repositories and where it is ignored; `may_track`: the next
 * `git add` would take it.
 *
 * @param path absolute; the file need not be there, its folder must
 */
export async function whatGitDoes(path: string): Promise<"nothing" | "tracks" | "may_track" | "unknown"> {
	const root = await findGitRoot(dirname(path));
	if (root === undefined) return "nothing";
	const name = relative(root, join(await realpath(dirname(path)), basename(path)));
	const signal = AbortSignal.timeout(gitMs);
	const git = createGit(root);
	const exitOf = async (args: readonly string[]) =>
		(await git.run([...args, "--", name], { signal, accept: [1] })).exitCode;
	try {
		if ((await exitOf(["ls-files", "--error-unmatch"])) === 0) return "tracks";
		return (await exitOf(["check-ignore", "--quiet"])) === 0 ? "nothing" : "may_track";
	} catch {
		return "unknown";
	}
}
