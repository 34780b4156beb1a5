// What error_stats says first: who and what is behind a code, whether it can be believed, what the failing have in common.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorStats } from "../../../tools/error_stats.ts";
import { randomNumbers } from "../../random-numbers.ts";
import { event, type Fields, person, rowStage, run, skill } from "../rows.ts";
import { worldNow as now } from "../world.ts";

const hour = 3600;
const day = 24 * hour;
const random = randomNumbers(19);
const below = (limit: number) => Math.floor(random() * limit);
const organizations = ["acme", "beta", "cobalt", "delta", "echo", "foxtrot"];
const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
const events: Fields[] = [];
const runs: Fields[] = [];

/** An event of somebody at random, unless said otherwise. */
function add(at: number, fields: Fields): void {
	const index = below(users.length);
	events.push(
		event({
			id: `event-${events.length}`,
			user_id: `user-${index}`,
			organization_id: organizations[index % organizations.length] ?? null,
			session_id: `session-${events.length}`,
			...fields,
			created_at: Math.floor(at),
		}),
	);
}

function addOf(index: number, at: number, fields: Fields): void {
	add(at, { user_id: `user-${index}`, organization_id: organizations[index % 6] ?? null, ...fields });
}

// Three weeks of ordinary errors.
for (let at = now - 21 * day; at < now; at += 1200) {
	add(at + below(1200), {
		error_code: ["LLM_TIMEOUT", "NETWORK_ERROR", "ATS_NOT_FOUND"][below(3)] ?? null,
		skill_slug: ["email-draft", "cold-leads", "meeting-prep"][below(3)] ?? null,
		provider: random() < 0.04 ? "openai" : null,
		action: "execute",
		http_status: 500,
	});
}
// A real outage at acme: half of its users' calls fail, with runs that the server logged as failed.
for (let index = 0; index < 60; index++) {
	const at = now - 5 * hour + below(5 * hour);
	const who = 6 * below(10);
	addOf(who, at, { error_code: "ATS_TIMEOUT", provider: "greenhouse", action: "sync", http_status: 504 });
	runs.push(run({ id: `failed-${index}`, user_id: `user-${who}`, created_at: at + 5 }));
}
for (let at = now - 21 * day; at < now; at += 3000)
	add(at + below(3000), {
		error_code: "ATS_TIMEOUT",
		provider: "greenhouse",
		action: "load",
		http_status: 504,
	});
for (let index = 0; index < 300; index++)
	runs.push(
		run({
			id: `fine-${index}`,
			user_id: `user-${below(60)}`,
			status: "success",
			created_at: now - below(day),
		}),
	);
// One session's flood, larger than anything else.
for (let index = 0; index < 300; index++)
	add(now - 2 * hour + below(hour), {
		error_code: "SCRAPE_BLOCKED",
		session_id: "looping",
		provider: "linkedin",
	});

const stage = rowStage();
beforeAll(() =>
	stage.open({
		organizations: organizations.map((id) => ({
			id,
			name: `The ${id}`,
			slug: id,
			created_at: 0,
			updated_at: 0,
		})),
		users: users.map((id, index) => person(id, organizations[index % 6] ?? null)),
		skills: [skill("a")],
		error_events: events,
		skill_usage_logs: runs,
	}),
);
afterAll(() => stage.close());

describe("findings", () => {
	test("stand in the order in which to act: the outage that runs bear out, then the rest, one session's flood last", async () => {
		const { facts } = await stage.ask(errorStats);
		expect(facts.findings[0]).toMatch(/^ATS_TIMEOUT .*/);
		expect(facts.episodes[0]?.evidence).toMatch(/^borne out by \d+ failed runs$/);
		expect(facts.findings[0]).toMatch(
			/in common: .*(organization The acme|action sync) \d+ % \(\d+ % (before|of others)\)/,
		);
		const flood = facts.findings.filter((finding) => finding.includes("SCRAPE_BLOCKED"));
		expect(flood).toHaveLength(1);
		expect(flood[0]).toMatch(/; clients' word alone: one session$/);
		expect(facts.findings.at(-1)).toBe(flood[0]);
		const marks = facts.episodes.map(({ error_code: code, evidence }) => [code, evidence]);
		expect(marks).toContainEqual(["SCRAPE_BLOCKED", "clients' word alone: one session"]);
	});

	test("do not repeat what the filters fix", async () => {
		const { facts } = await stage.ask(errorStats, { organization: "acme", provider: "greenhouse" });
		expect(facts.findings.join(" ")).not.toMatch(
			/from one organization|provider greenhouse|organization The acme \d+ %/,
		);
	});
});

describe("the most frequent value", () => {
	test("counts the empty one: a provider of 4 % is not on top", async () => {
		const { facts } = await stage.ask(errorStats, {
			error_code: ["LLM_TIMEOUT", "NETWORK_ERROR", "ATS_NOT_FOUND"],
		});
		expect(JSON.stringify(facts.groups)).not.toContain("openai");
	});

	test("shows its share under 80 %", async () => {
		const { facts } = await stage.ask(errorStats, { error_code: "LLM_TIMEOUT", since: "7d" });
		const top = facts.groups.rows[0]?.[facts.groups.columns.indexOf("top_skill")];
		expect(top).toMatch(/^(email-draft|cold-leads|meeting-prep) [345]\d %$/);
	});
});

test("numbers stand in the rows, where they cannot be read as totals", async () => {
	const { facts } = await stage.ask(errorStats, {
		error_code: "ATS_TIMEOUT",
		group_by: ["provider", "user"],
		limit: 3,
	});
	expect(facts.groups.shown).toBeLessThan(facts.groups.total);
	const shared = Object.keys(facts.groups.common ?? {});
	for (const column of ["count", "previous", "sessions", "users", "provider", "user"])
		expect(shared).not.toContain(column);
});
