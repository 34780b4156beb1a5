// Which folders may be searched as a repository, and where the server keeps its own state.

import { stat } from "node:fs/promises";
import { devNull, homedir } from "node:os";
import { dirname, isAbsolute, parse, posix, relative, resolve, sep, win32 } from "node:path";
import { findGitRoot, type RepositoryRoot, resolveRepositoryRoot } from "../system/index.ts";
import { type Environment, readPath } from "./paths.ts";
import { wrong } from "./settings.ts";

/** Why there is none, in words. */
export interface NoRepository {
	readonly why: string;
}

/** A folder that can be searched: the root of its repository, and the folder itself where it lies below. */
export interface FoundRoot {
	readonly root: RepositoryRoot;
	readonly isGit: boolean;
	/** With `/` between its parts. */
	readonly scope?: string;
}

/** A host's folders that can be searched, in its order, and why others cannot. */
export async function usableFolders(
	folders: readonly string[],
): Promise<{ readonly found: readonly FoundRoot[]; readonly why: string }> {
	const all = await Promise.all(folders.map(usableRoot));
	return {
		found: all.flatMap((one) => ("root" in one ? [one] : [])),
		why: all.flatMap((one) => ("why" in one ? [one.why] : [])).join("; "),
	};
}

async function usableRoot(folder: string): Promise<FoundRoot | NoRepository> {
	const shown = JSON.stringify(folder.slice(0, 200));
	const found = isAbsolute(folder) ? await stat(folder).catch(() => undefined) : undefined;
	if (found?.isDirectory() !== true) return { why: `the host's folder ${shown} is not a folder here` };
	const real = await resolveRepositoryRoot(folder);
	const git = await findGitRoot(real);
	// A home folder may be a repository of its own, with this folder in it.
	if (git !== undefined && (await whyTooWide(git)) === undefined) {
		const scope = relative(git, real).replaceAll(sep, "/");
		return { root: git, isGit: true, ...(scope === "" ? {} : { scope }) };
	}
	const why = await whyTooWide(real);
	return why === undefined ? { root: real, isGit: false } : { why: `the host's folder ${shown} is ${why}` };
}

/** The git repository around the working directory. */
export async function gitRootOf(cwd: string): Promise<{ readonly root: RepositoryRoot } | NoRepository> {
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
	return isSystemFolder(folder) ? "a system folder" : undefined;
}

/** By its name, of any platform. @param folder absolute */
export function isSystemFolder(folder: string): boolean {
	return systemFolders.test(folder) || systemPlaces.test(folder);
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

/** @param platform @param home of this machine, but in tests */
export function defaultStateFolder(
	env: Environment,
	platform: NodeJS.Platform = process.platform,
	home = homedir(),
): string {
	const own = "prod-debugger-mcp";
	const { isAbsolute, join } = platform === "win32" ? win32 : posix;
	// Without a home nothing lasts: no folder can be made there, so patches are kept for the life of the process.
	if (!isAbsolute(home)) return join(devNull, own);
	if (platform === "win32") {
		const local = env.LOCALAPPDATA;
		return join(local !== undefined && isAbsolute(local) ? local : join(home, "AppData", "Local"), own);
	}
	if (platform === "darwin") return join(home, "Library", "Application Support", own);
	// The XDG base directory specification takes absolute paths only.
	const xdg = env.XDG_STATE_HOME;
	return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, ".local", "state"), own);
}
