import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { TimeStorage } from "../../src/sql/time.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { type Arguments, call, rowsOf } from "./call.ts";
import { type Stage, setStage } from "./stage.ts";
import { fillWorld, makeWorld, type WorldEvent, worldNow } from "./world.ts";

const columns = [
	"at",
	"error_code",
	"category",
	"skill",
	"provider",
	"action",
	"http_status",
	"session",
	"user",
	"organization",
	"id",
];
const world = makeWorld(41, 2000);
const stages: Stage[] = [];
afterAll(async () => {
	for (const stage of stages) await stage.close();
});

const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
const short = (id: string | null) => (id !== null && /^[0-9a-f-]{36}$/.test(id) ? id.slice(0, 8) : id);
/** What a table shows of a text: marks that turn the reading direction are made visible. */
const shown = (text: string | null) => (text === "" ? null : (text?.replace("\u202e", "\\u{202e}") ?? null));
const ownCategory: Record<string, string> = {
	LLM_RATE_LIMITED: "llm",
	ATS_AUTH_FAILED: "ats",
	NETWORK_ERROR: "system",
	SCRAPE_TIMEOUT: "scrape",
};

/** The events that an answer is about, in its order, counted by this test from the world's own rows. */
function expected(args: Arguments, storage: TimeStorage): WorldEvent[] {
	const kept = (at: number) => (storage === "seconds" || storage === "sqlite_text" ? at - (at % 1000) : at);
	const is = (value: string | null, wanted: unknown) =>
		wanted === undefined || (wanted === "none" ? value === null || value === "" : value === wanted);
	const status = ({ http_status: value }: WorldEvent) => {
		const wanted = args.http_status;
		if (wanted === "none") return value === null;
		if (wanted === "4xx" || wanted === "5xx") return String(value).startsWith(String(wanted).charAt(0));
		return wanted === undefined || value === wanted;
	};
	const codes = args.error_code === undefined ? [undefined] : [args.error_code].flat();
	const user = world.users.find(({ id, email }) => [id, short(id), email].includes(String(args.user)))?.id;
	const organization = world.organizations.find(({ id, slug, name }) =>
		[id, slug, name, short(id)].includes(String(args.organization)),
	)?.id;
	const session = world.events.find(({ session: id }) => short(id) === args.session)?.session;
	const direction = args.order === "oldest" ? 1 : -1;
	return world.events
		.filter(
			(event) =>
				kept(event.at) >= Date.parse(String(args.since)) &&
				kept(event.at) < Date.parse(String(args.until)) &&
				codes.some((code) => is(event.error_code, code)) &&
				is(event.category, args.category) &&
				is(event.skill, args.skill) &&
				is(event.provider, args.provider) &&
				is(event.action, args.action) &&
				status(event) &&
				is(event.session, args.session === "none" ? "none" : (session ?? args.session)) &&
				is(event.user, args.user === "none" ? "none" : (user ?? args.user)) &&
				is(event.organization, args.organization === "none" ? "none" : (organization ?? args.organization)),
		)
		.sort(
			(one, other) => direction * (kept(one.at) - kept(other.at)) || direction * (one.id < other.id ? -1 : 1),
		);
}

function asShown(event: WorldEvent): Record<string, unknown> {
	const organization = world.organizations.find(({ id }) => id === event.organization);
	return {
		at: iso(Math.floor(event.at / 1000)),
		error_code: event.error_code,
		category: ownCategory[event.error_code] === event.category ? null : event.category,
		skill: shown(event.skill),
		provider: event.provider,
		action: event.action,
		http_status: event.http_status,
		session: short(event.session),
		user: shown(short(event.user)),
		organization: shown(organization?.name ?? short(event.organization)),
		id: event.id,
	};
}

/** Arguments that narrow: a filter each with a chance of one in five, its values those that occur, and others. */
const asked = (): fc.Arbitrary<Arguments> => {
	const seen = (field: keyof WorldEvent) => [...new Set(world.events.map((event) => event[field]))];
	const of = (values: readonly unknown[]) =>
		fc.option(fc.constantFrom(...values.map((value) => value ?? "none")), { nil: undefined, freq: 1 });
	const rare = (values: readonly unknown[]) =>
		fc.oneof({ arbitrary: fc.constant(undefined), weight: 5 }, { arbitrary: of(values), weight: 2 });
	const users = world.users.flatMap(({ id, email }) => [id, short(id), email]);
	const organizations = world.organizations.flatMap(({ id, slug, name }) => [id, slug, name, short(id)]);
	return fc
		.record({
			from: fc.integer({ min: 1, max: 18 * 24 * 60 }),
			length: fc.integer({ min: 1, max: 18 * 24 * 60 }),
			error_code: fc.oneof(
				rare([...seen("error_code"), "none"]),
				fc.subarray(seen("error_code").map(String), { minLength: 1 }),
			),
			category: rare([...seen("category"), "none"]),
			skill: rare(["candidate-search", "email-draft", "none", "no-such-skill"]),
			provider: rare(["gmail", "none"]),
			action: rare(["update", "none"]),
			http_status: rare([401, 500, "4xx", "5xx", "none", 404]),
			session: rare(["none", ...seen("session").map((id) => short(id as string | null) ?? "none")]),
			user: rare([...users, "none", "nobody"]),
			organization: rare([...organizations, "org-that-is-gone", "none"]),
			limit: fc.integer({ min: 1, max: 120 }),
			order: fc.constantFrom("newest", "oldest", undefined),
		})
		.map(({ from, length, ...rest }) => ({
			...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
			since: iso(worldNow - from * 60),
			until: iso(worldNow - from * 60 + length * 60),
		}));
};

describe.each([
	["seconds", "/v1", 1],
	["milliseconds", "/api/v1", 2],
	["iso_text", "/v1", 3],
	["sqlite_text", "/api/v1", 4],
] as const)("where time is stored as %s, at %s", (storage, prefix, seed) => {
	test("rows, order and totals are those of a count by hand, for random filters; two requests each", async () => {
		const stage = await setStage({ fill: fillWorld(world, storage), prefix, now: worldNow });
		stages.push(stage);
		await call(stage.services, fetchErrors, { limit: 1 });
		let filled = 0;
		await fc.assert(
			fc.asyncProperty(asked(), async (args) => {
				const all = expected(args, storage);
				stage.queries();
				const called = await call(stage.services, fetchErrors, { ...args, with_ids: true });
				// Digits that nothing in the window begins with are refused; all else answers.
				if (called.error !== undefined) {
					expect(called.error).toContain("begins with these 8 digits");
					expect(all).toEqual([]);
					return;
				}
				const table = called.facts;
				expect(table.total).toBe(all.length);
				expect(table.shown).toBe(table.rows.length);
				expect(rowsOf(table, columns)).toEqual(all.slice(0, table.shown).map(asShown));
				expect(table.shown).toBe(Math.min(Number(args.limit), all.length));
				expect(table.next_cursor !== undefined).toBe(table.shown < all.length);
				expect(table.hint !== undefined).toBe(all.length === 0);
				// One more where an id has to be looked up, one where nothing is found.
				expect(stage.queries().length).toBeLessThanOrEqual(all.length === 0 ? 4 : 3);
				if (all.length > 0) filled += 1;
			}),
			{ seed, numRuns: 12 },
		);
		expect(filled).toBeGreaterThan(3);
	});
});
