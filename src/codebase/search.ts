import { type Git, isGitInternal, isHiddenFile, type RepositoryRoot } from "../system/index.ts";
import { findCode } from "./find/code-search.ts";
import { ignoredAmong, scopeOf } from "./find/confine.ts";
import { compileGlob } from "./find/glob.ts";
import { HitStore, placesOf, promises } from "./find/hits.ts";
import { filesMentioning } from "./find/mentions.ts";
import { type Ordered, orderByText } from "./find/order.ts";
import { type FoundFile, groupMatches, type PageMatch } from "./find/page.ts";
import { type Asked, patternOf, resolveRequest, type SearchRequest, writeCursor } from "./find/request.ts";
import { ripgrep, type SearchCut } from "./find/ripgrep.ts";
import { readSource, type Source } from "./find/source.ts";
import { type Absence, explainAbsence } from "./history/absence.ts";
import { blame, headVersions } from "./history/blame.ts";
import { type Changes, changesBetween } from "./history/history.ts";
import { annotate, type Note } from "./syntax/annotate.ts";
import { followTrail, type Trail } from "./syntax/trail.ts";

export interface SearchResult {
	readonly pattern: string;
	/** Whether an error code was asked for: then matches stand by role, and may be followed further. */
	readonly isErrorCode: boolean;
	/** No context was asked for: tests, docs and mentions of a code need only their places. */
	readonly isLean: boolean;
	/** Matching lines. */
	readonly matches: number;
	readonly fileCount: number;
	readonly shown: number;
	/** Best first. For an error code a file stands once for each role that it has. */
	readonly files: readonly FoundFile[];
	readonly nextCursor: string | undefined;
	/** Why the counts may be too low. */
	readonly cut: SearchCut | undefined;
	readonly unreadable: boolean;
	/** Matches of the page whose file was not shown after all: too large, binary, gone, or ignored by git. */
	readonly unshown: number;
	/** Code files with matches of an error code that were not parsed. */
	readonly unparsed: number;
	/** Of an error code, told on the first page. */
	readonly raising: Raising | undefined;
	readonly trail: Trail | undefined;
	/** Of an error code that nothing raises, in the whole repository. */
	readonly absence: Absence | undefined;
}

/**
 * Whether a line raises an error code: one of the search does; none of the repository; none below the path, of the glob
 * or the type that was asked for; none of what the search saw before it was cut.
 */
export type Raising = "found" | "none" | "none_in_scope" | "none_seen";

/** Searches the local repository, and tells what changed in it. */
export interface CodeSearch {
	/** @throws {InvalidArgument} {PathRefused} {PathIgnored} {PathHidden} {PatternInvalid} */
	search(request: SearchRequest, signal: AbortSignal): Promise<SearchResult>;
	/** The code files that hold a word, such as an error code. */
	filesMentioning(word: string, signal: AbortSignal): Promise<ReadonlySet<string>>;
	/** Commits and tags on HEAD's first-parent line. Times in milliseconds since the epoch. */
	changesBetween(
		from: number,
		to: number,
		signal: AbortSignal,
	): Promise<Changes | { readonly none: "no_git" | "no_commits" }>;
}

/** Matching lines that are looked at; a query that finds more is too wide to be ranked. */
const maxMatches = 100_000;
const defaultLimit = 30;
const defaultContext = 2;
/** Matches whose lines are looked up in the history. */
const maxBlamed = 10;

