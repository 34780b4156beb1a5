// Explains why an answer about error events is empty, and where to look instead.

import type { Emptiness, OverBefore, UnknownValue } from "../production/index.ts";
import { isoInstant, quoteUntrusted } from "../text/index.ts";

/** Where the worker's codes go: the server's schema has more tables than its API lists. */
export const scheduledWords =
	"Scheduled runs are not in this table: the server keeps them in automation_runs, which its API does not list.";

export function emptyHint(empty: Emptiness): string {
	const { tableEmpty, now, window, filtered, inWindow, alone, unknown } = empty;
	if (tableEmpty)
		return ["error_events has no rows at all: nothing was ever reported here.", ...runsWords(empty)].join(
			" ",
		);
	const sentences = [
		...(window.from >= now ? [`The window lies in the future: in production it is ${isoInstant(now)}.`] : []),
		inWindow === 0
			? `No error event is in this window${filtered ? ", whatever the filters" : ""}.`
			: `Error events in this window: ${inWindow}, none of which matches the filters${
					alone.length === 0
						? ""
						: ` (each alone matches: ${alone.map(({ argument, events }) => `${argument} ${events}`).join(", ")})`
				}.`,
		...unknown.map(unknownWords),
		nearestWords(empty),
		...runsWords(empty),
		scheduledWords,
	];
	return sentences.join(" ");
}

/** What fails may stand in the other table alone. */
function runsWords({ runs }: Emptiness): string[] {
	if (runs === undefined || runs.runs === 0) return [];
	return [
		`failed_skill_runs has ${runs.failures} failures of ${runs.runs} runs with these filters in this window.`,
	];
}

/** Where nothing stands out in the window, what did before it. */
export function latelyHint(
	lately: readonly OverBefore[],
	show: (text: string) => string,
): string | undefined {
	if (lately.length === 0) return undefined;
	const each = lately.map(
		({ code, since, until, count }) =>
			`${show(code)} from ${isoInstant(since)} to ${isoInstant(until)}, ${count} events`,
	);
	return `Nothing stands out in this window. Over before it: ${each.join("; ")}. A longer window tells more of it.`;
}

function unknownWords({ argument, given, meant, days }: UnknownValue): string {
	const known =
		argument === "error_code"
			? "is not a code that production accepts or holds"
			: `occurs in no event of the last ${days} days`;
	const end = meant === undefined ? "." : `: did you mean ${quoteUntrusted(meant, 80)}?`;
	return `${argument} ${quoteUntrusted(given, 80)} ${known}${end}`;
}

/** An event dated in the future counts as the nearest only if all are. */
function nearestWords({ window, now, before, after, filtered, reachDays }: Emptiness): string {
	const what = filtered ? "matching event" : "event";
	const isBefore =
		before !== undefined && (after === undefined || after > now || window.from - before <= after - window.to);
	const at = isBefore ? before : after;
	return at === undefined
		? `No ${what} within ${reachDays} days before or after it.`
		: `The nearest ${what}: ${isoInstant(at)}${at > now ? ", dated in the future" : ""}.`;
}
