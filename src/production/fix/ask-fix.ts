// Asks production about a fix: tables, filters and instants resolved, then counted and judged.

import { InvalidArgument, isoInstant } from "../../text/index.ts";
import { eventFilters, type FilterArguments } from "../arguments.ts";
import { type Database, type StoredTime, TableMissing } from "../database.ts";
import type { Lookups } from "../lookups.ts";
import { daySeconds } from "../window.ts";
import { checkFix, type FixCheck, type FixQuestion, type FixSources, fixHistoryFrom } from "./check-fix.ts";

export interface FixArguments extends Omit<FilterArguments, "skill"> {
	/** Its runs that failed, in place of events. */
	readonly skill?: string | undefined;
	/** When production had the fix, epoch seconds. */
	readonly deployedAt: number;
}

export interface FixAnswer extends FixCheck {
	/** Production's time, epoch seconds. */
	readonly now: number;
	readonly clockDifferenceSeconds?: number;
}

export interface AskFixSources extends FixSources {
	readonly lookups: Lookups;
}

/** @throws {InvalidArgument} where the fix is older than the rows that there are */
export async function askFix(
	{ database, lookups, ...histories }: AskFixSources,
	request: FixArguments,
	signal: AbortSignal,
): Promise<FixAnswer> {
	const { skill, user, organization, session, deployedAt, ...filters } = request;
	const [events, runs] = await Promise.all([
		storedOrMissing(database, "error_events", skill === undefined, signal),
		storedOrMissing(database, "skill_usage_logs", skill !== undefined, signal),
	]);
	const { seconds: now, clockDifferenceSeconds } = database.now();
	const scope =
		events === undefined
			? undefined
			: { window: { from: now - 28 * daySeconds, to: now }, storage: events.storage };
	const resolved = await lookups.resolve({ user, organization, session }, scope, signal);
	const subject: FixQuestion["subject"] =
		skill === undefined
			? { of: "events", filters: eventFilters(filters, resolved) }
			: {
					of: "runs",
					filters: {
						skill,
						...(resolved.user === undefined ? {} : { user: resolved.user }),
						...(resolved.organization === undefined ? {} : { organization: resolved.organization }),
					},
				};
	const asked = { subject, now, events, runs };
	refuseOldFix(deployedAt, fixHistoryFrom(asked));
	const sources = { database, ...histories };
	const check = await checkFix(sources, { ...asked, deployedAt }, signal);
	return { ...check, now, ...(clockDifferenceSeconds === undefined ? {} : { clockDifferenceSeconds }) };
}

async function storedOrMissing(
	database: Database,
	table: "error_events" | "skill_usage_logs",
	isNeeded: boolean,
	signal: AbortSignal,
): Promise<StoredTime | undefined> {
	try {
		return await database.storedTime(table, signal);
	} catch (error) {
		if (!isNeeded && error instanceof TableMissing) return undefined;
		throw error;
	}
}

/** Hours before a fix that there must be rows of. */
const leastBeforeFix = 2 * 3600;

function refuseOldFix(deployedAt: number, from: number): void {
	if (deployedAt - from >= leastBeforeFix) return;
	throw new InvalidArgument(
		"fixed_at",
		`the fix reached production at ${isoInstant(deployedAt)}, and the rows that can be looked at begin at ${isoInstant(from)}: there is nothing before it to compare with.`,
		"Ask error_stats whether anything of it is left.",
	);
}
