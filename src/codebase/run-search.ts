// Runs one search: matches in order, each with its role, its surroundings and its last commit.

import { type Git, ProgramMissing, type RepositoryRoot } from "../system/index.ts";
import { byFit } from "./evidence/fit.ts";
import { type AskEvents, type Evidence, placeKey, readEvidence } from "./evidence/read-evidence.ts";
import type { Raise } from "./find/code-search.ts";
import { type PathScope, scopeOf, trackedThoughIgnored } from "./find/confine.ts";
import { findPlaces, type Places } from "./find/find-places.ts";
import { compileGlob } from "./find/glob.ts";
import { placesOf, ranks } from "./find/hits.ts";
import { listFiles } from "./find/list-files.ts";
import { findNested } from "./find/nested.ts";
import { type NotCheckedOut, readNotCheckedOut } from "./find/not-checked-out.ts";
import { type Blamed, type FoundFile, groupMatches, type PageMatch, type SpannedMatch } from "./find/page.ts";
import { createSources, readPage, type Sources } from "./find/read-page.ts";
import {
	type Asked,
	patternOf,
	resolveRequest,
	type SearchRequest,
	writeSearchCursor,
} from "./find/request.ts";
import type { SearchCut } from "./find/ripgrep.ts";
import { lineCount } from "./find/source.ts";
import { spanOf } from "./find/spans.ts";
import { commitNamed, type FittingNames, fittingNames, type HashCommit, type OtherCase } from "./hints.ts";
import { type Absence, explainAbsence } from "./history/absence.ts";
import { blame, headVersions } from "./history/blame.ts";
import { historyOf } from "./history/nested-history.ts";
import { blamedPaths, blameRequests } from "./history/page-history.ts";
import type { RecentFiles } from "./history/recent-files.ts";
import type { Note } from "./syntax/annotate.ts";
import { Files } from "./trail/files.ts";
import { type AskedFunctions, readAsked } from "./trail/read-asked.ts";
import { readTrail } from "./trail/read-trail.ts";
import type { Trail } from "./trail/types.ts";
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
	/** Of the page's raising lines: the functions whose failure or answer leads to them. */
	readonly asks: readonly AskedFunctions[];
	/** Where several lines raise the code, and its events were asked for. */
	readonly evidence: Evidence | undefined;
	/** Of an error code that nothing raises, in the whole repository. */
	readonly absence: Absence | undefined;
	readonly otherCase: OtherCase | undefined;
	/** Nested repositories (work trees, submodules, clones) whose matches are left out. */
	readonly leftOut: readonly string[];
	/** Why no line has a commit, where history was asked for. */
	readonly noHistory: "no_git" | "no_repository" | undefined;
	/** Of a sparse checkout: what HEAD holds beside the work tree. */
	readonly notCheckedOut: NotCheckedOut | undefined;
	/** The glob or the type fits no file in the scope. */
	readonly fitsNoFile: boolean;
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

const defaultLimit = 30;
const defaultContext = 2;

/** What a search works with. */
export interface SearchTools {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly recentFiles: RecentFiles;
	/** Which files may be shown at all. */
	readonly mayShow: (file: string) => boolean;
	/** Undefined if production is not to be asked. */
	readonly askEvents: AskEvents | undefined;
	readonly signal: AbortSignal;
}

export async function runSearch(request: SearchRequest, tools: SearchTools): Promise<SearchResult> {
	const { root, git, mayShow, signal } = tools;
	const { asked, after } = resolveRequest(request);
	const pattern = patternOf(asked);
	const isErrorCode = asked.errorCode !== undefined;
	const scope = await scopeOf(root, git, asked.path, mayShow, signal);
	const sources = createSources(root);
	const { limit = defaultLimit } = request;
	// Read while ripgrep searches.
	const recent = tools.recentFiles.get(signal);
	recent.catch(() => undefined);
	const places = await findPlaces({
		root,
		asked,
		pattern,
		scope,
		mayShow,
		tracked: await trackedThoughIgnored(git, signal),
		nestedOf: findNested(root),
		sources,
		recent,
		after,
		limit,
		signal,
	});
	const { page, code } = places;
	const hasHistory = asked.history !== false;
	const { own, prefix } = await historyOf(git, root, scope.nested);
	const versions = headVersions(own, hasHistory ? blamedPaths(page, isErrorCode) : [], signal, prefix);
	const found = (await readPage(page, sources, scope.nested === undefined ? git : undefined, signal)).map(
		(match) => ({
			...match,
			span: spanOf(match.note, contextOf(match.note, asked), lineCount(match.source)),
		}),
	);
	const isScoped = !scope.isWhole || asked.glob !== undefined || asked.type !== undefined;
	const raising = after === undefined ? raisingOf(places, isScoped) : undefined;
	const [commits, beside] = await Promise.all([
		blame(own, hasHistory ? blameRequests(found, isErrorCode) : [], versions, signal, prefix),
		readBeside(tools, {
			asked,
			isFirst: after === undefined,
			pattern,
			scope,
			places,
			found,
			raising,
			sources,
		}),
	]);
	const last = page.at(-1);
	return {
		pattern,
		isErrorCode,
		isLean: isErrorCode && asked.context === undefined,
		matches: places.matches,
		fileCount: places.fileCount,
		shown: found.length,
		files: groupRanked(found, commits, asked, beside.evidence),
		nextCursor: places.left > 0 && last !== undefined ? writeSearchCursor(asked, last) : undefined,
		cut: places.cut,
		unreadable: places.unreadable,
		unshown: page.length - found.length,
		unparsed: code?.unparsed ?? 0,
		raising,
		otherCase: places.otherCase,
		leftOut: places.leftOut,
		noHistory:
			hasHistory && found.length > 0 && commits.size === 0 ? await whyNoHistory(own, signal) : undefined,
		fitsNoFile: places.matches === 0 && (await fitsNoFile(tools, asked, scope)),
		...beside,
	};
}

