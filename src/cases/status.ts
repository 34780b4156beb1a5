// The states of a case, and what leads from one to the next.

import type { FixOutcome } from "../verify/index.ts";

export const statuses = ["open", "patched", "deployed", "fixed", "came_back"] as const;
export type Status = (typeof statuses)[number];
/** What may be asked for: a user may have muted a case, whatever its state. */
export const shownStatuses = [...statuses, "muted"] as const;
/** `imported`: all that is known of it comes from others. */
export type ShownStatus = (typeof shownStatuses)[number] | "imported";

export type Step =
	/** It stands in a report; `since` its fix where it began again after that. */
	| { readonly kind: "reported"; readonly sinceFix: boolean }
	| { readonly kind: "patched" }
	| { readonly kind: "verified"; readonly verdict: FixOutcome };

/** Mute is a user's alone, and no step: it hides a state and changes none. */
export function nextStatus(status: Status, step: Step): Status {
	switch (step.kind) {
		case "reported":
			return status === "fixed" && step.sinceFix ? "came_back" : status;
		case "patched":
			return status === "fixed" ? "fixed" : "patched";
		case "verified":
			return afterVerdict(status, step.verdict);
	}
}

function afterVerdict(status: Status, verdict: FixOutcome): Status {
	switch (verdict) {
		case "fixed":
			return "fixed";
		case "came_back":
			return "came_back";
		case "unchanged":
		case "worse":
			return status === "fixed" || status === "came_back" ? "came_back" : "deployed";
		case "reduced":
		// The trouble ended by itself: the fix is live, and nothing is proven of it.
		case "ended_before":
		case "too_early":
			return status === "fixed" ? "fixed" : "deployed";
		case "not_deployed":
			return status;
	}
}
