import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, type StatsFacts, setStage } from "../stage.ts";
import {
	actions,
	codes,
	makeEvents,
	now,
	organizationName,
	organizations,
	providers,
	type StoredEvent,
	skills,
	store,
	users,
} from "./events.ts";
import { type Dimension, distinct, iso, type Recount, recount, tableRows, valueIn } from "./recount.ts";

const events = makeEvents(12_000, 11);
const oldest = events.reduce((least, { at }) => Math.min(least, at), now);
let stage: Stage;
beforeAll(async () => {
	stage = await setStage({ now, fill: (db) => store(db, events) });
}, 300_000);
afterAll(() => stage.close());

/** An argument, and the events that it means. */
interface Filter {
	readonly args: Readonly<Record<string, unknown>>;
	readonly fits: (event: StoredEvent) => boolean;
}

function is(dimension: Dimension, argument: unknown, ...values: readonly (string | null)[]): Filter {
	return {
		args: { [dimension]: argument },
		fits: (event) => values.some((value) => valueIn(event, dimension) === value),
	};
}

const plain = (dimension: Dimension, values: readonly string[]) =>
	fc.constantFrom(...values.map((value) => is(dimension, value, value)), is(dimension, "none", null));
const statuses: readonly Filter[] = [
	{ args: { http_status: "4xx" }, fits: ({ http_status: n }) => n !== null && n >= 400 && n < 500 },
	{ args: { http_status: "5xx" }, fits: ({ http_status: n }) => n !== null && n >= 500 && n < 600 },
	{ args: { http_status: "none" }, fits: ({ http_status: n }) => n === null },
	{ args: { http_status: 437 }, fits: ({ http_status: n }) => n === 437 },
];
const sessions = [...new Set(events.slice(0, 2000).flatMap(({ session }) => session || []))];
const anyFilter: fc.Arbitrary<Filter> = fc.oneof(
	fc.constantFrom(
		...codes.map((code) => is("error_code", code, code)),
		is(
			"error_code",
			["LLM_TIMEOUT", "NETWORK_ERROR", "SKILL_DISABLED"],
			"LLM_TIMEOUT",
			"NETWORK_ERROR",
			"SKILL_DISABLED",
		),
	),
	plain("category", ["llm", "system", "odd"]),
	plain("skill", skills),
	plain("provider", providers),
	plain("action", actions),
	fc.constantFrom(...statuses),
	fc.constantFrom(
		...users
			.slice(0, 9)
			.flatMap((id, index) => [
				is("user", id, id),
				is("user", id.slice(0, 8), id),
				is("user", `user${index}@mail.example`, id),
			]),
		is("user", "none", null),
	),
	fc.constantFrom(
		...organizations
			.slice(0, -1)
			.flatMap((id) => [is("organization", id, id), is("organization", `slug-${id}`, id)]),
		is("organization", "none", null),
	),
	fc.constantFrom(
		...sessions.slice(0, 5).flatMap((id) => [is("session", id, id), is("session", id.slice(0, 8), id)]),
	),
);
const dimensions = [
	"error_code",
	"category",
	"skill",
	"provider",
	"action",
	"http_status",
	"session",
	"user",
	"organization",
] as const;

/** Of 5 minutes to 3 days, in the last 10, off every grid. */
const anyWindow = fc
	.tuple(fc.integer({ min: 0, max: 10 * 86_400 }), fc.integer({ min: 300, max: 3 * 86_400 }))
	.map(([back, length]) => ({ from: now - back - length, to: now - back }));
const anyRequest = fc.record({
	window: anyWindow,
	filters: fc.uniqueArray(anyFilter, { maxLength: 2, selector: ({ args }) => Object.keys(args)[0] }),
	groupBy: fc.option(fc.uniqueArray(fc.constantFrom(...dimensions), { minLength: 1, maxLength: 2 }), {
		nil: undefined,
	}),
	interval: fc.constantFrom("auto", "hour", "6h", "day"),
	limit: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
});

