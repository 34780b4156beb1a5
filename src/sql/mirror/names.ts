import { NameWithheld } from "../failures/index.ts";
import type { Place, Source } from "../text/structure.ts";
import { identifierAt } from "../text/text-checks.ts";
import { is, nameOf } from "../text/tokens.ts";
import type { MirrorTable } from "./catalog.ts";
import { type WithheldAs, withheldByName } from "./withheld.ts";

export interface NameRules {
	/** The sources of its FROM clauses. */
	readonly sources: readonly Source[];
	/** The tables that the query names. */
	readonly tables: readonly MirrorTable[];
	isWithheld(why: WithheldAs): boolean;
	/** Names, in small letters, that may stand all the same. */
	readonly exempt: readonly string[];
}

/**
 * Refuses names that a withheld column may have which this deployment has and the mirror does not know yet: in
 * `SELECT (SELECT api_token FROM organizations) FROM (SELECT 1 AS api_token)` the name binds to the alias here, and
 * in production to the column, if there is one. Where every table of the query is known to have a readable
 * column of that name (`system_settings.key`), none can come to have another.
 *
 * @throws {NameWithheld}
 */
export function refuseWithheldNames(places: readonly Place[], rules: NameRules): void {
	const { tables, exempt } = rules;
	places.forEach(({ token }, at) => {
		// Most words are short and harmless; names are looked at only where they can be names.
		if (token.kind === "sign" || token.kind === "number") return;
		const name = identifierAt(places, at);
		const why = name === undefined ? undefined : withheldByName(name);
		if (name === undefined || why === undefined || !rules.isWithheld(why)) return;
		const key = name.toLowerCase();
		if (exempt.includes(key)) return;
		if (isTableName(places, at) && tables.some((table) => table.name.toLowerCase() === key)) return;
		if (isKeyOfItsSource(places, at, rules)) return;
		if (tables.length > 0 && tables.every((table) => hasReadable(table, key, rules))) return;
		throw new NameWithheld(name, why);
	});
}

function hasReadable(table: MirrorTable, key: string, rules: NameRules): boolean {
	const column = table.columns.find(({ name }) => name.toLowerCase() === key);
	return column !== undefined && (column.withheld === undefined || !rules.isWithheld(column.withheld));
}

/**
 * `j.key` where everything that is called j has such a column, which may be read, so that it can get no other: json_each,
 * or a table (`system_settings`). And `key` where a function is read and no table at all.
 */
function isKeyOfItsSource(places: readonly Place[], at: number, rules: NameRules): boolean {
	const { sources, tables } = rules;
	if (nameOf(places[at]?.token)?.toLowerCase() !== "key") return false;
	if (tables.length === 0 && sources.some(({ kind }) => kind === "function")) return true;
	if (!is(places[at - 1]?.token, ".")) return false;
	const qualifier = nameOf(places[at - 2]?.token)?.toLowerCase();
	const called = sources.filter(({ alias }) => alias?.toLowerCase() === qualifier);
	return called.length > 0 && called.every((source) => hasKey(source, rules));
}

function hasKey({ kind, name }: Source, rules: NameRules): boolean {
	if (kind === "function") return true;
	const table = rules.tables.find((one) => one.name.toLowerCase() === name.toLowerCase());
	return kind === "table" && table !== undefined && hasReadable(table, "key", rules);
}

function isTableName(places: readonly Place[], at: number): boolean {
	return is(places[at - 1]?.token, "FROM", "JOIN") || is(places[at + 1]?.token, ".");
}
