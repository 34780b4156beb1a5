// Searches the local repository: matches in order, each with its role and last commit.

import { type Git, isGitInternal, isHiddenFile, type RepositoryRoot } from "../system/index.ts";
import { type Changes, readChanges } from "./commits/commit-blocks.ts";
import { CommitHistory } from "./commits/commit-history.ts";
import { type Deployment, type DeploymentSource, readDeployments } from "./commits/deployments.ts";
import { LayoutCheck } from "./commits/only-layout.ts";
import { type CommitFile, type CommitHead, readCommit } from "./commits/read-commit.ts";
import { type NamedCommit, revertsOf } from "./commits/reverts.ts";
import type { CommitLog, FileChange } from "./commits/types.ts";
import { scopeOf } from "./find/confine.ts";
import { findPlaces, type Places } from "./find/find-places.ts";
import { ranks } from "./find/hits.ts";
import { type FoundFile, groupMatches, type PageMatch } from "./find/page.ts";
import { fileKind } from "./find/paths.ts";
import { createSources, readPage } from "./find/read-page.ts";
import {
	type Asked,
	patternOf,
	resolveRequest,
	type SearchRequest,
	writeSearchCursor,
} from "./find/request.ts";
import type { SearchCut } from "./find/ripgrep.ts";
import { lineCount, readSource } from "./find/source.ts";
import { spanOf } from "./find/spans.ts";
import { type FilesFound, findFiles } from "./find-files.ts";
import { commitNamed, type FittingNames, fittingNames, type HashCommit, type OtherCase } from "./hints.ts";
import { type Absence, explainAbsence } from "./history/absence.ts";
import { blame, headVersions, type LineCommit } from "./history/blame.ts";
import { blamedPaths, blameRequests } from "./history/page-history.ts";
import { type LinesRead, type LinesRequest, readLines } from "./read-lines.ts";
import type { Note } from "./syntax/annotate.ts";
import { readTrail } from "./trail/read-trail.ts";
import type { Trail } from "./trail/types.ts";
import { findWay } from "./way/code-way.ts";
import { KeptWays } from "./way/kept-ways.ts";
import type { CodeWay, WayRequest } from "./way/types.ts";

export interface SearchResult {
	readonly pattern: string;
	/** Whether an error code was searched for: then matches are ordered by role, and may be followed further. */
	readonly isErrorCode: boolean;
	/** No context was requested: of tests, docs and mentions only the path and line are shown. */
	readonly isLean: boolean;
	/** Matching lines. */
	readonly matches: number;
	readonly fileCount: number;
	readonly shown: number;
	/** Best first. For an error code a file is listed once per role. */
	readonly files: readonly FoundFile[];
	readonly nextCursor: string | undefined;
	/** Why the counts may be too low. */
	readonly cut: SearchCut | undefined;
	readonly unreadable: boolean;
	/** Matches of the page whose file could not be shown: too large, binary, gone, or ignored by git. */
	readonly unshown: number;
	/** Code files with matches of an error code that were not parsed. */
	readonly unparsed: number;
	/** Of an error code, on the first page. */
	readonly raising: Raising | undefined;
	readonly trail: Trail | undefined;
	/** Of an error code that nothing raises, in the whole repository. */
	readonly absence: Absence | undefined;
	readonly otherCase: OtherCase | undefined;
	/** Of a query without a match. */
	readonly names: FittingNames | undefined;
	/** Of a query that is a commit's hash. */
	readonly namedCommit: HashCommit | undefined;
}

/**
 * Whether a line raises an error code: one does; none in the repository; none in the requested path, glob or type; none
 * in the part that was searched.
 */
export type Raising = "found" | "none" | "none_in_scope" | "none_seen";

/** Searches the local repository and its history. */
export interface CodeSearch {
	/** @throws {InvalidArgument} {PathRefused} {PathMissing} {PathIgnored} {PathHidden} {PatternInvalid} */
	search(request: SearchRequest, signal: AbortSignal): Promise<SearchResult>;
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
}

const defaultLimit = 30;
const defaultContext = 2;