describe("every number of error_stats is the one that the rows themselves make", () => {
	test("for 32 random windows, filters and groupings of 12,000 events", async () => {
		const seen = { empty: 0, episodes: 0, findings: 0, cut: 0 };
		await fc.assert(
			fc.asyncProperty(anyRequest, async ({ window, filters, groupBy, interval, limit }) => {
				const matching = events.filter((event) => filters.every(({ fits }) => fits(event)));
				const { facts } = await stage.stats({
					since: iso(window.from),
					until: iso(window.to),
					...Object.assign({}, ...filters.map(({ args }) => args)),
					group_by: groupBy,
					interval,
					limit,
				});
				const expected = recount(matching, window.from, window.to, groupBy ?? ["error_code"], oldest);
				holdSummary(facts, expected, matching);
				holdGroups(facts, expected, limit ?? 15);
				holdTimeline(facts, expected, window, interval);
				holdEpisodes(facts, matching, window);
				holdFindings(facts, expected, matching);
				// Where nothing is in the window, why; where nothing stands out in it, what did before.
				if (expected.inWindow.length > 0)
					expect(facts.hint ?? "Nothing stands out").toMatch(/^Nothing stands out/);
				else expect(facts.hint).toMatch(/^(?!Nothing stands out)./);
				if (expected.inWindow.length === 0) seen.empty += 1;
				if (facts.episodes.length > 0) seen.episodes += 1;
				if (facts.findings.length > 0) seen.findings += 1;
				if (facts.other_count > 0) seen.cut += 1;
			}),
			{ seed: 20_261_123, numRuns: 32, endOnFailure: true },
		);
		// The random requests reach every kind of answer.
		for (const count of Object.values(seen)) expect(count).toBeGreaterThan(2);
	}, 300_000);

	test("with defaults, for a day, an hour, a week and a month", async () => {
		for (const [since, seconds] of [
			["24h", 86_400],
			["1h", 3600],
			["7d", 7 * 86_400],
			["30d", 30 * 86_400],
		] as const) {
			const { facts } = await stage.stats({ since });
			const window = { from: now - seconds, to: now };
			expect(facts.window).toEqual({ since: iso(window.from), until: iso(now) });
			const expected = recount(events, window.from, now, ["error_code"], oldest);
			holdSummary(facts, expected, events);
			holdGroups(facts, expected, 15);
			holdTimeline(facts, expected, window, "auto");
			holdEpisodes(facts, events, window);
			holdFindings(facts, expected, events);
			expect(facts.findings.length).toBeGreaterThan(0);
		}
	}, 300_000);
});

/** One decimal: within half of the last digit. */
function holdPercent(given: unknown, part: number, whole: number): void {
	if (whole === 0) expect(given ?? null).toBeNull();
	else expect(Math.abs(Number(given) - (100 * part) / whole)).toBeLessThanOrEqual(0.05 + 1e-9);
}

function holdSummary(
	{ summary }: StatsFacts,
	{ inWindow, inPrevious, held }: Recount,
	matching: readonly StoredEvent[],
): void {
	const { change_pct: change, ...rest } = summary;
	const future = matching.filter(({ at }) => at >= now + 300).length;
	const nobody = inWindow.filter((event) => valueIn(event, "user") === null).length;
	expect(rest).toEqual({
		total: inWindow.length,
		previous_total: inPrevious.length,
		unique_codes: distinct(inWindow, "error_code"),
		sessions: distinct(inWindow, "session"),
		users: distinct(inWindow, "user"),
		organizations: distinct(inWindow, "organization"),
		...(nobody === 0 ? {} : { events_without_user: nobody }),
		...(future === 0 ? {} : { dated_in_future: future }),
	});
	const before = inPrevious.length / held;
	if (held === 0) expect(change).toBeUndefined();
	else holdPercent(change, inWindow.length - before, before);
}

