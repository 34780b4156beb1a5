// One interface to production, whichever way its answers come.

import type { CheckedSelect } from "../sql/index.ts";
import { type Peer, UnexpectedAnswer } from "./failures/index.ts";
import type { RateLimit } from "./http/pace.ts";
import type { AskOptions } from "./http/requests.ts";
import type { Row } from "./row.ts";

/** One column of a table, as production's schema describes it. */
export interface ColumnInfo {
	readonly name: string;
	readonly type: string;
	readonly notNull: boolean;
	/** Its position in the primary key, from 1; 0 if it is not part of it. */
	readonly primaryKey: number;
}

export interface QueryAnswer {
	readonly rows: readonly Row[];
	/** As the server measured it, where it says so. */
	readonly durationMs: number | undefined;
}

/** Where production is asked. It takes SQL as a `CheckedSelect` only. */
export interface Source {
	query(select: CheckedSelect, options: AskOptions): Promise<QueryAnswer>;
	/** Rows per table; -1 if the table is missing. */
	stats(options: AskOptions): Promise<Readonly<Record<string, number>>>;
	tables(options: AskOptions): Promise<readonly string[]>;
	/** @throws {TableNotListed} */
	columns(table: string, options: AskOptions): Promise<readonly ColumnInfo[]>;
	/** Production's clock minus ours, in milliseconds, by the last response's `Date`; 0 before the first. */
	clockOffsetMs(): number;
	rateLimit(): RateLimit | undefined;
	/** Requests that were sent, retries included. */
	requestsSent(): number;
	close(): Promise<void>;
}

/** @throws {UnexpectedAnswer} if a row's columns are not exactly those that were checked */
export function refuseOtherColumns(rows: readonly Row[], checked: readonly string[], peer?: Peer): void {
	const names = new Set(checked);
	for (const row of rows) {
		const keys = Object.keys(row);
		if (keys.length !== names.size || !keys.every((key) => names.has(key))) {
			throw new UnexpectedAnswer("wrong_shape", "its rows have other columns than were asked for", peer);
		}
	}
}
