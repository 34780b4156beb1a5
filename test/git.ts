// Makes repositories with few starts of git: each costs a worker some 10 ms, for it copies the page tables of 300 MB.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let made: string | undefined;

/** What `git init` makes, once a worker. */
function template(): string {
	if (made !== undefined) return made;
	const folder = mkdtempSync(join(tmpdir(), "git-template-"));
	process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
	execFileSync("git", ["-c", "init.defaultBranch=main", "init", "--quiet", "--template=", folder], {
		env: { PATH: process.env.PATH ?? "", GIT_CONFIG_GLOBAL: "/dev/null" },
	});
	for (const empty of ["hooks", "info"]) mkdirSync(join(folder, ".git", empty));
	made = join(folder, ".git");
	return made;
}

/** As `git init` leaves a folder, without the samples of hooks; its branch is `main`. */
export function initialize(folder: string): void {
	cpSync(template(), join(folder, ".git"), { recursive: true });
}

/**
 * `git add --all` and `git commit` in one start, by a shell, which is small. git does not look after the commit whether
 * the repository needs maintenance.
 *
 * @param env git's whole environment: PATH, the author and the committer
 */
export function commitAll(
	folder: string,
	message: string,
	env: Readonly<Record<string, string>>,
	...options: readonly string[]
): void {
	const script = 'git add --all && exec git -c maintenance.auto=false commit --quiet --message "$0" "$@"';
	execFileSync("sh", ["-c", script, message, ...options], {
		cwd: folder,
		env,
		stdio: ["ignore", "ignore", "pipe"],
	});
}