function holdGroups(
	{ groups, other_count }: StatsFacts,
	{ groups: all, inWindow, held }: Recount,
	limit: number,
): void {
	expect(groups.total).toBe(all.length);
	expect(groups.shown).toBe(groups.rows.length);
	// Fewer than asked for only where the answer would be too long.
	expect(groups.shown).toBeGreaterThanOrEqual(Math.min(limit, all.length, 30));
	expect(groups.shown).toBeLessThanOrEqual(Math.min(limit, all.length));
	const rows = tableRows(groups);
	rows.forEach((row, index) => {
		const { share_pct: share, change_pct: change = null, ...told } = row;
		const expected = all[index] ?? {};
		for (const [name, value] of Object.entries(expected))
			expect([name, told[name] ?? null]).toEqual([name, value]);
		holdPercent(share, Number(expected.count), inWindow.length);
		const before = Number(expected.previous) / held;
		if (held === 0) expect(change).toBeNull();
		else holdPercent(change, Number(expected.count) - before, before);
	});
	expect(rows.reduce((sum, row) => sum + Number(row.count), 0) + other_count).toBe(inWindow.length);
}

const widths: Readonly<Record<string, number>> = {
	"5m": 300,
	"15m": 900,
	hour: 3600,
	"6h": 21_600,
	day: 86_400,
};

function holdTimeline(
	{ timeline }: StatsFacts,
	{ inWindow }: Recount,
	window: { from: number; to: number },
	asked: string,
): void {
	const width = widths[timeline.interval] ?? Number.NaN;
	if (asked !== "auto") expect(timeline.interval).toBe(asked);
	const start = window.from - (window.from % width);
	expect(timeline.start).toBe(iso(start));
	const counts: number[] = [];
	for (let at = start; at < window.to; at += width) counts.push(0);
	for (const { at } of inWindow)
		counts[Math.floor((at - start) / width)] = (counts[Math.floor((at - start) / width)] ?? 0) + 1;
	expect(timeline.counts).toEqual(counts);
}

/** Whole, whatever the window; those that recur have gaps, so that only their hours bound them. */
function holdEpisodes(
	{ episodes }: StatsFacts,
	matching: readonly StoredEvent[],
	window: { from: number; to: number },
): void {
	expect(episodes.length).toBeLessThanOrEqual(10);
	for (const episode of episodes) {
		const from = Date.parse(episode.since) / 1000;
		const to = episode.until === undefined ? now : Date.parse(episode.until) / 1000;
		const [earliest = "", latest = ""] = episode.between;
		expect(earliest <= episode.since && episode.since <= latest).toBe(true);
		expect(from < window.to && to > window.from).toBe(true);
		const parts = (episode.where ?? "").split(", ").filter((part) => part !== "");
		const inside = matching.filter(
			(event) =>
				event.error_code === episode.error_code &&
				event.at >= from &&
				event.at < to &&
				parts.every((part) => {
					const [dimension = "", ...value] = part.split(" ");
					return String(valueIn(event, dimension as Dimension)) === value.join(" ");
				}),
		);
		if (episode.kind === "recurring") {
			expect(episode.count).toBeLessThanOrEqual(inside.length);
		} else {
			expect(episode.count).toBe(inside.length);
			expect(episode.sessions).toBe(distinct(inside, "session"));
			expect(episode.users).toBe(distinct(inside, "user"));
		}
		// What is expected is rounded to a tenth below ten, and to whole events above.
		if (episode.factor !== undefined)
			expect(Math.abs(episode.factor / (episode.count / episode.expected) - 1)).toBeLessThan(0.06);
		expect(episode.suspect).toBe("no repository is set");
	}
}

const patterns = {
	fresh: /^(\S+) is new: (\d+) events, none before, back to (\d+ \w+ \S+) UTC$/,
	few: /^new, with few events: (.+); none before, back to (\d+ \w+ \S+) UTC$/,
	episode:
		/^(\S+)(?: \((?:[^)]+)\))? (?:new, )?(?:on|over|recurs|growing)\b.*: (\d+) events?, (?:none|about \d+) expected; (\d+) users?/,
	one: /^(\S+): (?:(?:all|(\d+) of) (\d+)(?: \((\S+) %\))?) from (?:one|two) (\w+?)s?, (.+?)(?: \((?:rest: (\d+) of (\d+), (\S+) %)?(?:; )?(?:before: (\d+) of (\d+))?\))?$/,
	bound: /^(\S+): ((?:skill|provider|action|http_status) .+ \((?:all )?\d+.*\))$/,
	future: /^(\d+) events? dated in the future: /,
	left: /^\d+ more: ask for one code$/,
	held: /^the table's rows begin at /,
};

