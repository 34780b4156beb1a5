// Generates fourteen days of a plausible production, before they become rows.

import type { TimeStorage } from "../../sql/index.ts";
import type { SqlValue } from "../database.ts";
import { type StoryEvent, tellEvents } from "./events.ts";
import { makeOrganizations, makeUsers, type Organization, type User } from "./people.ts";
import { Random } from "./random.ts";
import { type StoryRun, tellRuns } from "./runs.ts";

export interface Story {
	/** For ids and other random values of rows. */
	readonly random: Random;
	readonly organizations: readonly Organization[];
	readonly users: readonly User[];
	readonly events: readonly StoryEvent[];
	readonly runs: readonly StoryRun[];
	/** The end of the story, epoch seconds. */
	readonly now: number;
	/** An instant of epoch seconds as the deployment stores it. */
	readonly at: (seconds: number) => SqlValue;
}

/** The same `now`, the same story. */
export function tellStory(now: number, storage: TimeStorage): Story {
	const random = new Random(20_261_123);
	const organizations = makeOrganizations(random);
	const users = makeUsers(random, organizations);
	const events = tellEvents(random, users, now);
	const runs = tellRuns(random, users, events, now);
	return { random, organizations, users, events, runs, now, at: (seconds) => stored(storage, seconds) };
}

function stored(storage: TimeStorage, seconds: number): SqlValue {
	const iso = new Date(seconds * 1000).toISOString();
	switch (storage) {
		case "seconds":
			return seconds;
		case "milliseconds":
			return seconds * 1000;
		case "iso_text":
			return iso;
		case "sqlite_text":
			return iso.slice(0, 19).replace("T", " ");
	}
}
