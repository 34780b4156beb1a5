// Resolves short ids, addresses, slugs and names into ids; a name that nothing bears is refused.

import type { Row } from "../source/index.ts";
import { join, name, type Sql, sql, startsWith, type TimeStorage, text } from "../sql/index.ts";
import type { Clock } from "../system/index.ts";
import type { Database } from "./database.ts";
import { eventColumns, inWindow } from "./filters.ts";
import { type Bearers, bearersQuery, maxBearers, readBearers } from "./lookups/bearers.ts";
import { ambiguous, type Kind, nobody } from "./lookups/nobody.ts";
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

type Resolution = readonly [Kind, string | null];
interface Asked {
	readonly kind: Kind;
	readonly value: string;
}

const cacheMs = 10 * 60_000;
const prefix = /^[0-9a-f]{8}$/i;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How a row was found, the surest first: as an id, as a name, as one in another letter case, by its first digits. */
const ways = ["id", "name", "case", "digits"] as const;

/** One query, and one more for a name that it does not find; results are cached for ten minutes. */
export class Lookups {
	readonly #known = new Map<string, { readonly id: string; readonly until: number }>();

	constructor(
		private readonly database: Database,
		private readonly clock: Clock,
	) {}

	/**
	 * An id that no row of `users` or `organizations` has is used unchanged where events or runs have it: clients report
	 * any value. Whole ids of users and sessions are not looked up here, but by `refuseUnknown` once an answer is empty.
	 *
	 * @param scope undefined if the query is not about error events
	 * @throws {InvalidArgument} for what nothing bears, or several do
	 */
	async resolve(named: Named, scope: EventScope | undefined, signal: AbortSignal): Promise<Resolved> {
		const asked = askedOf(named);
		const recalled = asked.flatMap(({ kind, value }): readonly Resolution[] => {
			if (value === "none") return [[kind, null]];
			const id = this.#recall(kind, value);
			return id === undefined ? [] : [[kind, id]];
		});
		const known = new Set(recalled.map(([kind]) => kind));
		const unknown = asked.filter(({ kind }) => !known.has(kind));
		const needed = unknown.filter(needsLookup);
		const found = needed.length === 0 ? [] : await this.#look(needed, scope, signal);
		const asGiven = unknown.map(({ kind, value }): Resolution => [kind, value]);
		return Object.fromEntries([...asGiven, ...recalled, ...found]);
	}

	/**
	 * After an empty answer: makes sure that it is not empty because nothing bears a whole id.
	 *
	 * @throws {InvalidArgument}
	 */
	async refuseUnknown(named: Named, scope: EventScope | undefined, signal: AbortSignal): Promise<void> {
		const asked = askedOf(named).filter(
			(one) => one.value !== "none" && !needsLookup(one) && this.#recall(one.kind, one.value) === undefined,
		);
		// A session stands in error events alone.
		const checked = asked.filter(({ kind }) => kind !== "session" || scope !== undefined);
		if (checked.length === 0) return;
		const bearers = await this.#bearers(checked, scope, signal);
		for (const { kind, value } of checked) {
			const { ids, near } = bearers.of(kind, value);
			if (ids.length === 0) throw nobody(kind, value, { near, within: undefined });
			this.#remember(kind, value, value);
		}
	}