/** Every finding is computed again, from the answer's own numbers and from the rows. */
function holdFindings(
	facts: StatsFacts,
	{ inWindow, inPrevious, earlier }: Recount,
	matching: readonly StoredEvent[],
): void {
	const of = (all: readonly StoredEvent[], code = "") => all.filter((event) => event.error_code === code);
	expect(facts.findings.length).toBeLessThanOrEqual(8);
	for (const finding of facts.findings) {
		const [fresh, few, episode, one, bound, future, left, held] = Object.values(patterns).map((pattern) =>
			pattern.exec(finding),
		);
		if (fresh) {
			expect(of(inWindow, fresh[1])).toHaveLength(Number(fresh[2]));
			expect(of(earlier, fresh[1])).toHaveLength(0);
			expect(Date.parse(`${fresh[3]} 2026 UTC`)).toBe(
				Date.parse(`${facts.previous_window.since.slice(0, 16)}Z`),
			);
		} else if (few) {
			for (const named of few[1]?.split(", ") ?? []) {
				const [code, count] = named.split(" ");
				if (count === "more") continue;
				expect(of(inWindow, code)).toHaveLength(Number(count));
				expect(of(earlier, code)).toHaveLength(0);
			}
			expect(Date.parse(`${few[2]} 2026 UTC`)).toBe(
				Date.parse(`${facts.previous_window.since.slice(0, 16)}Z`),
			);
		} else if (episode) {
			expect(facts.episodes).toContainEqual(
				expect.objectContaining({
					error_code: episode[1],
					count: Number(episode[2]),
					users: Number(episode[3]),
				}),
			);
		} else if (left || held) {
			expect(facts.findings.indexOf(finding)).toBeGreaterThan(0);
		} else if (one) {
			const [, code, , all, share = "100.0", by, who, ofRest = "0", rest = "0", restShare] = one;
			const count = one[2] ?? all;
			const its = inWindow.filter((event) =>
				who?.split(" and ").includes(String(nameOf(event, by as Dimension))),
			);
			expect(of(its, code)).toHaveLength(Number(count));
			expect(of(inWindow, code)).toHaveLength(Number(all));
			holdPercent(share, Number(count), Number(all));
			expect(its.length - of(its, code).length).toBe(Number(ofRest));
			expect((facts.summary.total ?? 0) - Number(all)).toBe(Number(rest));
			if (restShare !== undefined) holdPercent(restShare, Number(ofRest), Number(rest));
			expect(Number(count) / Number(all)).toBeGreaterThanOrEqual(1 / 3);
			if (one[10] !== undefined) {
				const before = of(inPrevious, code);
				expect(before).toHaveLength(Number(one[11]));
				const named = before.filter((event) =>
					who?.split(" and ").includes(String(nameOf(event, by as Dimension))),
				);
				expect(named).toHaveLength(Number(one[10]));
			}
		} else if (bound) {
			const [, code, values = ""] = bound;
			for (const [, by, who, count, all] of values.matchAll(
				/(skill|provider|action|http_status) (\S.*?) \((?:all |(\d+) of )(\d+)/g,
			)) {
				const its = of(inWindow, code);
				expect(its).toHaveLength(Number(all));
				expect(its.filter((event) => String(valueIn(event, by as Dimension)) === who)).toHaveLength(
					Number(count ?? all),
				);
			}
		} else {
			expect(finding).toMatch(patterns.future);
			expect(Number(future?.[1])).toBe(facts.summary.dated_in_future);
			expect(matching.filter(({ at }) => at >= now + 300)).toHaveLength(Number(future?.[1]));
		}
	}
}

function nameOf(event: StoredEvent, dimension: Dimension): string | number | null {
	const value = valueIn(event, dimension);
	if (typeof value !== "string") return value;
	if (dimension === "organization") return organizationName(value);
	return dimension === "user" || dimension === "session" ? value.slice(0, 8) : value;
}
