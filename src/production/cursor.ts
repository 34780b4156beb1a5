import { createHash } from "node:crypto";
import { InvalidArgument } from "../failure.ts";
import type { Position } from "./keyset.ts";
import type { Window } from "./window.ts";

/** Arguments as the agent gave them, without those that may differ from page to page. */
export type GivenArguments = Readonly<Record<string, unknown>>;

/** What a cursor carries: the first page's arguments, its window as it was resolved, and where it ended. */
export interface Cursor {
	readonly arguments: GivenArguments;
	readonly window: Window;
	readonly position: Position;
}

/** The cursors of one tool. */
export interface CursorKind {
	/** One tool's cursor is none for another. */
	readonly tool: string;
	/** What an argument that is not given stands for. */
	readonly defaults: GivenArguments;
}

/** Counts up when the packed form changes. */
const version = 2;
const checkBytes = 4;
const uuidBytes = 16;
/** In characters, as the argument's schema has it. */
const maxLength = 4000;

/**
 * Opaque to the agent, who pays for every character: base64url of a check, the row's id (a UUID as its 16 bytes)
 * and JSON of the rest, instants as differences. The check is a hash without a key. It refuses a cursor that was altered or belongs elsewhere;
 * one that somebody forged is read like any argument and can do no more.
 */
export function writeCursor(kind: CursorKind, cursor: Cursor): string {
	const { window, position } = cursor;
	const { from, to } = window;
	const at = Number.isSafeInteger(position.at) ? Number(position.at) - from : position.at;
	const uuid = uuidOf(position.id);
	const given = canonical(cursor.arguments, kind.defaults);
	const packed = [from, to - from, at, uuid === undefined ? position.id : 0];
	const rest = JSON.stringify(Object.keys(given).length === 0 ? packed : [...packed, given]);
	const body = Buffer.concat([uuid ?? Buffer.alloc(0), Buffer.from(rest, "utf8")]);
	return Buffer.concat([check(kind, body), body]).toString("base64url");
}

/**
 * Reads a cursor back. Given with the first page's arguments, or with none of them, it works.
 *
 * @throws {InvalidArgument} when it is no cursor of this tool, or was made for other arguments
 */
export function readCursor(kind: CursorKind, text: string, given: GivenArguments): Cursor {
	const cursor = unpack(kind, text);
	if (cursor === undefined) {
		throw new InvalidArgument(
			"cursor",
			`it is none that ${kind.tool} gave, or it was altered.`,
			"Give next_cursor exactly as it stood in the answer, or leave it out for the first page.",
		);
	}
	const named = Object.values(given).some((value) => value !== undefined);
	const same = JSON.stringify(canonical(given, kind.defaults)) === JSON.stringify(cursor.arguments);
	if (named && !same) {
		throw new InvalidArgument(
			"cursor",
			"it was made for other filters or another window.",
			"Give the same arguments as for the first page, or none beside cursor and limit; or leave the cursor out to start anew.",
		);
	}
	return cursor;
}

/** Neither the order of names nor a default that is spelt out counts, nor a list's order. */
function canonical(given: GivenArguments, defaults: GivenArguments): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(given)
			.map(([name, value]) => [name, Array.isArray(value) ? plainList(value) : value] as const)
			.filter(([name, value]) => value !== undefined && value !== defaults[name])
			.sort(([one], [other]) => (one < other ? -1 : 1)),
	);
}

function plainList(values: readonly unknown[]): unknown {
	return values.length === 1 ? values[0] : [...values].sort();
}

function check({ tool }: CursorKind, body: Buffer): Buffer {
	return createHash("sha256").update(`${tool} ${version} `).update(body).digest().subarray(0, checkBytes);
}

function uuidOf(id: string): Buffer | undefined {
	const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id);
	return isUuid ? Buffer.from(id.replaceAll("-", ""), "hex") : undefined;
}

function unpack(kind: CursorKind, text: string): Cursor | undefined {
	const bytes = Buffer.from(text.slice(0, maxLength), "base64url");
	// Decoding is lenient; what was altered where it does not matter is refused too.
	if (bytes.toString("base64url") !== text) return undefined;
	const body = bytes.subarray(checkBytes);
	if (!check(kind, body).equals(bytes.subarray(0, checkBytes))) return undefined;
	return readPacked(body, 0) ?? readPacked(body, uuidBytes);
}

/** Without a UUID before it, the body is JSON from its first byte. */
function readPacked(body: Buffer, start: number): Cursor | undefined {
	let packed: unknown;
	try {
		packed = JSON.parse(body.subarray(start).toString("utf8"));
	} catch {
		return undefined;
	}
	if (!Array.isArray(packed) || packed.length < 4 || packed.length > 5) return undefined;
	const [from, length, at, name, given = {}] = packed as unknown[];
	if (!isInstant(from) || !isInstant(length) || typeof given !== "object" || given === null) return undefined;
	if (!Object.values(given).every(isPlain)) return undefined;
	if (typeof at !== "string" && !(typeof at === "number" && Number.isFinite(at))) return undefined;
	const id = start > 0 && name === 0 ? uuidFrom(body.subarray(0, start)) : name;
	if (typeof id !== "string" || !id.isWellFormed()) return undefined;
	return {
		arguments: given as GivenArguments,
		window: { from: Number(from), to: Number(from) + Number(length) },
		position: { at: Number.isSafeInteger(at) ? Number(at) + Number(from) : at, id },
	};
}

function uuidFrom(bytes: Buffer): string {
	const hex = bytes.toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
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
