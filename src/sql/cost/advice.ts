// What a costly query may be advised to do, by its text.
import type { Place, Source } from "../text/structure.ts";
import { fromsIn, windowIn } from "./filters.ts";

export interface Advice {
	/** Each large table that it reads has a window on created_at. */
	readonly isWindowed: boolean;
	/** It reads a table under two names. */
	readonly isPaired: boolean;
}

/** @param large tables, in lowercase, that have a created_at */
export function adviceFor(
	places: readonly Place[],
	sources: readonly Source[],
	large: readonly string[],
	now: number,
): Advice {
	const tables = sources.flatMap(({ kind, name }) => (kind === "table" ? [name.toLowerCase()] : []));
	return {
		isPaired: new Set(tables).size < tables.length,
		isWindowed: fromsIn(places).every((from) =>
			from.sources.every(({ name, alias }) => {
				if (!large.includes(name.toLowerCase())) return true;
				return Number.isFinite(windowIn(from, (alias ?? name).toLowerCase(), places, now)[0]);
			}),
		),
	};
}
