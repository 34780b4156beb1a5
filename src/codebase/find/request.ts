// What a search is asked for, on its first page or with a cursor on a later one.

import { z } from "zod";
import { type CursorKind, InvalidArgument, readCursor, writeCursor } from "../../text/index.ts";
import type { SearchMode } from "./ripgrep.ts";

export interface SearchRequest {
	/** Exactly one of `query` and `errorCode`; optional beside a cursor. */
	readonly query?: string | undefined;
	readonly errorCode?: string | undefined;
	/** `file`: by name. */
	readonly mode?: SearchMode | "file" | undefined;
	readonly path?: string | undefined;
	readonly glob?: string | undefined;
	readonly type?: string | undefined;
	readonly caseSensitive?: boolean | undefined;
	/** Lines around a match, 0 to 10. */
	readonly context?: number | undefined;
	/** The whole function around a match; for an error code, around the lines that raise it. */
	readonly wholeFunction?: boolean | undefined;
	/** Matches, 1 to 200; default 30. */
	readonly limit?: number | undefined;
	readonly cursor?: string | undefined;
	/** Whether to say who changed the best matches last; default true. */
	readonly history?: boolean | undefined;
}

/** The arguments that stay the same from page to page. */
export type Asked = Omit<SearchRequest, "limit" | "cursor">;

/** Where a page ended. Matches are ordered by bucket, then path, then line. */
export interface Position {
	readonly bucket: number;
	readonly path: string;
	readonly line: number;
}

const maxPattern = 1000;

/** @throws {InvalidArgument} when not exactly one of query and error_code is given, or it cannot be searched for */
export function patternOf({ query, errorCode }: Asked): string {
	if ((query === undefined) === (errorCode === undefined)) {
		throw new InvalidArgument(
			"query",
			"exactly one of query and error_code is required.",
			"Give one of them, and leave the other out.",
		);
	}
	const pattern = errorCode ?? query ?? "";
	if (pattern === "") throw new InvalidArgument("query", "it is empty.", "Give the text to look for.");
	if (pattern.length > maxPattern || /[\0\r\n]/.test(pattern) || !pattern.isWellFormed()) {
		throw new InvalidArgument(
			"query",
			`it is longer than ${maxPattern} characters, or holds a line break or a NUL.`,
			"Give one line of text.",
		);
	}
	if (errorCode !== undefined && !/^[A-Za-z][A-Za-z0-9_]{1,99}$/.test(errorCode)) {
		throw new InvalidArgument(
			"error_code",
			"it is not an error code.",
			"Give one such as LLM_TIMEOUT, or use query.",
		);
	}
	return pattern;
}

const cursors = {
	tool: "search_codebase",
	given: z
		.strictObject({
			query: z.string().max(1000),
			errorCode: z.string().max(100),
			mode: z.enum(["literal", "regex", "word", "file"]),
			path: z.string().max(1000),
			glob: z.string().max(1000),
			type: z.string().regex(/^[a-z0-9]{1,20}$/),
			caseSensitive: z.boolean(),
			context: z.int().min(0).max(10),
			wholeFunction: z.boolean(),
			history: z.boolean(),
		})
		.partial(),
	/** Bucket, path and line. */
	place: z.tuple([z.int(), z.string(), z.int()]),
	defaults: { mode: "literal", history: true, wholeFunction: false },
} as const satisfies CursorKind<Asked, readonly [bucket: number, path: string, line: number]>;

export function writeSearchCursor(given: Asked, { bucket, path, line }: Position): string {
	return writeCursor(cursors, { given, place: [bucket, path, line] });
}

/**
 * Puts a request and its cursor together.
 *
 * @throws {InvalidArgument} when it is not a cursor of this tool, or was made for other arguments
 */
export function resolveRequest(request: SearchRequest): { readonly asked: Asked; readonly after?: Position } {
	const { cursor, limit: _, ...first } = request;
	if (cursor === undefined) return { asked: first };
	const { given, place } = readCursor(cursors, cursor, first);
	const [bucket, path, line] = place;
	return { asked: given, after: { bucket, path, line } };
}