	#recall(kind: Kind, value: string): string | undefined {
		const known = this.#known.get(`${kind} ${value}`);
		return known !== undefined && known.until > this.clock.now() ? known.id : undefined;
	}

	#remember(kind: Kind, value: string, id: string): void {
		if (this.#known.size > 1000) this.#known.clear();
		this.#known.set(`${kind} ${value}`, { id, until: this.clock.now() + cacheMs });
	}

	async #look(
		asked: readonly Asked[],
		scope: EventScope | undefined,
		signal: AbortSignal,
	): Promise<readonly Resolution[]> {
		const queries = asked.map(({ kind, value }) => matches(kind, value, scope));
		const readsAddress = asked.some(isAddress);
		const rows = await this.database.rows(
			{
				query: sql`SELECT kind, way, id FROM (${join(queries, " UNION ALL ")}) LIMIT 60`,
				maxRows: 60,
				...(readsAddress ? { reads: ["users.email"] } : {}),
			},
			signal,
		);
		const missed = asked.filter(({ kind }) => surest(rows, kind).length === 0);
		const rest = missed.filter((one) => !prefix.test(one.value) && !isAddress(one));
		const bearers = rest.length === 0 ? undefined : await this.#bearers(rest, scope, signal);
		return asked.map(({ kind, value }): Resolution => {
			const found = surest(rows, kind);
			const { ids, near } =
				found.length > 0 ? { ids: found, near: [] } : (bearers?.of(kind, value) ?? { ids: [], near: [] });
			const [only, ...others] = ids;
			if (others.length > 0) throw ambiguous(kind, value, ids);
			if (only === undefined) throw nobody(kind, value, { near, within: scope });
			this.#remember(kind, value, only);
			return [kind, only];
		});
	}

	async #bearers(
		asked: readonly Asked[],
		scope: EventScope | undefined,
		signal: AbortSignal,
	): Promise<Bearers> {
		const rows = await this.database.rows({ query: bearersQuery(asked, scope), maxRows: maxBearers }, signal);
		return readBearers(rows);
	}
}

function askedOf(named: Named): readonly Asked[] {
	return (["user", "organization", "session"] as const).flatMap((kind) => {
		const value = named[kind];
		return value === undefined ? [] : [{ kind, value }];
	});
}

/** The ids that were found in the surest way. */
function surest(rows: readonly Row[], kind: Kind): readonly string[] {
	const own = rows.filter((row) => row.kind === kind);
	const way = ways.find((one) => own.some((row) => row.way === one));
	return [...new Set(own.filter((row) => row.way === way).map((row) => String(row.id)))];
}

/** A whole id of a user and whatever a client calls a session need no look-up; an organization's id may be its slug or name. */
function needsLookup({ kind, value }: Asked): boolean {
	switch (kind) {
		case "organization":
			return true;
		case "user":
			return !uuid.test(value);
		case "session":
			return prefix.test(value);
	}
}

function isAddress({ kind, value }: Asked): boolean {
	return kind === "user" && value.includes("@");
}

/** Each branch has its kind and its own LIMIT. */
function matches(kind: Kind, value: string, scope: EventScope | undefined): Sql {
	const given = text(value);
	const isDigits = prefix.test(value);
	const digits = isDigits ? startsWith(sql`id`, `${value.toLowerCase()}-`) : sql`0`;
	const inEvents = isDigits && scope !== undefined ? [amongEvents(kind, value, scope)] : [];
	const asId = sql`WHEN id = ${given} OR id = ${text(value.toLowerCase())} THEN 'id'`;
	switch (kind) {
		case "user":
			return isAddress({ kind, value })
				? sql`SELECT * FROM (SELECT 'user' AS kind, 'name' AS way, id FROM users WHERE email IN (${given}, ${text(value.toLowerCase())}) LIMIT 5)`
				: union(
						sql`SELECT * FROM (SELECT 'user' AS kind, CASE ${asId} ELSE 'digits' END AS way, id FROM users WHERE id IN (${given}, ${text(value.toLowerCase())}) OR ${digits} LIMIT 5)`,
						...inEvents,
					);
		case "organization":
			return union(
				sql`SELECT * FROM (SELECT 'organization' AS kind, CASE ${asId} WHEN slug = ${given} OR name = ${given} THEN 'name' WHEN slug = ${given} COLLATE NOCASE OR name = ${given} COLLATE NOCASE THEN 'case' ELSE 'digits' END AS way, id FROM organizations WHERE id IN (${given}, ${text(value.toLowerCase())}) OR slug = ${given} COLLATE NOCASE OR name = ${given} COLLATE NOCASE OR ${digits} ORDER BY (way = 'id') DESC, (way = 'name') DESC, (way = 'case') DESC LIMIT 5)`,
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
	return sql`SELECT * FROM (SELECT DISTINCT ${text(kind)} AS kind, CASE WHEN ${id} = ${text(value)} THEN 'id' ELSE 'digits' END AS way, ${id} AS id FROM error_events AS e WHERE ${inWindow(window, storage, sql`e`)} AND (${id} = ${text(value)} OR ${startsWith(id, `${value.toLowerCase()}-`)}) LIMIT 5)`;
}
