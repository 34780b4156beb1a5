// Searches the local repository: matches in order, each with its role and last commit.

import {
	type Git,
	isGitInternal,
	isHiddenFile,
	oncePerAnswer,
	type RepositoryRoot,
} from "../system/index.ts";
import { type Changes, readChanges } from "./commits/commit-blocks.ts";
import { CommitHistory } from "./commits/commit-history.ts";
import { type Deployment, type DeploymentSource, readDeployments } from "./commits/deployments.ts";
import { LayoutCheck } from "./commits/only-layout.ts";
import { type CommitFile, type CommitHead, readCommit } from "./commits/read-commit.ts";
import { type NamedCommit, revertsOf } from "./commits/reverts.ts";
import type { CommitLog, FileChange } from "./commits/types.ts";
import type { AskEvents } from "./evidence/read-evidence.ts";
import { fileKind } from "./find/paths.ts";
import type { SearchRequest } from "./find/request.ts";
import { readSource } from "./find/source.ts";
import { type FilesFound, findFiles } from "./find-files.ts";
import type { LineCommit } from "./history/blame.ts";
import { LastCommits } from "./history/last-commits.ts";
import { RecentFiles } from "./history/recent-files.ts";
import { type LinesRead, type LinesRequest, readLines } from "./read-lines.ts";
import { readWebRepository, type WebRepository } from "./remote.ts";
import { runSearch, type SearchResult } from "./run-search.ts";
import { findWay } from "./way/code-way.ts";
import { KeptWays } from "./way/kept-ways.ts";
import type { CodeWay, WayRequest } from "./way/types.ts";

/** Searches the local repository and its history. */
export interface CodeSearch {
	/** @throws {InvalidArgument} {PathRefused} {PathMissing} {PathIgnored} {PathHidden} {PatternInvalid} */
	search(request: SearchRequest, signal: AbortSignal, askEvents?: AskEvents): Promise<SearchResult>;
	/** Files by their names. @throws as `search` */
	findFiles(request: SearchRequest, signal: AbortSignal): Promise<FilesFound>;
	/** Lines of one file. @throws as `search`, and {NotText} */
	readLines(request: LinesRequest, signal: AbortSignal): Promise<LinesRead>;
	/** The commits since an instant with the lines they changed. Times in seconds since the epoch. */
	commitsSince(
		from: number,
		now: number,
		signal: AbortSignal,
	): Promise<CommitLog | { readonly none: "no_git" | "no_commits" }>;
	/** The lines that raise error codes, and the functions and values that lead there. */
	wayTo(request: WayRequest, signal: AbortSignal): Promise<CodeWay>;
	/** Whether a file's change is one of comments and layout only; undefined where that cannot be told. */
	isOnlyLayout(change: FileChange, signal: AbortSignal): Promise<boolean | undefined>;
	/** The last commit of a line of HEAD. */
	lastCommitOf(path: string, line: number, signal: AbortSignal): Promise<LineCommit | undefined>;
	/** One commit with its files. @param name the beginning of its hash, or a tag @throws {CommitUnknown} {CommitAmbiguous} */
	commit(name: string, signal: AbortSignal): Promise<CommitHead>;
	/** The lines that a commit changed in some of its files. @param id the whole hash */
	changesOf(id: string, files: readonly CommitFile[], signal: AbortSignal): Promise<Changes>;
	/** The commit that reverts it by its text, then the one that reverts that, and so on. @param id the whole hash */
	revertsOf(id: string, signal: AbortSignal): Promise<readonly NamedCommit[]>;
	/** When which commit was deployed, newest first. */
	deployments(source: DeploymentSource, signal: AbortSignal): Promise<readonly Deployment[]>;
	/** Where the repository can be seen on the web; undefined where that is not known. */
	webRepository(signal: AbortSignal): Promise<WebRepository | undefined>;
}

export function createCodeSearch(options: { readonly root: RepositoryRoot; readonly git: Git }): CodeSearch {
	const { root, git } = options;
	const commits = new CommitHistory(root, git);
	const layout = new LayoutCheck(git);
	const ways = new KeptWays(root);
	const recent = new RecentFiles(git);
	const lastCommits = new LastCommits(git);
	const deploymentsOf = new Map<string, (signal: AbortSignal) => Promise<readonly Deployment[]>>();
	const isCode = (path: string) => fileKind(path) === "code" && mayShow(path);
	return {
		commitsSince: (from, now, signal) => commits.since(from, now, signal),
		commit: (name, signal) => readCommit(git, name, signal),
		changesOf: (id, files, signal) => readChanges(git, id, files, signal),
		revertsOf: (id, signal) => revertsOf(git, id, signal),
		deployments(source, signal) {
			const key = JSON.stringify(source);
			const known = deploymentsOf.get(key) ?? oncePerAnswer((answer) => readDeployments(git, source, answer));
			deploymentsOf.set(key, known);
			return known(signal);
		},
		webRepository: (signal) => readWebRepository(git, signal),
		isOnlyLayout: (change, signal) => layout.isOnlyLayout(change, signal),
		async lastCommitOf(path, line, signal) {
			const source = mayShow(path) ? await readSource(root, path) : undefined;
			return source === undefined ? undefined : lastCommits.of(source, line, signal);
		},
		wayTo: (request, signal) => ways.get(request, () => findWay(root, request, isCode, signal)),
		search: (request, signal, askEvents) =>
			runSearch(request, { root, git, recentFiles: recent, mayShow, askEvents, signal }),
		findFiles: (request, signal) => findFiles(root, git, request, mayShow, signal),
		readLines: (request, signal) => readLines(root, git, request, mayShow, signal),
	};
}

/** A hidden file is not searched. */
function mayShow(file: string): boolean {
	return !isHiddenFile(file) && !isGitInternal(file);
}
