// Checks this server's own queries.

import type { CheckedSelect } from "./checked-select.ts";
import { CompileCheck, NameMissing } from "./engine/compile-check.ts";
import {
	CannotBeSent,
	ColumnWithheld,
	DeploymentLacks,
	FormRefused,
	NameUnknown,
	OwnQueryUnsound,
	SqlInvalid,
} from "./failures/index.ts";
import type { Mirror } from "./mirror/mirror.ts";
import { withheldByName } from "./mirror/withheld.ts";
import type { Sql } from "./sql.ts";
import { refuseForFilter } from "./text/api-filter.ts";
import { allSources, closing, type Place, parse } from "./text/structure.ts";
import { identifierAt } from "./text/text-checks.ts";
import { is, nameOf } from "./text/tokens.ts";

export interface OwnQueryOptions {
	/** The most rows that the query's own outer LIMIT may let through. */
	readonly maxRows: number;
	readonly signal: AbortSignal;
	/** Withheld columns that this query may compare with constants, as `table.column`. */
	readonly reads?: readonly string[];
}

/**
 * Judges a query that this server built. The rules are an agent's, with these differences: it is sent as it stands, so
 * that it bounds itself (a `LIMIT` inside a subquery stops the server from appending its own); its plan is not
 * estimated, since its windows bound it; and it may look a withheld column up, exactly.
 *
 * @throws {OwnQueryUnsound} {DeploymentLacks}
 */
export async function checkOwnQuery(
	mirror: Mirror,
	query: Sql,
	options: OwnQueryOptions,
): Promise<CheckedSelect> {
	const { maxRows, signal, reads = [] } = options;
	if (!/^SELECT\b/.test(query)) throw new OwnQueryUnsound("it does not start with SELECT");
	const limit = /\bLIMIT (\d{1,6})$/.exec(query)?.[1];
	if (limit === undefined) throw new OwnQueryUnsound("it has no outer LIMIT of its own");
	if (Number(limit) > maxRows) throw new OwnQueryUnsound(`its LIMIT ${limit} is over ${maxRows}`);
	const { places } = parse(query);
	const columns = reads.map((column) => column.slice(column.indexOf(".") + 1).toLowerCase());
	for (const column of columns) requireExact(places, column);
	const tables = [...new Set(allSources(places).map(({ name }) => name))];
	await mirror.include(tables, signal);
	const compiler = await mirror.compiler();
	try {
		refuseForFilter(query);
		const check = new CompileCheck(mirror, compiler, {
			isReadable: (table, name) =>
				reads.includes(`${table.name}.${name}`) ||
				table.columns.some((column) => column.name === name && column.withheld === undefined),
			mayRecurse: false,
		});
		const compiled = check.audit(query);
		refuseSecretNames(places, [...columns, ...tables]);
		return { text: query, columns: compiled.columns, maxRows } as unknown as CheckedSelect;
	} catch (error) {
		if (error instanceof NameMissing) throw new DeploymentLacks(error.what, error.missing);
		throw new OwnQueryUnsound(problemOf(error));
	}
}

/** A withheld column may only be compared with constants: `= 'x'` or `IN ('x', 'y')`. */
function requireExact(places: readonly Place[], column: string): void {
	places.forEach(({ token }, at) => {
		if (token.kind === "string" || nameOf(token)?.toLowerCase() !== column) return;
		const constant = (from: number, to: number) =>
			places.slice(from, to).every(
				({ token: { kind }, token: one }) =>
					// `text` writes a semicolon as char(59).
					kind === "string" || kind === "number" || is(one, ",", "||", "(", ")", "CHAR"),
			);
		const next = places[at + 1]?.token;
		const open = is(places[at + 2]?.token, "(");
		if (is(next, "=") && is(places[at + 2]?.token, "CHAR") && constant(at + 3, closing(places, at + 3)))
			return;
		if (is(next, "=") && open && constant(at + 2, closing(places, at + 2))) return;
		if (is(next, "=") && places[at + 2]?.token.kind === "string" && !is(places[at + 3]?.token, "||")) return;
		if (is(next, "IN") && open && constant(at + 2, closing(places, at + 2))) return;
		throw new OwnQueryUnsound(`it reads ${column} in another way than by comparing it with constants`);
	});
}

/**
 * Our own names stand as they are, so that none may be one which a withheld column may have that the mirror does not know.
 *
 * @throws {OwnQueryUnsound}
 */
function refuseSecretNames(places: readonly Place[], exempt: readonly string[]): void {
	places.forEach((_, at) => {
		const name = identifierAt(places, at);
		if (name === undefined || withheldByName(name) === undefined || exempt.includes(name.toLowerCase()))
			return;
		throw new OwnQueryUnsound(`it uses the name ${JSON.stringify(name)}, which a secret may have`);
	});
}

function problemOf(error: unknown): string {
	if (error instanceof NameUnknown) return `no such ${error.what}: ${error.missing}`;
	if (error instanceof ColumnWithheld) return `it reads ${error.table}.${error.column}, which is withheld`;
	if (error instanceof FormRefused) return `${error.form} ${error.detail}`;
	if (error instanceof CannotBeSent) return `the API's filter refuses ${JSON.stringify(error.word)}`;
	if (error instanceof SqlInvalid) return error.said;
	throw error;
}
