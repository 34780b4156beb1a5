import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { InvalidArgument } from "../text/index.ts";
import { errorCodes } from "./error-codes.ts";
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
const version = 3;
const checkBytes = 4;
/** The window's start in 5 bytes, its length in 4, the row's time after the start in 6; then a UUID. */
const headBytes = 15;
const uuidBytes = 16;
/** In characters, as the argument's schema has it. */
const maxLength = 4000;
/** What the rest of a cursor is likely to hold, so that it packs well. */
const dictionary = Buffer.from(
	`"since":"7d","http_status":"provider":"session":"user":"organization":"skill":"message_contains":"status":"any_failure"${errorCodes.map(({ code }) => code).join('"')}{"given":{"error_code":"`,
);

/** What does not fit the fixed part: an id that is no UUID, a time that is no whole number, arguments. */
interface Rest {
	readonly at?: string | number | undefined;
	readonly id?: string | undefined;
	readonly given?: GivenArguments | undefined;
}

/**
 * Opaque to the agent, who pays for every character: base64url of a check, the window, the row's time and id as
 * bytes, and the rest as deflated JSON. The check is a hash without a key. It refuses a cursor that was altered or
 * belongs elsewhere; one that somebody forged is read like any argument and can do no more.
 */
export function writeCursor(kind: CursorKind, cursor: Cursor): string {
	const { window, position } = cursor;
	const { from, to } = window;
	const whole = Number.isSafeInteger(position.at) ? Number(position.at) : undefined;
	const uuid = uuidOf(position.id);
	const given = canonical(cursor.arguments, kind.defaults);
	const fixed = Buffer.alloc(headBytes + uuidBytes);
	fixed.writeIntBE(from, 0, 5);
	fixed.writeUIntBE(to - from, 5, 4);
	fixed.writeIntBE(whole === undefined ? 0 : whole - from, 9, 6);
	uuid?.copy(fixed, headBytes);
	const rest: Rest = {
		...(whole === undefined ? { at: position.at } : {}),
		...(uuid === undefined ? { id: position.id } : {}),
		...(Object.keys(given).length === 0 ? {} : { given }),
	};
	const more = Object.keys(rest).length === 0 ? Buffer.alloc(0) : pack(rest);
	const body = Buffer.concat([fixed, more]);
	return Buffer.concat([check(kind, body), body]).toString("base64url");
}

function pack(rest: Rest): Buffer {
	return deflateRawSync(JSON.stringify(rest), { dictionary, level: 9 });
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
	if (body.length < headBytes + uuidBytes) return undefined;
	if (!check(kind, body).equals(bytes.subarray(0, checkBytes))) return undefined;
	const rest = unpackRest(body.subarray(headBytes + uuidBytes));
	if (rest === undefined) return undefined;
	const from = body.readIntBE(0, 5);
	const { at, id, given = {} } = rest;
	return {
		arguments: given,
		window: { from, to: from + body.readUIntBE(5, 4) },
		position: {
			at: at ?? body.readIntBE(9, 6) + from,
			id: id ?? uuidFrom(body.subarray(headBytes, headBytes + uuidBytes)),
		},
	};
}

const argumentText = z
	.string()
	.min(1)
	.max(300)
	.refine((text) => text.isWellFormed());

/** A cursor is anybody's to forge: what it carries is held to what an argument can be. */
const restShape = z.strictObject({
	at: z.union([z.string().max(100), z.number()]).optional(),
	id: z.string().optional(),
	given: z.record(z.string(), z.union([argumentText, z.int(), z.array(argumentText).max(5)])).optional(),
});

function unpackRest(packed: Buffer): Rest | undefined {
	if (packed.length === 0) return {};
	try {
		const json = inflateRawSync(packed, { dictionary, maxOutputLength: 16 * maxLength }).toString("utf8");
		return restShape.safeParse(JSON.parse(json)).data;
	} catch {
		return undefined;
	}
}

function uuidFrom(bytes: Buffer): string {
	const hex = bytes.toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
