// The doctor's checks of production: connection, key, tables, clock, rate limit.

import type { Services } from "../../services.ts";
import type { SkillomaticFailure, Source } from "../../source/index.ts";
import { withDeadline } from "../../system/index.ts";
import { Failure, visibleLine } from "../../text/index.ts";
import { type CheckName, failed, ok, skipped, type Verdict, warning } from "./check.ts";
import { failedBy } from "./failed-by.ts";

type ProductionCheck = Extract<
	CheckName,
	"reachable" | "address" | "key_accepted" | "super_admin" | "tables" | "stored_time" | "clock" | "rate_limit"
>;
export type ProductionVerdicts = Readonly<Record<ProductionCheck, Verdict>>;

/** The check that fails for each failure of the first request. */
const lineOf: Readonly<Record<SkillomaticFailure["kind"], ProductionCheck>> = {
	connection_failed: "reachable",
	certificate_invalid: "reachable",
	proxy_refused: "reachable",
	server_fault: "reachable",
	redirected: "address",
	unexpected_answer: "address",
	route_not_found: "address",
	key_missing: "key_accepted",
	key_rejected: "key_accepted",
	not_super_admin: "super_admin",
	database_error: "tables",
	query_refused: "tables",
	table_not_listed: "tables",
	rate_limited: "rate_limit",
	budget_used_up: "rate_limit",
};

/** Tables that tools need, and the tools that need them. */
const needed = {
	error_events: "error_stats and fetch_errors",
	skill_usage_logs: "failed_skill_runs",
} as const;
type NeededTable = keyof typeof needed;
const neededTables = Object.keys(needed) as readonly NeededTable[];

/** Checks in order of dependency: after a failure the checks that depend on it are skipped. */
export async function checkProduction(services: Services): Promise<ProductionVerdicts> {
	const { skillomatic, config } = services;
	if (config.apiKey === undefined && services.turso !== undefined) return checkByDatabase(services);
	if (config.apiKey === undefined) {
		const notAsked = skipped("production is not asked without a key");
		return { ...allOf(notAsked), address: skipped(`${config.apiUrl}, not asked without a key`) };
	}
	const started = performance.now();
	const contact = await skillomatic.prefix({ signal: deadline(services) }).then(
		(prefix) => ({ prefix }),
		(error: unknown) => ({ error }),
	);
	if ("error" in contact) return firstContactFailed(contact.error, config.apiUrl);
	const firstMs = Math.round(performance.now() - started);
	const stats = await counted(services, skillomatic);
	return {
		reachable: await checkLatency(services, firstMs),
		address: ok(`${new URL(config.apiUrl).origin}${contact.prefix}`),
		key_accepted: ok("production accepts it"),
		super_admin: ok("its owner is a super admin"),
		tables: "rows" in stats ? checkTables(stats.rows) : failedBy(stats.error),
		stored_time:
			"rows" in stats
				? await checkStoredTime(services, stats.rows)
				: skipped("the tables could not be counted"),
		clock: checkClock(skillomatic.clockOffsetMs()),
		rate_limit: checkRateLimit(services),
	};
}

/** Where no API key is set: what can be seen of production through its database. */
async function checkByDatabase(services: Services): Promise<ProductionVerdicts> {
	const notAsked = skipped("the API is not asked without a key");
	const stats = await counted(services, services.source);
	if ("error" in stats) {
		// The line of the database itself says why.
		return allOf(notAsked);
	}
	return {
		...allOf(notAsked),
		tables: checkTables(stats.rows),
		stored_time: await checkStoredTime(services, stats.rows),
		clock: checkClock(services.source.clockOffsetMs()),
	};
}

function deadline({ config }: Services): AbortSignal {
	return withDeadline(new AbortController().signal, config.timeoutMs);
}

export function allOf(verdict: Verdict): ProductionVerdicts {
	return {
		reachable: verdict,
		address: verdict,
		key_accepted: verdict,
		super_admin: verdict,
		tables: verdict,
		stored_time: verdict,
		clock: verdict,
		rate_limit: verdict,
	};
}

function isSkillomatic(error: unknown): error is SkillomaticFailure {
	return error instanceof Failure && error.kind in lineOf;
}

