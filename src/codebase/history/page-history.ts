// Selects the matches of a page whose last commit is shown.

import type { Ordered } from "../find/order.ts";
import type { SpannedMatch } from "../find/page.ts";
import type { Source } from "../find/source.ts";
import type { Note } from "../syntax/annotate.ts";
import type { BlameRequest } from "./blame.ts";

/** Upper bound of the matches that are blamed. */
const maxBlamed = 10;

/** Whether a match's last commit is shown: for an error code, only lines that raise or handle it. */
function hasHistory(note: Note | undefined, isErrorCode: boolean): boolean {
	return !isErrorCode || /^(raises|handles)$/.test(note?.role ?? "");
}

/** The files that may be blamed; which of them are shown is not known yet. */
export function blamedPaths(page: readonly Ordered[], isErrorCode: boolean): readonly string[] {
	return [...new Set(page.filter(({ note }) => hasHistory(note, isErrorCode)).map(({ path }) => path))];
}

/** The best matches whose last commit is shown, with the lines around them. */
export function blameRequests(
	matches: readonly SpannedMatch[],
	isErrorCode: boolean,
): readonly BlameRequest[] {
	const asked = matches.filter(({ note }) => hasHistory(note, isErrorCode));
	const requests = new Map<string, { readonly source: Source; readonly lines: Set<number> }>();
	for (const { source, note, span } of asked.slice(0, maxBlamed)) {
		const request = requests.get(source.path) ?? { source, lines: new Set<number>() };
		requests.set(source.path, request);
		request.lines.add(note.line);
		for (const { from, to } of [span.shown, span.around]) {
			for (let line = from; line <= to; line += 1) request.lines.add(line);
		}
	}
	return [...requests.values()].map(({ source, lines }) => ({ source, lines: [...lines] }));
}
