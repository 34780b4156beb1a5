// Finds the places of a search in the files of its scope, and orders them.

import type { RepositoryRoot } from "../../system/index.ts";
import { type OtherCase, otherCaseOf, tellsCaseApart } from "../hints.ts";
import { type CodePlaces, findCode } from "./code-search.ts";
import type { PathScope } from "./confine.ts";
import { isOfType } from "./file-type.ts";
import { compileGlob } from "./glob.ts";
import { type HitFile, HitStore } from "./hits.ts";
import type { NestedOf } from "./nested.ts";
import { type Ordered, orderByText } from "./order.ts";
import type { Sources } from "./read-page.ts";
import type { Asked, Position } from "./request.ts";
import { type RipgrepResult, ripgrep, type SearchCut, type SearchMode } from "./ripgrep.ts";

/** Upper bound of matching lines: a query with more is too broad to be ranked. */
const maxMatches = 100_000;

export interface Places {
	/** Matching lines, and their files. */
	readonly matches: number;
	readonly fileCount: number;
	/** The next of them, best first, and how many come after these. */
	readonly page: readonly Ordered[];
	readonly left: number;
	readonly cut: SearchCut | undefined;
	readonly unreadable: boolean;
	/** Of an error code. */
	readonly code: CodePlaces | undefined;
	/** Nested repositories whose matches are left out. */
	readonly leftOut: readonly string[];
	/** Of a first page on which smart case told capitals apart. */
	readonly otherCase: OtherCase | undefined;
}

export interface PlacesRequest {
	readonly root: RepositoryRoot;
	readonly asked: Asked;
	readonly pattern: string;
	readonly scope: PathScope;
	/** Which files may be shown at all. */
	readonly mayShow: (file: string) => boolean;
	/** Files that are tracked though ignored. */
	readonly tracked: readonly string[];
	/** The nested repository that a path is in. */
	readonly nestedOf: NestedOf;
	readonly sources: Sources;
	/** Files that the newest commits changed. */
	readonly recent: Promise<ReadonlySet<string>>;
	/** Where the previous page ended. */
	readonly after: Position | undefined;
	readonly limit: number;
	readonly signal: AbortSignal;
}

/** @throws {PatternInvalid} {InvalidArgument} */
export async function findPlaces(request: PlacesRequest): Promise<Places> {
	const { asked, pattern, sources, recent, after, limit, signal } = request;
	const leftOut = new Set<string>();
	const find = createFinder(request, leftOut);
	if (asked.errorCode === undefined) {
		const mode = asked.mode === "file" ? "literal" : (asked.mode ?? "literal");
		const found = await find([pattern], mode, asked.caseSensitive);
		const ordered = orderByText(found.files, await recent, after, limit);
		const isFirst = after === undefined && found.cut === undefined;
		const all = isFirst && tellsCaseApart(pattern, asked) ? await find([pattern], mode, false) : undefined;
		return {
			...found,
			...ordered,
			fileCount: found.files.length,
			code: undefined,
			leftOut: [...leftOut].sort(),
			otherCase: all === undefined ? undefined : otherCaseOf(found.files, all.files),
		};
	}
	const found = await find([pattern], "literal", true);
	const findWords = (names: readonly string[]) => find(names, "word", true);
	const code = await findCode(found.files, sources, findWords, recent, after, limit, signal);
	return {
		matches: found.matches + code.viaMatches,
		fileCount: found.files.length + code.viaFiles,
		page: code.page,
		left: code.left,
		cut: found.cut ?? code.cut,
		unreadable: found.unreadable,
		code,
		leftOut: [...leftOut].sort(),
		otherCase: undefined,
	};
}

type Finder = (
	patterns: readonly string[],
	mode: SearchMode,
	caseSensitive: boolean | undefined,
) => Promise<RipgrepResult & { readonly files: readonly HitFile[] }>;

function createFinder(
	{ root, asked, scope, mayShow, tracked, nestedOf, signal }: PlacesRequest,
	leftOut: Set<string>,
): Finder {
	const isOwn = (file: string) => {
		const nested = nestedOf(file);
		if (nested === undefined || nested === scope.nested) return true;
		leftOut.add(nested);
		return false;
	};
	// ripgrep searches a file that it is given whatever its type.
	const { type } = asked;
	const also = tracked.filter(
		(file) => scope.holds(file) && file !== scope.start && (type === undefined || isOfType(file, type)),
	);
	const inGlob = asked.glob === undefined ? () => true : compileGlob(asked.glob);
	// Hidden files are not even counted: match counts would let guesses spell out their content.
	const accepts = (file: string) => mayShow(file) && scope.holds(file) && inGlob(file) && isOwn(file);
	return async (patterns, mode, caseSensitive) => {
		const store = new HitStore();
		const result = await ripgrep({
			root,
			patterns,
			mode,
			caseSensitive,
			type: asked.type,
			path: scope.start,
			also,
			accepts,
			onHit: store.add,
			maxMatches,
			signal,
		});
		return { ...result, files: store.files() };
	};
}
