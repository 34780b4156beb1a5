// Everything that fetch_errors answers: a page of events, or of one person's story.

import { InvalidArgument } from "../text/index.ts";
import type { FilterArguments } from "./arguments.ts";
import { eventCursors, readPageCursor, writePageCursor } from "./cursor.ts";
import type { Database, StoredTime } from "./database.ts";
import { type Emptiness, explainEmpty } from "./empty.ts";
import { type EventsQuery, readEvents } from "./events.ts";
import type { EventFilters } from "./filters.ts";
import type { Order } from "./keyset.ts";
import type { Lookups } from "./lookups.ts";
import { placeAfter, type RowOfStory, readStory, type Story, type StoryPlace } from "./story.ts";
import type { Timed, Window, WindowArguments } from "./window.ts";

export type { RowOfStory, Story } from "./story.ts";

export interface EventsArguments extends WindowArguments, FilterArguments {
	readonly limit?: number | undefined;
	readonly order?: Order | undefined;
	readonly with_runs?: boolean | undefined;
	readonly cursor?: string | undefined;
}

export interface EventsAnswer extends Timed {
	/** The arguments of the first page, where a cursor is given. */
	readonly asked: FilterArguments;
	readonly rows: readonly RowOfStory[];
	/** Of the whole window. */
	readonly total: number;
	/** Only where runs were asked for. */
	readonly story?: Story;
	/** Only if nothing matches. */
	readonly empty?: Emptiness;
	/** The cursor after this number of rows; undefined at the end. */
	cursorAfter(shown: number): string | undefined;
}

/** A request as it is asked of production. */
interface Prepared extends Timed {
	readonly now: number;
	readonly window: Window;
	readonly filters: EventFilters;
	readonly stored: StoredTime;
}

interface Parts {
	readonly database: Database;
	readonly lookups: Lookups;
	/** Its name, where several are configured. */
	readonly environment: string | undefined;
	readonly prepare: (
		asked: WindowArguments & FilterArguments,
		firstNow: number | undefined,
	) => Promise<Prepared>;
}

export async function fetchEvents(
	{ database, lookups, environment, prepare }: Parts,
	request: EventsArguments,
	signal: AbortSignal,
): Promise<EventsAnswer> {
	const { limit = 20, cursor: given, ...first } = request;
	const cursor = given === undefined ? undefined : readPageCursor(eventCursors, given, first, environment);
	const asked = cursor?.given ?? first;
	const withRuns = asked.with_runs === true;
	if (withRuns) requirePerson(asked);
	const { now, window, filters, stored, ...timed } = await prepare(asked, cursor?.now);
	const { storage } = stored;
	const after = cursor?.positions ?? [];
	const query = { window, filters, storage, limit, order: asked.order ?? "newest" };
	const page = withRuns
		? await readStory(database, { ...query, after }, signal)
		: await eventsAlone(database, { ...query, after: after[0] }, signal);
	const question = { window, filters, storage, tableEmpty: timed.tableEmpty, now };
	if (page.total === 0) await lookups.refuseUnknown(asked, question, signal);
	const write = (positions: StoryPlace) =>
		writePageCursor(eventCursors, asked, { now: cursor?.now ?? now, positions }, environment);
	return {
		...timed,
		...page,
		asked,
		window,
		...(page.total === 0 ? { empty: await explainEmpty(database, question, signal) } : {}),
		cursorAfter(shown) {
			if (shown === 0 || (shown === page.rows.length && !page.more)) return undefined;
			const [event, run] = placeAfter(page.rows.slice(0, shown), after);
			return write(withRuns ? [event, run] : [event]);
		},
	};
}

/** @throws {InvalidArgument} */
function requirePerson({ user, session }: FilterArguments): void {
	if (user !== "none" && (user !== undefined || (session !== undefined && session !== "none"))) return;
	throw new InvalidArgument(
		"with_runs",
		"it shows one person's runs, and no user or session is named.",
		"Give user or session with it; failed_skill_runs lists the failed runs of all.",
	);
}

async function eventsAlone(
	database: Database,
	query: EventsQuery,
	signal: AbortSignal,
): Promise<Pick<EventsAnswer, "rows" | "total"> & { readonly more: boolean }> {
	const { events, total, more } = await readEvents(database, query, signal);
	return { rows: events.map((event) => ({ of: "event", event })), total, more };
}
