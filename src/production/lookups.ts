// Resolves short ids, addresses, slugs and names into ids.

import { join, name, type Sql, sql, startsWith, type TimeStorage, text } from "../sql/index.ts";
import type { Clock } from "../system/index.ts";
import { InvalidArgument } from "../text/index.ts";
import type { Database } from "./database.ts";
import { eventColumns, inWindow } from "./filters.ts";
import type { Window } from "./window.ts";

/** How an agent may name things: by id, its first 8 hex digits, a user's address, an organization's slug or name. */
export interface Named {
	readonly user?: string | undefined;
	readonly organization?: string | undefined;
	readonly session?: string | undefined;
}

/** The same, as ids; null is `none`. */
export interface Resolved {
	readonly user?: string | null;
	readonly organization?: string | null;
	readonly session?: string | null;
}

/** The error events to search for ids that have no table. */
export interface EventScope {
	readonly window: Window;
	readonly storage: TimeStorage;
}

type Kind = keyof Named;
type Resolution = readonly [Kind, string | null];

const cacheMs = 10 * 60_000;
const maxMatches = 5;
const prefix = /^[0-9a-f]{8}$/i;

/** One query; results are cached for ten minutes. */
export class Lookups {
	readonly #known = new Map<string, { readonly id: string; readonly until: number }>();

	constructor(
		private readonly database: Database,
		private readonly clock: Clock,
	) {}

	/**
	 * An id that no row of `users` or `organizations` has is used unchanged: clients report any value.
	 *
	 * @param scope undefined if the query is not about error events
	 * @throws {InvalidArgument} for an address, slug or digits that match nothing or several
	 */
	async resolve(named: Named, scope: EventScope | undefined, signal: AbortSignal): Promise<Resolved> {
		const asked = (["user", "organization", "session"] as const).flatMap((kind) => {
			const value = named[kind];
			return value === undefined ? [] : [{ kind, value }];
		});
		const recalled = asked.flatMap(({ kind, value }): readonly Resolution[] => {
			if (value === "none") return [[kind, null]];
			const id = this.#recall(kind, value);
			return id === undefined ? [] : [[kind, id]];
		});
		const known = new Set(recalled.map(([kind]) => kind));
		const unknown = asked.filter(({ kind }) => !known.has(kind));
		const needed = unknown.filter(({ kind, value }) => needsLookup(kind, value));
		const found = needed.length === 0 ? [] : await this.#look(needed, scope, signal);
		const asGiven = unknown.map(({ kind, value }): Resolution => [kind, value]);
		return Object.fromEntries([...asGiven, ...recalled, ...found]);
	}

	#recall(kind: Kind, value: string): string | undefined {
		const known = this.#known.get(`${kind} ${value}`);
		return known !== undefined && known.until > this.clock.now() ? known.id : undefined;
	}

	async #look(
		asked: readonly { kind: Kind; value: string }[],
		scope: EventScope | undefined,
		signal: AbortSignal,
	): Promise<readonly Resolution[]> {
		const queries = asked.map(({ kind, value }) => matches(kind, value, scope));
		const readsAddress = asked.some(({ kind, value }) => kind === "user" && value.includes("@"));
		const rows = await this.database.rows(
			{
				query: sql`SELECT kind, id FROM (${join(queries, " UNION ALL ")}) LIMIT 30`,
				maxRows: 30,
				...(readsAddress ? { reads: ["users.email"] } : {}),
			},
			signal,
		);
		if (this.#known.size > 1000) this.#known.clear();
		return asked.map(({ kind, value }): Resolution => {
			const ids = [...new Set(rows.filter((row) => row.kind === kind).map((row) => String(row.id)))];
			const exact = ids.find((id) => id === value);
			const [only, ...others] = exact === undefined ? ids : [exact];
			if (others.length > 0) throw ambiguous(kind, value, ids);
			if (only === undefined && isNotAnId(kind, value)) throw nobody(kind, value, scope);
			const id = only ?? value;
			this.#known.set(`${kind} ${value}`, { id, until: this.clock.now() + cacheMs });
			return [kind, id];
		});
	}
}

/** A full id of a user or session needs no look-up; an organization's id could also be a slug or name. */
function needsLookup(kind: Kind, value: string): boolean {
	return prefix.test(value) || kind === "organization" || (kind === "user" && value.includes("@"));
}

function isNotAnId(kind: Kind, value: string): boolean {
	return prefix.test(value) || (kind === "user" && value.includes("@"));
}

/** Each branch has its kind and its own LIMIT. */
function matches(kind: Kind, value: string, scope: EventScope | undefined): Sql {
	const digits = prefix.test(value) ? startsWith(sql`id`, `${value.toLowerCase()}-`) : sql`0`;
	const inEvents = prefix.test(value) && scope !== undefined ? [amongEvents(kind, value, scope)] : [];
	switch (kind) {
		case "user":
			return value.includes("@")
				? sql`SELECT * FROM (SELECT 'user' AS kind, id FROM users WHERE email IN (${text(value)}, ${text(value.toLowerCase())}) LIMIT 5)`
				: union(
						sql`SELECT * FROM (SELECT 'user' AS kind, id FROM users WHERE id = ${text(value)} OR ${digits} LIMIT 5)`,
						...inEvents,
					);
		case "organization":
			return union(
				sql`SELECT * FROM (SELECT 'organization' AS kind, id FROM organizations WHERE id = ${text(value)} OR slug = ${text(value)} OR name = ${text(value)} OR ${digits} LIMIT 5)`,
				...inEvents,
			);
		case "session":
			return union(...inEvents);
	}
}

function union(...branches: readonly Sql[]): Sql {
	return join(branches, " UNION ALL ");
}

/** Ids of the window's events that equal these 8 digits or begin with them; the window limits the rows read. */
function amongEvents(kind: Kind, value: string, { window, storage }: EventScope): Sql {
	const id = sql`e.${name(eventColumns[kind])}`;
	return sql`SELECT * FROM (SELECT DISTINCT ${text(kind)} AS kind, ${id} AS id FROM error_events AS e WHERE ${inWindow(window, storage, sql`e`)} AND (${id} = ${text(value)} OR ${startsWith(id, `${value.toLowerCase()}-`)}) LIMIT 5)`;
}

function ambiguous(kind: Kind, value: string, ids: readonly string[]): InvalidArgument {
	const some = ids.slice(0, maxMatches).join(", ");
	return new InvalidArgument(
		kind,
		`${JSON.stringify(value)} matches several: ${some}.`,
		"Give the full id of the one you mean.",
	);
}

function nobody(kind: Kind, value: string, scope: EventScope | undefined): InvalidArgument {
	if (value.includes("@")) {
		return new InvalidArgument(
			kind,
			"no user has that e-mail address.",
			"Check its spelling, or give the user's id.",
		);
	}
	if (scope === undefined) {
		return new InvalidArgument(
			kind,
			`no ${kind}'s id begins with these 8 digits.`,
			"Check them, or give the full id.",
		);
	}
	return new InvalidArgument(
		kind,
		`no ${kind}'s id that was seen in this window begins with these 8 digits.`,
		"Check them, ask for a longer window, or give the full id.",
	);
}
