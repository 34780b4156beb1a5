// Determines the server's folders: the repository, and its own state.

import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, parse, resolve } from "node:path";
import { findRepositoryRoot, type RepositoryRoot, resolveRepositoryRoot } from "../system/index.ts";
import { wrong } from "./settings.ts";

export async function readRepository(
	named: string | undefined,
	cwd: string,
): Promise<RepositoryRoot | undefined> {
	if (named !== undefined) {
		const folder = resolve(cwd, named);
		const found = await stat(folder).catch(() => undefined);
		if (found?.isDirectory() !== true) throw wrong("PROD_DEBUGGER_REPO", named);
		return resolveRepositoryRoot(folder);
	}
	const root = await findRepositoryRoot(cwd);
	return (await isTooWide(root)) ? undefined : root;
}

/** `/`, a home folder, or a folder of home folders: searched only if the user names it explicitly. */
async function isTooWide(folder: string): Promise<boolean> {
	const home = await findHome();
	return folder === parse(folder).root || folder === home || folder === dirname(home);
}

async function findHome(): Promise<string> {
	return resolveRepositoryRoot(homedir()).catch(() => homedir());
}

export function readStateFolder(
	named: string | undefined,
	env: Readonly<Record<string, string | undefined>>,
): string {
	if (named !== undefined) {
		if (!isAbsolute(named)) throw wrong("PROD_DEBUGGER_STATE_DIR", named);
		return resolve(named);
	}
	const own = "prod-debugger-mcp";
	if (process.platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), own);
	if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", own);
	// The XDG base directory specification takes absolute paths only.
	const xdg = env.XDG_STATE_HOME;
	return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".local", "state"), own);
}
