// Selects the matches of a page whose last commit is shown.

import type { Ordered } from "../find/order.ts";
import type { PageMatch } from "../find/page.ts";
import type { Source } from "../find/source.ts";
import type { Note } from "../syntax/annotate.ts";

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

/** The best matches whose last commit is shown. */
export function blameRequests(
	matches: readonly PageMatch[],
	isErrorCode: boolean,
): { source: Source; lines: number[] }[] {
	const asked = matches.filter(({ note }) => hasHistory(note, isErrorCode));
	const requests = new Map<string, { source: Source; lines: number[] }>();
	for (const { source, note } of asked.slice(0, maxBlamed)) {
		const known = requests.get(source.path);
		if (known === undefined) requests.set(source.path, { source, lines: [note.line] });
		else known.lines.push(note.line);
	}
	return [...requests.values()];
}
