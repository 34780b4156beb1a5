// Whether an episode can be believed, and what its events have in common, in words.

import type { ClientsAlone, Evidence, InCommon } from "../../production/index.ts";
import type { Show } from "./episode-words.ts";

export function evidenceWords(evidence: Evidence): string {
	switch (evidence.kind) {
		case "borne_out":
			return `borne out by ${evidence.runs}${evidence.isMore ? " or more" : ""} failed ${evidence.runs === 1 ? "run" : "runs"}`;
		case "clients_alone":
			return `clients' word alone: ${signWords(evidence.why)}`;
	}
}

function signWords(why: ClientsAlone): string {
	switch (why.sign) {
		case "few_sessions":
			return why.sessions === 1 ? "one session" : `${why.sessions} sessions`;
		case "no_users":
			return "no users";
		case "unknown_users":
			return "users that do not exist";
		case "other_organizations":
			return "users of other organizations";
		case "not_raised":
			return "no line of the repository raises it";
		case "beat":
			return `every ${why.seconds} s`;
		case "no_failed_runs":
			return `no failed runs beside it, ${why.usualPercent} % of such events have one`;
	}
}

/** `in common: organization Acme 52 % (4 % before)`; empty where there is nothing. */
export function commonWords(common: readonly InCommon[], show: Show): string {
	const values = common.map(({ field, value, share, usual, against }) => {
		const name = field === "account" ? `${value} accounts` : `${field} ${show(value)}`;
		return `${name} ${Math.round(100 * share)} % (${Math.round(100 * usual)} % ${againstWords(against)})`;
	});
	return values.length === 0 ? "" : `in common: ${values.join(", ")}`;
}

function againstWords(against: InCommon["against"]): string {
	switch (against) {
		case "before":
			return "before";
		case "others":
			return "of others";
		case "runs":
			return "of good runs";
	}
}