async function whyNoHistory(git: Git, signal: AbortSignal): Promise<SearchResult["noHistory"]> {
	try {
		const { exitCode } = await git.run(["rev-parse", "--verify", "-q", "HEAD"], { signal, accept: [1, 128] });
		return exitCode === 0 ? undefined : "no_repository";
	} catch (error) {
		signal.throwIfAborted();
		return error instanceof ProgramMissing ? "no_git" : undefined;
	}
}

/** Whether a glob or a type keeps every file from being searched. */
async function fitsNoFile(
	{ root, mayShow, signal }: SearchTools,
	{ glob, type }: Asked,
	scope: PathScope,
): Promise<boolean> {
	if (glob === undefined && type === undefined) return false;
	const inGlob = glob === undefined ? () => true : compileGlob(glob);
	const accepts = (file: string) => mayShow(file) && scope.holds(file) && inGlob(file);
	const { files, isCut } = await listFiles({ root, path: scope.start, type, accepts, signal });
	return files.length === 0 && !isCut;
}

interface PageFound {
	readonly asked: Asked;
	/** The first page. */
	readonly isFirst: boolean;
	readonly pattern: string;
	readonly scope: PathScope;
	readonly places: Places;
	readonly found: readonly PageMatch[];
	readonly raising: Raising | undefined;
	readonly sources: Sources;
}

type Beside = Pick<
	SearchResult,
	"trail" | "asks" | "evidence" | "absence" | "names" | "namedCommit" | "notCheckedOut"
>;

/** What is said beside the matches. */
async function readBeside(
	{ root, git, mayShow, askEvents, signal }: SearchTools,
	{ asked, isFirst, pattern, scope, places, found, raising, sources }: PageFound,
): Promise<Beside> {
	const files = new Files({ root, sources, accepts: mayShow, signal });
	const raises = asked.errorCode === undefined ? [] : raisesOn(found);
	const isRaised = raising === "found";
	const trailing = isRaised ? readTrail(files, places.code?.raises ?? []) : Promise.resolve(undefined);
	const isRanked = askEvents !== undefined && isRaised && raises.length > 1;
	const isUnraised = raising === "none" || raising === "none_seen";
	const isQuery = asked.errorCode === undefined && isFirst;
	const history = asked.history === false ? undefined : git;
	const [trail, asks, evidence, absence, names, namedCommit, notCheckedOut] = await Promise.all([
		trailing,
		readAsked(files, raises, history),
		isRanked ? readEvidence(files, raises, trailing, askEvents) : undefined,
		isUnraised ? explainAbsence(files, git, pattern, history) : undefined,
		isQuery && places.matches === 0 ? fittingNames(root, pattern, mayShow, signal) : undefined,
		isQuery ? commitNamed(git, pattern, signal) : undefined,
		isFirst && scope.nested === undefined
			? readNotCheckedOut({
					root,
					git,
					pattern,
					asked,
					accepts: (file) => mayShow(file) && scope.holds(file),
					signal,
				})
			: undefined,
	]);
	return { trail, asks, evidence, absence, names, namedCommit, notCheckedOut };
}

/** Raising lines in the order in which the events fit them. */
function groupRanked(
	found: readonly SpannedMatch[],
	commits: Blamed,
	asked: Asked,
	evidence: Evidence | undefined,
): readonly FoundFile[] {
	const fitOf = ({ note, file }: PageMatch) =>
		note.role === "raises" ? evidence?.fits.get(placeKey(file.path, note.line)) : undefined;
	const ranked =
		evidence === undefined ? found : [...found].sort((one, other) => byFit(fitOf(one), fitOf(other)));
	return groupMatches(
		ranked,
		commits,
		(one, other) =>
			one.file.path === other.file.path &&
			isTogether(one, other, asked) &&
			byFit(fitOf(one), fitOf(other)) === 0,
	);
}

function raisesOn(matches: readonly PageMatch[]): readonly Raise[] {
	return matches.flatMap(({ file, index, note }) => {
		const place = placesOf(file)[index];
		const isRaise = note.role === "raises" && file.kind === "code";
		return place === undefined || !isRaise ? [] : [{ path: file.path, place }];
	});
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

/** Groups by role for an error code; otherwise into definitions and other matches, unless functions are shown whole. */
function isTogether(one: PageMatch, other: PageMatch, { errorCode, wholeFunction }: Asked): boolean {
	if (errorCode !== undefined) return one.note.role === other.note.role;
	if (wholeFunction === true) return true;
	const isDefinition = ({ file, index }: PageMatch) => file.rank[index] === ranks.definition;
	return isDefinition(one) === isDefinition(other);
}
