import { z } from "zod";

/**
 * The API's answers, as far as this server relies on them. Fields that are new are let through;
 * a field that is missing or of another type is an error that names it.
 */

/** A cell as JSON carries it from SQLite. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;
export type Row = Readonly<Record<string, Cell>>;

/** @param maxRows as the query's own LIMIT has it: more would be no answer to it, and is not looked at */
export const queryAnswer = (maxRows: number) =>
	z.looseObject({
		rows: z.array(z.record(z.string(), cell)).max(maxRows),
		rowCount: z.number(),
		durationMs: z.number(),
	});

export const tablesAnswer = z.looseObject({ tables: z.array(z.string()) });

export const statsAnswer = z.looseObject({ stats: z.record(z.string(), z.number()) });

export const schemaAnswer = z.looseObject({
	table: z.string(),
	columns: z.array(
		z.looseObject({ name: z.string(), type: z.string(), notnull: z.number(), pk: z.number() }),
	),
});

export const errorAnswer = z.looseObject({
	error: z.looseObject({ message: z.string(), code: z.string().optional() }),
});
