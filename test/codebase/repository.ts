import { execFileSync } from "node:child_process";
import { renderSearch } from "../../src/answer/search-text.ts";
import type { SearchRequest } from "../../src/codebase/find/request.ts";
import type { SearchResult } from "../../src/codebase/run-search.ts";
import { type CodeSearch, createCodeSearch } from "../../src/codebase/search.ts";
import { createGit } from "../../src/system/git.ts";
import type { RepositoryRoot } from "../../src/system/repository.ts";
import { commitAll, commitUnseen, initialize } from "../git.ts";
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
	/** Commits files that stand in no work tree. */
	readonly commitUnseen: (subject: string, at: string, files: Readonly<Record<string, string>>) => void;
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
	const own = {
		PATH: process.env.PATH ?? "",
		GIT_CONFIG_GLOBAL: "/dev/null",
		GIT_AUTHOR_NAME: "t",
		GIT_AUTHOR_EMAIL: "t@example.com",
		GIT_COMMITTER_NAME: "t",
		GIT_COMMITTER_EMAIL: "t@example.com",
	};
	const dated = (at: string) => ({ ...own, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at });
	const run = (args: readonly string[]) =>
		execFileSync("git", [...args], {
			cwd: root,
			env: own,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		});
	await layOut(root, files);
	if (!plain) initialize(root);
	return {
		root,
		search,
		find: (request) => search.search(request, signal),
		text: async (request) => renderSearch(await search.search(request, signal)),
		write: (more) => layOut(root, more),
		commit: (subject, at) => commitAll(root, subject, dated(at)),
		commitUnseen: (subject, at, unseen) => commitUnseen(root, subject, unseen, dated(at)),
		git: (...args) => run(args),
		remove,
	};
}
