// How a deployment stores time, and instants in that form.

import { type Explanation, Failure } from "../text/index.ts";
import { integer, type Sql, sql, text } from "./sql.ts";

/** How a deployment stores an instant in a column. */
export type TimeStorage = "seconds" | "milliseconds" | "iso_text" | "sqlite_text";

/** A time column holds something that is none of the known forms. */
export class TimeStorageUnknown extends Failure {
	readonly kind = "time_storage_unknown";

	constructor(readonly table: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `${this.table}.created_at is stored in an unknown form (known: Unix seconds, milliseconds, ISO or SQLite text), or in several, so a window would leave rows out.`,
			next: "Look at the column with query_database.",
		};
	}
}

/** From here on an integer counts milliseconds: as seconds it would be the year 5138, as milliseconds it is 1973. */
const firstMilliseconds = 100_000_000_000;

/** Tells from one stored value how its column stores time; undefined where it is none of the known forms. */
export function storageOf(value: unknown): TimeStorage | undefined {
	if (typeof value === "number") return Math.abs(value) >= firstMilliseconds ? "milliseconds" : "seconds";
	if (typeof value !== "string") return undefined;
	// In UTC and with seconds: other forms do not sort by time.
	const [, between] =
		/^\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]00:?00)?$/.exec(value) ?? [];
	if (between === undefined) return undefined;
	return between === "T" ? "iso_text" : "sqlite_text";
}

/**
 * An instant as a constant of the stored form, so that an index on the column serves a comparison with it.
 *
 * Text is cut after the seconds: `2026-11-23T20:00:00` sorts before every stored form of that second
 * (with `.000Z`, with `Z`) and after every form of the second before it, so `>=` counts it and `<` does not.
 *
 * @param seconds whole seconds since the epoch
 */
export function instant(storage: TimeStorage, seconds: number): Sql {
	switch (storage) {
		case "seconds":
			return integer(seconds);
		case "milliseconds":
			return integer(seconds * 1000);
		case "iso_text":
			return text(new Date(seconds * 1000).toISOString().slice(0, 19));
		case "sqlite_text":
			return text(new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " "));
	}
}

/** A stored value as whole seconds since the epoch; undefined where it is not of that form. */
export function secondsOf(storage: TimeStorage, value: unknown): number | undefined {
	switch (storage) {
		case "seconds":
			return typeof value === "number" ? Math.floor(value) : undefined;
		case "milliseconds":
			return typeof value === "number" ? Math.floor(value / 1000) : undefined;
		case "iso_text":
		case "sqlite_text": {
			const milliseconds = Date.parse(`${String(value).slice(0, 19).replace(" ", "T")}Z`);
			return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
		}
	}
}

/** A stored instant as seconds since the epoch, in SQL; whole but where fractions are stored as such. */
export function epochSeconds(storage: TimeStorage, column: Sql): Sql {
	switch (storage) {
		case "seconds":
			return column;
		case "milliseconds":
			return sql`${column} / 1000`;
		case "iso_text":
		case "sqlite_text":
			return sql`CAST(strftime('%s', ${column}) AS INTEGER)`;
	}
}

/** The inverse of `epochSeconds`: an instant that SQL computes, in the stored form, as `instant` writes constants. */
export function storedInstant(storage: TimeStorage, seconds: Sql): Sql {
	switch (storage) {
		case "seconds":
			return seconds;
		case "milliseconds":
			return sql`(${seconds}) * 1000`;
		case "iso_text":
			return sql`strftime('%Y-%m-%dT%H:%M:%S', ${seconds}, 'unixepoch')`;
		case "sqlite_text":
			return sql`strftime('%Y-%m-%d %H:%M:%S', ${seconds}, 'unixepoch')`;
	}
}
