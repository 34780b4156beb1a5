import { describe, expect, test } from "vitest";
import { tables } from "../../src/sandbox/schema.ts";
import { createGuard } from "../../src/sql/guard.ts";

const signal = new AbortController().signal;

/** A production that is larger than the sandbox; nothing is executed here. */
const rows: Readonly<Record<string, number>> = {
	error_events: 100_000,
	skill_usage_logs: 100_000,
	users: 3000,
	organizations: 150,
	skills: 300,
	sessions: 5000,
	roles: 5,
	integrations: 2000,
};

const guard = createGuard(
	{
		tables: async () => Object.keys(tables),
		async columns(table) {
			const declared = Object.entries(tables).find(([name]) => name === table)?.[1] ?? [];
			return declared
				.filter((one) => !one.startsWith("PRIMARY KEY"))
				.map((one) => {
					const [name = "", type = ""] = one.split(" ");
					return { name, type, notNull: false, primaryKey: one.includes("PRIMARY KEY") ? 1 : 0 };
				});
		},
		rowCounts: async () => rows,
	},
	{ showPersonalData: false, clock: { now: () => 0 } },
);

const check = (sql: string) => guard.checkAgent(sql, { limit: 100, signal });

const tooMuch = [
	"WITH x AS MATERIALIZED (SELECT id FROM error_events) SELECT count(*) FROM x a, x b, x c",
	"WITH x AS (SELECT id FROM error_events LIMIT 200000) SELECT count(*) FROM x a, x b",
	"WITH roles AS MATERIALIZED (SELECT id FROM error_events) SELECT count(*) FROM roles a, roles b, roles c",
	"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5000) SELECT max(a.x) FROM c a, c b, c d",
	"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5000) SELECT (SELECT count(*) FROM c b, c d WHERE b.x < a.x) FROM c a",
	"SELECT max(a.created_at) FROM error_events a, error_events b",
	"SELECT (SELECT count(*) FROM error_events a, error_events a2 WHERE a.created_at < a2.created_at) FROM (SELECT 1 UNION SELECT 2) a",
	"SELECT count(*) FROM (SELECT DISTINCT id FROM (SELECT DISTINCT id FROM error_events)) a, (SELECT DISTINCT id FROM (SELECT DISTINCT id FROM error_events)) b",
	"SELECT count(*) FROM json_each((SELECT json_group_array(1) FROM error_events)) x, json_each((SELECT json_group_array(1) FROM error_events)) y",
	"SELECT count(*) FROM (SELECT '[' || group_concat(1) || ']' AS v FROM error_events) t, json_each(t.v) x, json_each(t.v) y",
	"SELECT count(*) FROM json_each('[' || replace(printf('%900d', 1), ' ', '1,') || '1]') a, json_each('[' || replace(printf('%900d', 1), ' ', '1,') || '1]') b",
	`SELECT count(*) FROM json_each('[${"1,".repeat(2400)}1]') a, json_each('[${"1,".repeat(2400)}1]') b, roles c, roles d`,
	"SELECT count(*) FROM error_events a JOIN error_events b ON a.provider = b.provider",
	"SELECT count(*) FROM (SELECT 1 AS user_id, count(*) FROM error_events GROUP BY user_id, id) a JOIN (SELECT 1 AS user_id, count(*) FROM error_events GROUP BY user_id, id) b USING (user_id) JOIN (SELECT 1 AS user_id, count(*) FROM error_events GROUP BY user_id, id) c USING (user_id)",
	"SELECT count(*) FROM users a JOIN users b ON a.tier = b.tier JOIN users c ON b.tier = c.tier",
];

