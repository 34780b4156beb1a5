// Lets time go by in the story: the hours to come are those of a week ago, before its incidents began.

import type { SandboxDatabase, SqlRow } from "../database.ts";

const week = 7 * 86_400;

/**
 * @param from where the story ends, epoch seconds, which its rows hold too
 * @param seconds how long it goes on, a week at most
 */
export function goOn(db: SandboxDatabase, from: number, seconds: number): void {
	for (const table of ["error_events", "skill_usage_logs"]) {
		const rows = db.select(
			`SELECT * FROM ${table} WHERE created_at >= ${from - week} AND created_at < ${from - week + seconds}`,
		);
		db.insert(table, rows.map(aWeekLater));
	}
}

function aWeekLater(row: SqlRow): SqlRow {
	return { ...row, id: `${row.id}-${week}`, created_at: Number(row.created_at) + week };
}
