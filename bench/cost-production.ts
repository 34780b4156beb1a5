// A production like Skillomatic's in a database file: skewed codes, users and sessions, bursts, times of 90 days.
import { schemaStatements } from "../src/sandbox/schema.ts";
import { Libsql } from "./libsql.ts";

/** The same number for the same row and salt, from 0 up to `below`. */
function spread(salt: number, below: number | string): string {
	return `(abs((n * 2654435761 + ${salt} * 40503) % 4294967291) / 7 % (${below}))`;
}

/** Small numbers are drawn often, as a few users make most errors. */
function skewed(salt: number, below: number): string {
	const draw = spread(salt, 1_000_000);
	return `CAST(${below} * (${draw} / 1e6) * (${draw} / 1e6) * (${draw} / 1e6) AS INTEGER)`;
}

function oneOf(values: readonly (string | null)[], place: string): string {
	const arms = values.map((value, index) => `WHEN ${index} THEN ${value === null ? "NULL" : `'${value}'`}`);
	return `CASE ${place} ${arms.join(" ")} END`;
}

const codes =
	"LLM_RATE_LIMITED LLM_TIMEOUT ATS_AUTH_FAILED NETWORK_ERROR INTEGRATION_NOT_CONNECTED UNKNOWN_ERROR LLM_AUTH_FAILED ATS_RATE_LIMITED SCRAPE_TIMEOUT INTEGRATION_TOKEN_EXPIRED SKILL_NOT_FOUND LLM_INVALID_RESPONSE ATS_NOT_FOUND VALIDATION_ERROR SKILL_RENDER_FAILED ATS_TIMEOUT SCRAPE_BLOCKED LLM_CONTEXT_TOO_LONG INTEGRATION_OAUTH_FAILED SKILL_DISABLED".split(
		" ",
	);
const slugs = ["ats-candidate-search", "ats-proxy", "email-draft", "email-read", "linkedin-lookup", null];
const providers = ["anthropic", "greenhouse", "gmail", "openai", "outlook", null];
const actions = ["create", "update", "search", "send", "list", "fetch"];
const statuses = ["success", "success", "success", "success", "error", "partial"];

/** A tenth of the rows lies in two hours, half in the last two weeks. */
function time(now: number, salt: number): string {
	return `CASE ${spread(salt, 10)} WHEN 0 THEN ${now - 5 * 86_400} + ${spread(salt + 1, 7200)} WHEN 1 THEN ${now} - ${spread(salt + 1, 86_400)} WHEN 2 THEN ${now} - ${spread(salt + 1, 14 * 86_400)} WHEN 3 THEN ${now} - ${spread(salt + 1, 14 * 86_400)} WHEN 4 THEN ${now} - ${spread(salt + 1, 14 * 86_400)} ELSE ${now} - ${spread(salt + 1, 90 * 86_400)} END`;
}

function fill(table: string, columns: Readonly<Record<string, string>>, rows: number): string {
	return `INSERT OR IGNORE INTO ${table} (${Object.keys(columns).join(", ")}) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ${Math.round(rows)}) SELECT ${Object.values(columns).join(", ")} FROM c`;
}

