import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { TableCell } from "../../src/answer/table.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { type Arguments, call, rowsOf } from "./call.ts";
import {
	expected,
	iso,
	nearestRank,
	organizationName,
	organizationOf,
	patternOf,
	pct,
	related,
	second,
	short,
	shown,
	slugOf,
	world,
} from "./count-runs.ts";
import { type Stage, setStage } from "./stage.ts";
import { fillWorld, type WorldRun, worldNow } from "./world.ts";

/** Seconds of each interval. */
const widths: Readonly<Record<string, number>> = {
	"5m": 300,
	"15m": 900,
	hour: 3600,
	"6h": 21_600,
	day: 86_400,
};

const stages: Stage[] = [];
afterAll(async () => {
	for (const stage of stages) await stage.close();
});

const asked: fc.Arbitrary<Arguments> = fc
	.record({
		from: fc.integer({ min: 1, max: 16 * 24 * 60 }),
		length: fc.oneof(
			fc.integer({ min: 1, max: 24 * 60 }),
			fc.constant(24 * 60),
			fc.integer({ min: 1440, max: 9 * 24 * 60 }),
		),
		skill: fc.option(fc.constantFrom(...world.skills.map(({ slug }) => slug), "skill-gone"), {
			nil: undefined,
			freq: 1,
		}),
		status: fc.constantFrom("error", "partial", "any_failure", undefined),
		user: fc.option(fc.constantFrom(...world.users.flatMap(({ id, email }) => [id, short(id), email])), {
			nil: undefined,
			freq: 1,
		}),
		organization: fc.option(
			fc.constantFrom(
				"none",
				"org-that-is-gone",
				...world.organizations.flatMap(({ id, slug, name }) => [id, slug, name]),
			),
			{ nil: undefined, freq: 1 },
		),
		message_contains: fc.option(fc.constantFrom("NOT FOUND", "100%", "\\", "s_", "update", "row"), {
			nil: undefined,
			freq: 1,
		}),
		limit: fc.integer({ min: 1, max: 60 }),
	})
	.map(({ from, length, ...rest }) => ({
		...Object.fromEntries(
			// A filter each would leave nothing: every second one is dropped.
			Object.entries(rest).filter(
				([name, value], index) => value !== undefined && (name === "limit" || (from + index) % 3 > 0),
			),
		),
		since: iso(worldNow - from * 60),
		until: iso(worldNow - from * 60 + length * 60),
	}));

const runColumns = [
	"at",
	"skill",
	"status",
	"duration_ms",
	"user",
	"organization",
	"error_message",
	"input_summary",
	"related_errors",
	"id",
];

