import { execFileSync } from "node:child_process";
import { renderSearch } from "../../src/answer/search-text.ts";
import type { SearchRequest } from "../../src/codebase/find/request.ts";
import type { SearchResult } from "../../src/codebase/run-search.ts";
import { type CodeSearch, createCodeSearch } from "../../src/codebase/search.ts";
import { createGit } from "../../src/system/git.ts";
import type { RepositoryRoot } from "../../src/system/repository.ts";
import { layOut, temporaryFolder } from "./corpus/lay-out.ts";

export interface TestRepository {
	readonly root: RepositoryRoot;
	readonly search: CodeSearch;
	readonly find: (request: SearchRequest) => Promise<SearchResult>;
	/** What an agent reads. */
	readonly text: (request: SearchRequest) => Promise<string>;
	readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
	/** Commits everything at a time, in ISO 8601. */
	readonly commit: (subject: string, at: string) => void;
	readonly git: (...args: string[]) => string;
	readonly remove: () => Promise<void>;
}

/** A repository of its own; without `git init` when `plain`. */
export async function testRepository(
	files: Readonly<Record<string, string>>,
	{ plain = false }: { readonly plain?: boolean } = {},
): Promise<TestRepository> {
	const { root, remove } = await temporaryFolder();
	const search = createCodeSearch({ root, git: createGit(root) });
	const signal = new AbortController().signal;
	const run = (args: readonly string[], env: Record<string, string> = {}) =>
		execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
			cwd: root,
			env: { PATH: process.env.PATH ?? "", GIT_CONFIG_GLOBAL: "/dev/null", ...env },
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		});
	await layOut(root, files);
	if (!plain) run(["-c", "init.defaultBranch=main", "init", "--quiet"]);
	return {
		root,
		search,
		find: (request) => search.search(request, signal),
		text: async (request) => renderSearch(await search.search(request, signal)),
		write: (more) => layOut(root, more),
		commit: (subject, at) => {
			run(["add", "--all"]);
			run(["commit", "--quiet", "--message", subject], { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at });
		},
		git: (...args) => run(args),
		remove,
	};
}
