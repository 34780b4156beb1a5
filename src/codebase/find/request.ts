import { InvalidArgument } from "../../text/index.ts";
import type { SearchMode } from "./ripgrep.ts";

export interface SearchRequest {
	/** Exactly one of `query` and `errorCode`; none beside a cursor. */
	readonly query?: string | undefined;
	readonly errorCode?: string | undefined;
	readonly mode?: SearchMode | undefined;
	readonly path?: string | undefined;
	readonly glob?: string | undefined;
	readonly type?: string | undefined;
	readonly caseSensitive?: boolean | undefined;
	/** Lines around a match, 0 to 10, or the whole function around it. */
	readonly context?: number | "function" | undefined;
	/** Matches, 1 to 200; default 30. */
	readonly limit?: number | undefined;
	readonly cursor?: string | undefined;
	/** Whether to say who changed the best matches last; default true. */
	readonly history?: boolean | undefined;
}

/** What stays the same from page to page. */
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
			"exactly one of query and error_code is taken.",
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
			"it is no error code.",
			"Give one such as LLM_TIMEOUT, or use query.",
		);
	}
	return pattern;
}

/** Opaque to the agent: base64url of JSON. */
export function writeCursor(asked: Asked, { bucket, path, line }: Position): string {
	return Buffer.from(JSON.stringify([canonical(asked), bucket, path, line]), "utf8").toString("base64url");
}

/**
 * Puts a request and its cursor together: given with the first page's arguments, or with none of them, it works.
 *
 * @throws {InvalidArgument} when it is no cursor, or was made for other arguments
 */
export function resolveRequest(request: SearchRequest): { readonly asked: Asked; readonly after?: Position } {
	const { cursor, limit: _, ...given } = request;
	if (cursor === undefined) return { asked: given };
	const packed = parse(cursor);
	if (packed === undefined) {
		throw new InvalidArgument(
			"cursor",
			"it is none that this tool gave.",
			"Give it as it stood in the answer, or leave it out for the first page.",
		);
	}
	const { asked, ...after } = packed;
	const named = canonical(given);
	if (Object.keys(named).length > 0 && JSON.stringify(named) !== JSON.stringify(canonical(asked))) {
		throw new InvalidArgument(
			"cursor",
			"it was made for another search.",
			"Give the same arguments as for the first page, or none beside cursor and limit.",
		);
	}
	return { asked, after };
}

function canonical(asked: Asked): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(asked)
			.filter(([, value]) => value !== undefined)
			.sort(([one], [other]) => (one < other ? -1 : 1)),
	);
}

/** A cursor is the agent's to forge: what it carries is checked like an argument. */
function parse(cursor: string): (Position & { readonly asked: Asked }) | undefined {
	if (!/^[A-Za-z0-9_-]{1,12000}$/.test(cursor)) return undefined;
	let packed: unknown;
	try {
		packed = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
	} catch {
		return undefined;
	}
	if (!Array.isArray(packed)) return undefined;
	const [given, bucket, path, line] = packed as unknown[];
	if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
	if (!Number.isSafeInteger(bucket) || !Number.isSafeInteger(line) || typeof path !== "string")
		return undefined;
	const asked = readAsked(given as Record<string, unknown>);
	return asked === undefined ? undefined : { asked, bucket: Number(bucket), path, line: Number(line) };
}

function readAsked(given: Record<string, unknown>): Asked | undefined {
	const { query, errorCode, mode, path, glob, type, caseSensitive, context, history, ...others } = given;
	if (Object.keys(others).length > 0) return undefined;
	if (![query, errorCode, path, glob, type].every(isShortText)) return undefined;
	if (![caseSensitive, history].every((value) => value === undefined || typeof value === "boolean"))
		return undefined;
	if (mode !== undefined && mode !== "literal" && mode !== "regex" && mode !== "word") return undefined;
	const isCount = Number.isSafeInteger(context) && Number(context) >= 0 && Number(context) <= 10;
	if (context !== undefined && context !== "function" && !isCount) return undefined;
	if (type !== undefined && !/^[a-z0-9]{1,20}$/.test(String(type))) return undefined;
	return given as Asked;
}

function isShortText(value: unknown): boolean {
	return value === undefined || (typeof value === "string" && value.length <= 1000);
}
