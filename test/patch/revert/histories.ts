// Histories to undo commits of: drawn at random, with edits, new and deleted files, renames and line endings.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commitAll } from "../../git.ts";
import { randomNumbers } from "../../random-numbers.ts";
import { userEnvironment, userGit } from "../repository.ts";

const words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".split(" ");

/** Commits on top of what is in the folder, which is a repository. */
export function writeHistory(folder: string, commits: number, seed: number): void {
	const random = randomNumbers(seed);
	const below = (count: number) => Math.floor(random() * count);
	const pick = <T>(list: readonly T[]) => list[below(list.length)];
	const line = () => `${pick(words)} ${pick(words)} ${below(1000)}`;
	const filesOf = () =>
		readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && !entry.parentPath.includes(".git"))
			.map((entry) => join(entry.parentPath, entry.name))
			.sort();
	const create = () => {
		const path = join(folder, pick(["src", "lib", "docs"]) ?? "src", `${pick(words)}${below(1000)}.txt`);
		mkdirSync(dirname(path), { recursive: true });
		const ending = below(4) === 0 ? "\r\n" : "\n";
		writeFileSync(path, Array.from({ length: 20 + below(40) }, () => line() + ending).join(""));
	};
	const change = (path: string) => {
		const lines = readFileSync(path, "utf8").split(/(?<=\n)/);
		const at = below(lines.length);
		const ending = lines[0]?.endsWith("\r\n") === true ? "\r\n" : "\n";
		const fresh = Array.from({ length: below(3) }, () => line() + ending);
		lines.splice(at, 1 + below(2), ...fresh);
		const text = lines.join("");
		writeFileSync(path, below(8) === 0 ? text.replace(/\r?\n$/, "") : text);
	};
	for (let index = 0; index < 4; index += 1) create();
	for (let commit = 0; commit < commits; commit += 1) {
		const files = filesOf();
		const kind = below(12);
		const path = pick(files);
		if (path === undefined || files.length < 4 || kind === 0) create();
		else if (kind === 1) rmSync(path);
		else if (kind === 2) renameSync(path, path.replace(/\d*\.txt$/, `${below(1000)}.txt`));
		else for (let more = 0; more < 1 + below(3); more += 1) change(pick(files) ?? path);
		commitAll(folder, `change ${commit}`, userEnvironment(folder), "--allow-empty");
	}
}

/** What `git revert` leaves in a clone: the diff, or the paths in conflict. */
export function gitRevert(clone: string, commit: string): { diff: string; conflicts: readonly string[] } {
	const parents = userGit(clone, ["rev-list", "--parents", "-n", "1", commit]).trim().split(" ").length - 1;
	const mainline = parents > 1 ? ["-m", "1"] : [];
	try {
		userGit(clone, ["revert", "--no-commit", ...mainline, commit]);
		return { diff: treeDiff(clone), conflicts: [] };
	} catch {
		const conflicts = userGit(clone, ["diff", "--name-only", "--diff-filter=U", "-z"])
			.split("\0")
			.filter(Boolean);
		return { diff: "", conflicts };
	} finally {
		userGit(clone, ["reset", "-q", "--hard"]);
		userGit(clone, ["clean", "-qfd"]);
	}
}

function treeDiff(clone: string): string {
	return userGit(clone, ["write-tree"]).trim();
}

/** The tree that a patch makes of HEAD. */
export function treeWithPatch(clone: string, patch: string): string {
	try {
		userGit(clone, ["apply", "--index", "--whitespace=nowarn", patch]);
		return treeDiff(clone);
	} finally {
		userGit(clone, ["reset", "-q", "--hard"]);
	}
}
