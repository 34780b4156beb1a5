// Reads and writes a text file so that each unchanged byte stays the same.

import { PatchRefused } from "../failures/index.ts";
import { byteOrderMark, decode, type Encoding, encode } from "./encodings.ts";

/** A line and how it ends; the last one may have no ending. */
export interface Line {
	readonly text: string;
	readonly ending: "\n" | "\r\n" | "\r" | "";
}

/** A file's lines, with everything needed to write it back byte for byte. */
export interface TextFile {
	readonly lines: readonly Line[];
	readonly byteOrderMark: boolean;
	readonly encoding: Encoding;
	/** Its lines end with `\r`, as on the Macintosh before 2001. */
	readonly carriageReturns: boolean;
}

/** Upper bound, in bytes, of a file that a patch may touch or create. */
export const maxFileBytes = 2 * 1024 * 1024;

/** @throws {PatchRefused} for what is not text, or is over 2 MiB */
export function readText(path: string, bytes: Buffer): TextFile {
	if (bytes.length > maxFileBytes) throw new PatchRefused("file_too_large", path);
	const decoded = decode(bytes);
	if (decoded === undefined) throw new PatchRefused("binary", path);
	const { text, encoding, byteOrderMark } = decoded;
	const carriageReturns = text.includes("\r") && !text.includes("\n");
	const lines = carriageReturns ? splitAtReturns(text) : splitLines(text);
	return { lines, byteOrderMark, encoding, carriageReturns };
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

function splitAtReturns(text: string): readonly Line[] {
	return text.split(/(?<=\r)/).map((line) => {
		const ends = line.endsWith("\r");
		return { text: ends ? line.slice(0, -1) : line, ending: ends ? "\r" : "" };
	});
}

/** An edit's text, with its lines as the file has them: some files have `\r` where others have `\n`. */
export function asInFile(text: string, { carriageReturns }: TextFile): string {
	return carriageReturns ? text.replaceAll(/\r\n?/g, "\n") : text;
}

export function textsOf(lines: readonly Line[]): readonly string[] {
	return lines.map(({ text }) => text);
}

/** @throws {PatchRefused} for what could not be read back as the same text */
export function writeText(path: string, file: TextFile): Buffer {
	const text = file.lines.map(({ text: line, ending }) => line + ending).join("");
	refuseNoText(path, text);
	return refuseTooLarge(path, encode(path, { ...file, text }));
}

/** @throws {PatchRefused} for half a surrogate pair, a zero character, or over 2 MiB */
export function encodeText(path: string, text: string): Buffer {
	refuseNoText(path, text);
	return refuseTooLarge(path, Buffer.from(text, "utf8"));
}

function refuseNoText(path: string, text: string): void {
	if (!text.isWellFormed()) throw new PatchRefused("not_utf8", path);
	if (text.includes("\0")) throw new PatchRefused("binary", path);
}

function refuseTooLarge(path: string, bytes: Buffer): Buffer {
	if (bytes.length > maxFileBytes) throw new PatchRefused("file_too_large", path);
	return bytes;
}

/** The ending that most lines have; `\n` where there is none. */
export function commonEnding(lines: readonly Line[]): "\n" | "\r\n" | "\r" {
	if (lines[0]?.ending === "\r") return "\r";
	let crlf = 0;
	let lf = 0;
	for (const { ending } of lines) {
		if (ending === "\r\n") crlf += 1;
		else if (ending === "\n") lf += 1;
	}
	return crlf > lf ? "\r\n" : "\n";
}
