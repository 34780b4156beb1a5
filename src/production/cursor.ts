// The cursors of the tools that page through production: the first page's arguments and time, and its last row.

import { z } from "zod";
import { type CursorKind, InvalidArgument, readCursor, writeCursor } from "../text/index.ts";
import type { Position } from "./keyset.ts";
import { defaultSince } from "./window.ts";

/** Where a page ended. */
export interface Place {
	/** When the first page was asked for, in production's epoch seconds: its window is resolved against it again. */
	readonly now: number;
	/** Of each list that the page is made of; undefined where none of its rows was shown yet. */
	readonly positions: readonly (Position | undefined)[];
}

/** How long before the place's time the row's time is (or that time as text), and the row's id; two empty texts for none. */
type PackedPosition = readonly [at: number | string, id: string];
type PackedPlace =
	| readonly [now: number, ...PackedPosition]
	| readonly [now: number, ...PackedPosition, ...PackedPosition];
type PageCursorKind<Given extends object> = CursorKind<Given, PackedPlace>;

const word = z
	.string()
	.min(1)
	.max(300)
	.refine((text) => text.isWellFormed());
const windowWords = { since: word, until: word };
const lastSecond = Date.parse("9999-12-31T23:59:59Z") / 1000;
const now = z.int().min(0).max(lastSecond);
const position = [z.union([z.number(), z.string().max(100)]), z.string()] as const;
const place = z.tuple([now, ...position]);

export const eventCursors = {
	tool: "fetch_errors",
	given: z
		.strictObject({
			...windowWords,
			error_code: z.union([word, z.array(word).max(5).readonly()]),
			category: word,
			skill: word,
			provider: word,
			action: word,
			http_status: z.union([z.int(), z.enum(["4xx", "5xx", "none"])]),
			session: word,
			user: word,
			organization: word,
			order: z.enum(["newest", "oldest"]),
			with_runs: z.boolean(),
		})
		.partial(),
	/** With runs: of the events, and of the runs. */
	place: z.union([place, z.tuple([now, ...position, ...position])]),
	defaults: { since: defaultSince, order: "newest", with_runs: false },
} as const satisfies PageCursorKind<object>;

export const runCursors = {
	tool: "failed_skill_runs",
	given: z
		.strictObject({
			...windowWords,
			skill: word,
			status: z.enum(["error", "partial", "any_failure"]),
			user: word,
			organization: word,
			message_contains: word,
		})
		.partial(),
	place,
	defaults: { since: defaultSince, status: "error" },
} as const satisfies PageCursorKind<object>;

/**
 * An agent pays for every character: times are written as differences, and a UUID as its bytes.
 *
 * @param environment its name, where several are configured
 */
export function writePageCursor<Given extends object>(
	kind: PageCursorKind<Given>,
	given: Given,
	{ now, positions }: Place,
	environment?: string,
): string {
	const [first, ...others] = positions.map((position) => packPosition(now, position));
	const [second] = others;
	const cursor = writeCursor(kind, {
		given,
		place:
			second === undefined ? [now, ...(first ?? noPosition)] : [now, ...(first ?? noPosition), ...second],
	});
	return environment === undefined ? cursor : `${environment}.${cursor}`;
}

/** @returns the cursor after so many of the rows; undefined at the end */
export function cursorAfter(
	rows: readonly { readonly position: Position }[],
	more: boolean,
	write: (position: Position) => string,
): (shown: number) => string | undefined {
	return (shown) => {
		const last = rows[shown - 1];
		return last === undefined || (shown === rows.length && !more) ? undefined : write(last.position);
	};
}

/** @throws {InvalidArgument} when it is not a cursor of this tool and environment, or was made for other arguments */
export function readPageCursor<Given extends object>(
	kind: PageCursorKind<Given>,
	cursor: string,
	first: Given,
	environment?: string,
): Place & { readonly given: Given } {
	const { given, place } = readCursor(kind, withoutMark(cursor, environment), first);
	const [now, at, id, otherAt, otherId] = place;
	const others =
		otherAt === undefined || otherId === undefined ? [] : [unpackPosition(now, [otherAt, otherId])];
	return { given, now, positions: [unpackPosition(now, [at, id]), ...others] };
}

const noPosition: PackedPosition = ["", ""];

function packPosition(now: number, position: Position | undefined): PackedPosition {
	if (position === undefined) return noPosition;
	const { at, id } = position;
	return [typeof at === "number" ? now - at : at, packId(id)];
}

function unpackPosition(now: number, [at, id]: PackedPosition): Position | undefined {
	return id === "" ? undefined : { at: typeof at === "number" ? now - at : at, id: unpackId(id) };
}

/** Where several environments are configured, a cursor begins with the name of its own. */
const environmentMark = /^([a-z][\w-]{0,31})\./i;

/** The environment that a cursor names; undefined for none. */
export function environmentOfCursor(cursor: string): string | undefined {
	return environmentMark.exec(cursor)?.[1];
}

/** @throws {InvalidArgument} for another environment's */
function withoutMark(cursor: string, environment: string | undefined): string {
	const of = environmentOfCursor(cursor);
	if (of === environment) return cursor.replace(environmentMark, "");
	const whose = of === undefined ? "of no environment" : `of environment ${of}`;
	throw new InvalidArgument(
		"cursor",
		`it is ${whose}, and ${environment === undefined ? "none has a name here" : `${environment} is asked`}.`,
		of === undefined
			? "Leave it out for the first page."
			: `Give environment: "${of}" with it, or leave it out for the first page.`,
	);
}

/** Marks an id that stands as it is. */
const asIs = "=";

function packId(id: string): string {
	const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
	return isUuid ? Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url") : `${asIs}${id}`;
}

function unpackId(packed: string): string {
	if (packed.startsWith(asIs)) return packed.slice(asIs.length);
	const hex = Buffer.from(packed, "base64url").toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
