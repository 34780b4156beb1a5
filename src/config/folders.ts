// Determines the server's folders: the repository, and its own state.

import { stat } from "node:fs/promises";
import { devNull, homedir } from "node:os";
import { dirname, isAbsolute, join, parse, resolve } from "node:path";
import { findGitRoot, type RepositoryRoot, resolveRepositoryRoot } from "../system/index.ts";
import { type Environment, readPath, workspaceFolders } from "./paths.ts";
import { wrong } from "./settings.ts";

/** A repository, and who named it. A host's roots take the place of all but the setting. */
export interface ChosenRepository {
	readonly root: RepositoryRoot;
	readonly by: "setting" | "host" | "environment" | "working_directory";
}

/** Why there is none, in words. */
export interface NoRepository {
	readonly why: string;
}

/** @throws {ConfigError} where the user named what is not a folder */
export async function readRepository(
	named: string | undefined,
	env: Environment,
	cwd: string,
): Promise<ChosenRepository | NoRepository> {
	if (named !== undefined) {
		const folder = readPath("PROD_DEBUGGER_REPO", named, env, cwd);
		const found = await stat(folder).catch(() => undefined);
		if (found?.isDirectory() !== true) throw wrong("PROD_DEBUGGER_REPO", named);
		return { root: await resolveRepositoryRoot(folder), by: "setting" };
	}
	const host = await firstUsable(workspaceFolders(env));
	if ("root" in host) return { root: host.root, by: "environment" };
	const own = await gitRootOf(cwd);
	return "root" in own
		? { root: own.root, by: "working_directory" }
		: { why: [host.why, own.why].filter((why) => why !== "").join("; ") };
}

type Found = { readonly root: RepositoryRoot } | NoRepository;

/** The first of a host's folders that can be searched: a git repository before other folders. */
export async function firstUsable(folders: readonly string[]): Promise<Found> {
	const found = await Promise.all(folders.map(usableRoot));
	const usable = found.filter((one) => "root" in one);
	const best = usable.find(({ isGit }) => isGit) ?? usable[0];
	if (best !== undefined) return best;
	return { why: found.flatMap((one) => ("why" in one ? [one.why] : [])).join("; ") };
}

async function usableRoot(
	folder: string,
): Promise<{ readonly root: RepositoryRoot; readonly isGit: boolean } | NoRepository> {
	const shown = JSON.stringify(folder.slice(0, 200));
	const found = isAbsolute(folder) ? await stat(folder).catch(() => undefined) : undefined;
	if (found?.isDirectory() !== true) return { why: `the host's folder ${shown} is not a folder here` };
	const real = await resolveRepositoryRoot(folder);
	const git = await findGitRoot(real);
	// A home folder may be a repository of its own, with this folder in it.
	if (git !== undefined && (await whyTooWide(git)) === undefined) return { root: git, isGit: true };
	const why = await whyTooWide(real);
	return why === undefined ? { root: real, isGit: false } : { why: `the host's folder ${shown} is ${why}` };
}

async function gitRootOf(cwd: string): Promise<Found> {
	const git = await findGitRoot(cwd);
	const why = await whyTooWide(git ?? (await resolveRepositoryRoot(cwd)));
	if (why !== undefined) return { why: `the working directory is ${why}` };
	return git === undefined ? { why: "the working directory is in no git repository" } : { root: git };
}

/** Folders of the system that hold no code of the user's at any depth. */
const systemFolders =
	/^\/(?:etc|bin|sbin|lib\d*|boot|dev|proc|sys|run|System|Library|Applications|private\/etc|usr\/(?:local\/)?(?:bin|sbin|lib\w*|share|include))(?:\/|$)|^[A-Za-z]:\\(?:Windows|Program Files(?: \(x86\))?|ProgramData)(?:\\|$)/;
/** Folders of the system that may hold code below. */
const systemPlaces =
	/^(?:\/(?:usr|usr\/local|usr\/src|var|var\/(?:lib|log|cache|spool|tmp|run|mail|opt|local)|opt|srv|mnt|media|tmp|home|root|Users|Volumes|private|private\/(?:tmp|var)|snap|nix|lost\+found)|[A-Za-z]:\\(?:Users|Temp)?)\/?$/;

/** `/`, a home folder, a folder of home folders, a system folder: searched only if the user names it explicitly. */
async function whyTooWide(folder: string): Promise<string | undefined> {
	const home = await findHome();
	if (folder === parse(folder).root) return `${folder}, all of this machine`;
	if (folder === home || folder === dirname(home)) return "a home folder";
	return systemFolders.test(folder) || systemPlaces.test(folder) ? "a system folder" : undefined;
}

async function findHome(): Promise<string> {
	return resolveRepositoryRoot(homedir()).catch(() => homedir());
}

export function readStateFolder(named: string | undefined, env: Environment): string {
	if (named !== undefined) {
		const folder = readPath("PROD_DEBUGGER_STATE_DIR", named, env, "\0");
		if (!isAbsolute(folder) || folder.includes("\0")) throw wrong("PROD_DEBUGGER_STATE_DIR", named);
		return resolve(folder);
	}
	return defaultStateFolder(env);
}

export function defaultStateFolder(env: Environment): string {
	const own = "prod-debugger-mcp";
	const home = homedir();
	// Without a home nothing lasts: no folder can be made there, so patches are kept for the life of the process.
	if (!isAbsolute(home)) return join(devNull, own);
	if (process.platform === "win32") return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), own);
	if (process.platform === "darwin") return join(home, "Library", "Application Support", own);
	// The XDG base directory specification takes absolute paths only.
	const xdg = env.XDG_STATE_HOME;
	return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, ".local", "state"), own);
}
