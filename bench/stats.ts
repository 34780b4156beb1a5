import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import type { SandboxDatabase } from "../src/sandbox/database.ts";
import { type Stage, setStage } from "../test/production/stage.ts";

/** The end of the windows, epoch seconds. */
const now = 1_795_464_000;
const twoDays = 2 * 24 * 3600;

const codes =
	"LLM_RATE_LIMITED LLM_TIMEOUT SCRAPE_TIMEOUT VALIDATION_ERROR ATS_NOT_FOUND INTEGRATION_NOT_CONNECTED INTEGRATION_TOKEN_EXPIRED SCRAPE_BLOCKED ATS_RATE_LIMITED NETWORK_ERROR ATS_AUTH_FAILED UNKNOWN_ERROR LLM_CONTEXT_TOO_LONG SKILL_NOT_FOUND SKILL_DISABLED".split(
		" ",
	);

/**
 * Events of the last two days, made by the database itself: each session has one user and one organization, and mostly
 * one code, skill and provider; a few codes have most of the events.
 */
function fillEvents(db: SandboxDatabase, events: number, sessions: number): void {
	db.run(
		`WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ${events}), drawn AS (SELECT i, (i * 7919) % ${sessions} AS s, (i * 1103515245 + 12345) % 2147483648 AS r FROM numbers), picked AS (SELECT i, s, r, CASE WHEN r % 5 = 0 THEN r / 5 % 1000 ELSE s * 31 % 1000 END AS p FROM drawn) INSERT INTO error_events (id, organization_id, user_id, error_code, error_category, skill_slug, provider, action, http_status, session_id, created_at) SELECT printf('%08x-0000-4000-8000-%012x', i, i), 'organization-' || (s % 41), CASE WHEN s % 20 > 0 THEN 'user-' || (s % 20011) END, ? ->> (p * p * ${codes.length} / 1000000), 'system', 'skill-' || (p % 17), CASE p % 4 WHEN 0 THEN NULL ELSE 'provider-' || (p % 7) END, 'chat', 400 + p % 120, printf('%08x-0000-4000-9000-%012x', s, s), ${now - twoDays} + (r % ${twoDays}) FROM picked`,
		[JSON.stringify(codes)],
	);
}

/** What the tool's answer is measured against: one plain count over both windows. */
const plain = `SELECT error_code, count(*) AS n FROM error_events WHERE created_at >= ${now - twoDays} AND created_at < ${now} GROUP BY error_code ORDER BY n DESC LIMIT 100`;

export interface StatsCost {
	readonly events: number;
	/** Milliseconds of this process's CPU time, least of the rounds: the plain count, and a whole call of the tool. */
	readonly plainMs: number;
	readonly toolMs: number;
	readonly ratio: number;
	readonly requests: number;
	/** Of the answer, in structured form. */
	readonly bytes: number;
	readonly tokens: number;
}

/** CPU time, since the wall's depends on who else is at work; server and tool are one process here. */
async function cpuMs(work: () => unknown): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

async function measure(stage: Stage, events: number, rounds: number): Promise<StatsCost> {
	const { facts } = await stage.stats();
	const text = JSON.stringify(facts);
	stage.queries();
	const [plains, tools]: [number[], number[]] = [[], []];
	for (let round = 0; round < rounds; round++) {
		plains.push(await cpuMs(() => stage.sandbox.database.select(plain)));
		tools.push(await cpuMs(() => stage.stats()));
	}
	const [plainMs, toolMs] = [Math.min(...plains), Math.min(...tools)];
	return {
		events,
		plainMs,
		toolMs,
		ratio: toolMs / plainMs,
		requests: stage.queries().length / rounds,
		bytes: Buffer.byteLength(text),
		tokens: encode(text).length,
	};
}

/** `error_stats` with defaults on productions of several sizes, the largest of a million events of 150,000 sessions. */
export async function measureStats(
	sizes: readonly number[] = [1000, 30_000, 1_000_000],
	rounds = 2,
): Promise<{ readonly results: readonly StatsCost[]; readonly markdown: string }> {
	const results: StatsCost[] = [];
	for (const events of sizes) {
		const sessions = Math.ceil(events * 0.15);
		const stage = await setStage({ now, fill: (db) => fillEvents(db, events, sessions) });
		results.push(await measure(stage, events, rounds));
		await stage.close();
	}
	const rows = results.map(
		({ events, plainMs, toolMs, ratio, requests, bytes, tokens }) =>
			`| ${events} | ${plainMs.toFixed(0)} | ${toolMs.toFixed(0)} | ${ratio.toFixed(2)} | ${requests} | ${bytes} | ${tokens} |`,
	);
	const head =
		"| events | plain GROUP BY, ms | error_stats, ms | ratio | requests | bytes | tokens |\n|---|---|---|---|---|---|---|";
	return { results, markdown: [head, ...rows].join("\n") };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const began = performance.now();
	const { markdown } = await measureStats();
	process.stdout.write(`${markdown}\n${((performance.now() - began) / 1000).toFixed(0)} s in all\n`);
}
