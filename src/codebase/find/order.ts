// Orders matches by rank or role, and takes one page of them.

import type { Note } from "../syntax/annotate.ts";
import { roles } from "../syntax/roles.ts";
import { type HitFile, ranks } from "./hits.ts";
import { fileKinds } from "./paths.ts";
import type { Position } from "./request.ts";

/** A match with its place in the order. */
export interface Ordered extends Position {
	readonly file: HitFile;
	/** Of the match in the file. */
	readonly index: number;
	readonly note?: Note;
	/** The name under which an error code was found, where it is not the code itself. */
	readonly via?: string;
}

/** Matches of one file that come first, so that they do not bury other files. */
const perFile = 5;
const maxStrength = 63;

/**
 * Orders the matches of a free search by rank: definitions and whole words first, production code before tests and
 * docs, generated files last. Parses nothing.
 *
 * @param files by path
 * @param recent files that come first where all else is equal
 * @param after where the previous page ended
 * @returns the next `limit` matches, and how many remain
 */
export function orderByText(
	files: readonly HitFile[],
	recent: ReadonlySet<string>,
	after: Position | undefined,
	limit: number,
): { readonly page: readonly Ordered[]; readonly left: number } {
	// One number a match (bucket, file, index), so that a hundred thousand sort in milliseconds.
	const keys: number[] = [];
	const fileStep = 2 ** 21;
	const bucketStep = fileStep * 2 ** 20;
	files.forEach((file, fileIndex) => {
		const seen = [0, 0, 0, 0];
		file.lines.forEach((line, index) => {
			const rank = file.rank[index] ?? ranks.part;
			const round = (seen[rank] ?? 0) < perFile ? 0 : 1;
			seen[rank] = (seen[rank] ?? 0) + 1;
			const bucket = textBucket(file, rank, round) * 2 + Number(!recent.has(file.path));
			if (after !== undefined && !isAfter({ bucket, path: file.path, line }, after)) return;
			keys.push(bucket * bucketStep + fileIndex * fileStep + index);
		});
	});
	const sorted = Float64Array.from(keys).sort();
	const page = [...sorted.subarray(0, limit)].flatMap((key) => {
		const file = files[Math.floor((key % bucketStep) / fileStep)];
		const index = key % fileStep;
		if (file === undefined) return [];
		return [
			{ file, index, bucket: Math.floor(key / bucketStep), path: file.path, line: file.lines[index] ?? 0 },
		];
	});
	return { page, left: sorted.length - page.length };
}

function textBucket({ kind }: HitFile, rank: number, round: number): number {
	const generated = kind === "generated" ? 1 : 0;
	// A definition in a test ranks below a use in the code.
	const worth = kind === "code" || rank === ranks.part ? rank : Math.max(rank, ranks.code);
	return ((generated * 4 + worth) * fileKinds.length + fileKinds.indexOf(kind)) * 2 + round;
}

/**
 * Orders the matches of an error code by role: raises, handles, defines (the longest list of codes first),
 * tests, docs, mentions. Whole words come before parts, and generated files last.
 */
export function orderByRole(
	matches: readonly (Omit<Ordered, keyof Position> & { readonly note: Note })[],
	recent: ReadonlySet<string>,
	after: Position | undefined,
	limit: number,
): { readonly page: readonly Ordered[]; readonly left: number } {
	const seen = new Map<string, number>();
	const all: Ordered[] = [];
	for (const match of matches) {
		const { file, index, note } = match;
		const key = `${note.role}:${file.path}`;
		const before = seen.get(key) ?? 0;
		seen.set(key, before + 1);
		const isPart = file.rank[index] === ranks.part;
		const bucket =
			(((Number(isPart) * 2 + Number(file.kind === "generated")) * roles.length + roles.indexOf(note.role)) *
				2 +
				Number(before >= perFile)) *
				(maxStrength + 1) +
			(maxStrength - Math.min(maxStrength, note.codes));
		const ordered = {
			...match,
			bucket: bucket * 2 + Number(!recent.has(file.path)),
			path: file.path,
			line: note.line,
		};
		if (after === undefined || isAfter(ordered, after)) all.push(ordered);
	}
	all.sort(compare);
	return { page: all.slice(0, limit), left: Math.max(0, all.length - limit) };
}

function isAfter(one: Position, other: Position): boolean {
	return compare(one, other) > 0;
}

function compare(one: Position, other: Position): number {
	if (one.bucket !== other.bucket) return one.bucket - other.bucket;
	if (one.path !== other.path) return one.path < other.path ? -1 : 1;
	return one.line - other.line;
}
