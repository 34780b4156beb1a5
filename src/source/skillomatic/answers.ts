// Schemas of the API's answers, as far as this server relies on them.

import { z } from "zod";
import { cell } from "../row.ts";

/** Unknown fields are accepted; a missing field, or one of another type, is an error that names it. */

/** @param maxRows the query's own LIMIT: a response with more rows is invalid */
export const queryAnswer = (maxRows: number) =>
	z.looseObject({
		rows: z.array(z.record(z.string(), cell)).max(maxRows),
		durationMs: z.number().optional(),
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
