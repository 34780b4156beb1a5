import { InvalidArgument } from "../failure.ts";
import { join, type Sql, sql, startsWith, text } from "../sql/sql.ts";
import type { Clock } from "../system/clock.ts";
import type { Database } from "./database.ts";

/** What an agent may name a thing by: its id, 8 hex digits of it, and for a user its address, for an organization its slug or name. */
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

type Kind = keyof Named;

const cacheMs = 10 * 60_000;
const maxMatches = 5;
const prefix = /^[0-9a-f]{8}$/i;

/** Resolves what an agent names into ids, in one query, and remembers it for ten minutes. */
export class Lookups {
	readonly #known = new Map<string, { readonly id: string; readonly until: number }>();

	constructor(
		private readonly database: Database,
		private readonly clock: Clock,
	) {}

	/**
	 * An id that no row of `users` or `organizations` has is taken as it stands: clients say what they like.
	 *
	 * @throws {InvalidArgument} for an address, a slug or digits that nothing has, or that several have
	 */
	async resolve(named: Named, signal: AbortSignal): Promise<Resolved> {
		const asked = (["user", "organization", "session"] as const).flatMap((kind) => {
			const value = named[kind];
			return value === undefined ? [] : [{ kind, value }];
		});
		const unknown = asked.filter(
			({ kind, value }) => value !== "none" && this.#recall(kind, value) === undefined,
		);
		const needed = unknown.filter(({ kind, value }) => needsLookup(kind, value));
		if (needed.length > 0) await this.#look(needed, signal);
		return Object.fromEntries(
			asked.map(({ kind, value }) => [kind, value === "none" ? null : (this.#recall(kind, value) ?? value)]),
		);
	}

	#recall(kind: Kind, value: string): string | undefined {
		const known = this.#known.get(`${kind} ${value}`);
		return known !== undefined && known.until > this.clock.now() ? known.id : undefined;
	}

	async #look(asked: readonly { kind: Kind; value: string }[], signal: AbortSignal): Promise<void> {
		const queries = asked.map(({ kind, value }) => matches(kind, value));
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
		for (const { kind, value } of asked) {
			const ids = [...new Set(rows.filter((row) => row.kind === kind).map((row) => String(row.id)))];
			const exact = ids.find((id) => id === value);
			const [only, ...others] = exact === undefined ? ids : [exact];
			if (others.length > 0) throw ambiguous(kind, value, ids);
			if (only === undefined && isNotAnId(kind, value)) throw nobody(kind, value);
			this.#known.set(`${kind} ${value}`, { id: only ?? value, until: this.clock.now() + cacheMs });
		}
	}
}

/** A whole id of a user or a session needs no look-up; an organization's may as well be its slug or name. */
function needsLookup(kind: Kind, value: string): boolean {
	return prefix.test(value) || kind === "organization" || (kind === "user" && value.includes("@"));
}

function isNotAnId(kind: Kind, value: string): boolean {
	return prefix.test(value) || (kind === "user" && value.includes("@"));
}

/** Every branch carries its kind, and bounds itself. */
function matches(kind: Kind, value: string): Sql {
	const digits = prefix.test(value) ? startsWith(sql`id`, `${value.toLowerCase()}-`) : sql`0`;
	switch (kind) {
		case "user":
			return value.includes("@")
				? sql`SELECT * FROM (SELECT 'user' AS kind, id FROM users WHERE email IN (${text(value)}, ${text(value.toLowerCase())}) LIMIT 5)`
				: sql`SELECT * FROM (SELECT 'user' AS kind, id FROM users WHERE id = ${text(value)} OR ${digits} LIMIT 5) UNION ALL SELECT * FROM (SELECT DISTINCT 'user' AS kind, user_id AS id FROM error_events WHERE ${startsWith(sql`user_id`, `${value.toLowerCase()}-`)} LIMIT 5)`;
		case "organization":
			return sql`SELECT * FROM (SELECT 'organization' AS kind, id FROM organizations WHERE id = ${text(value)} OR slug = ${text(value)} OR name = ${text(value)} OR ${digits} LIMIT 5)`;
		case "session":
			return sql`SELECT * FROM (SELECT DISTINCT 'session' AS kind, session_id AS id FROM error_events WHERE session_id = ${text(value)} OR ${startsWith(sql`session_id`, `${value.toLowerCase()}-`)} LIMIT 5)`;
	}
}

function ambiguous(kind: Kind, value: string, ids: readonly string[]): InvalidArgument {
	const some = ids.slice(0, maxMatches).join(", ");
	return new InvalidArgument(
		kind,
		`${JSON.stringify(value)} fits several: ${some}.`,
		"Give the whole id of the one you mean.",
	);
}

function nobody(kind: Kind, value: string): InvalidArgument {
	const what = value.includes("@")
		? "no user has that e-mail address"
		: `no ${kind}'s id begins with these 8 digits`;
	return new InvalidArgument(kind, `${what}.`, "Check its spelling, or give the whole id.");
}
