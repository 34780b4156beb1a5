// The answer of recall_cases: what is known of earlier trouble, as facts.

import { z } from "zod";
import { type Case, isOwn, type Others, patchesOf, shownStatus } from "../cases/index.ts";
import type { CountNow } from "../production/index.ts";
import { freeText, isoInstant } from "../text/index.ts";
import { boundWords, historyWords } from "./case-words.ts";
import type { Show } from "./findings/episode-words.ts";
import { shortHash } from "./suspects.ts";
import { makeTable, type TableRow, untrustedFields } from "./table.ts";

/** Lean: `cases` is a table as in other answers, its columns name what they hold, and definitions cost tokens. */
export const casesSchema = z.object({
	cases: z.record(z.string(), z.unknown()),
	whole: z.record(z.string(), z.unknown()).optional(),
	hint: z.string().optional(),
	untrusted: z.array(z.string()),
});

const columns = [
	"case",
	"error_code",
	"skill",
	"where",
	"status",
	"opened",
	"last_seen",
	"cause",
	"location",
	"commit",
	"fixed_by",
	"patch_id",
	"count_then",
	"count_now",
];
/** Text of production, of the repository, and of agents. */
const foreign = ["error_code", "skill", "where", "cause", "location"];
const maxCause = 240;

/** @param now in their order; undefined where production was not asked */
export function casesTable(
	cases: readonly Case[],
	now: readonly CountNow[] | undefined,
	{ total, show }: { readonly total: number; readonly show: Show },
) {
	const table = makeTable(
		columns,
		cases.map((one, index) => rowOf(one, now?.[index], show)),
		{ total },
	);
	return { table: { ...table }, untrusted: untrustedFields(table, foreign, "cases.") };
}

function rowOf(one: Case, now: CountNow | undefined, show: Show): TableRow {
	const { id, trouble, openedAt, told, location, suspect, fix, count, others } = one;
	const seen = Math.max(one.lastSeen ?? 0, now?.lastSeen ?? 0);
	// What others tell stands where nothing of our own does.
	const words = told.at(-1) ?? others?.told.at(-1);
	const cause = words?.cause;
	return {
		case: id,
		error_code: trouble.of === "code" ? show(trouble.name) : null,
		skill: trouble.of === "skill" ? show(trouble.name) : null,
		where: boundWords(one, show),
		status: shownStatus(one),
		opened: isoInstant(openedAt),
		last_seen: seen === 0 ? null : isoInstant(seen),
		// What was kept is masked.
		cause: cause === undefined ? null : show(freeText(cause, maxCause, true)),
		location: location ?? words?.location ?? (isOwn(one) ? null : others?.location) ?? null,
		commit: suspect === undefined ? null : shortHash(suspect),
		fixed_by: fix?.commit === undefined ? null : shortHash(fix.commit),
		patch_id: fix?.patch ?? patchesOf(one).at(-1) ?? null,
		count_then: count,
		count_now: now?.count,
	};
}

/** One case whole: what agents wrote of it, and what happened. */
export function wholeCase(one: Case, show: Show) {
	return {
		...(one.onset === undefined ? {} : { onset: isoInstant(one.onset) }),
		told: toldFacts(one.told, show),
		history: historyWords(one),
		...(one.others === undefined ? {} : { others: othersFacts(one.others, show) }),
	};
}

function toldFacts(told: Case["told"], show: Show) {
	return told.map(({ at, title, cause, fix, location }) => ({
		at: isoInstant(at),
		...(title === undefined ? {} : { title: show(title) }),
		cause: show(cause),
		fix: show(fix),
		...(location === undefined ? {} : { location: show(location) }),
	}));
}

/** Nothing of it was checked here: it stands apart from the case's own facts. */
function othersFacts({ importedAt, status, location, suspect, told, happened }: Others, show: Show) {
	return {
		imported: isoInstant(importedAt),
		checked_here: false,
		status_there: status,
		...(location === undefined ? {} : { location: show(location) }),
		...(suspect === undefined ? {} : { commit: shortHash(suspect) }),
		told: toldFacts(told, show),
		history: historyWords({ happened }),
	};
}