/** What costs too much for each row, or is kept. */
const heavy = [
	"SELECT count(*) FROM (SELECT id FROM error_events LIMIT 1 << 30) a, (SELECT id FROM error_events LIMIT 1 << 30) b, (SELECT id FROM error_events LIMIT 1 << 30) c",
	"SELECT count(*) FROM (SELECT id FROM error_events LIMIT 1 | 1048575) a, (SELECT id FROM error_events LIMIT 9 / -1) b",
	"WITH a AS MATERIALIZED (SELECT id FROM error_events LIMIT 1 << 30) SELECT count(*) FROM a, a b, a c",
	"WITH x AS MATERIALIZED (SELECT id FROM error_events) SELECT count(*) FROM X a, X b, X c, (SELECT count(*) FROM roles) X",
	"SELECT max(length(replace(printf('%900d',1),' ',printf('%900d',1) || error_code))) FROM error_events",
	"SELECT length(group_concat(printf('%900d', 1) || replace(printf('%900d',1),' ','0123456789') || error_code)) FROM error_events",
	"SELECT count(*) FROM (SELECT DISTINCT id || replace(printf('%900d',1),' ',printf('%900d',1)) FROM skill_usage_logs)",
	"SELECT count(*) FROM (WITH a AS MATERIALIZED (SELECT '[0,0,0,0,0,0,0,0,0,0]' AS v), b AS MATERIALIZED (SELECT json_replace(v,'$[0]',json(v),'$[1]',json(v),'$[2]',json(v),'$[3]',json(v)) AS v FROM a), c AS MATERIALIZED (SELECT json_replace(v,'$[0]',json(v),'$[1]',json(v),'$[2]',json(v),'$[3]',json(v)) AS v FROM b) SELECT v FROM c) t, json_tree(t.v) x, json_tree(t.v) y, json_tree(t.v) z",
	`SELECT group_concat('${"€".repeat(190)}') > '' FROM error_events b JOIN (SELECT id FROM skill_usage_logs LIMIT 1900) a`,
	`SELECT count(*) FROM (SELECT DISTINCT '${"x".repeat(1000)}' || a.id || b.id AS t FROM error_events a, (SELECT id FROM skill_usage_logs LIMIT 90) b)`,
	"WITH g AS (SELECT json_group_array(1) AS j FROM error_events a, (SELECT id FROM skill_usage_logs LIMIT 90) b) SELECT count(*) FROM g, json_each(g.j) x, users u WHERE u.created_at > x.value",
	"SELECT count(*) FROM json_tree(json_array(json_array(json_array('[1,1,1]', '[1,1,1]'), json_array('[1]')))) a, json_tree((SELECT json_group_array(id) FROM error_events)) b, error_events c",
];

