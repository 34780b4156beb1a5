// Reads where an error code goes, and whether it gets into error_events on the way.

import type { Raise } from "../find/code-search.ts";
import { eventWriters } from "../history/absence.ts";
import type { Files } from "./files.ts";
import { followTrail } from "./follow.ts";
import type { Trail } from "./types.ts";

/** The table of error events, as SQL and as a schema's object name it. */
const events = /^error_?events?$/i;

export async function readTrail(files: Files, raises: readonly Raise[]): Promise<Trail> {
	const { root, accepts, signal } = files.options;
	const [trail, writers] = await Promise.all([
		followTrail(files, raises),
		eventWriters(root, accepts, signal),
	]);
	const ends = [...trail.starts, ...trail.callers, ...trail.receivers].flatMap(({ sinks }) => sinks);
	const isWritten = ends.some(({ kind, name }) => kind === "table" && events.test(name));
	return { ...trail, writers: isWritten ? undefined : writers };
}
