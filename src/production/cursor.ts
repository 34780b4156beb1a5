// The cursors of the tools that page through production: the first page's arguments and time, and its last row.

import { z } from "zod";
import { type CursorKind, readCursor, writeCursor } from "../text/index.ts";
import type { Position } from "./keyset.ts";
import { defaultSince } from "./window.ts";

/** Where a page ended. */
export interface Place {
	/** When the first page was asked for, in production's epoch seconds: its window is resolved against it again. */
	readonly now: number;
	readonly position: Position;
}

/** The time, how long before it the row's time is (or that time as text), and the row's id. */
type PackedPlace = readonly [now: number, at: number | string, id: string];
type PageCursorKind<Given extends object> = CursorKind<Given, PackedPlace>;

const word = z
	.string()
	.min(1)
	.max(300)
	.refine((text) => text.isWellFormed());
const windowWords = { since: word, until: word };
const lastSecond = Date.parse("9999-12-31T23:59:59Z") / 1000;
const place = z.tuple([
	z.int().min(0).max(lastSecond),
	z.union([z.number(), z.string().max(100)]),
	z.string(),
]);

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
		})
		.partial(),
	place,
	defaults: { since: defaultSince, order: "newest" },
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

/** An agent pays for every character: times are written as differences, and a UUID as its bytes. */
export function writePageCursor<Given extends object>(
	kind: PageCursorKind<Given>,
	given: Given,
	{ now, position: { at, id } }: Place,
): string {
	return writeCursor(kind, { given, place: [now, typeof at === "number" ? now - at : at, packId(id)] });
}

/** @throws {InvalidArgument} when it is not a cursor of this tool, or was made for other arguments */
export function readPageCursor<Given extends object>(
	kind: PageCursorKind<Given>,
	cursor: string,
	first: Given,
): Place & { readonly given: Given } {
	const { given, place } = readCursor(kind, cursor, first);
	const [now, at, id] = place;
	return { given, now, position: { at: typeof at === "number" ? now - at : at, id: unpackId(id) } };
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
