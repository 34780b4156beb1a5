import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import type { SandboxDatabase } from "../src/sandbox/database.ts";
import { setStage } from "../test/production/stage.ts";

/** The end of the windows, epoch seconds. */
const now = 1_795_464_000;
const twoDays = 2 * 24 * 3600;

/**
 * Events of the last two days, made by the database itself: each of the sessions has one user, one organization and
 * mostly one code, skill and provider; a few codes have most of the events.
 */
function fillEvents(db: SandboxDatabase, events: number, sessions: number): void {
	const codes =
		"LLM_RATE_LIMITED LLM_TIMEOUT SCRAPE_TIMEOUT VALIDATION_ERROR ATS_NOT_FOUND INTEGRATION_NOT_CONNECTED INTEGRATION_TOKEN_EXPIRED SCRAPE_BLOCKED ATS_RATE_LIMITED NETWORK_ERROR ATS_AUTH_FAILED UNKNOWN_ERROR LLM_CONTEXT_TOO_LONG SKILL_NOT_FOUND SKILL_DISABLED".split(
			" ",
		);
	const code = `json_extract('${JSON.stringify(codes)}', '$[' || (p * p * ${codes.length} / 1000000) || ']')`;
	db.run(
		`WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ${events}), drawn AS (SELECT i, (i * 7919) % ${sessions} AS s, (i * 1103515245 + 12345) % 2147483648 AS r FROM numbers), picked AS (SELECT i, s, r, CASE WHEN r % 5 = 0 THEN r / 5 % 1000 ELSE s * 31 % 1000 END AS p FROM drawn) INSERT INTO error_events (id, organization_id, user_id, error_code, error_category, skill_slug, provider, action, http_status, session_id, created_at) SELECT printf('%08x-0000-4000-8000-%012x', i, i), 'organization-' || (s % 41), CASE WHEN s % 20 > 0 THEN 'user-' || (s % 20011) END, ${code}, 'system', 'skill-' || (p % 17), CASE p % 4 WHEN 0 THEN NULL ELSE 'provider-' || (p % 7) END, 'chat', 400 + p % 120, printf('%08x-0000-4000-9000-%012x', s, s), ${now - twoDays} + (r % ${twoDays}) FROM picked`,
	);
}

const plain = `SELECT error_code, count(*) AS n FROM error_events WHERE created_at >= ${now - twoDays} AND created_at < ${now} GROUP BY error_code ORDER BY n DESC LIMIT 100`;

const s = await setStage({ now, fill: "empty" });
const t0 = performance.now();
fillEvents(s.sandbox.database, Number(process.argv[2] ?? 1e6), 150_000);
console.log(
	"fill",
	performance.now() - t0,
	s.sandbox.database.select(
		"select count(*), count(distinct session_id), count(distinct error_code), count(distinct error_code||session_id||skill_slug) from error_events",
	),
);
await s.stats();
s.queries();
await s.stats();
const qs = s.queries();
for (let k = 0; k < 3; k++) {
	for (const q of [plain, ...qs]) {
		const t = performance.now();
		const rows = s.sandbox.database.select(q);
		console.log((performance.now() - t).toFixed(0), q.slice(0, 60), rows.length);
	}
}

await s.close();
void pathToFileURL;
