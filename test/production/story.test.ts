import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { type Arguments, call, rowsOf } from "./call.ts";
import { event, person, rowStage, run, skill } from "./rows.ts";
import { type Stage, setStage } from "./stage.ts";
import { eventRow, fillWorld, makeWorld, runRow, worldNow } from "./world.ts";

const columns =
	"at error_code category skill provider action http_status session user organization status duration_ms error_message id".split(
		" ",
	);
const ids = (called: { readonly facts: Parameters<typeof rowsOf>[0] }) =>
	rowsOf(called.facts, columns).map(({ id }) => String(id));
const second = (ms: number) => Math.floor(ms / 1000);

const rows = rowStage();
afterEach(rows.close);

/** Two people, of whom one has two failed and one good run between her events. */
const two = {
	organizations: [{ id: "org-acme", name: "Acme", slug: "acme", created_at: 0, updated_at: 0 }],
	users: [person("user-a", "org-acme"), person("user-b", "org-acme")],
	skills: [skill("email-draft"), skill("ats-proxy")],
	error_events: [
		event({
			id: "e1",
			user_id: "user-a",
			session_id: "s-1",
			skill_slug: "email-draft",
			created_at: worldNow - 600,
		}),
		event({
			id: "e2",
			user_id: "user-a",
			session_id: "s-1",
			error_code: "LLM_TIMEOUT",
			created_at: worldNow - 400,
		}),
		event({ id: "e3", user_id: "user-b", session_id: "s-2", created_at: worldNow - 300 }),
		event({ id: "e4", user_id: null, session_id: "s-3", created_at: worldNow - 200 }),
	],
	skill_usage_logs: [
		run({
			id: "r1",
			skill_id: "skill-email-draft",
			status: "success",
			duration_ms: 900,
			created_at: worldNow - 700,
		}),
		run({
			id: "r2",
			skill_id: "skill-email-draft",
			error_message: "Gmail: 429",
			duration_ms: 1200,
			created_at: worldNow - 600,
		}),
		run({ id: "r3", skill_id: "skill-ats-proxy", status: "partial", created_at: worldNow - 100 }),
		run({ id: "other", user_id: "user-b", skill_id: "skill-ats-proxy", created_at: worldNow - 50 }),
		run({ id: "older", skill_id: "skill-ats-proxy", created_at: worldNow - 90_000 }),
	],
};

describe("one person's story", () => {
	test("a user's runs stand among the events, successes included, in either order", async () => {
		await rows.open(two);
		const newest = await rows.ask(fetchErrors, { user: "user-a", with_runs: true, with_ids: true });
		// Of one second: the run was logged when it ended.
		expect(ids(newest)).toEqual(["r3", "e2", "r2", "e1", "r1"]);
		expect([newest.facts.shown, newest.facts.total]).toEqual([5, 5]);
		expect(newest.facts.common).toEqual({ user: "user-a" });
		expect(newest.facts.hint).toBe(
			"2 events, 3 runs, 2 of them failed. A run bears the server's time when it ended, an event its client's time.",
		);
		expect(newest.facts.untrusted).toContain("rows[].error_message");
		const failed = rowsOf(newest.facts, columns).find(({ id }) => id === "r2");
		expect(failed).toMatchObject({
			error_code: null,
			skill: "email-draft",
			status: "error",
			duration_ms: 1200,
			error_message: "Gmail: 429",
		});
		const oldest = await rows.ask(fetchErrors, {
			user: "user-a",
			with_runs: true,
			with_ids: true,
			order: "oldest",
		});
		expect(ids(oldest)).toEqual(["r1", "e1", "r2", "e2", "r3"]);
	});

	test("of a session: the runs of the user that it names, which the hint says", async () => {
		await rows.open(two);
		const story = await rows.ask(fetchErrors, { session: "s-1", with_runs: true, with_ids: true });
		expect(ids(story)).toEqual(["r3", "e2", "r2", "e1", "r1"]);
		expect(story.facts.hint).toContain("Runs bear no session: these are its user's, in the whole window.");
		const nameless = await rows.ask(fetchErrors, { session: "s-3", with_runs: true, with_ids: true });
		expect(ids(nameless)).toEqual(["e4"]);
		expect(nameless.facts.hint).toContain("No event of the session names a user");
	});

	test("a session that names many users shows the runs of five, and says so", async () => {
		const crowd = Array.from({ length: 7 }, (_, index) => `user-${index}`);
		await rows.open({
			skills: [skill("a")],
			error_events: crowd.map((user_id, index) =>
				event({ id: `e${index}`, user_id, session_id: "s", created_at: worldNow - 60 - index }),
			),
			skill_usage_logs: crowd.map((user_id, index) => run({ id: `r${index}`, user_id })),
		});
		const { facts } = await rows.ask(fetchErrors, { session: "s", with_runs: true });
		expect(facts.total).toBe(12);
		expect(facts.hint).toContain("those of the 5 users that it names most");
	});

	test("filters that runs have narrow both tables; the hint says which narrow the events alone", async () => {
		await rows.open(two);
		const ask = async (args: Arguments) =>
			rows.ask(fetchErrors, { user: "user-a", with_runs: true, with_ids: true, ...args });
		expect(ids(await ask({ skill: "email-draft" }))).toEqual(["r2", "e1", "r1"]);
		const coded = await ask({ error_code: "LLM_TIMEOUT" });
		expect(ids(coded)).toEqual(["r3", "e2", "r2", "r1"]);
		expect(coded.facts.hint).toContain("Runs have no error_code: it narrows the events alone.");
		const none = await ask({ since: "30s" });
		expect(none.facts).toMatchObject({ shown: 0, total: 0 });
		expect(none.facts.hint).toContain("0 events, 0 runs.");
	});

	test.each([
		["nobody", {}],
		["no session", { session: "none" }],
		["no user", { user: "none", session: "s-1" }],
		["an organization", { organization: "acme" }],
	])("of %s it is refused, with the tool that lists runs", async (_, args) => {
		await rows.open(two);
		const { error } = await rows.ask(fetchErrors, { ...args, with_runs: true });
		expect(error).toBe(
			"with_runs: it shows one person's runs, and no user or session is named. Give user or session with it; failed_skill_runs lists the failed runs of all.",
		);
	});

	test("without runs in this deployment the events stand, and the hint says why they stand alone", async () => {
		const { skill_usage_logs: _, ...events } = two;
		await rows.open(events, { missingTables: ["skill_usage_logs"] });
		const { facts } = await rows.ask(fetchErrors, { user: "user-a", with_runs: true });
		expect(facts.total).toBe(2);
		expect(facts.hint).toContain("no table skill_usage_logs");
	});
});

