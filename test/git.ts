// Makes repositories with few starts of git: each costs a worker some 10 ms, for it copies the page tables of 300 MB.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

interface Entry {
	readonly path: string;
	/** undefined for a folder */
	readonly content: Buffer | undefined;
}

let made: readonly Entry[] | undefined;

/** What `git init` makes, asked once a worker: folders before what is in them. */
function template(): readonly Entry[] {
	if (made !== undefined) return made;
	const folder = mkdtempSync(join(tmpdir(), "git-template-"));
	try {
		execFileSync("git", ["-c", "init.defaultBranch=main", "init", "--quiet", "--template=", folder], {
			env: { PATH: process.env.PATH ?? "", GIT_CONFIG_GLOBAL: "/dev/null" },
		});
		for (const empty of ["hooks", "info"]) mkdirSync(join(folder, ".git", empty));
		const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
			const path = join(entry.parentPath, entry.name);
			const content = entry.isFile() ? readFileSync(path) : undefined;
			return { path: relative(folder, path), content };
		});
		made = entries.sort((one, other) => one.path.length - other.path.length);
		return made;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** As `git init` leaves a folder, without the samples of hooks; its branch is `main`. */
export function initialize(folder: string): void {
	for (const { path, content } of template()) {
		if (content === undefined) mkdirSync(join(folder, path));
		else writeFileSync(join(folder, path), content);
	}
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

/** A commit on top of main in one start, of files that are not written to the work tree: for thousands of them. */
export function commitUnseen(
	folder: string,
	message: string,
	files: Readonly<Record<string, string>>,
	env: Readonly<Record<string, string>>,
): void {
	const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
	const { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date = "" } = env;
	const stream = [
		`commit refs/heads/main\ncommitter ${name} <${email}> ${Date.parse(date) / 1000} +0000\n`,
		data(message),
		"from refs/heads/main^0\n",
		...Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
	];
	execFileSync("git", ["fast-import", "--quiet"], {
		cwd: folder,
		env,
		input: stream.join(""),
		stdio: ["pipe", "ignore", "pipe"],
	});
}