/** A failure also proves things: any answer proves a connection, a rejected key proves the address. */
function firstContactFailed(error: unknown, apiUrl: string): ProductionVerdicts {
	const line = isSkillomatic(error) ? lineOf[error.kind] : "reachable";
	const verdicts = allOf(skipped(`not asked, since "${line.replaceAll("_", " ")}" failed`));
	const reachable = ok(`${new URL(apiUrl).host} answers`);
	const address = ok(`${apiUrl}, where the database API stands`);
	const verdict = failedBy(error);
	switch (line) {
		case "reachable":
			return { ...verdicts, reachable: verdict, address: skipped(`${apiUrl}, not reached`) };
		case "address":
			return { ...verdicts, reachable, address: verdict };
		case "key_accepted":
		case "rate_limit":
			return { ...verdicts, reachable, address, [line]: verdict };
		case "super_admin":
			return {
				...verdicts,
				reachable,
				address,
				key_accepted: ok("production accepts it"),
				super_admin: verdict,
			};
		case "tables":
		case "stored_time":
		case "clock":
			return { ...verdicts, reachable, [line]: verdict };
	}
}

type Counted = { readonly rows: Readonly<Record<string, number>> } | { readonly error: unknown };

async function counted(services: Services, source: Pick<Source, "stats">): Promise<Counted> {
	try {
		return { rows: await source.stats({ signal: deadline(services) }) };
	} catch (error) {
		return { error };
	}
}

/** Times a second request: the first also sets up the connection and finds the path. */
async function checkLatency(services: Services, firstMs: number): Promise<Verdict> {
	const started = performance.now();
	try {
		await services.skillomatic.tables({ signal: deadline(services) });
	} catch (error) {
		return failedBy(error);
	}
	return ok(`answers in ${Math.round(performance.now() - started)} ms (the first time in ${firstMs} ms)`);
}

function checkTables(rows: Readonly<Record<string, number>>): Verdict {
	const isMissing = (table: string) => (rows[table] ?? -1) < 0;
	const missingNeeded = neededTables.filter(isMissing);
	if (missingNeeded.length > 0) {
		return failed(
			missingNeeded.map((table) => `${table} is missing, so these do not work: ${needed[table]}`).join("; "),
			"Run the platform's migrations, or check that SKILLOMATIC_API_URL is the deployment you mean.",
		);
	}
	const counts = neededTables.map((table) => `${rows[table]} ${table}`).join(", ");
	const missing = Object.keys(rows).filter(isMissing);
	const listed = missing.slice(0, 10).map((table) => visibleLine(table.slice(0, 60)));
	const note = missing.length === 0 ? "" : `; this deployment has no ${listed.join(", ")}`;
	const detail = `${Object.keys(rows).length - missing.length} tables; rows: ${counts}${note}`;
	if (neededTables.every((table) => (rows[table] ?? 0) > 0)) return ok(detail);
	return warning(
		detail,
		"There is nothing to find in an empty table: check that SKILLOMATIC_API_URL is the deployment you mean.",
	);
}

async function checkStoredTime(services: Services, rows: Readonly<Record<string, number>>): Promise<Verdict> {
	const there = neededTables.filter((table) => (rows[table] ?? -1) >= 0);
	if (there.length === 0) return skipped("there is no table to look at");
	try {
		const found = await Promise.all(
			there.map(async (table) => {
				const { empty, storage } = await services.database.storedTime(table, deadline(services));
				return `${table} in ${empty ? "no form yet (no rows)" : storage}`;
			}),
		);
		return ok(found.join(", "));
	} catch (error) {
		return failedBy(error);
	}
}

/** Above this difference, in seconds, windows end at production's time and answers say so. */
const clockTolerance = 30;

function checkClock(offsetMs: number): Verdict {
	const seconds = Math.round(offsetMs / 1000);
	if (Math.abs(seconds) <= clockTolerance) {
		return ok(`production's differs from this machine's by ${Math.abs(seconds)} s`);
	}
	return warning(
		`production's is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} this machine's; windows end at production's time`,
		"Set this machine's clock (NTP), unless production's is the wrong one.",
	);
}

/** Fewer requests than an investigation starts with. */
const fewLeft = 10;

function checkRateLimit({ skillomatic }: Services): Verdict {
	const limit = skillomatic.rateLimit();
	if (limit === undefined) {
		return warning(
			"production reports no rate limit",
			"Nothing to fix where a proxy removes the headers: this server then uses its own budget alone.",
		);
	}
	const left = `${limit.remaining} of ${limit.limit} requests left for the next ${limit.resetSeconds} s`;
	if (limit.remaining >= fewLeft) return ok(left);
	return warning(left, `Wait ${limit.resetSeconds} s; others who use this key share its limit.`);
}
