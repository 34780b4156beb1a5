// Who bears an id that has no row of its own, and whom a misspelt name may mean.

import type { Row } from "../../source/index.ts";
import { integer, join, type Sql, sql, startsWith, type TimeStorage, text } from "../../sql/index.ts";
import { nearest } from "../../text/index.ts";
import { inWindow } from "../filters.ts";
import { daySeconds, type Window } from "../window.ts";
import type { Kind } from "./nobody.ts";

/** Events so long before a window may still bear an id: older rows are deleted. */
const reachDays = 90;
const maxNames = 1000;
/** The first digits by which a user's id that was cut or mistyped is found. */
const fewDigits = 4;

/** Rows of `bearersQuery`. */
export const maxBearers = 2 * maxNames;

interface Borne {
	/** The ids that it stands for. */
	readonly ids: readonly string[];
	/** What was probably meant, the nearest first. */
	readonly near: readonly string[];
}

interface Scope {
	readonly window: Window;
	readonly storage: TimeStorage;
}

export interface Bearers {
	of(kind: Kind, value: string): Borne;
}

/**
 * Tagged by `kind` and `way`: `borne` where a row, an event or a run has the id, `known` for what it may be compared
 * with.
 *
 * @param scope undefined if the query is about runs
 */
export function bearersQuery(
	asked: readonly { readonly kind: Kind; readonly value: string }[],
	scope: Scope | undefined,
): Sql {
	const branches = asked.flatMap(({ kind, value }) => bearerRows(kind, value, scope));
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(maxBearers)}`;
}

function bearerRows(kind: Kind, value: string, scope: Scope | undefined): readonly Sql[] {
	const given = text(value);
	const borne = (rows: Sql) =>
		sql`SELECT * FROM (SELECT ${text(kind)} AS kind, 'borne' AS way, ${given} AS id, NULL AS name ${rows} LIMIT 1)`;
	const inReach = (column: Sql) =>
		scope === undefined
			? []
			: [
					borne(
						sql`FROM error_events AS e WHERE ${inWindow(around(scope.window), scope.storage, sql`e`)} AND +${column} = ${given}`,
					),
				];
	const half = integer(maxNames / 2);
	switch (kind) {
		case "user":
			return [
				borne(sql`FROM users WHERE id = ${given}`),
				...(scope === undefined ? [borne(sql`FROM skill_usage_logs WHERE user_id = ${given}`)] : []),
				...inReach(sql`e.user_id`),
				sql`SELECT * FROM (SELECT 'user' AS kind, 'known' AS way, id, NULL AS name FROM users WHERE ${startsWith(sql`id`, value.slice(0, fewDigits).toLowerCase())} ORDER BY id LIMIT ${half})`,
			];
		case "organization":
			return [
				scope === undefined
					? borne(sql`FROM skill_usage_logs WHERE organization_id = ${given}`)
					: borne(sql`FROM error_events WHERE organization_id = ${given}`),
				borne(sql`FROM users WHERE organization_id = ${given}`),
				...[sql`name`, sql`slug`].map(
					(column) =>
						sql`SELECT * FROM (SELECT 'organization' AS kind, 'known' AS way, id, ${column} AS name FROM organizations ORDER BY id LIMIT ${half})`,
				),
			];
		case "session":
			return inReach(sql`e.session_id`);
	}
}

function around({ from, to }: Window): Window {
	return { from: from - reachDays * daySeconds, to: to + reachDays * daySeconds };
}

export function readBearers(rows: readonly Row[]): Bearers {
	return {
		of(kind, value) {
			const own = rows.filter((row) => row.kind === kind);
			if (own.some((row) => row.way === "borne" && row.id === value)) return { ids: [value], near: [] };
			const known = own.filter((row) => row.way === "known");
			if (kind !== "organization") return { ids: [], near: nearIds(value, known) };
			// SQLite compares without case in ASCII alone.
			const same = known.filter(({ name }) => plain(String(name ?? "")) === plain(value));
			const ids = [...new Set(same.map(({ id }) => String(id)))];
			return { ids, near: ids.length > 0 ? [] : nearNames(value, known) };
		},
	};
}

/** Ids that begin as the given one does, as far as that goes. */
function nearIds(value: string, known: readonly Row[]): readonly string[] {
	const shared = (id: string) => {
		let length = 0;
		while (length < id.length && id[length] === value[length]?.toLowerCase()) length += 1;
		return length;
	};
	return known
		.map(({ id }) => String(id))
		.filter((id) => shared(id) >= Math.min(fewDigits, value.length))
		.sort((one, other) => shared(other) - shared(one))
		.slice(0, 3);
}

function nearNames(value: string, known: readonly Row[]): readonly string[] {
	const idOf = new Map(known.map(({ id, name }) => [String(name ?? ""), id]));
	idOf.delete("");
	const names = [...idOf.keys()];
	const words = plain(value);
	// One word of a name is how people call an organization.
	const within = words.length < 3 ? [] : names.filter((name) => plain(name).includes(words));
	const near = nearest(value, names);
	const found = within.length > 0 ? within : near === undefined ? [] : [near];
	const ids = new Set<unknown>();
	return found
		.filter((name) => !ids.has(idOf.get(name)) && ids.add(idOf.get(name)))
		.toSorted((one, other) => one.length - other.length)
		.slice(0, 2);
}

function plain(name: string): string {
	return name.normalize("NFC").toLowerCase().trim();
}
