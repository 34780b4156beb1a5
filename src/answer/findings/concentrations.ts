// Who or what holds most of a code, measured against its share of everything else and against its own share before.

import type { CodeCount, Concentration, ErrorStats } from "../../production/index.ts";
import { percentWords } from "../../text/index.ts";
import type { Show } from "./episode-words.ts";
import type { Finding } from "./finding.ts";
import { logLongSession, logUnlikely, type Reference } from "./unlikely.ts";

/** Below this many events of a code there is nothing to say of who has most of them. */
const enough = 5;
/** The same of what a code is bound to: a rare code has few skills by chance. */
const enoughBound = 10;
/** Of the previous window so many events of a code are needed to compare with. */
const enoughBefore = 10;
/** ln of the chance below which a share is told, a code. */
const unlikely = Math.log(1e-4);
/** A share that is told is so much above what it is compared with. */
const above = 1.5;
/** Two that hold so much of a code are told together. */
const bothShare = 0.9;
/** Who is behind a code matters more than what it is bound to. */
const behind = 300;
/** Values that one finding names of what a code is bound to. */
const maxBound = 3;

type Shows = { readonly code: Show; readonly id: Show };
type Who = "user" | "session" | "organization";

/** From wide to narrow: one session is one user's, and a user is of one organization. */
const narrow: readonly Who[] = ["organization", "user", "session"];

function isBound(by: Concentration["by"]): by is Exclude<Concentration["by"], Who> {
	return !narrow.some((who) => who === by);
}

export interface Concentrated extends Finding {
	readonly code: string;
	readonly by: "who" | "what";
}

/** One finding a code of who is behind it, and one of what it is bound to. */
export function concentrated(stats: ErrorStats, show: Shows): readonly Concentrated[] {
	return stats.codes.flatMap((code) => [...behindCode(code, stats, show), ...boundTo(code, stats, show)]);
}

function behindCode(code: CodeCount, stats: ErrorStats, show: Shows): readonly Concentrated[] {
	if (code.count < enough) return [];
	const fixed = narrow.filter((by) => stats.filtered.includes(by));
	const open = narrow.filter((by) => fixed.every((one) => narrow.indexOf(by) > narrow.indexOf(one)));
	const of = (by: Who) => stats.concentrations.filter((one) => one.by === by && one.code === code.code);
	// The narrowest says it all.
	for (const by of open.toReversed()) {
		const [first, second] = of(by);
		if (first === undefined || !hasSeveral(by, stats)) continue;
		const both = second === undefined || by === "session" ? undefined : sum(first, second);
		const isOne = isUnlikely(first, code, stats);
		if (
			second !== undefined &&
			both !== undefined &&
			both.count >= bothShare * code.count &&
			others(by, stats) > 2 &&
			// Beside one who stands out, the second has to stand out alone.
			isUnlikely(isOne ? second : both, code, stats)
		)
			return [whoFinding(code, both, [first.who, second.who], stats, show)];
		if (isOne) return [whoFinding(code, first, [first.who], stats, show)];
	}
	return [];
}

function sum(one: Concentration, other: Concentration): Concentration {
	const both = (of: (each: Concentration) => number | undefined) => {
		const [first, second] = [of(one), of(other)];
		return first === undefined || second === undefined ? undefined : first + second;
	};
	const ofAllCodes = both((each) => each.ofAllCodes);
	const before = both((each) => each.before);
	return {
		by: one.by,
		code: one.code,
		who: one.who,
		count: one.count + other.count,
		...(ofAllCodes === undefined ? {} : { ofAllCodes }),
		...(before === undefined ? {} : { before }),
	};
}

