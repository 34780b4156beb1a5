// Runs an agent's own SQL, and describes what it may query.

import { type Cell, UnexpectedAnswer } from "../../source/index.ts";
import { FormRefused } from "../../sql/index.ts";
import { type DescribedTable, type DescribeParts, describeOne, describeTables } from "./describe.ts";
import { noteOn } from "./notes.ts";
import { plainSql } from "./plain-sql.ts";
import { isTooLarge, withWholeNumbers } from "./whole-numbers.ts";

export type { DescribedTable } from "./describe.ts";

export interface QueryRequest {
	readonly sql: string;
	/** Rows at most. */
	readonly limit: number;
}

export interface QueryResult {
	/** With the agent's own names, in its order. */
	readonly columns: readonly string[];
	readonly rows: readonly (readonly Cell[])[];
	/** There are more rows than requested. */
	readonly truncated: boolean;
	/** As production measured it, else from here. */
	readonly durationMs: number;
	readonly notes: readonly string[];
}

export interface Queries {
	/** @throws {SqlFailure} {SkillomaticFailure} */
	query(request: QueryRequest, signal: AbortSignal): Promise<QueryResult>;
	tables(signal: AbortSignal): Promise<readonly DescribedTable[]>;
	/** @throws {InvalidArgument} */
	table(name: string, signal: AbortSignal): Promise<DescribedTable>;
}

export function createQueries(parts: DescribeParts): Queries {
	const { guard, source, database } = parts;
	return {
		async query({ sql, limit }, signal) {
			const checked = await guard.checkAgent(plainSql(sql), { limit, signal });
			const started = performance.now();
			// A query that may still be running there is not started again.
			const ask = (select: typeof checked.select) =>
				source.query(select, { signal, retry: "if_not_running" });
			const answer = await ask(checked.select).catch(async (error: unknown) => {
				if (!isTooLarge(error)) throw asBlob(error, checked.columns) ?? error;
				const whole = withWholeNumbers(checked.meant, checked.columns.length);
				return ask((await guard.checkAgent(whole, { limit, signal })).select);
			});
			const truncated = answer.rows.length > limit;
			const rows = answer.rows
				.slice(0, limit)
				.map((row) => checked.select.columns.map((column) => row[column] ?? null));
			return {
				columns: checked.columns,
				rows,
				truncated,
				durationMs: answer.durationMs ?? Math.round(performance.now() - started),
				notes: await noteOn(database, { checked, rows, truncated, limit }, signal),
			};
		},
		tables: (signal) => describeTables(parts, signal),
		table: (name, signal) => describeOne(parts, name, signal),
	};
}

/** The API returns bytes as an object or list, which is not a valid cell: the query selects a blob. */
function asBlob(error: unknown, columns: readonly string[]): FormRefused | undefined {
	if (!(error instanceof UnexpectedAnswer) || error.problem !== "wrong_shape") return undefined;
	const place = /\brows\.\d{1,6}\.c(\d{1,4})\b/.exec(error.detail)?.[1];
	return place === undefined ? undefined : new FormRefused("blob", columns[Number(place) - 1] ?? "");
}
