// A row of production's, as JSON has it.

import { z } from "zod";

/** A SQLite value as JSON. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;
export type Row = Readonly<Record<string, Cell>>;
