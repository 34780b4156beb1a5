// Runs one search: matches in order, each with its role, its surroundings and its last commit.

import type { Git, RepositoryRoot } from "../system/index.ts";
import { type AskEvents, type Evidence, placeKey, readEvidence } from "./evidence/read-evidence.ts";
import type { Raise } from "./find/code-search.ts";
import { scopeOf } from "./find/confine.ts";
import { findPlaces, type Places } from "./find/find-places.ts";
import { placesOf, ranks } from "./find/hits.ts";
import { type FoundFile, groupMatches, type PageMatch } from "./find/page.ts";
import { createSources, readPage } from "./find/read-page.ts";
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

export async function runSearch(
	root: RepositoryRoot,
	git: Git,
	request: SearchRequest,
	recentFiles: RecentFiles,
	mayShow: (file: string) => boolean,
	askEvents: AskEvents | undefined,
	signal: AbortSignal,
): Promise<SearchResult> {
	const { asked, after } = resolveRequest(request);
	const pattern = patternOf(asked);
	const isErrorCode = asked.errorCode !== undefined;
	const scope = await scopeOf(root, git, asked.path, mayShow, signal);
	const sources = createSources(root);
	const { limit = defaultLimit } = request;
	// Read while ripgrep searches.
	const recent = recentFiles.get(signal);
	recent.catch(() => undefined);
	const places = await findPlaces({
		root,
		asked,
		pattern,
		scope,
		mayShow,
		sources,
		recent,
		after,
		limit,
		signal,
	});
	const { page, code } = places;
	const hasHistory = asked.history !== false;
	const versions = headVersions(git, hasHistory ? blamedPaths(page, isErrorCode) : [], signal);
	const found = (await readPage(page, sources, git, signal)).map((match) => ({
		...match,
		span: spanOf(match.note, contextOf(match.note, asked), lineCount(match.source)),
	}));
	const isScoped = !scope.isWhole || asked.glob !== undefined || asked.type !== undefined;
	const raising = after === undefined ? raisingOf(places, isScoped) : undefined;
	const isQuery = asked.errorCode === undefined && after === undefined;
	const files = new Files({ root, sources, accepts: mayShow, signal });
	const raises = isErrorCode ? raisesOn(found) : [];
	const trailing = raising === "found" ? readTrail(files, code?.raises ?? []) : Promise.resolve(undefined);
	const [commits, trail, asks, evidence, absence, names, namedCommit] = await Promise.all([
		blame(git, hasHistory ? blameRequests(found, isErrorCode) : [], versions, signal),
		trailing,
		readAsked(files, raises, hasHistory ? git : undefined),
		askEvents !== undefined && raising === "found" && raises.length > 1
			? readEvidence(files, raises, trailing, askEvents)
			: undefined,
		raising === "none" || raising === "none_seen"
			? explainAbsence(root, git, pattern, mayShow, signal)
			: undefined,
		isQuery && places.matches === 0 ? fittingNames(root, pattern, mayShow, signal) : undefined,
		isQuery ? commitNamed(git, pattern, signal) : undefined,
	]);
	const last = page.at(-1);
	const scoreOf = (match: PageMatch) =>
		match.note.role === "raises"
			? (evidence?.fits.get(placeKey(match.file.path, match.note.line))?.score ?? 0)
			: 0;
	const matches =
		evidence === undefined ? found : [...found].sort((one, other) => scoreOf(other) - scoreOf(one));
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
			(one, other) =>
				one.file.path === other.file.path && isTogether(one, other, asked) && scoreOf(one) === scoreOf(other),
		),
		nextCursor: places.left > 0 && last !== undefined ? writeSearchCursor(asked, last) : undefined,
		cut: places.cut,
		unreadable: places.unreadable,
		unshown: page.length - matches.length,
		unparsed: code?.unparsed ?? 0,
		raising,
		trail,
		asks,
		evidence,
		absence,
		otherCase: places.otherCase,
		names,
		namedCommit,
	};
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
