// Reads which repositories are searched: those that the setting names, else a host's folders, else the working directory's.

import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { isInside, type RepositoryRoot, resolveRepositoryRoot } from "../system/index.ts";
import { type FoundRoot, gitRootOf, type NoRepository, usableFolders } from "./folders.ts";
import { type Environment, readPath, workspaceFolders } from "./paths.ts";
import { ConfigError, wrong } from "./settings.ts";

/** A repository, and what a call names it by where there are several. */
export interface NamedRepository {
	readonly name: string;
	readonly root: RepositoryRoot;
	/** The folder below the root that the host names: searched first. With `/` between its parts. */
	readonly scope?: string;
}

/** The repositories, and who named them. A host's roots take the place of all but the setting's. */
export interface ChosenRepositories {
	/** At least one. */
	readonly all: readonly NamedRepository[];
	readonly by: "setting" | "host" | "environment" | "working_directory";
}

/** Each is searched by processes of its own. */
export const mostRepositories = 12;

/** One letter would be a drive of Windows. */
const name = "[A-Za-z][\\w.-]{1,39}";
const named = new RegExp(`^\\s*(${name})\\s*=\\s*(?=\\S)`);
/** A comma before a name, or before what can only begin a path: a folder's name may hold commas. */
const separator = new RegExp(`,\\s*(?=${name}\\s*=|[/\\\\~$"'.]|[A-Za-z]:[\\\\/]|file:)`);

/** @throws {ConfigError} where the user named what is not a folder */
export async function readRepositories(
	setting: string | undefined,
	env: Environment,
	cwd: string,
): Promise<ChosenRepositories | NoRepository> {
	if (setting !== undefined) return { all: await readSetting(setting, env, cwd), by: "setting" };
	const host = await hostRepositories(workspaceFolders(env));
	if ("all" in host) return { all: host.all, by: "environment" };
	const own = await gitRootOf(cwd);
	return "root" in own
		? { all: [{ name: nameOf(own.root), root: own.root }], by: "working_directory" }
		: { why: [host.why, own.why].filter((why) => why !== "").join("; ") };
}

/** The git repositories among a host's folders; without one, the first folder that can be searched. */
export async function hostRepositories(
	folders: readonly string[],
): Promise<{ readonly all: readonly NamedRepository[] } | NoRepository> {
	const { found, why } = await usableFolders(folders);
	const [first] = found;
	if (first === undefined) return { why };
	const git = found.filter(({ isGit }) => isGit);
	const roots = git.length === 0 ? [first] : outermost(git);
	const names = new Set<string>();
	const all = roots.slice(0, mostRepositories).map(({ root, scope }): NamedRepository => {
		const own = unused(nameOf(root), names);
		names.add(alike(own));
		return { name: own, root, ...(scope === undefined ? {} : { scope }) };
	});
	return { all };
}

/** Each repository once, and none that lies in another. Two folders of one repository narrow nothing. */
function outermost(found: readonly FoundRoot[]): readonly FoundRoot[] {
	const once = new Map<string, FoundRoot>();
	for (const one of found) {
		const known = once.get(one.root);
		once.set(
			one.root,
			known === undefined || known.scope === one.scope ? one : { root: one.root, isGit: true },
		);
	}
	const all = [...once.values()];
	return all.filter(({ root }) => !all.some((other) => other.root !== root && isInside(other.root, root)));
}

/** The setting's parts, each with its name where it has one. Paths as they are written, of any platform. */
export function splitRepositories(
	setting: string,
): readonly { readonly name: string | undefined; readonly path: string }[] {
	return setting.split(separator).map((part) => {
		const [lead = "", name] = named.exec(part) ?? [];
		return { name, path: part.slice(lead.length).trim() };
	});
}

async function readSetting(
	setting: string,
	env: Environment,
	cwd: string,
): Promise<readonly NamedRepository[]> {
	const parts = splitRepositories(setting);
	if (parts.length === 1 && parts[0]?.name === undefined)
		return [await readOne(setting, undefined, env, cwd)];
	const whole = await readOne(setting, undefined, env, cwd).catch(() => undefined);
	if (whole !== undefined) return [whole];
	if (parts.length > mostRepositories)
		throw new ConfigError(
			`PROD_DEBUGGER_REPO names ${parts.length} repositories: at most ${mostRepositories} are taken.`,
		);
	const all: NamedRepository[] = [];
	for (const { name, path } of parts) all.push(await readOne(path, name, env, cwd));
	refuseOverlap(all);
	return all;
}

async function readOne(
	path: string,
	given: string | undefined,
	env: Environment,
	cwd: string,
): Promise<NamedRepository> {
	const folder = readPath("PROD_DEBUGGER_REPO", path, env, cwd);
	const found = await stat(folder).catch(() => undefined);
	if (found?.isDirectory() !== true) throw wrong("PROD_DEBUGGER_REPO", path);
	const root = await resolveRepositoryRoot(folder);
	return { name: given ?? nameOf(root), root };
}

/** @throws {ConfigError} for two of one name, and for one that lies in another: then it would reach the other's files */
function refuseOverlap(all: readonly NamedRepository[]): void {
	for (const [index, one] of all.entries()) {
		for (const other of all.slice(index + 1)) {
			if (alike(one.name) === alike(other.name))
				throw new ConfigError(
					`PROD_DEBUGGER_REPO has two repositories named ${one.name}: name them apart, such as web=/path,worker=/path.`,
				);
			const [outer, inner] = isInside(one.root, other.root) ? [one, other] : [other, one];
			if (isInside(outer.root, inner.root))
				throw new ConfigError(
					`PROD_DEBUGGER_REPO has ${inner.name} inside ${outer.name}: name ${outer.name} alone (path narrows a search), or folders beside each other.`,
				);
		}
	}
}

/** By the folder's name, in the letters that a name takes. */
function nameOf(root: string): string {
	const plain = basename(root)
		.replace(/[^\w.-]+/g, "-")
		.replace(/^[^A-Za-z]+|-+$/g, "")
		.slice(0, 36);
	return plain.length < 2 ? "repo" : plain;
}

/** Names are told apart as arguments are: without letter case and separators. */
function alike(name: string): string {
	return name.toLowerCase().replace(/[_-]/g, "");
}

function unused(name: string, names: ReadonlySet<string>): string {
	for (let number = 1; ; number++) {
		const tried = number === 1 ? name : `${name}-${number}`;
		if (!names.has(alike(tried))) return tried;
	}
}