const honest = [
	"SELECT printf('%.1f %%', 100.0 * count(*) / 5), strftime('%Y-%m-%d %H', created_at, 'unixepoch') AS hour FROM error_events GROUP BY 2",
	"SELECT replace(replace(error_message, ' ', '_'), '-', '_') AS pattern, count(*) FROM skill_usage_logs GROUP BY 1 ORDER BY 2 DESC",
	"SELECT count(*) FROM skill_usage_logs WHERE instr(lower(error_message), lower(status)) > 0",
	"SELECT json_object('status', status, 'at', datetime(created_at, 'unixepoch')) FROM skill_usage_logs WHERE trim(error_message, '. ') <> ''",
	"SELECT s.slug, count(l.id) FROM skills s LEFT JOIN skill_usage_logs l ON l.skill_id = s.id GROUP BY s.id",
	"SELECT o.name, count(*) FROM error_events e LEFT JOIN organizations o ON o.id = e.organization_id GROUP BY o.id",
	"SELECT u.tier, count(*) FROM error_events e LEFT JOIN users u ON u.id = e.user_id GROUP BY u.tier",
	"SELECT u.id, count(*) FROM error_events e LEFT JOIN users u ON u.id = e.user_id GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
	"SELECT e.skill_slug, s.name, count(*) FROM error_events e LEFT JOIN skills s ON s.slug = e.skill_slug GROUP BY 1, 2 ORDER BY 3 DESC",
	"SELECT o.name, s.slug, count(*) FROM error_events e LEFT JOIN organizations o ON o.id = e.organization_id LEFT JOIN users u ON u.id = e.user_id LEFT JOIN skills s ON s.slug = e.skill_slug GROUP BY 1, 2",
	"SELECT o.name, count(e.id) FROM organizations o LEFT JOIN error_events e ON e.organization_id = o.id GROUP BY o.id",
	"SELECT o.name, count(e.id) FROM organizations o LEFT JOIN error_events e ON e.organization_id = o.id AND e.created_at > unixepoch() - 86400 GROUP BY o.id",
	"SELECT u.id, count(e.id) FROM users u LEFT JOIN error_events e ON e.user_id = u.id GROUP BY u.id",
	"WITH e AS (SELECT count(*) AS n FROM error_events), r AS (SELECT count(*) AS n FROM skill_usage_logs) SELECT e.n, r.n, 1.0*e.n/r.n FROM e, r",
	"SELECT e.n, r.n FROM (SELECT count(*) AS n FROM error_events) e, (SELECT count(*) AS n, max(created_at) AS last FROM skill_usage_logs) r",
	"SELECT e.n, r.n FROM (SELECT count(*) AS n FROM error_events) e CROSS JOIN (SELECT sum(duration_ms) AS n FROM skill_usage_logs) r",
	"SELECT (SELECT count(*) FROM error_events) AS errors, (SELECT count(*) FROM skill_usage_logs) AS runs",
	"WITH RECURSIVE h(t) AS (SELECT unixepoch()/3600*3600 - 23*3600 UNION ALL SELECT t + 3600 FROM h LIMIT 24) SELECT datetime(h.t, 'unixepoch') AS hour, count(e.id) AS n FROM h LEFT JOIN error_events e ON e.created_at >= h.t AND e.created_at < h.t + 3600 GROUP BY h.t",
	"WITH RECURSIVE h(t) AS (SELECT unixepoch()/3600*3600 - 23*3600 UNION ALL SELECT t + 3600 FROM h WHERE t < unixepoch() - 3600) SELECT datetime(h.t, 'unixepoch') AS hour, count(e.id) AS n FROM h LEFT JOIN error_events e ON e.created_at >= h.t AND e.created_at < h.t + 3600 GROUP BY h.t",
	"WITH RECURSIVE d(day) AS (SELECT date('now','-6 days') UNION ALL SELECT date(day,'+1 day') FROM d WHERE day < date('now')), n AS (SELECT date(created_at,'unixepoch') AS day, count(*) AS n FROM error_events GROUP BY 1) SELECT d.day, coalesce(n.n,0) FROM d LEFT JOIN n USING (day) ORDER BY 1",
	"WITH RECURSIVE d(day) AS (SELECT date('now','-6 days') UNION ALL SELECT date(day,'+1 day') FROM d WHERE day < date('now')), n AS (SELECT date(created_at,'unixepoch') AS day, count(*) AS n FROM error_events GROUP BY 1) SELECT d.day, coalesce(n.n,0) FROM d LEFT JOIN n ON n.day = d.day ORDER BY 1",
	"WITH RECURSIVE d(t) AS (SELECT unixepoch('now','start of day','-29 days') UNION ALL SELECT t+86400 FROM d LIMIT 30) SELECT date(t,'unixepoch'), (SELECT count(*) FROM error_events e WHERE e.created_at >= t AND e.created_at < t + 86400) AS errors FROM d",
	"SELECT j.key, count(*) FROM skills, json_each(skills.capabilities) j GROUP BY 1",
	"SELECT j.value, count(*) FROM skills s, json_each(s.capabilities) AS j GROUP BY j.value",
	"SELECT json_each.key, json_each.value FROM skills, json_each(skills.capabilities)",
	"SELECT j.key, j.type FROM skills s, json_tree(s.capabilities) j WHERE j.key IS NOT NULL",
	"SELECT hour, n, avg(n) OVER (ORDER BY hour ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM (SELECT created_at/3600 AS hour, count(*) AS n FROM error_events GROUP BY 1)",
	"SELECT json_group_array(json_object('code', error_code, 'n', n)) FROM (SELECT error_code, count(*) n FROM error_events GROUP BY 1)",
	"SELECT u.id, o.name FROM users u LEFT JOIN organizations o ON u.organization_id = o.id LIMIT 10",
	"SELECT a.error_code, a.n AS now, b.n AS before FROM (SELECT error_code, count(*) n FROM error_events WHERE created_at > unixepoch()-86400 GROUP BY 1) a LEFT JOIN (SELECT error_code, count(*) n FROM error_events WHERE created_at BETWEEN unixepoch()-172800 AND unixepoch()-86400 GROUP BY 1) b ON a.error_code = b.error_code",
	"WITH now AS (SELECT error_code, count(*) n FROM error_events WHERE created_at > unixepoch()-86400 GROUP BY 1), before AS (SELECT error_code, count(*) n FROM error_events WHERE created_at < unixepoch()-86400 GROUP BY 1) SELECT now.error_code, now.n, before.n FROM now LEFT JOIN before USING (error_code) UNION SELECT before.error_code, now.n, before.n FROM before LEFT JOIN now USING (error_code)",
	"SELECT e.id, l.id FROM error_events e JOIN skill_usage_logs l ON l.user_id = e.user_id AND l.created_at BETWEEN e.created_at - 60 AND e.created_at + 60 WHERE e.created_at > unixepoch()-3600 LIMIT 50",
	"SELECT o.id, (SELECT count(*) FROM users u WHERE u.organization_id = o.id) AS users, (SELECT count(*) FROM error_events e WHERE e.organization_id = o.id) AS errors FROM organizations o",
	"SELECT o.name, t.n FROM (SELECT organization_id, count(*) n FROM error_events GROUP BY 1) t LEFT JOIN organizations o ON o.id = t.organization_id ORDER BY n DESC",
	"SELECT u.tier, avg(t.n) FROM users u JOIN (SELECT user_id, count(*) n FROM error_events GROUP BY user_id) t ON t.user_id = u.id GROUP BY 1",
	"WITH c(code) AS (VALUES ('LLM'),('EMAIL'),('TOKEN')) SELECT c.code, count(e.id) FROM c LEFT JOIN error_events e ON e.error_code LIKE c.code || '%' GROUP BY 1",
	"SELECT DISTINCT user_id FROM error_events WHERE user_id NOT IN (SELECT DISTINCT user_id FROM skill_usage_logs WHERE user_id IS NOT NULL)",
];

