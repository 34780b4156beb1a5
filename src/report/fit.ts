import { type Limits, renderReport, unlimited } from "./markdown.ts";
import type { Report } from "./report.ts";

/** Where shortening begins, and below what a text is not worth its note; in characters. */
const longest = 40_000;
const shortest = 200;
const step = 0.7;

/**
 * The fullest report that fits: diffs are shortened first, since a patch is kept whole elsewhere, then code, then
 * words, and at the very last issues are left out, from the end.
 */
export function renderWithin(report: Report, fits: (text: string) => boolean): string {
	let text = "";
	for (const limits of lessAndLess(report.issues.length)) {
		text = renderReport(report, limits);
		if (fits(text)) break;
	}
	return text;
}

function* lessAndLess(issues: number): Generator<Limits> {
	yield unlimited;
	let limits = unlimited;
	for (const part of ["diff", "code", "text"] as const) {
		for (let length = longest; length > shortest; length = Math.floor(length * step)) {
			limits = { ...limits, [part]: length };
			yield limits;
		}
		if (part !== "text") limits = { ...limits, [part]: 0 };
	}
	for (let shown = issues - 1; shown >= 0; shown--) yield { ...limits, issues: shown };
}
