// Keeps the newest files of a private folder: patches and records alike.

import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Age in milliseconds after which a draft counts as left behind by a crash. */
const staleDraftMs = 24 * 3600_000;

/**
 * Removes all but the newest groups of files, and drafts that a crash left behind. Half-written groups count too, so
 * that they are removed in time.
 *
 * @param groupOf which files belong together; undefined for those that stay
 * @param most how many groups stay
 */
export async function keepNewest(
	folder: string,
	groupOf: (name: string) => string | undefined,
	most: number,
): Promise<void> {
	const groups = new Map<string, string[]>();
	for (const name of await readdir(folder)) {
		if (name.startsWith(".")) await removeStale(join(folder, name));
		const group = groupOf(name);
		if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), name]);
	}
	if (groups.size <= most) return;
	const dated = await Promise.all(
		[...groups.values()].map(async (names) => ({ names, at: await newestOf(folder, names) })),
	);
	dated.sort((one, other) => other.at - one.at);
	for (const { names } of dated.slice(most)) {
		for (const name of names) await rm(join(folder, name), { force: true });
	}
}

async function newestOf(folder: string, names: readonly string[]): Promise<number> {
	const found = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => undefined)));
	return Math.max(...found.map((there) => there?.mtimeMs ?? 0));
}

async function removeStale(draft: string): Promise<void> {
	const there = await lstat(draft).catch(() => undefined);
	if (there?.isFile() === true && Date.now() - there.mtimeMs > staleDraftMs) await rm(draft, { force: true });
}

/** What a text holds as JSON; undefined where it is none. */
export function parseJson(text: string | undefined): unknown {
	try {
		return JSON.parse(text ?? "null");
	} catch {
		return undefined;
	}
}
