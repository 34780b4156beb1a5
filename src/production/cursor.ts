import { InvalidArgument } from "../failure.ts";
import type { Window } from "./window.ts";

/** Where a page ended: the stored time and the id of its last row. */
export interface Position {
	readonly at: string | number;
	readonly id: string;
}

/** Arguments as the agent gave them, without those that may differ from page to page. */
export type GivenArguments = Readonly<Record<string, unknown>>;

/** What a cursor carries: the first page's arguments, its window as it was resolved, and where it ended. */
export interface Cursor {
	readonly arguments: GivenArguments;
	readonly window: Window;
	readonly position: Position;
}

const version = 1;

/** Opaque to the agent: base64url of JSON. */
export function writeCursor(cursor: Cursor): string {
	const { arguments: given, window, position } = cursor;
	const packed = [version, canonical(given), window.from, window.to, position.at, position.id];
	return Buffer.from(JSON.stringify(packed), "utf8").toString("base64url");
}

/**
 * Reads a cursor back. Given with the first page's arguments, or with none of them, it works.
 *
 * @throws {InvalidArgument} when it is no cursor, or was made for other arguments
 */
export function readCursor(text: string, given: GivenArguments): Cursor {
	const cursor = parse(text);
	if (cursor === undefined) {
		throw new InvalidArgument(
			"cursor",
			"it is none that this tool gave.",
			"Give next_cursor as it stood in the answer, or leave it out for the first page.",
		);
	}
	const named = canonical(given);
	if (Object.keys(named).length > 0 && JSON.stringify(named) !== JSON.stringify(cursor.arguments)) {
		throw new InvalidArgument(
			"cursor",
			"it was made for other filters or another window.",
			"Give the same arguments as for the first page, or none beside cursor and limit; or leave the cursor out to start anew.",
		);
	}
	return cursor;
}

/** Sorted by name, so that the order in which an agent names its arguments does not count. */
function canonical(given: GivenArguments): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(given)
			.filter(([, value]) => value !== undefined)
			.sort(([one], [other]) => (one < other ? -1 : 1)),
	);
}

function parse(text: string): Cursor | undefined {
	if (text.length > 4000 || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
	let packed: unknown;
	try {
		packed = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
	} catch {
		return undefined;
	}
	if (!Array.isArray(packed) || packed.length !== 6 || packed[0] !== version) return undefined;
	const [, given, from, to, at, id] = packed as unknown[];
	if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
	if (!Object.values(given).every(isPlain) || !isInstant(from) || !isInstant(to) || typeof id !== "string")
		return undefined;
	if (typeof at !== "string" && !(typeof at === "number" && Number.isFinite(at))) return undefined;
	return {
		arguments: given as GivenArguments,
		window: { from: Number(from), to: Number(to) },
		position: { at, id },
	};
}

/** What an argument can be; a cursor is the agent's to forge, and what it carries is checked like an argument. */
function isPlain(value: unknown): boolean {
	if (Array.isArray(value)) return value.length <= 5 && value.every((item) => isShortText(item));
	return isShortText(value) || Number.isSafeInteger(value);
}

function isShortText(value: unknown): boolean {
	return typeof value === "string" && value.length > 0 && value.length <= 300 && value.isWellFormed();
}

/** Seconds that a date can hold. */
function isInstant(value: unknown): boolean {
	return Number.isSafeInteger(value) && Math.abs(Number(value)) <= 8_640_000_000_000;
}
