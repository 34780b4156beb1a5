// A production in which one code failed for a day, and what came after its fix.

import type { PatchProposer } from "../../src/patch/index.ts";
import type { RepositoryRoot } from "../../src/system/repository.ts";
import { verifyFix } from "../../tools/verify_fix.ts";
import { type Called, call } from "../production/call.ts";
import { type EventRow, rowOf, setStage } from "../production/stage.ts";

/** Epoch seconds: 2026-11-23T20:00:00Z, a Monday. */
export const now = Date.parse("2026-11-23T20:00:00Z") / 1000;
const hour = 3600;
export const fixAt = now - 12 * hour;
export const troubleAt = fixAt - 30 * hour;

export const iso = (at: number) => new Date(at * 1000).toISOString().replace(".000", "");

/** So many an hour, evenly, from one instant to another. */
export function steady(
	from: number,
	to: number,
	perHour: number,
	row: Partial<EventRow> = {},
): readonly EventRow[] {
	const count = Math.round(((to - from) / hour) * perHour);
	return Array.from({ length: count }, (_, index) => ({
		at: Math.floor(from + ((index + 0.5) * (to - from)) / count),
		code: "ATS_TIMEOUT",
		user: `user-${index % 7}`,
		session: `session-${Math.floor(from / hour)}-${index}`,
		...row,
	}));
}

/** Three weeks of another code, so that silence is not taken for rows that are missing; and a little of the one asked. */
const usual = [
	...steady(now - 21 * 24 * hour, now, 4, { code: "LLM_TIMEOUT", user: "other" }),
	...steady(now - 21 * 24 * hour, troubleAt, 0.05),
];

/** The trouble of 20 an hour, and what came after. */
export const trouble = steady(troubleAt, fixAt, 20);

export async function askedOf(
	events: readonly EventRow[],
	args: Readonly<Record<string, unknown>> = { error_code: "ATS_TIMEOUT", fixed_at: iso(fixAt) },
	options: {
		readonly root?: RepositoryRoot;
		readonly patches?: PatchProposer;
		readonly runs?: readonly Record<string, string | number | null>[];
	} = {},
): Promise<{ readonly called: Called<typeof verifyFix>; readonly queries: readonly string[] }> {
	const stage = await setStage({
		now,
		...(options.root === undefined ? {} : { repository: options.root }),
		fill(database) {
			database.insert("error_events", [...usual, ...events].map(rowOf));
			if (options.runs !== undefined) database.insert("skill_usage_logs", options.runs);
		},
	});
	const { patches } = options;
	const services = patches === undefined ? stage.services : { ...stage.services, patches: () => patches };
	try {
		return { called: await call(services, verifyFix, args), queries: stage.queries() };
	} finally {
		await stage.close();
	}
}

/** What the tool answers. */
export async function askVerify(...asked: Parameters<typeof askedOf>): Promise<Called<typeof verifyFix>> {
	return (await askedOf(...asked)).called;
}
