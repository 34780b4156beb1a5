// Who or what is behind most of a code, measured against its share of everything else.

import type { Concentration, ErrorStats } from "../../production/index.ts";
import { percentWords } from "../../text/index.ts";
import type { Show } from "./episode-words.ts";
import type { Finding } from "./finding.ts";

/** Below this many events of a code there is nothing to say of who has most of them. */
const enough = 5;
/** The same of what a code is bound to: a rare code has few skills by chance. */
const enoughBound = 10;
/** Most of a code: this share and more. */
const mostShare = 0.6;
/** Bound to one skill or provider: nearly all. */
const boundShare = 0.9;
/** A share says something only when it is so much above the same one's share of everything else. */
const aboveRest = 3;
/** Who is behind a code matters more than what it is bound to. */
const behind = 300;

/**
 * A share of a code is measured against the same one's share of everything else, so that a busy customer is not a
 * finding. What a code is bound to is said of new ones: of an old one it is usual, or an episode of a part names it.
 */
export function concentrated(
	stats: ErrorStats,
	show: { readonly code: Show; readonly id: Show },
): readonly Finding[] {
	const { codes, concentrations, total } = stats;
	const fresh = freshCodes(stats);
	const found = concentrations.flatMap((one) => {
		const { by, code, who, count, ofAllCodes } = one;
		const all = codes.find((candidate) => candidate.code === code)?.count ?? 0;
		const share = count / all;
		const isBound = by === "skill" || by === "provider";
		if (
			all < (isBound ? enoughBound : enough) ||
			share < (isBound ? boundShare : mostShare) ||
			!hasSeveral(by, stats)
		)
			return [];
		if (isBound && !fresh.has(code)) return [];
		const rest = total - all;
		const ofRest = ofAllCodes - count;
		if (rest > 0 && (ofRest / rest) * aboveRest > share) return [];
		const own = count === all ? `all ${all}` : `${count} of ${all} (${percentWords(count, all)})`;
		const others =
			rest === 0 || isBound ? "" : ` (rest: ${ofRest} of ${rest}, ${percentWords(ofRest, rest)})`;
		const words = `${show.code(code)}: ${own} from one ${by}, ${show.id(who)}${others}`;
		return [{ by, code, weight: (isBound ? 0 : behind) + share * Math.min(all, 100), words }];
	});
	// One session is one user's, and a user is of one organization: the narrowest says it all.
	return found.filter(({ by, code }) => {
		const at = narrow.indexOf(by);
		return !found.some((other) => other.code === code && narrow.indexOf(other.by) > at && at >= 0);
	});
}

/** From wide to narrow. */
const narrow: readonly Concentration["by"][] = ["organization", "user", "session"];

function freshCodes({ codes, episodes }: ErrorStats): ReadonlySet<string> {
	const whole = episodes.filter(({ where }) => where === undefined);
	return new Set([...codes, ...whole].filter(({ isNew }) => isNew).map(({ code }) => code));
}

/** One of one says nothing. */
function hasSeveral(by: Concentration["by"], { users, organizations }: ErrorStats): boolean {
	switch (by) {
		case "user":
			return users > 1;
		case "organization":
			return organizations > 1;
		case "session":
		case "skill":
		case "provider":
			return true;
	}
}
