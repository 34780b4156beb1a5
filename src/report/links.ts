// Where a report's code lines and commits lead: the web, the editor, or nowhere.

import machine from "node:path";
import { commitAddress, lineAddress } from "../codebase/index.ts";
import type { Services } from "../services.ts";
import { Failure } from "../text/index.ts";

/** Addresses for what stands in the report; undefined where there is none. */
export interface Links {
	line(path: string, line: number): string | undefined;
	/** @param id the whole hash */
	commit(id: string): string | undefined;
}

const nowhere: Links = { line: () => undefined, commit: () => undefined };

/** A repository that cannot be read has no links; the report holds without them. */
export async function readLinks(
	{ codebase, codebases, config }: Pick<Services, "codebase" | "codebases" | "config">,
	signal: AbortSignal,
): Promise<Links> {
	const { repository, links = "web" } = config;
	// A path or a hash does not say which of several repositories it is in.
	if (repository === undefined || codebases().length > 1) return nowhere;
	switch (links) {
		case "none":
			return nowhere;
		case "vscode":
			return { ...nowhere, line: (path, line) => editorAddress(repository, path, line) };
		case "web": {
			const web = await codebase()
				.webRepository(signal)
				.catch((error: unknown) => {
					if (error instanceof Failure && !signal.aborted) return undefined;
					throw error;
				});
			if (web === undefined) return nowhere;
			return { line: (path, line) => lineAddress(web, path, line), commit: (id) => commitAddress(web, id) };
		}
	}
}

/** @see https://code.visualstudio.com/docs/configure/command-line#_opening-vs-code-with-urls */
export function editorAddress(root: string, path: string, line: number, { join } = machine): string {
	const file = join(root, path).replaceAll("\\", "/").replace(/^\/+/, "");
	const encoded = file.split("/").map(encodeURIComponent).join("/");
	// A drive keeps its colon.
	return `vscode://file/${encoded.replace(/^([A-Za-z])%3A(?=\/)/, "$1:")}:${line}`;
}

/** A piece of a line: text, and where it leads. */
export interface Piece {
	readonly text: string;
	readonly href?: string;
}

/** A path with a line, as `src/a.ts:14`; not within an address or a longer path. */
const place = /(?<![\w/.:@-])((?:[\w@()[\]+.-]+\/)*[\w@()[\]+.-]+\.[A-Za-z]\w{0,4}):(\d{1,6})\b/g;

/**
 * Finds the code lines and commits that a line names.
 *
 * @param commits whole hashes; a line names them by their first 7 digits
 */
export function linked(text: string, links: Links, commits: readonly string[]): readonly Piece[] {
	const found: { readonly start: number; readonly text: string; readonly href: string | undefined }[] = [];
	for (const match of text.matchAll(place))
		found.push({ start: match.index, text: match[0], href: links.line(match[1] ?? "", Number(match[2])) });
	for (const match of text.matchAll(/\b[0-9a-f]{7}\b/g)) {
		const id = commits.find((one) => one.startsWith(match[0]));
		if (id !== undefined) found.push({ start: match.index, text: match[0], href: links.commit(id) });
	}
	const pieces: Piece[] = [];
	let at = 0;
	for (const { start, text: words, href } of found.sort((one, other) => one.start - other.start)) {
		if (href === undefined || start < at) continue;
		if (start > at) pieces.push({ text: text.slice(at, start) });
		pieces.push({ text: words, href });
		at = start + words.length;
	}
	return at < text.length ? [...pieces, { text: text.slice(at) }] : pieces;
}