/** @param events rows of error_events, and as many of skill_usage_logs; the rest grows with them */
export function makeProduction(path: string, events: number, now: number): void {
	const users = Math.round(3000 * Math.sqrt(events / 100_000));
	const organizations = Math.round(users / 20);
	const user = (salt: number) => `'user-' || ${skewed(salt, users)}`;
	const organization = (place: string) => `'org-' || (${place} % ${organizations})`;
	const uuid = (salt: number) =>
		`printf('%08x-%04x-4%03x-a%03x-%012x', ${spread(salt, 4294967291)}, n % 65536, ${spread(salt + 1, 4096)}, ${spread(salt + 2, 4096)}, n)`;
	const db = new Libsql(path);
	db.exec(
		"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096; PRAGMA cache_size = -800000",
	);
	for (const statement of schemaStatements([])) db.exec(statement);
	const old = `${now} - ${spread(9, 300 * 86_400)}`;
	const statements = [
		fill(
			"users",
			{
				id: "'user-' || (n - 1)",
				email: "'user' || n || '@example.test'",
				password_hash: "'hash'",
				name: "'User ' || n",
				organization_id: organization("n"),
				tier: oneOf(["free", "pro", "team"], spread(1, 3)),
				created_at: old,
				updated_at: old,
			},
			users,
		),
		fill(
			"organizations",
			{
				id: "'org-' || (n - 1)",
				name: "'Organization ' || n",
				slug: "'org-' || n",
				ats_provider: oneOf(["greenhouse", "lever", null], spread(2, 3)),
				created_at: old,
				updated_at: old,
			},
			organizations,
		),
		fill(
			"skills",
			{
				id: `CASE WHEN n <= 5 THEN 'skill-' || ${oneOf(slugs, "n - 1")} ELSE 'skill-' || n END`,
				slug: `CASE WHEN n <= 5 THEN ${oneOf(slugs, "n - 1")} ELSE 'slug-' || n END`,
				name: "'Skill ' || n",
				description: "'What the skill number ' || n || ' does, in one or two sentences for the list.'",
				category: oneOf(["ats", "email", "scrape"], spread(3, 3)),
				capabilities: `'["read","write","' || ${oneOf(["send", "list"], "n % 2")} || '"]'`,
				instructions: "substr(replace(hex(zeroblob(600)), '00', 'Do this. '), 1, 2000)",
				created_at: old,
				updated_at: old,
			},
			300,
		),
		fill(
			"error_events",
			{
				id: uuid(10),
				organization_id: `CASE WHEN ${spread(11, 10)} = 0 THEN NULL ELSE ${organization(skewed(12, users))} END`,
				user_id: `CASE WHEN ${spread(11, 10)} = 0 THEN NULL ELSE ${user(12)} END`,
				error_code: oneOf(codes, skewed(14, codes.length)),
				error_category: oneOf(
					codes.map((code) => (code.split("_")[0] ?? "").toLowerCase()),
					skewed(14, codes.length),
				),
				skill_slug: oneOf(slugs, spread(15, 6)),
				provider: oneOf(providers, skewed(16, 6)),
				action: oneOf(actions, spread(17, 6)),
				http_status: `CASE ${spread(18, 6)} WHEN 0 THEN 429 WHEN 1 THEN 401 WHEN 2 THEN 500 WHEN 3 THEN 504 WHEN 4 THEN 404 END`,
				session_id: `CASE WHEN ${spread(19, 4)} = 0 THEN NULL ELSE 'session-' || ${spread(20, Math.round(events / 6))} END`,
				created_at: time(now, 21),
			},
			events,
		),
		fill(
			"skill_usage_logs",
			{
				id: uuid(30),
				skill_id: `'skill-' || coalesce(${oneOf(slugs, spread(31, 6))}, ${spread(32, 300)})`,
				user_id: user(33),
				organization_id: `CASE WHEN ${spread(34, 5)} = 0 THEN ${organization("n")} END`,
				status: oneOf(statuses, spread(35, 6)),
				duration_ms: spread(36, 30_000),
				input_summary: `'Search candidates for the role of engineer number ' || ${spread(37, 1000)} || ' in the city, with experience'`,
				error_message: `CASE WHEN ${spread(35, 6)} >= 4 THEN CASE WHEN n % 2 = 0 THEN ${oneOf(codes, skewed(38, codes.length))} ELSE 'The provider answered 5' || (n % 90) || ' after ' || ${spread(39, 30_000)} || ' ms: upstream connect error or disconnect before headers, reset reason: connection timeout' END END`,
				created_at: time(now, 40),
			},
			events,
		),
		fill(
			"scrape_tasks",
			{
				id: "'task-' || n",
				user_id: user(50),
				url: "'https://example.test/' || n",
				url_hash: "'h' || n",
				status: oneOf(["pending", "done", "failed"], spread(51, 3)),
				result: "hex(zeroblob(400))",
				created_at: time(now, 52),
				expires_at: `${now}`,
			},
			events / 10,
		),
		fill(
			"integrations",
			{
				id: "'integration-' || n",
				provider: oneOf(["gmail", "greenhouse", "outlook"], "n % 3"),
				user_id: `'user-' || (n % ${users})`,
				organization_id: organization("n"),
				status: oneOf(["connected", "disconnected"], spread(53, 2)),
				created_at: old,
				updated_at: old,
			},
			users * 2,
		),
		fill(
			"sessions",
			{
				id: "'s' || n",
				user_id: `'user-' || (n % ${users})`,
				expires_at: `${now} + n`,
				created_at: `${now} - n`,
			},
			users,
		),
		fill(
			"api_keys",
			{ id: "'key-' || n", user_id: `'user-' || n`, key: "'sk_live_' || n", name: "'key'", created_at: old },
			users,
		),
		fill(
			"organization_invites",
			{
				id: "'invite-' || n",
				organization_id: organization("n"),
				email: "'e'",
				token: "'t' || n",
				invited_by: "'user-1'",
				expires_at: `${now}`,
				created_at: old,
			},
			users / 5,
		),
		fill(
			"skill_proposals",
			{
				id: "'proposal-' || n",
				user_id: `'user-' || n`,
				title: "'Proposal ' || n",
				description: "'A skill that does more.'",
				created_at: old,
				updated_at: old,
			},
			300,
		),
		fill("system_settings", { key: "'setting-' || n", value: "'v'", updated_at: old }, 30),
		fill(
			"roles",
			{
				id: "'role-' || n",
				name: oneOf(["none", "admin", "member", "viewer", "owner", "guest"], "n"),
				created_at: old,
			},
			5,
		),
		fill(
			"permissions",
			{
				id: "'permission-' || n",
				name: "'permission ' || n",
				resource: "'runs'",
				action: oneOf(actions, "n % 6"),
			},
			40,
		),
		fill("role_permissions", { role_id: "'role-' || (1 + n % 5)", permission_id: "'permission-' || n" }, 40),
		fill(
			"user_roles",
			{ user_id: "'user-' || n", role_id: "'role-' || (1 + n % 5)", assigned_at: old },
			users,
		),
		fill(
			"role_skills",
			{ role_id: "'role-' || (1 + n % 5)", skill_id: "'skill-' || n", assigned_at: old },
			300,
		),
	];
	for (const statement of statements) db.exec(statement);
	db.close();
}
