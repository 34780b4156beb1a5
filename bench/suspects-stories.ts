// Histories to plant incidents in: a repository's own, and those made from a package's releases.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "./world-random.ts";

export interface StoryCommit {
	readonly subject: string;
	/** The files' new texts; null where a file was deleted. */
	readonly changes: ReadonlyMap<string, string | null>;
}

export interface Story {
	readonly name: string;
	readonly base: ReadonlyMap<string, string>;
	/** Oldest first. */
	readonly commits: readonly StoryCommit[];
}

const codeFile = /\.(?:[cm]?[jt]sx?|py|go)$/;
const kept = /\.(?:[cm]?[jt]sx?|py|go|json|ya?ml|toml|md|sh|css|html)$/;
const maxBytes = 200_000;

/** The newest commits of a repository's first-parent line, as they were. */
export function repositoryStory(name: string, root: string, count: number): Story {
	const git = (args: readonly string[], input?: string) =>
		execFileSync("git", ["-C", root, "-c", "core.quotePath=false", ...args], {
			maxBuffer: 1024 * 1024 * 1024,
			...(input === undefined ? {} : { input }),
		});
	const log = git([
		"log",
		"--first-parent",
		"-m",
		"--reverse",
		"--raw",
		"--no-renames",
		"--abbrev=40",
		"--format=%x1e%H%x1f%s",
		`--max-count=${count}`,
	]).toString("utf8");
	const entries = log.split("\x1e").slice(1);
	const first = entries[0]?.slice(0, 40) ?? "HEAD";
	const tree = git(["ls-tree", "-r", "--full-tree", first]).toString("utf8");
	const base = new Map<string, string>();
	for (const row of tree.split("\n")) {
		const [, id, path] = /^100\d+ blob ([0-9a-f]+)\t(.+)$/.exec(row) ?? [];
		if (id !== undefined && path !== undefined && kept.test(path)) base.set(path, id);
	}
	const commits = entries.slice(1).map((entry) => {
		const [head = "", ...rows] = entry.split("\n");
		const changes = new Map<string, string | null>();
		for (const row of rows) {
			const [, id, status, path] = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) (\w)\t(.+)$/.exec(row) ?? [];
			if (path === undefined || id === undefined || !kept.test(path)) continue;
			changes.set(path, status === "D" ? null : id);
		}
		return { subject: head.split("\x1f")[1] ?? "", changes };
	});
	const texts = blobs(git, [
		...new Set([...base.values(), ...commits.flatMap(({ changes }) => [...changes.values()])]),
	]);
	const textOf = (id: string) => texts.get(id) ?? "";
	return {
		name,
		base: new Map([...base].map(([path, id]) => [path, textOf(id)])),
		commits: commits
			.filter(({ changes }) => changes.size > 0)
			.map(({ subject, changes }) => ({
				subject,
				changes: new Map([...changes].map(([path, id]) => [path, id === null ? null : textOf(id)])),
			})),
	};
}

function blobs(
	git: (args: readonly string[], input?: string) => Buffer,
	ids: readonly (string | null)[],
): ReadonlyMap<string, string> {
	const wanted = ids.filter((id): id is string => id !== null);
	const bytes = git(["cat-file", "--batch"], `${wanted.join("\n")}\n`);
	const texts = new Map<string, string>();
	let at = 0;
	while (at < bytes.length) {
		const end = bytes.indexOf(10, at);
		const [id = "", , size = "0"] = bytes.subarray(at, end).toString("utf8").split(" ");
		const text = bytes.subarray(end + 1, end + 1 + Number(size));
		texts.set(id, Number(size) > maxBytes || text.includes(0) ? "" : text.toString("utf8"));
		at = end + 2 + Number(size);
	}
	return texts;
}

/** The releases of a package, each one's changes cut into commits of a file or two. */
export function packageStory(
	name: string,
	folders: readonly string[],
	keep: (path: string) => boolean,
	random: Random,
): Story {
	const releases = folders.map((folder) => readRelease(folder, keep));
	const base = releases[0] ?? new Map<string, string>();
	const commits: StoryCommit[] = [];
	for (const [index, release] of releases.entries()) {
		const before = releases[index - 1];
		if (before === undefined) continue;
		const changed = [...new Set([...before.keys(), ...release.keys()])].filter(
			(path) => before.get(path) !== release.get(path),
		);
		shuffle(changed, random);
		while (changed.length > 0) {
			const files = changed.splice(0, random() < 0.7 ? 1 : 2);
			const changes = new Map(files.map((path) => [path, release.get(path) ?? null]));
			commits.push({ subject: subjectFor(files[0] ?? "", random), changes });
		}
	}
	return { name, base, commits };
}

function readRelease(folder: string, keep: (path: string) => boolean): Map<string, string> {
	const found = new Map<string, string>();
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
		if (path.includes("node_modules/") || !(keep(path) || path === "package.json")) continue;
		const text = readFileSync(join(folder, path), "utf8");
		if (text.length <= maxBytes) found.set(path, text);
	}
	return found;
}

const verbs = [
	"Update",
	"Rework",
	"Tidy",
	"Adjust",
	"Improve",
	"Refine",
	"Change",
	"Simplify",
	"Extend",
	"Fix",
];
const ends = ["", " handling", " defaults", " paths", " checks", " helpers", " internals", " for clarity"];

/** A subject as people write them: about the file, and no hint. */
export function subjectFor(path: string, random: Random): string {
	const name = path.replace(/^.*\//, "").replace(/\.\w+$/, "");
	return `${pick(verbs, random)} ${name}${pick(ends, random)}`;
}

export function isCode(path: string): boolean {
	return (
		codeFile.test(path) &&
		!/(?:^|\/)(?:tests?|__tests__|fixtures|docs?|dist)\/|\.(?:test|spec)\.|\.d\.ts$/.test(path)
	);
}

export function pick<T>(items: readonly T[], random: Random): T {
	const item = items[Math.floor(random() * items.length)];
	if (item === undefined) throw new Error("nothing to pick from");
	return item;
}

export function shuffle<T>(items: T[], random: Random): void {
	for (let index = items.length - 1; index > 0; index -= 1) {
		const other = Math.floor(random() * (index + 1));
		const [one, two] = [items[index], items[other]];
		if (one === undefined || two === undefined) continue;
		items[index] = two;
		items[other] = one;
	}
}