function whoFinding(
	code: CodeCount,
	who: Concentration,
	names: readonly string[],
	stats: ErrorStats,
	show: Shows,
): Concentrated {
	const { by, count, ofAllCodes = count, before } = who;
	const [rest, ofRest] = [stats.total - code.count, ofAllCodes - count];
	const own =
		count === code.count ? `all ${count}` : `${count} of ${code.count} (${percentWords(count, code.count)})`;
	const compared = [
		...(rest === 0 ? [] : [`rest: ${ofRest} of ${rest}, ${percentWords(ofRest, rest)}`]),
		...(before === undefined || code.previous < enoughBefore
			? []
			: [`before: ${before} of ${code.previous}`]),
	].join("; ");
	const whom = names.length === 1 ? `one ${by}` : `two ${by}s`;
	const words = `${show.code(code.code)}: ${own} from ${whom}, ${names.map(show.id).join(" and ")}${compared === "" ? "" : ` (${compared})`}`;
	return {
		code: code.code,
		by: "who",
		weight: behind + (count / code.count) * Math.min(code.count, 100),
		words,
	};
}

/** What a code is bound to that everything else is not, or that it was not before, in one line. */
function boundTo(code: CodeCount, stats: ErrorStats, show: Shows): readonly Concentrated[] {
	// Of a code that is neither new nor frequent before, nothing says what is usual.
	if (code.count < enoughBound || !(code.isNew || code.previous >= enoughBefore)) return [];
	const values = stats.concentrations.filter(
		(one) =>
			one.code === code.code &&
			isBound(one.by) &&
			!stats.filtered.includes(one.by) &&
			isUnlikely(one, code, stats),
	);
	if (values.length === 0) return [];
	const words = values
		.toSorted((one, other) => other.count - one.count)
		.slice(0, maxBound)
		.map((one) => {
			const own = one.count === code.count ? `all ${code.count}` : `${one.count} of ${code.count}`;
			const isKnown = one.before !== undefined && code.previous >= enoughBefore;
			const before = one.before === 0 ? "none before" : `${one.before} of ${code.previous} before`;
			const past = isKnown ? `, ${before}` : "";
			return `${one.by} ${show.code(one.who)} (${own}${past})`;
		});
	return [
		{
			code: code.code,
			by: "what",
			weight: Math.min(code.count, 100),
			words: `${show.code(code.code)}: ${words.join(", ")}`,
		},
	];
}

/** Against everything else, and against its own past where that is known: what a code is always bound to is not a finding. */
function isUnlikely(one: Concentration, code: CodeCount, stats: ErrorStats): boolean {
	const { count, before, ofAllCodes } = one;
	const all = code.count;
	const rest = stats.total - all;
	const limit = unlikely - Math.log(Math.max(1, stats.codes.length));
	if (one.by === "session") {
		const restSessions = Math.max(1, stats.sessions - code.sessions);
		const ofRest = (ofAllCodes ?? count) - count;
		const isLong = logLongSession(count, rest / restSessions, stats.sessions) < limit;
		return isLong && (rest === 0 || (ofRest / rest) * above <= count / all);
	}
	const hasPast = code.previous >= enoughBefore;
	const references: Reference[] = [];
	// An old code's provider and action are its own: only its past can say that they are new.
	if (ofAllCodes !== undefined && rest >= enough && !(isBound(one.by) && hasPast))
		references.push({ of: ofAllCodes - count, among: rest });
	if (before !== undefined && hasPast) references.push({ of: before, among: code.previous });
	// Of one code alone, without a past: against an even share.
	if (references.length === 0 && rest === 0 && !isBound(one.by))
		references.push({ of: all / Math.max(1, others(one.by, stats)), among: all });
	const each = Math.max(1, all / Math.max(1, code.sessions));
	return (
		references.length > 0 &&
		references.every(
			(reference) =>
				count / all >= (above * reference.of) / reference.among &&
				logUnlikely(count, all, reference, each) < limit,
		)
	);
}

/** One of one says nothing. */
function hasSeveral(by: Who, stats: ErrorStats): boolean {
	return by === "session" || others(by, stats) > 1;
}

function others(by: Who, { users, organizations, sessions }: ErrorStats): number {
	switch (by) {
		case "user":
			return users;
		case "organization":
			return organizations;
		case "session":
			return sessions;
	}
}
