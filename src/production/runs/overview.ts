// Counts runs and failures by skill, over time and by message, in one query.

import type { Cell, Row } from "../../source/index.ts";
import { epochSeconds, integer, type Sql, sql, text } from "../../sql/index.ts";
import { maskSecrets } from "../../text/index.ts";
import { textOrNull } from "../events.ts";
import { inWindow } from "../filters.ts";
import { readText } from "../read-text.ts";
import { maxBuckets } from "../window.ts";
import {
	isFailure,
	isListed,
	joined,
	organization,
	type RunsQuery,
	r,
	runConditions,
	slug,
} from "./filters.ts";
import { type CountedMessage, foldMessages, type MessagePattern } from "./patterns.ts";

/** Runs and failures of one skill, or of all (`skill` null), in the window and in the one before. */
export interface Rates {
	readonly skill: string | null;
	readonly runs: number;
	readonly failures: number;
	readonly previousRuns: number;
	readonly previousFailures: number;
	/** Milliseconds, nearest rank; null where no run has a duration. */
	readonly p50: number | null;
	readonly p95: number | null;
	readonly failedP50: number | null;
}

/** The runs of one bucket of the timeline. */
export interface Bucket {
	/** Counted from the one that the window starts in. */
	readonly place: number;
	readonly runs: number;
	readonly failures: number;
}

/** Who has the most failures, and how many of all runs. */
export interface MostFailures {
	readonly by: "user" | "organization";
	readonly who: string;
	readonly failures: number;
	readonly runs: number;
}

export interface Overview {
	readonly total: Rates;
	/** Those with the most failures, at most 50. */
	readonly bySkill: readonly Rates[];
	/** Skills with a failure in the window. */
	readonly failingSkills: number;
	readonly buckets: readonly Bucket[];
	/** Of the 2,000 most frequent messages of the failures listed, by pattern; secrets are masked. */
	readonly messages: readonly MessagePattern[];
	/** Listed failures. */
	readonly listed: number;
	/** How many of those have no message. */
	readonly silent: number;
	/** Those whose runs failed in the window. */
	readonly users: number;
	readonly organizations: number;
	/** The user and the organization with the most failures in the window. */
	readonly most: readonly MostFailures[];
}

const maxSkills = 50;
const maxMessages = 2000;
/** Separates the slugs of one cell: ASCII's unit separator, which slugs do not contain. */
const separator = "\u001f";

/** Upper bound of the rows of `overviewQuery`. */
export const maxOverviewRows = 5 + maxSkills + maxBuckets + maxMessages;

/**
 * All counts of an answer in one pass over both windows. Rows are tagged by `kind`: `total` and `listed` (one each), `hit` (users and organizations), `by user`, `by organization`,
 * `skill`, `bucket` (of `width` seconds) and `message`.
 *
 * Percentiles are nearest rank: the duration at place ⌈p·n⌉ of the n runs that have one.
 */
