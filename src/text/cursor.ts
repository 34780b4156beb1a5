// Cursors: where a page ended and what it was asked for, as text that the tool gives and takes back.

import type { z } from "zod";
import { InvalidArgument } from "./invalid-argument.ts";

/** Numbers and words, so that the arguments, an object, can follow them in one list. */
type Place = readonly (string | number)[];

/** The cursors of one tool. */
export interface CursorKind<Given extends object, At extends Place> {
	/** A cursor of one tool is refused by every other. */
	readonly tool: string;
	/** The first page's arguments. Anybody can write a cursor, so they are held to what an argument can be. */
	readonly given: z.ZodType<Given>;
	/** Where a page ended. */
	readonly place: z.ZodType<At>;
	/** What an argument that is not given stands for. */
	readonly defaults: Readonly<Partial<Given>>;
}

/** What a cursor carries. */
export interface Carried<Given extends object, At extends Place> {
	/** The first page's arguments, without those that equal a default. */
	readonly given: Given;
	readonly place: At;
}

/** Counts up when the form changes. */
const version = 1;
const checkBytes = 4;

/** For the arguments' schemas: enough for the longest arguments of any tool, escaped as JSON. */
export const maxCursorLength = 20_000;

/** Opaque to the agent: base64url of a check and of a list in JSON, the place and then the arguments where there are any. */
export function writeCursor<Given extends object, At extends Place>(
	kind: CursorKind<Given, At>,
	{ given, place }: Carried<Given, At>,
): string {
	const named = canonical(kind, given);
	const parts = Object.keys(named).length === 0 ? place : [...place, named];
	const body = Buffer.from(JSON.stringify(parts));
	return Buffer.concat([check(kind.tool, body), body]).toString("base64url");
}

/**
 * Reads a cursor back. Given with the first page's arguments, or with none of them, it works.
 *
 * @param given the arguments beside the cursor, without those that may differ from page to page
 * @throws {InvalidArgument} when it is not a cursor of this tool, or was made for other arguments
 */
export function readCursor<Given extends object, At extends Place>(
	kind: CursorKind<Given, At>,
	cursor: string,
	given: Given,
): Carried<Given, At> {
	const carried = unpack(kind, cursor);
	if (carried === undefined) {
		throw new InvalidArgument(
			"cursor",
			`this cursor was not given by ${kind.tool}, or it was altered.`,
			"Give it exactly as it stood in the answer, or leave it out for the first page.",
		);
	}
	const named = Object.values(given).some((value) => value !== undefined);
	const text = (one: Given) => JSON.stringify(canonical(kind, one));
	if (named && text(given) !== text(carried.given)) {
		throw new InvalidArgument(
			"cursor",
			"it was made for other arguments.",
			"Give the same as for the first page, or none beside cursor and limit; or start again without it.",
		);
	}
	return carried;
}

/** Neither the order of names nor a default that is spelt out counts, nor a list's order. */
function canonical<Given extends object>(
	{ defaults }: CursorKind<Given, Place>,
	given: Given,
): Record<string, unknown> {
	const implied: Record<string, unknown> = { ...defaults };
	return Object.fromEntries(
		Object.entries(given)
			.map(([name, value]) => [name, Array.isArray(value) ? plainList(value) : value] as const)
			.filter(([name, value]) => value !== undefined && value !== implied[name])
			.sort(([one], [other]) => (one < other ? -1 : 1)),
	);
}

function plainList(values: readonly unknown[]): unknown {
	return values.length === 1 ? values[0] : [...values].sort();
}

function unpack<Given extends object, At extends Place>(
	kind: CursorKind<Given, At>,
	cursor: string,
): Carried<Given, At> | undefined {
	const bytes = Buffer.from(cursor, "base64url");
	// Decoding is lenient; what was altered where it does not matter is refused too.
	if (bytes.toString("base64url") !== cursor) return undefined;
	const body = bytes.subarray(checkBytes);
	if (!check(kind.tool, body).equals(bytes.subarray(0, checkBytes))) return undefined;
	try {
		const parts: unknown[] = JSON.parse(body.toString());
		const given = typeof parts.at(-1) === "object" ? parts.pop() : {};
		return { given: kind.given.parse(given), place: kind.place.parse(parts) };
	} catch {
		return undefined;
	}
}

/**
 * FNV-1a of 32 bits over the tool, the version and the body. One altered byte, or another tool of the same form,
 * always shows. It keeps nobody from forging a cursor, which is read like any argument and can do no more. Not
 * node:crypto: the view in the host's page is bundled from this room too.
 */
function check(tool: string, body: Buffer): Buffer {
	let hash = 0x811c9dc5;
	for (const byte of Buffer.concat([Buffer.from(`${tool} ${version} `), body]))
		hash = Math.imul(hash ^ byte, 0x01000193);
	const bytes = Buffer.alloc(checkBytes);
	bytes.writeInt32BE(hash);
	return bytes;
}
