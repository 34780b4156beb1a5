// Encodings of text files: UTF-8, UTF-16 with a byte-order mark, Windows-1252, and bytes of another one.

import { PatchRefused } from "../failures/index.ts";

/**
 * `windows-1252` has Latin-1's letters at the same bytes. `foreign` is one that is not known: its bytes are kept, and what
 * is added to it must be ASCII.
 */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | "foreign";

export interface Decoded {
	/** Without its byte-order mark. */
	readonly text: string;
	readonly encoding: Encoding;
	readonly byteOrderMark: boolean;
}

export const byteOrderMark = "\ufeff";

/** The private characters that stand for the bytes of an encoding that is not known. */
const foreignBase = 0xf700;

/** Texts in European languages hardly ever have three letters beyond ASCII in a row; others mostly do. */
const foreignRun = /[\x80-\xff]{3}/;

/** @returns undefined for what is not text */
export function decode(bytes: Buffer): Decoded | undefined {
	const wide = decodeWide(bytes);
	if (wide !== undefined) return wide;
	// Checked before decoding, since UTF-16 has many zero bytes.
	if (bytes.includes(0)) return undefined;
	const text = strictly("utf-8", bytes);
	if (text !== undefined) {
		const marked = text.startsWith(byteOrderMark);
		return { text: marked ? text.slice(1) : text, encoding: "utf-8", byteOrderMark: marked };
	}
	const raw = bytes.toString("latin1");
	if (!foreignRun.test(raw)) {
		return {
			text: decodeWindows(raw),
			encoding: "windows-1252",
			byteOrderMark: false,
		};
	}
	const kept = raw.replaceAll(/[\x80-\xff]/g, (byte) =>
		String.fromCharCode(foreignBase + byte.charCodeAt(0)),
	);
	return { text: kept, encoding: "foreign", byteOrderMark: false };
}

/** UTF-16 is taken where it can be written back as the same bytes. */
function decodeWide(bytes: Buffer): Decoded | undefined {
	const [first, second] = bytes;
	const encoding =
		first === 0xff && second === 0xfe
			? "utf-16le"
			: first === 0xfe && second === 0xff
				? "utf-16be"
				: undefined;
	if (encoding === undefined || bytes.length % 2 !== 0) return undefined;
	const text = strictly(encoding, bytes)?.slice(1);
	if (text === undefined || text.includes("\0")) return undefined;
	return { text, encoding, byteOrderMark: true };
}

function strictly(encoding: "utf-8" | "utf-16le" | "utf-16be", bytes: Buffer): string | undefined {
	try {
		return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/** @throws {PatchRefused} for a character that the encoding does not have */
export function encode(path: string, { text, encoding, byteOrderMark: marked }: Decoded): Buffer {
	const whole = (marked ? byteOrderMark : "") + text;
	switch (encoding) {
		case "utf-8":
			return Buffer.from(whole, "utf8");
		case "utf-16le":
			return Buffer.from(whole, "utf16le");
		case "utf-16be":
			return Buffer.from(whole, "utf16le").swap16();
		case "windows-1252":
		case "foreign":
			return encodeBytes(path, text, encoding);
	}
}

/** Bytes 0x80 to 0x9f of Windows-1252 (Node 20's own decoder takes it for Latin-1). Five of them are not assigned. */
const windowsLetters = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function decodeWindows(raw: string): string {
	return raw.replaceAll(/[\x80-\x9f]/g, (byte) => windowsLetters.charAt(byte.charCodeAt(0) - 0x80));
}

function windowsByte(letter: string): number | undefined {
	const index = windowsLetters.indexOf(letter);
	if (index >= 0) return 0x80 + index;
	const code = letter.charCodeAt(0);
	return code >= 0xa0 && code <= 0xff ? code : undefined;
}

function encodeBytes(path: string, text: string, encoding: "windows-1252" | "foreign"): Buffer {
	const bytes = Buffer.alloc(text.length);
	for (let index = 0; index < text.length; index += 1) {
		const code = text.charCodeAt(index);
		const own = encoding === "foreign" ? code - foreignBase : windowsByte(text.charAt(index));
		if (code < 0x80) bytes[index] = code;
		else if (own !== undefined && own >= 0x80 && own <= 0xff) bytes[index] = own;
		else throw new PatchRefused("not_in_encoding", path, `${text.slice(index).match(/^./su)?.[0] ?? ""}`);
	}
	return bytes;
}

/** What an answer calls it; undefined for UTF-8. */
export function encodingNote(path: string, encoding: Encoding): string | undefined {
	switch (encoding) {
		case "utf-8":
			return undefined;
		case "utf-16le":
		case "utf-16be":
			return `${path}: is ${encoding.toUpperCase()}, and stays so; the diff is shown in UTF-8`;
		case "windows-1252":
			return `${path}: is not UTF-8; it was read as Windows-1252 (Latin-1), and stays so`;
		case "foreign":
			return `${path}: is not UTF-8, in an encoding that is not known; its own characters are kept byte for byte`;
	}
}