export function createCodeSearch(options: { readonly root: RepositoryRoot; readonly git: Git }): CodeSearch {
	const { root, git } = options;
	const commits = new CommitHistory(git);
	const layout = new LayoutCheck(git);
	const ways = new KeptWays(root);
	const isCode = (path: string) => fileKind(path) === "code" && mayShow(path);
	return {
		commitsSince: (from, now, signal) => commits.since(from, now, signal),
		commit: (name, signal) => readCommit(git, name, signal),
		changesOf: (id, files, signal) => readChanges(git, id, files, signal),
		revertsOf: (id, signal) => revertsOf(git, id, signal),
		deployments: (source, signal) => readDeployments(git, source, signal),
		isOnlyLayout: (change, signal) => layout.isOnlyLayout(change, signal),
		async lastCommitOf(path, line, signal) {
			const source = mayShow(path) ? await readSource(root, path) : undefined;
			if (source === undefined) return undefined;
			const versions = headVersions(git, [path], signal);
			const found = await blame(git, [{ source, lines: [line] }], versions, signal);
			return found.get(path)?.get(line);
		},
		wayTo: (request, signal) => ways.get(request, () => findWay(root, request, isCode, signal)),
		search: (request, signal) => search(root, git, request, signal),
		findFiles: (request, signal) => findFiles(root, git, request, mayShow, signal),
		readLines: (request, signal) => readLines(root, git, request, mayShow, signal),
	};
}

/** A hidden file is not searched. */
function mayShow(file: string): boolean {
	return !isHiddenFile(file) && !isGitInternal(file);
}

async function search(
	root: RepositoryRoot,
	git: Git,
	request: SearchRequest,
	signal: AbortSignal,
): Promise<SearchResult> {
	const { asked, after } = resolveRequest(request);
	const pattern = patternOf(asked);
	const isErrorCode = asked.errorCode !== undefined;
	const scope = await scopeOf(root, git, asked.path, mayShow, signal);
	const sources = createSources(root);
	const { limit = defaultLimit } = request;
	const places = await findPlaces({
		root,
		asked,
		pattern,
		scope,
		mayShow,
		sources,
		after,
		limit,
		signal,
	});
	const { page, code } = places;
	const hasHistory = asked.history !== false;
	const versions = headVersions(git, hasHistory ? blamedPaths(page, isErrorCode) : [], signal);
	const matches = (await readPage(page, sources, git, signal)).map((match) => ({
		...match,
		span: spanOf(match.note, contextOf(match.note, asked), lineCount(match.source)),
	}));
	const isScoped = !scope.isWhole || asked.glob !== undefined || asked.type !== undefined;
	const raising = after === undefined ? raisingOf(places, isScoped) : undefined;
	const isQuery = asked.errorCode === undefined && after === undefined;
	const [commits, trail, absence, names, namedCommit] = await Promise.all([
		blame(git, hasHistory ? blameRequests(matches, isErrorCode) : [], versions, signal),
		raising === "found"
			? readTrail({ root, sources, accepts: mayShow, signal }, code?.raises ?? [])
			: undefined,
		raising === "none" || raising === "none_seen"
			? explainAbsence(root, git, pattern, mayShow, signal)
			: undefined,
		isQuery && places.matches === 0 ? fittingNames(root, pattern, mayShow, signal) : undefined,
		isQuery ? commitNamed(git, pattern, signal) : undefined,
	]);
	const last = page.at(-1);
	return {
		pattern,
		isErrorCode,
		isLean: isErrorCode && asked.context === undefined,
		matches: places.matches,
		fileCount: places.fileCount,
		shown: matches.length,
		files: groupMatches(
			matches,
			commits,
			(one, other) => one.file.path === other.file.path && isTogether(one, other, isErrorCode),
		),
		nextCursor: places.left > 0 && last !== undefined ? writeSearchCursor(asked, last) : undefined,
		cut: places.cut,
		unreadable: places.unreadable,
		unshown: page.length - matches.length,
		unparsed: code?.unparsed ?? 0,
		raising,
		trail,
		absence,
		otherCase: places.otherCase,
		names,
		namedCommit,
	};
}

function raisingOf({ code, cut, unreadable }: Places, isScoped: boolean): Raising | undefined {
	if (code === undefined) return undefined;
	if (code.raised) return "found";
	if (isScoped) return "none_in_scope";
	return cut === undefined && !unreadable && code.unparsed === 0 ? "none" : "none_seen";
}

/** Help texts, enums and tables of messages are not shown whole where an error code is searched for. */
function contextOf({ role }: Note, { context, wholeFunction, errorCode }: Asked): number | "function" {
	const isAside = errorCode !== undefined && role !== "raises";
	if (wholeFunction === true && !isAside) return "function";
	return context ?? (isAside ? 0 : defaultContext);
}

/** Groups by role for an error code; otherwise into definitions and other matches. */
function isTogether(one: PageMatch, other: PageMatch, isErrorCode: boolean): boolean {
	if (isErrorCode) return one.note.role === other.note.role;
	const isDefinition = ({ file, index }: PageMatch) => file.rank[index] === ranks.definition;
	return isDefinition(one) === isDefinition(other);
}
