// Refuses what could make a text that is not valid Unicode: a client in the API's process may abort on one.

import { FormRefused } from "../failures/index.ts";
import { closing, type Place } from "./structure.ts";
import { is, nameOf } from "./tokens.ts";

/** Functions that look at bytes and give back a number, or ASCII. */
const readsBytes = new Set(["hex", "length", "octet_length", "quote", "typeof"]);
/** Functions that decode the escapes of a JSON text. */
const decodes = new Set(["json_extract", "json_each", "json_tree"]);
/** Functions that could put an escape together. */
const joins = new Set(
	"char concat concat_ws format group_concat printf replace string_agg substr substring".split(" "),
);
/** Half of a surrogate pair, as JSON writes it. */
const halfEscape =
	/\\u(?:d[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f][0-9a-f]{2})/i;

/** @throws {FormRefused} */
export function refuseBrokenText(places: readonly Place[]): void {
	let isDecoded = false;
	let isJoined = false;
	let backslash: string | undefined;
	let half: string | undefined;
	places.forEach(({ token }, at) => {
		switch (token.kind) {
			case "blob":
				if (/^x'(?:[0-7][0-9a-f])*'$/i.test(token.text) || isByteArgument(places, at, at)) return;
				throw new FormRefused("bytes", token.text);
			case "string":
				if (!token.text.includes("\\")) return;
				backslash ??= token.text;
				if (halfEscape.test(token.text)) half ??= token.text;
				return;
			case "sign":
				isDecoded ||= token.text === "->>";
				isJoined ||= token.text === "||";
				return;
			case "word":
			case "quoted": {
				if (!is(places[at + 1]?.token, "(")) return;
				const name = (nameOf(token) ?? "").toLowerCase();
				isDecoded ||= decodes.has(name);
				isJoined ||= joins.has(name);
				if (name === "char") refuseCodePoints(places, at);
				if (name === "cast") refuseCastToBytes(places, at);
			}
		}
	});
	if (!isDecoded) return;
	const found = half ?? (isJoined ? backslash : undefined);
	if (found !== undefined) throw new FormRefused("half_escape", found);
}

/** Whether an expression is the one argument of a function that looks at bytes. */
function isByteArgument(places: readonly Place[], from: number, to: number): boolean {
	const name = is(places[from - 1]?.token, "(") ? nameOf(places[from - 2]?.token) : undefined;
	return readsBytes.has(name?.toLowerCase() ?? "") && is(places[to + 1]?.token, ")");
}

/** `char()` of numbers as they are written, and of none that is half of a surrogate pair. */
function refuseCodePoints(places: readonly Place[], at: number): void {
	for (const { token } of places.slice(at + 2, closing(places, at + 1))) {
		const code = token.kind === "number" ? Number(token.text.replaceAll("_", "")) : Number.NaN;
		const isHalf = code >= 0xd800 && code <= 0xdfff;
		if (!is(token, ",") && (isHalf || !Number.isInteger(code)))
			throw new FormRefused("code_point", token.text);
	}
}

/** `CAST(… AS BLOB)`, of which substr() could cut a character in two. */
function refuseCastToBytes(places: readonly Place[], at: number): void {
	const close = closing(places, at + 1);
	if (!/blob/i.test(typeOf(places, at + 1, close))) return;
	if (!isByteArgument(places, at, close)) throw new FormRefused("bytes", "CAST(… AS BLOB)");
}

/** What stands after the AS of a CAST. */
function typeOf(places: readonly Place[], open: number, close: number): string {
	const depth = (places[open]?.depth ?? 0) + 1;
	for (let at = close - 1; at > open; at -= 1) {
		if (places[at]?.depth === depth && is(places[at]?.token, "AS"))
			return places
				.slice(at + 1, close)
				.map(({ token }) => token.text)
				.join(" ");
	}
	return "";
}
