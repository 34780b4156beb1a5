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
	const whole = renderReport(report);
	if (fits(whole)) return whole;
	const limits = lessAndLess(report.issues.length);
	let low = 0;
	let high = limits.length - 1;
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (fits(renderReport(report, limits[middle]))) high = middle;
		else low = middle + 1;
	}
	return renderReport(report, limits[low]);
}

/** Each is stricter than the one before it. */
function lessAndLess(issues: number): readonly Limits[] {
	const steps: Limits[] = [];
	let limits = unlimited;
	for (const part of ["diff", "code", "text"] as const) {
		for (let length = longest; length > shortest; length = Math.floor(length * step)) {
			limits = { ...limits, [part]: length };
			steps.push(limits);
		}
		if (part !== "text") limits = { ...limits, [part]: 0 };
	}
	for (let shown = issues - 1; shown >= 0; shown--) steps.push({ ...limits, issues: shown });
	return steps;
}