describe.each([
	["seconds", "newest"],
	["milliseconds", "oldest"],
	["iso_text", "newest"],
] as const)("pages of a story where time is stored as %s, %s first", (storage, order) => {
	const world = makeWorld(19, 500);
	let stage: Stage;
	beforeAll(async () => {
		stage = await setStage({ fill: fillWorld(world, storage), now: worldNow });
	});
	afterAll(() => stage.close());

	test("add up to both tables in one order while rows arrive, with one cursor", async () => {
		const user = world.users[2]?.id ?? "";
		const direction = order === "newest" ? -1 : 1;
		const whole = [
			...world.events.filter((one) => one.user === user).map(({ id, at }) => ({ id, at, kind: 0 })),
			...world.runs.filter((one) => one.user === user).map(({ id, at }) => ({ id, at, kind: 1 })),
		]
			.filter(({ at }) => second(at) < worldNow)
			.sort((one, other) => direction * (second(one.at) - second(other.at) || one.kind - other.kind));
		expect(whole.length).toBeGreaterThan(40);
		const args = { user, since: "20d", order, with_runs: true, with_ids: true };
		const fetched: string[] = [];
		const totals = new Set<number>();
		for (let turn = 0, cursor: string | undefined; ; turn += 1) {
			const again = turn % 2 === 0 ? args : { with_ids: true };
			const page = await call(stage.services, fetchErrors, {
				...(cursor === undefined ? args : { ...again, cursor }),
				limit: 1 + ((turn * 7) % 12),
			});
			fetched.push(...ids(page));
			totals.add(page.facts.total);
			expect(page.facts.hint !== undefined).toBe(turn === 0);
			cursor = page.facts.next_cursor;
			if (cursor === undefined) break;
			// After the first page's window.
			const [event, logged] = [world.events[0], world.runs[0]];
			if (event === undefined || logged === undefined) throw new Error("an empty world");
			const late = { id: `late-${turn}`, at: (worldNow + 5) * 1000, user };
			stage.sandbox.database.insert("error_events", [eventRow({ ...event, ...late }, storage)]);
			stage.sandbox.database.insert("skill_usage_logs", [runRow({ ...logged, ...late }, storage)]);
		}
		expect([...totals]).toEqual([whole.length]);
		expect(new Set(fetched).size).toBe(whole.length);
		const kindAt = new Map(whole.map(({ id, at, kind }) => [id, `${second(at)} ${kind}`]));
		// Within a second of one table the ids' order is the table's own.
		expect(fetched.map((id) => kindAt.get(id))).toEqual(whole.map(({ at, kind }) => `${second(at)} ${kind}`));
	});

	test("a story's cursor goes on without with_runs, and is refused with with_runs: false", async () => {
		const user = world.users[2]?.id ?? "";
		const args = { user, since: "20d", order, limit: 3 };
		const first = await call(stage.services, fetchErrors, { ...args, with_runs: true });
		const cursor = first.facts.next_cursor ?? "";
		const { error } = await call(stage.services, fetchErrors, { ...args, with_runs: false, cursor });
		expect(error).toContain("made for other arguments");
		const next = await call(stage.services, fetchErrors, { cursor, limit: 3 });
		expect(next.facts.total).toBe(first.facts.total);
	});
});
