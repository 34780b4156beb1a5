// Reads and writes a text file so that each unchanged byte stays the same.

import { PatchRefused } from "../failures/index.ts";

/** A line and how it ends; the last one may have no ending. */
export interface Line {
	readonly text: string;
	readonly ending: "\n" | "\r\n" | "";
}

/** A file's lines, with everything needed to write it back byte for byte. */
export interface TextFile {
	readonly lines: readonly Line[];
	readonly byteOrderMark: boolean;
}

/** Upper bound, in bytes, of a file that a patch may touch or create. */
export const maxFileBytes = 2 * 1024 * 1024;

const byteOrderMark = "\ufeff";

/** @throws {PatchRefused} for what is not UTF-8 text, or is over 2 MiB */
export function readText(path: string, bytes: Buffer): TextFile {
	if (bytes.length > maxFileBytes) throw new PatchRefused("file_too_large", path);
	// Checked before decoding, since UTF-16 has many zero bytes.
	if (bytes.includes(0)) throw new PatchRefused("binary", path);
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw new PatchRefused("not_utf8", path);
	}
	const marked = text.startsWith(byteOrderMark);
	return { lines: splitLines(marked ? text.slice(1) : text), byteOrderMark: marked };
}

/** Without the byte-order mark that an agent may or may not have copied from the file. */
export function withoutMark(text: string): string {
	return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/** Lines end with `\n` or `\r\n`; a lone `\r` is part of its line. An empty text has no lines. */
export function splitLines(text: string): readonly Line[] {
	const lines: Line[] = [];
	let from = 0;
	for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
		const isCrlf = end > from && text.charAt(end - 1) === "\r";
		lines.push({ text: text.slice(from, isCrlf ? end - 1 : end), ending: isCrlf ? "\r\n" : "\n" });
		from = end + 1;
	}
	if (from < text.length) lines.push({ text: text.slice(from), ending: "" });
	return lines;
}

export function textsOf(lines: readonly Line[]): readonly string[] {
	return lines.map(({ text }) => text);
}

/** @throws {PatchRefused} for what could not be read back as the same text */
export function writeText(path: string, file: TextFile): Buffer {
	const text = file.lines.map(({ text: line, ending }) => line + ending).join("");
	return encodeText(path, (file.byteOrderMark ? byteOrderMark : "") + text);
}

/** @throws {PatchRefused} for half a surrogate pair, a zero character, or over 2 MiB */
export function encodeText(path: string, text: string): Buffer {
	if (!text.isWellFormed()) throw new PatchRefused("not_utf8", path);
	if (text.includes("\0")) throw new PatchRefused("binary", path);
	const bytes = Buffer.from(text, "utf8");
	if (bytes.length > maxFileBytes) throw new PatchRefused("file_too_large", path);
	return bytes;
}

/** The ending that most lines have; `\n` where there is none. */
export function commonEnding(lines: readonly Line[]): "\n" | "\r\n" {
	let crlf = 0;
	let lf = 0;
	for (const { ending } of lines) {
		if (ending === "\r\n") crlf += 1;
		else if (ending === "\n") lf += 1;
	}
	return crlf > lf ? "\r\n" : "\n";
}