export function createCodeSearch(options: { readonly root: RepositoryRoot; readonly git: Git }): CodeSearch {
	const { root, git } = options;
	return {
		filesMentioning: (word, signal) => filesMentioning(root, word, mayShow, signal),
		changesBetween: (from, to, signal) => changesBetween(git, from, to, signal),
		search: (request, signal) => search(root, git, request, signal),
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
	const { limit = defaultLimit } = request;
	const isErrorCode = asked.errorCode !== undefined;
	const scope = await scopeOf(root, git, asked.path, signal);
	const inGlob = asked.glob === undefined ? () => true : compileGlob(asked.glob);
	// Not even a count of matches in a hidden file is told: by guesses it would spell out what stands there.
	const accepts = (file: string) => mayShow(file) && scope.holds(file) && inGlob(file);
	const find = async (
		patterns: readonly string[],
		mode: Asked["mode"],
		caseSensitive: boolean | undefined,
	) => {
		const store = new HitStore();
		const found = await ripgrep({
			root,
			patterns,
			mode: mode ?? "literal",
			caseSensitive,
			type: asked.type,
			path: scope.start,
			accepts,
			onHit: store.add,
			maxMatches,
			signal,
		});
		return { ...found, files: store.files() };
	};

	const found = await find(
		[pattern],
		isErrorCode ? "literal" : asked.mode,
		isErrorCode ? true : asked.caseSensitive,
	);
	const sources = createSources(root);
	const code = isErrorCode
		? await findCode(found.files, sources, (names) => find(names, "word", true), after, limit, signal)
		: undefined;
	const { page, left } = code ?? orderByText(found.files, after, limit);
	const paths = [...new Set(page.map(({ path }) => path))];
	const versions = headVersions(git, asked.history === false ? [] : blamedPaths(page, isErrorCode), signal);
	const [notes, ignored] = await Promise.all([
		code === undefined ? annotatePage(page, sources, signal) : page,
		ignoredAmong(git, paths, signal),
	]);
	const matches = await withSources(
		notes.filter(({ path }) => ignored?.has(path) !== true),
		sources,
	);
	const isFirst = after === undefined;
	const cut = found.cut ?? code?.cut;
	const isScoped = !scope.isWhole || asked.glob !== undefined || asked.type !== undefined;
	const isWhole = cut === undefined && !found.unreadable && code?.unparsed === 0;
	const raising = code === undefined || !isFirst ? undefined : raisingOf(code.raised, isScoped, isWhole);
	const [commits, trail, absence] = await Promise.all([
		blame(git, asked.history === false ? [] : blameRequests(matches, isErrorCode), versions, signal),
		raising === "found" ? followTrail(root, code?.handovers ?? [], mayShow, signal) : undefined,
		raising === "none" || raising === "none_seen"
			? explainAbsence(root, git, pattern, mayShow, signal)
			: undefined,
	]);
	const last = page.at(-1);
	return {
		pattern,
		isErrorCode,
		isLean: isErrorCode && asked.context === undefined,
		matches: found.matches + (code?.viaMatches ?? 0),
		fileCount: found.files.length + (code?.viaFiles ?? 0),
		shown: matches.length,
		files: groupMatches(
			matches,
			({ role }) => asked.context ?? (isErrorCode && role !== "raises" ? 0 : defaultContext),
			(path, line) => commits.get(path)?.get(line),
			(one, other) => one.file.path === other.file.path && isTogether(one, other, isErrorCode),
		),
		nextCursor: left > 0 && last !== undefined ? writeCursor(asked, last) : undefined,
		cut,
		unreadable: found.unreadable,
		unshown: page.length - matches.length,
		unparsed: code?.unparsed ?? 0,
		raising,
		trail,
		absence,
	};
}

function raisingOf(isRaised: boolean, isScoped: boolean, isWhole: boolean): Raising {
	if (isRaised) return "found";
	if (isScoped) return "none_in_scope";
	return isWhole ? "none" : "none_seen";
}

/** Of a code, what has the same role; else definitions, and all other matches. */
function isTogether(one: PageMatch, other: PageMatch, isErrorCode: boolean): boolean {
	if (isErrorCode) return one.note.role === other.note.role;
	const isDefinition = ({ file, index }: PageMatch) => file.promise[index] === promises.definition;
	return isDefinition(one) === isDefinition(other);
}

/** Reads each file once a search. */
type Sources = (path: string) => Promise<Source | undefined>;

function createSources(root: RepositoryRoot): Sources {
	const known = new Map<string, Promise<Source | undefined>>();
	return (path) => {
		const reading = known.get(path) ?? readSource(root, path);
		known.set(path, reading);
		return reading;
	};
}

/** Only files that are shown are parsed. */
async function annotatePage(
	page: readonly Ordered[],
	sources: Sources,
	signal: AbortSignal,
): Promise<readonly Ordered[]> {
	const done = new Map<Ordered, Ordered>();
	const files = new Set(page.map((match) => match.file));
	await Promise.all([...files].map(({ path }) => sources(path)));
	for (const file of files) {
		signal.throwIfAborted();
		const source = await sources(file.path);
		if (source === undefined) continue;
		const here = page.filter((match) => match.file === file);
		const all = placesOf(file);
		const places = here.flatMap(({ index }) => all[index] ?? []);
		const isCode = places.every(({ matched }) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(matched));
		const notes = await annotate(source, file.kind, places, { isCode });
		here.forEach((match, index) => {
			const note = notes[index];
			if (note !== undefined) done.set(match, { ...match, note });
		});
	}
	return page.flatMap((match) => done.get(match) ?? []);
}

/** Leaves out what could not be read when it was to be shown: it has gone, or is no longer what it was. */
async function withSources(page: readonly Ordered[], sources: Sources): Promise<readonly PageMatch[]> {
	const matches: PageMatch[] = [];
	for (const { file, index, note, via, path } of page) {
		const source = await sources(path);
		if (source !== undefined && note !== undefined) matches.push({ file, index, source, note, via });
	}
	return matches;
}

/** Whether a match is one whose last commit is told: any, and of an error code those that raise or handle it. */
function hasHistory(note: Note | undefined, isErrorCode: boolean): boolean {
	return !isErrorCode || /^(raises|handles)$/.test(note?.role ?? "");
}

/** The files that may be blamed, before it is known which of them are shown. */
function blamedPaths(page: readonly Ordered[], isErrorCode: boolean): readonly string[] {
	return [...new Set(page.filter(({ note }) => hasHistory(note, isErrorCode)).map(({ path }) => path))];
}

/** The best matches of those that have a history. */
function blameRequests(
	matches: readonly PageMatch[],
	isErrorCode: boolean,
): { source: Source; lines: number[] }[] {
	const asked = matches.filter(({ note }) => hasHistory(note, isErrorCode));
	const requests = new Map<string, { source: Source; lines: number[] }>();
	for (const { source, note } of asked.slice(0, maxBlamed)) {
		const known = requests.get(source.path);
		if (known === undefined) requests.set(source.path, { source, lines: [note.line] });
		else known.lines.push(note.line);
	}
	return [...requests.values()];
}
