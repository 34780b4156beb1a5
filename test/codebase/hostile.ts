import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CodeSearch, createCodeSearch } from "../../src/codebase/search.ts";
import { createGit } from "../../src/system/git.ts";
import type { RepositoryRoot } from "../../src/system/repository.ts";
import { layOut, temporaryFolder } from "./corpus/lay-out.ts";

/** Stands in every file that must never be shown. */
export const secret = "TOP_SECRET_CONTENT";

export interface HostileRepository {
	readonly root: RepositoryRoot;
	readonly search: CodeSearch;
	/** Outside the repository; holds the secret. */
	readonly outside: string;
	readonly git: (...args: string[]) => void;
	/** Whether the marker program ran. */
	readonly hasRun: () => boolean;
	/** A program that leaves its mark. */
	readonly marker: string;
	readonly remove: () => Promise<void>;
}

/** A repository that tries everything: links out, a pipe, ignored and hidden files with the secret in them. */
export async function hostileRepository(): Promise<HostileRepository> {
	const folder = await temporaryFolder();
	const root = join(folder.root, "repository") as RepositoryRoot;
	const outside = join(folder.root, "outside");
	const mark = join(folder.root, "it-ran");
	const marker = join(folder.root, "marker.sh");
	await layOut(root, {
		"src/app.ts": `export function run() {\n  throw new Error('APP_FAILED'); // ${secret.slice(0, 3)}\n}\n`,
		"src/keep.ts": "export const kept = 'APP_FAILED';\n",
		".gitignore": "ignored/\n*.log\n",
		"ignored/secret.ts": `const a = '${secret}';\n`,
		"src/debug.log": `${secret}\n`,
		".env": `KEY=${secret}\n`,
		"config/.env.production": `KEY=${secret}\n`,
		"config/.env-prod": `KEY=${secret}\n`,
		".env_backup": `KEY=${secret}\n`,
		".npmrc": `//registry/:_authToken=${secret}\n`,
		"certs/server.pem": `${secret}\n`,
		".claude/settings.json": `{"key":"${secret}"}\n`,
		".ignore": "!ignored/\n!*.log\n",
		".rgignore": "!ignored/\n!*.log\n",
		".ripgreprc": "--no-ignore\n--hidden\n--follow\n",
	});
	await layOut(outside, { "secret.ts": `const b = '${secret}';\n` });
	await writeFile(marker, `#!/bin/sh\ntouch ${mark}\nexit 1\n`);
	await chmod(marker, 0o755);
	await symlink(join(outside, "secret.ts"), join(root, "src/link.ts"));
	await symlink(outside, join(root, "src/linked"));
	await symlink("../.env", join(root, "src/plain.txt"));
	await symlink(".git", join(root, "gitlink"));
	execFileSync("mkfifo", [join(root, "src/pipe.ts")]);
	const git = (...args: string[]) => {
		execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
			cwd: root,
			stdio: "ignore",
		});
	};
	git("init", "--quiet");
	git("add", "--force", ".gitignore", "src/app.ts", "src/keep.ts", ".env", ".npmrc");
	git("commit", "--quiet", "--message", `first; ${secret.slice(0, 3)}`);
	await mkdir(join(root, ".git/info"), { recursive: true });
	await writeFile(join(root, ".git/notes.ts"), `${secret}\n`);
	return {
		root,
		outside,
		git,
		marker,
		search: createCodeSearch({ root, git: createGit(root) }),
		hasRun: () => existsSync(mark),
		remove: folder.remove,
	};
}
