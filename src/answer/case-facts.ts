// The answer of recall_cases: what is known of earlier trouble, as facts.

import { z } from "zod";
import { type Case, patchesOf, shownStatus } from "../cases/index.ts";
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
	const { id, trouble, openedAt, told, location, suspect, fix, count } = one;
	const seen = Math.max(one.lastSeen ?? 0, now?.lastSeen ?? 0);
	const cause = told.at(-1)?.cause;
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
		location: location ?? told.at(-1)?.location ?? null,
		commit: suspect === undefined ? null : shortHash(suspect),
		fixed_by: fix?.commit === undefined ? null : shortHash(fix.commit),
		patch_id: fix?.patch ?? patchesOf(one).at(-1) ?? null,
		count_then: count,
		count_now: now?.count,
	};
}

/** One case whole: what agents wrote of it, and what happened. */
export function wholeCase(one: Case, show: Show) {
	const told = one.told.map(({ at, title, cause, fix, location }) => ({
		at: isoInstant(at),
		...(title === undefined ? {} : { title: show(title) }),
		cause: show(cause),
		fix: show(fix),
		...(location === undefined ? {} : { location: show(location) }),
	}));
	return {
		...(one.onset === undefined ? {} : { onset: isoInstant(one.onset) }),
		told,
		history: historyWords(one),
	};
}