/** Honest, and too much on the safe side where nothing is known of the columns; a window on created_at lets them pass. */
const tooMuchUnasked = [
	"SELECT r.name, count(*) FROM roles r JOIN skill_usage_logs l ON l.error_message LIKE '%' || r.name || '%' GROUP BY 1",
	"SELECT status, group_concat(DISTINCT skill_id), substr(max(error_message), 1, 80) FROM skill_usage_logs GROUP BY 1",
	"SELECT CASE WHEN http_status >= 500 THEN printf('%d server', http_status) ELSE printf('%d other', http_status) END AS kind, count(*) FROM error_events GROUP BY 1",
	"WITH RECURSIVE h(x) AS (VALUES(0) UNION ALL SELECT x+1 FROM h WHERE x < 23) SELECT h.x, count(e.id) FROM h LEFT JOIN error_events e ON e.created_at / 3600 % 24 = h.x GROUP BY h.x",
	"WITH RECURSIVE d(day) AS (SELECT date('now','-6 days') UNION ALL SELECT date(day,'+1 day') FROM d WHERE day < date('now')) SELECT d.day, count(e.id) FROM d LEFT JOIN error_events e ON date(e.created_at,'unixepoch') = d.day GROUP BY d.day",
	"SELECT * FROM (SELECT e.*, row_number() OVER (PARTITION BY error_code ORDER BY created_at DESC) AS rn FROM error_events e) WHERE rn <= 3",
	"SELECT u.id, e.n, r.n FROM users u LEFT JOIN (SELECT user_id, count(*) n FROM error_events GROUP BY user_id) e ON e.user_id = u.id LEFT JOIN (SELECT user_id, count(*) n FROM skill_usage_logs GROUP BY user_id) r ON r.user_id = u.id ORDER BY 2 DESC",
	"WITH recent AS (SELECT * FROM error_events WHERE created_at BETWEEN 1795377600 AND 1795464000) SELECT a.id, b.id FROM recent a JOIN recent b ON b.user_id = a.user_id AND b.created_at > a.created_at",
];

describe("on large tables", () => {
	test.each([...tooMuch, ...heavy, ...tooMuchUnasked])("%s is too much", async (sql) => {
		await expect(check(sql)).rejects.toMatchObject({
			kind: expect.stringMatching(/plan_unbounded|form_refused/),
		});
	});

	test.each(honest)("%s passes", async (sql) => {
		expect((await check(sql)).select.text).toContain("SELECT");
	});

	test("a recursion without a LIMIT gets the highest one that the plan bears, and says it", async () => {
		const series = (end: string) =>
			`WITH RECURSIVE d(day) AS (SELECT date('now', '-6 days') UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < date('now')) SELECT d.day ${end}`;
		expect((await check(series("FROM d"))).recursionLimit).toBe(5000);
		const joined = "FROM d LEFT JOIN users u ON date(u.created_at, 'unixepoch') = d.day";
		expect((await check(series(joined))).recursionLimit).toBe(90);
		await expect(check(series(`${joined} JOIN skill_usage_logs`))).rejects.toMatchObject({
			kind: "plan_unbounded",
		});
	});
});
