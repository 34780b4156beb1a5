// Finds an error code's places, and the places of its aliases, each with its role.

import { annotate, type Note } from "../syntax/annotate.ts";
import type { Role } from "../syntax/roles.ts";
import { type HitFile, placesOf } from "./hits.ts";
import { type Ordered, orderByRole } from "./order.ts";
import { type FileKind, fileKinds } from "./paths.ts";
import type { Position } from "./request.ts";
import type { SearchCut } from "./ripgrep.ts";
import type { MatchPosition, Source } from "./source.ts";

/** A place that raises an error code. */
export interface Raise {
	readonly path: string;
	readonly place: MatchPosition;
}

/** An error code's places, ordered by role. */
export interface CodePlaces {
	readonly page: readonly Ordered[];
	readonly left: number;
	readonly raised: boolean;
	/** Code files over the parsing limit: their matches count as mentions. */
	readonly unparsed: number;
	/** Why matches of aliases may be missing. */
	readonly cut: SearchCut | undefined;
	/** Where production code raises it. */
	readonly raises: readonly Raise[];
	/** Lines that match an alias, and those of their files without other matches. */
	readonly viaMatches: number;
	readonly viaFiles: number;
}

/** Upper bound of the files parsed to find roles. */
const maxParsedFiles = 300;
const maxParsedLength = 6_000_000;
const maxNamed = 5;

interface NotedMatch {
	readonly file: HitFile;
	readonly index: number;
	readonly note: Note;
	readonly via?: string;
}

/**
 * Includes the places of the code's aliases: a constant (`ErrLLMTimeout = "LLM_TIMEOUT"`), an enum's member, an error
 * class.
 *
 * @param files with the code's matches
 * @param search finds whole words
 * @param recent files that come first where all else is equal
 */
export async function findCode(
	files: readonly HitFile[],
	sources: (path: string) => Promise<Source | undefined>,
	search: (
		names: readonly string[],
	) => Promise<{ readonly files: readonly HitFile[]; readonly cut: SearchCut | undefined }>,
	recent: Promise<ReadonlySet<string>>,
	after: Position | undefined,
	limit: number,
	signal: AbortSignal,
): Promise<CodePlaces> {
	const { noted: direct, unparsed } = await noteAll(files, sources, signal);
	const names = aliasesOf(direct);
	const known = new Map(files.map((file) => [file.path, new Set(file.lines)]));
	const others = names.length === 0 ? undefined : await search(names);
	const named = (others?.files ?? []).flatMap((file) => withoutKnown(file, known));
	const further = await noteAll(named, sources, signal);
	const indirect = further.noted
		.filter(({ note }) => note.role !== "mention" && note.role !== "defines")
		.map((match) => ({ ...match, via: match.file.matched[match.index] ?? "" }));
	const all = [...direct, ...indirect];
	const raising = all.filter(({ note, file }) => note.role === "raises" && file.kind === "code");
	return {
		...orderByRole(all, await recent, after, limit),
		raised: raising.length > 0,
		unparsed: unparsed + further.unparsed,
		cut: others?.cut,
		raises: raising.flatMap(({ file, index }) => {
			const place = placesOf(file)[index];
			return place === undefined ? [] : [{ path: file.path, place }];
		}),
		viaMatches: indirect.length,
		viaFiles: new Set(indirect.map(({ file }) => file.path).filter((path) => !known.has(path))).size,
	};
}

async function noteAll(
	files: readonly HitFile[],
	sources: (path: string) => Promise<Source | undefined>,
	signal: AbortSignal,
): Promise<{ readonly noted: readonly NotedMatch[]; readonly unparsed: number }> {
	// Code first: matches over the limits get their role from the path.
	const ordered = [...files].sort(
		(one, other) => fileKinds.indexOf(one.kind) - fileKinds.indexOf(other.kind),
	);
	const noted: NotedMatch[] = [];
	let unparsed = 0;
	let parsedLength = 0;
	for (const [index, file] of ordered.entries()) {
		signal.throwIfAborted();
		const isWithin = index < maxParsedFiles && parsedLength < maxParsedLength;
		if (!isWithin && file.kind === "code") unparsed += 1;
		const source = isWithin ? await sources(file.path) : undefined;
		parsedLength += source?.text.length ?? 0;
		const places = placesOf(file);
		const notes =
			source === undefined
				? places.map(({ line }) => unread(line, file.kind))
				: await annotate(source, file.kind, places, { kind: "code" });
		notes.forEach((note, at) => {
			noted.push({ file, index: at, note });
		});
	}
	return { noted, unparsed };
}

function unread(line: number, kind: FileKind): Note {
	const role: Role = kind === "test" || kind === "docs" ? kind : "mention";
	return { line, role, enclosing: undefined, guards: [], alias: undefined, codes: 0 };
}

function aliasesOf(matches: readonly NotedMatch[]): readonly string[] {
	const names = matches.flatMap(({ file, note }) => (file.kind === "code" ? (note.alias ?? []) : []));
	return [...new Set(names)].slice(0, maxNamed);
}

/** The file's matches in lines that do not match the code itself. */
function withoutKnown(file: HitFile, known: ReadonlyMap<string, ReadonlySet<number>>): readonly HitFile[] {
	const lines = known.get(file.path);
	if (lines === undefined) return [file];
	const isNew = file.lines.map((line) => !lines.has(line));
	if (!isNew.includes(true)) return [];
	const pick = <T>(values: readonly T[]): T[] => values.filter((_, index) => isNew[index] === true);
	return [
		{
			...file,
			lines: pick(file.lines),
			columns: pick(file.columns),
			matched: pick(file.matched),
			rank: pick(file.rank),
		},
	];
}