describe.each([
	["seconds", "/v1", 1],
	["milliseconds", "/api/v1", 2],
	["iso_text", "/v1", 3],
	["sqlite_text", "/api/v1", 4],
] as const)("where time is stored as %s, at %s", (storage, prefix, seed) => {
	test("every number is that of a count by hand, for random arguments; three requests each", async () => {
		const stage = await setStage({ fill: fillWorld(world, storage), prefix, now: worldNow });
		stages.push(stage);
		await call(stage.services, failedSkillRuns, { limit: 1 });
		let filled = 0;
		let correlated = 0;
		await fc.assert(
			fc.asyncProperty(asked, async (args) => {
				const { from, to, shift, now, before, listed, failed } = expected(args, storage);
				stage.queries();
				const { facts, error } = await call(stage.services, failedSkillRuns, { ...args, with_ids: true });
				expect(error).toBeUndefined();
				const requests = stage.queries().length;
				// Two and the events around the runs; one more where somebody's digits or address are looked up.
				expect(requests).toBeLessThanOrEqual(4);

				const { until_note: note, ...window } = facts.window;
				expect(window).toEqual({ since: iso(from / 1000), until: iso(to / 1000) });
				expect(note === undefined).toBe(Date.parse(String(args.until)) === to);
				expect(facts.previous_window).toEqual({
					since: iso((from - shift) / 1000),
					until: iso((to - shift) / 1000),
				});
				const summary = facts.summary;
				expect({
					runs: summary.runs,
					failures: summary.failures,
					rate: summary.failure_rate_pct ?? null,
					previous: summary.previous_failure_rate_pct ?? null,
					users: summary.users,
					organizations: summary.organizations,
				}).toEqual({
					runs: now.length,
					failures: now.filter(failed).length,
					rate: pct(now.filter(failed).length, now.length),
					previous: pct(before.filter(failed).length, before.length),
					users: new Set(now.filter(failed).map(({ user }) => user)).size,
					organizations: new Set(now.filter(failed).flatMap((run) => organizationOf(run) ?? [])).size,
				});

				const failing = [...new Set(now.filter(failed).map(slugOf))];
				const bySkill = facts.by_skill;
				expect(bySkill.total).toBe(failing.length);
				const rates = rowsOf(bySkill, [
					"skill",
					"runs",
					"failures",
					"failure_rate_pct",
					"previous_failure_rate_pct",
					"p50_ms",
					"p95_ms",
					"failed_p50_ms",
				]);
				expect(rates).toEqual(
					failing
						.map((skill) => {
							const runs = now.filter((run) => slugOf(run) === skill);
							const earlier = before.filter((run) => slugOf(run) === skill);
							return {
								skill,
								runs: runs.length,
								failures: runs.filter(failed).length,
								failure_rate_pct: pct(runs.filter(failed).length, runs.length),
								previous_failure_rate_pct: pct(earlier.filter(failed).length, earlier.length),
								p50_ms: nearestRank(runs, 50),
								p95_ms: nearestRank(runs, 95),
								failed_p50_ms: nearestRank(runs.filter(failed), 50),
							};
						})
						.sort((one, other) => other.failures - one.failures || (one.skill < other.skill ? -1 : 1)),
				);

				const timeline = facts.timeline;
				const width = widths[timeline.interval] ?? 0;
				const start = Date.parse(timeline.start) / 1000;
				expect(start).toBe(Math.floor(from / 1000 / width) * width);
				const bucketed = (runs: readonly WorldRun[]) => {
					const counts = new Array(Math.ceil((to / 1000 - start) / width)).fill(0);
					for (const run of runs) counts[Math.floor((second(run.at) - start) / width)] += 1;
					return counts;
				};
				expect(timeline.runs).toEqual(bucketed(now));
				expect(timeline.failures).toEqual(bucketed(now.filter(failed)));

				const spoken = listed.filter(({ error_message: message }) => (message ?? "").trim() !== "");
				const patterns = [...new Set(spoken.map(({ error_message: message }) => patternOf(message ?? "")))];
				const messages = facts.messages;
				expect(messages.total).toBe(patterns.length);
				const folded = rowsOf(messages, ["pattern", "count", "skills", "last_seen", "example"]);
				expect(folded.map(({ example, ...row }) => row).sort(byPattern)).toEqual(
					patterns
						.map((pattern) => {
							const runs = spoken.filter((run) => patternOf(run.error_message ?? "") === pattern);
							const skills = [...new Set(runs.map(slugOf))].sort();
							return {
								pattern,
								count: runs.length,
								skills: skills.length > 5 ? [...skills.slice(0, 5), `and ${skills.length - 5} more`] : skills,
								last_seen: iso(Math.max(...runs.map(({ at }) => second(at)))),
							};
						})
						.sort(byPattern),
				);
				expect(folded.map(({ count }) => Number(count))).toEqual(
					folded.map(({ count }) => Number(count)).sort((one, other) => other - one),
				);

				const runs = facts.runs;
				expect(runs.total).toBe(listed.length);
				expect(runs.shown).toBe(Math.min(Number(args.limit), listed.length));
				expect(runs.next_cursor !== undefined).toBe(runs.shown < runs.total);
				expect(rowsOf(runs, runColumns)).toEqual(
					listed.slice(0, runs.shown).map((run): Record<string, TableCell> => {
						const events = related(run);
						if (events.length > 0) correlated += 1;
						return {
							at: iso(second(run.at)),
							skill: slugOf(run),
							status: run.status,
							duration_ms: run.duration_ms,
							user: shown(short(run.user)),
							organization: organizationName(run),
							error_message: run.error_message?.replace(/user(\d)@/, "u…@") ?? null,
							input_summary: run.input_summary,
							// A column that is empty in all rows is left out.
							related_errors:
								runs.columns.includes("related_errors") || "related_errors" in (runs.common ?? {})
									? events
									: null,
							id: run.id,
						};
					}),
				);
				if (!runs.columns.includes("related_errors") && !("related_errors" in (runs.common ?? {})))
					expect(listed.slice(0, runs.shown).flatMap(related)).toEqual([]);

				const silent = listed.length - spoken.length;
				expect(facts.hint === undefined).toBe(listed.length > 0 && silent === 0);
				if (listed.length > 0 && silent > 0)
					expect(facts.hint).toBe(`Listed failures without a message: ${silent} of ${listed.length}.`);
				if (listed.length > 0) filled += 1;
			}),
			{ seed, numRuns: 12 },
		);
		expect(filled).toBeGreaterThan(3);
		expect(correlated).toBeGreaterThan(5);
	});
});

function byPattern(one: { readonly pattern?: TableCell }, other: { readonly pattern?: TableCell }): number {
	return String(one.pattern) < String(other.pattern) ? -1 : 1;
}
