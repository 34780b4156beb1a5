// Shortens a report in steps until it fits into one answer.

import { type Limits, renderReport, unlimited } from "./markdown.ts";
import type { Report } from "./report.ts";

/** Shortening starts at `longest` characters and stops at `shortest`, where a text is no longer worth its note. */
const longest = 40_000;
const shortest = 200;
const step = 0.7;

/**
 * The fullest report that fits: diffs are shortened first, since a patch is kept whole elsewhere, then code, then
 * texts; as a last resort issues are left out, from the end.
 */
export function renderWithin(report: Report, fits: (text: string) => boolean): string {
	const whole = renderReport(report);
	if (fits(whole)) return whole;
	const limits = stricterLimits(report.issues.length);
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
function stricterLimits(issues: number): readonly Limits[] {
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
