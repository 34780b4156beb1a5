// What a trouble is bound to: the provider, skill, organization or message that most of its events or failures have.

import type { Part, TimeSpan } from "../../episodes/index.ts";
import type { Row } from "../../source/index.ts";
import { epochSeconds, integer, join, type Sql, sql, type TimeStorage, text } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { textOrNull } from "../events.ts";
import { inWindow } from "../filters.ts";
import { episodeCondition } from "../history/episode-condition.ts";
import { readText } from "../read-text.ts";
import { isFailure, joined, organization, r, slug } from "../runs/filters.ts";
import { patternOf } from "../runs/patterns.ts";

/** The most frequent value, null for the empty field, and its share, 0 to 1. */
export interface TopValue {
	readonly value: string | null;
	readonly share: number;
}

export const profileFields = ["provider", "skill", "organization", "message"] as const;
export type ProfileField = (typeof profileFields)[number];

export interface TroubleProfile {
	readonly count: number;
	/** Epoch seconds. */
	readonly lastSeen: number;
	/** Of a code: provider, skill and organization. Of a skill: organization and its message's pattern. */
	readonly top: Readonly<Partial<Record<ProfileField, TopValue>>>;
}

/** A stretch of a code's events or of a skill's failures. */
export type Stretch =
	| {
			readonly of: "code";
			readonly code: string;
			readonly where?: readonly Part[];
			readonly spans: readonly TimeSpan[];
	  }
	| { readonly of: "skill"; readonly skill: string; readonly spans: readonly TimeSpan[] };

/** The most stretches of one question. */
export const maxStretches = 12;
/** Combinations of values that are read of a stretch, the most frequent ones. */
const maxShapes = 60;
const e = sql`e`;

/**
 * One request, beside those that learn how the tables store time.
 *
 * @returns in their order; undefined where nothing is in a stretch
 */
export async function readProfiles(
	database: Database,
	stretches: readonly Stretch[],
	signal: AbortSignal,
): Promise<readonly (TroubleProfile | undefined)[]> {
	const branches: Sql[] = [];
	for (const [index, stretch] of stretches.slice(0, maxStretches).entries()) {
		const table = stretch.of === "code" ? "error_events" : "skill_usage_logs";
		const { storage, empty } = await database.storedTime(table, signal);
		if (!empty) branches.push(shapesOf(stretch, index, storage));
	}
	if (branches.length === 0) return stretches.map(() => undefined);
	const most = branches.length * maxShapes;
	const query = sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(most)}`;
	const rows = await database.rows({ query, maxRows: most }, signal);
	return stretches.map(({ of }, index) => {
		const own = rows.filter((row) => row.stretch === index);
		return own.length === 0 ? undefined : profileOf(of, own);
	});
}

function shapesOf(stretch: Stretch, index: number, storage: TimeStorage): Sql {
	const table = stretch.of === "code" ? e : r;
	const from = Math.min(...stretch.spans.map((span) => span.from));
	const to = Math.max(...stretch.spans.map((span) => span.to));
	const inSpans = join(
		stretch.spans.map((span) => sql`(${inWindow(span, storage, table)})`),
		" OR ",
	);
	// The outer bounds use the index; the spans are distinguished among its rows.
	const within = sql`${inWindow({ from, to }, storage, table)} AND (${inSpans})`;
	const counted = sql`count(*) AS n, ${epochSeconds(storage, sql`max(${table}.created_at)`)} AS last`;
	if (stretch.of === "code") {
		return sql`SELECT * FROM (SELECT ${integer(index)} AS stretch, ${readText(sql`e.provider`)} AS provider, ${readText(sql`e.skill_slug`)} AS skill, ${readText(sql`e.organization_id`)} AS organization, NULL AS message, ${counted} FROM error_events AS e WHERE ${within} AND ${episodeCondition(stretch)} GROUP BY e.provider, e.skill_slug, e.organization_id ORDER BY n DESC LIMIT ${integer(maxShapes)})`;
	}
	return sql`SELECT * FROM (SELECT ${integer(index)} AS stretch, NULL AS provider, NULL AS skill, ${organization} AS organization, trim(${readText(sql`r.error_message`)}) AS message, ${counted} FROM ${joined} WHERE ${within} AND ${slug} = ${text(stretch.skill)} AND ${isFailure("error")} GROUP BY trim(${readText(sql`r.error_message`)}), ${organization} ORDER BY n DESC LIMIT ${integer(maxShapes)})`;
}

function profileOf(of: Stretch["of"], rows: readonly Row[]): TroubleProfile {
	const fields: readonly ProfileField[] =
		of === "code" ? ["provider", "skill", "organization"] : ["organization", "message"];
	const count = rows.reduce((sum, { n }) => sum + Number(n), 0);
	const top = (field: ProfileField): TopValue => {
		const counts = new Map<string | null, number>();
		for (const row of rows) {
			const given = textOrNull(row[field]);
			const value = given !== null && field === "message" ? patternOf(given) : given;
			counts.set(value, (counts.get(value) ?? 0) + Number(row.n));
		}
		const [value, most] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [null, 0];
		return { value, share: most / count };
	};
	return {
		count,
		lastSeen: Math.max(...rows.map(({ last }) => Number(last))),
		top: Object.fromEntries(fields.map((field) => [field, top(field)])),
	};
}
