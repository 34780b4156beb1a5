import { PatchRefused } from "./errors.ts";

/** A line and how it ends; the last one may have no ending. */
export interface Line {
	readonly text: string;
	readonly ending: "\n" | "\r\n" | "";
}

/** A file's text, line by line, with what it needs to be written back byte for byte. */
export interface TextFile {
	readonly lines: readonly Line[];
	readonly byteOrderMark: boolean;
}

const maxBytes = 2 * 1024 * 1024;

/** @throws {PatchRefused} for what is no UTF-8 text, or is over 2 MiB */
export function readText(path: string, bytes: Buffer): TextFile {
	if (bytes.length > maxBytes) throw new PatchRefused("file_too_large", path);
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw new PatchRefused("not_utf8", path);
	}
	if (text.includes("\0")) throw new PatchRefused("binary", path);
	const byteOrderMark = text.startsWith("\ufeff");
	return { lines: splitLines(byteOrderMark ? text.slice(1) : text), byteOrderMark };
}

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

export function writeText(file: TextFile): Buffer {
	const text = file.lines.map(({ text: line, ending }) => line + ending).join("");
	return Buffer.from((file.byteOrderMark ? "\ufeff" : "") + text, "utf8");
}

/** The ending that most lines have; `\n` where there is none. */
export function commonEnding(lines: readonly Line[]): "\n" | "\r\n" {
	const crlf = lines.filter(({ ending }) => ending === "\r\n").length;
	return crlf > lines.filter(({ ending }) => ending === "\n").length ? "\r\n" : "\n";
}