export function overviewQuery(query: RunsQuery, width: number): Sql {
	const { window, previous, filters, status, storage } = query;
	const current = inWindow(window, storage, r);
	const seconds = epochSeconds(storage, sql`r.created_at`);
	const bucket = sql`CAST(${seconds} / ${integer(width)} AS INTEGER) - ${integer(Math.floor(window.from / width))}`;
	const listed = isListed(query);
	const base = sql`SELECT ${slug} AS k, r.duration_ms AS d, ${isFailure(status)} AS failed, ${current} AS now, ${bucket} AS b, ${listed} AS listed, nullif(r.user_id, '') AS who, ${organization} AS org, CASE WHEN ${listed} THEN nullif(trim(${readText(sql`r.error_message`)}), '') END AS message, r.created_at AS t FROM ${joined} WHERE (${current} OR ${inWindow(previous, storage, r)})${runConditions(filters)}`;
	const counts = sql`coalesce(sum(now), 0) AS runs, coalesce(sum(now AND failed), 0) AS failures, coalesce(sum(NOT now), 0) AS before_runs, coalesce(sum(NOT now AND failed), 0) AS before_failures`;
	const rates = sql`SELECT k, ${counts} FROM base GROUP BY k HAVING sum(now AND failed) > 0`;
	const timed = sql`SELECT k, d, failed, row_number() OVER (PARTITION BY k ORDER BY d) AS place, count(*) OVER (PARTITION BY k) AS n, row_number() OVER (PARTITION BY k, failed ORDER BY d) AS failed_place, count(*) OVER (PARTITION BY k, failed) AS failed_n FROM base WHERE now AND typeof(d) IN ('integer', 'real')`;
	const ranks = sql`SELECT k, max(CASE WHEN place = (n * 50 + 99) / 100 THEN d END) AS p50, max(CASE WHEN place = (n * 95 + 99) / 100 THEN d END) AS p95, max(CASE WHEN failed AND failed_place = (failed_n * 50 + 99) / 100 THEN d END) AS failed_p50 FROM timed GROUP BY k`;
	const said = sql`SELECT message, k, count(*) AS n, max(t) AS last FROM base WHERE listed AND message IS NOT NULL GROUP BY message, k`;
	const heard = sql`SELECT message, sum(n) AS n, group_concat(k, char(31)) AS skills, max(last) AS last FROM said GROUP BY message ORDER BY 2 DESC, 4 DESC, message LIMIT ${integer(maxMessages)}`;
	const none = sql`NULL, NULL, NULL`;
	return sql`SELECT * FROM (WITH base AS MATERIALIZED (${base}), rates AS (${rates}), timed AS (${timed}), ranks AS (${ranks}), said AS (${said}), heard AS (${heard}) SELECT 'total' AS kind, NULL AS name, ${counts}, NULL AS p50, NULL AS p95, NULL AS failed_p50, (SELECT count(*) FROM rates) AS others, NULL AS last FROM base UNION ALL SELECT * FROM (SELECT 'skill', rates.k, runs, failures, before_runs, before_failures, p50, p95, failed_p50, NULL, NULL FROM rates LEFT JOIN ranks ON ranks.k = rates.k ORDER BY failures DESC, rates.k LIMIT ${integer(maxSkills)}) UNION ALL SELECT 'bucket', b, ${counts}, ${none}, NULL, NULL FROM base WHERE now GROUP BY b UNION ALL SELECT 'listed', NULL, count(*), coalesce(sum(message IS NULL), 0), NULL, NULL, ${none}, NULL, NULL FROM base WHERE listed UNION ALL SELECT 'hit', NULL, count(DISTINCT who), count(DISTINCT org), NULL, NULL, ${none}, NULL, NULL FROM base WHERE now AND failed UNION ALL ${most("by user", sql`who`, none)} UNION ALL ${most("by organization", sql`org`, none)} UNION ALL SELECT 'message', message, n, NULL, NULL, NULL, ${none}, skills, ${epochSeconds(storage, sql`last`)} FROM heard) LIMIT ${integer(maxOverviewRows)}`;
}

function most(kind: string, who: Sql, none: Sql): Sql {
	return sql`SELECT * FROM (SELECT ${text(kind)}, ${who}, count(*), sum(failed) AS m, NULL, NULL, ${none}, NULL, NULL FROM base WHERE now AND ${who} IS NOT NULL GROUP BY ${who} HAVING sum(failed) > 0 ORDER BY m DESC, ${who} LIMIT 1)`;
}

/** The rows of `overviewQuery`, by their kinds. */
export function readOverview(rows: readonly Row[]): Overview {
	const of = (kind: string) => rows.filter((row) => row.kind === kind);
	const [total] = of("total");
	const [listed] = of("listed");
	const [hit] = of("hit");
	return {
		total: readRates(total),
		bySkill: of("skill").map(readRates),
		failingSkills: count(total?.others),
		buckets: of("bucket").map((row) => ({
			place: count(row.name),
			runs: count(row.runs),
			failures: count(row.failures),
		})),
		messages: foldMessages(of("message").map(readMessage)),
		listed: count(listed?.runs),
		silent: count(listed?.failures),
		users: count(hit?.runs),
		organizations: count(hit?.failures),
		most: (["user", "organization"] as const).flatMap((by) =>
			of(`by ${by}`).map(({ name, runs, failures }) => ({
				by,
				who: String(name),
				runs: count(runs),
				failures: count(failures),
			})),
		),
	};
}

function readMessage(row: Row): CountedMessage {
	return {
		// Masked before grouping, since a generalized secret no longer looks like one.
		message: maskSecrets(String(row.name)),
		count: count(row.runs),
		skills: String(row.others ?? "")
			.split(separator)
			.filter((skill) => skill !== ""),
		lastSeen: count(row.last),
	};
}

function readRates(row: Row | undefined): Rates {
	return {
		skill: textOrNull(row?.name),
		runs: count(row?.runs),
		failures: count(row?.failures),
		previousRuns: count(row?.before_runs),
		previousFailures: count(row?.before_failures),
		p50: numberOrNull(row?.p50),
		p95: numberOrNull(row?.p95),
		failedP50: numberOrNull(row?.failed_p50),
	};
}

function count(cell: Cell | undefined): number {
	return Number(cell ?? 0);
}

/** Null also for what is not a number: SQLite stores any text in an integer column. */
export function numberOrNull(cell: Cell | undefined): number | null {
	return typeof cell === "number" ? cell : null;
}
