// Reads a file's text for display and parsing.

import { openConfined, PathRefused, type RepositoryRoot } from "../../system/index.ts";
import { maskSecretLines } from "../../text/index.ts";
import { maxFileBytes } from "./ripgrep-events.ts";

export interface Source {
	readonly path: string;
	readonly text: string;
	/** Where each line begins, in UTF-16 units. */
	readonly lineStarts: readonly number[];
}

/** A match in a file. */
export interface MatchPosition {
	readonly line: number;
	/** 0-based, in UTF-16 units. */
	readonly column: number;
	readonly matched: string;
	/** It is a whole word. */
	readonly whole: boolean;
}

/**
 * Reads a file that a search found. It is checked after opening, so that a name that was replaced by a link since
 * reveals nothing.
 *
 * @returns undefined if it is gone, not a regular file of this name, has NUL bytes, or is over 4 MB
 */
export async function readSource(root: RepositoryRoot, path: string): Promise<Source | undefined> {
	const file = await openConfined(root, path).catch((error: unknown) => {
		if (error instanceof PathRefused) return undefined;
		throw error;
	});
	if (file === undefined) return undefined;
	try {
		if (file.path !== path || file.size > maxFileBytes) return undefined;
		const bytes = Buffer.alloc(file.size);
		let filled = 0;
		while (filled < bytes.length) {
			const { bytesRead } = await file.handle.read(bytes, filled, bytes.length - filled, filled);
			if (bytesRead === 0) break;
			filled += bytesRead;
		}
		const text = decode(bytes.subarray(0, filled));
		return text === undefined ? undefined : { path, text, lineStarts: startsOf(text) };
	} finally {
		await file.handle.close();
	}
}

/** By its byte order mark, else as UTF-8. */
export function decode(bytes: Buffer): string | undefined {
	const encoding =
		bytes[0] === 0xff && bytes[1] === 0xfe
			? "utf-16le"
			: bytes[0] === 0xfe && bytes[1] === 0xff
				? "utf-16be"
				: "utf-8";
	if (encoding === "utf-8" && bytes.includes(0)) return undefined;
	return new TextDecoder(encoding).decode(bytes);
}

function startsOf(text: string): readonly number[] {
	const starts = [0];
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	return starts;
}

/** @param line 1-based; a line beyond the end is empty */
export function lineAt({ text, lineStarts }: Source, line: number): string {
	const from = lineStarts[line - 1];
	if (from === undefined) return "";
	const to = lineStarts[line];
	return text.slice(from, to === undefined ? text.length : to - 1).replace(/\r$/, "");
}

/** Characters before a line in which a key of several lines may begin. */
const longestKey = 20_000;

/**
 * Lines as they may be shown: the body of a private key has no shape of its own, so it is hidden by its first line,
 * wherever that stands.
 *
 * @param to included
 */
export function shownText(source: Source, from: number, to: number): readonly string[] {
	const lines = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) =>
		lineAt(source, from + index),
	);
	if (!source.text.includes("PRIVATE KEY")) return lines;
	const start = source.lineStarts[from - 1] ?? 0;
	const before = source.lineStarts.findLastIndex((at) => at <= Math.max(0, start - longestKey));
	const end = (source.lineStarts[to] ?? source.text.length) + longestKey;
	const masked = maskSecretLines(source.text.slice(source.lineStarts[before], end)).split(/\r?\n/);
	return masked.slice(from - 1 - before, to - before);
}

export function lineCount({ text, lineStarts }: Source): number {
	return text.endsWith("\n") ? lineStarts.length - 1 : lineStarts.length;
}
