import { afterAll, describe, expect, test } from "vitest";
import type { TimeStorage } from "../../src/sql/time.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { randomNumbers } from "../random-numbers.ts";
import { call } from "./call.ts";
import { event, person, run, skill } from "./rows.ts";
import { type Stage, setStage } from "./stage.ts";
import { worldNow } from "./world.ts";

const now = worldNow;
const hour = 3600;
const users = Array.from({ length: 12 }, (_, index) => `person-${index}`);

interface PlainRun {
	readonly at: number;
	readonly skill: string;
	readonly user: string;
	readonly failed: boolean;
}

/**
 * Twenty days: email-draft fails since five hours, with no event beside it; night-sync failed for two hours of the
 * night before last, all of it; busy-one fails at 10 % whatever the hour.
 */
function plannedRuns(): readonly PlainRun[] {
	const random = randomNumbers(5);
	const runs: PlainRun[] = [];
	const add = (skill: string, from: number, perHour: number, share: number) => {
		for (let left = perHour; left > 0; left--)
			runs.push({
				skill,
				at: from + Math.floor(random() * hour),
				user: users[Math.floor(random() * users.length)] ?? "",
				failed: random() < share,
			});
	};
	for (let back = 20 * 24; back > 0; back--) {
		const from = now - back * hour;
		const isNight = back === 46 || back === 45;
		add("email-draft", from, 6, back <= 5 ? 0.9 : 0.02);
		add("night-sync", from, isNight ? 6 : 2, isNight ? 1 : 0.01);
		add("busy-one", from, 40, 0.1);
	}
	return runs;
}

const runs = plannedRuns();
const stages: Stage[] = [];
afterAll(async () => {
	for (const stage of stages) await stage.close();
});

function stored(storage: TimeStorage, seconds: number): string | number {
	const iso = new Date(seconds * 1000).toISOString();
	const forms = {
		seconds,
		milliseconds: seconds * 1000,
		iso_text: iso,
		sqlite_text: iso.slice(0, 19).replace("T", " "),
	};
	return forms[storage];
}

async function stageOf(storage: TimeStorage): Promise<Stage> {
	const stage = await setStage({
		now,
		fill(db) {
			db.insert(
				"users",
				users.map((id) => person(id, null)),
			);
			db.insert("skills", ["email-draft", "night-sync", "busy-one"].map(skill));
			db.insert(
				"skill_usage_logs",
				runs.map(({ at, skill, user, failed }, index) =>
					run({
						id: `run-${index}`,
						skill_id: `skill-${skill}`,
						user_id: user,
						status: failed ? "error" : "success",
						created_at: stored(storage, at),
					}),
				),
			);
			// Each failure of night-sync has an event of its user beside it.
			db.insert(
				"error_events",
				runs
					.filter(({ failed, skill }) => failed && skill === "night-sync")
					.map(({ at, user }, index) =>
						event({ id: `event-${index}`, user_id: user, created_at: stored(storage, at + 5) }),
					),
			);
		},
	});
	stages.push(stage);
	return stage;
}

const storages: readonly TimeStorage[] = ["seconds", "milliseconds", "iso_text", "sqlite_text"];

describe("episodes of skills", () => {
	test.each(storages)("two troubles, and no more, where time is stored as %s", async (storage) => {
		const stage = await stageOf(storage);
		const { facts } = await call(stage.services, failedSkillRuns, { since: "3d" });
		const { episodes, findings } = facts;
		expect(episodes.map(({ skill, kind }) => [skill, kind])).toEqual([
			["email-draft", "on"],
			["night-sync", "burst"],
		]);
		for (const episode of episodes) {
			const [from, to] = [episode.since, episode.until].map((at) =>
				at === undefined ? now : Date.parse(at) / 1000,
			);
			const its = runs.filter(
				({ skill, at }) => skill === episode.skill && at >= (from ?? 0) && at < (to ?? now),
			);
			const failures = its.filter(({ failed }) => failed);
			expect(episode.runs).toBe(its.length);
			expect(episode.count).toBe(failures.length);
			expect(episode.users).toBe(new Set(failures.map(({ user }) => user)).size);
			expect(episode.failure_rate_pct).toBeCloseTo((100 * failures.length) / its.length, 1);
		}
		const [draft, night] = episodes.map(({ between, since }) => [...between, since].map(Date.parse));
		const holds = (edges: readonly number[] | undefined, at: number) =>
			(edges?.[0] ?? 0) <= at * 1000 && at * 1000 <= (edges?.[1] ?? 0);
		expect(holds(draft, now - 5 * hour)).toBe(true);
		expect(holds(night, now - 46 * hour)).toBe(true);
		expect(findings[0]).toMatch(/^email-draft fails, on since .*; no error event of the same user/);
		expect(findings[1]).toMatch(/^night-sync fails, over: from .* as usual; \d+ users$/);
	});

	test("error_stats finds the skill that fails with no event beside it, unless a filter is not one of runs", async () => {
		const stage = stages[0] ?? (await stageOf("seconds"));
		for (const args of [{}, { since: "3d" }, { skill: "email-draft" }]) {
			const { facts } = await stage.stats(args);
			const said = facts.findings.filter((finding) => finding.includes("(failed_skill_runs)"));
			expect(said).toHaveLength(1);
			expect(said[0]).toMatch(/^email-draft fails, on since .* no error event of the same user within 60 s/);
		}
		for (const args of [{ provider: "gmail" }, { skill: "busy-one" }]) {
			const { facts } = await stage.stats(args);
			expect(facts.findings.join()).not.toContain("(failed_skill_runs)");
		}
	});

	test("a window inside an episode gives its onset; a window beside it does not name it", async () => {
		const stage = stages[0] ?? (await stageOf("seconds"));
		const inside = await call(stage.services, failedSkillRuns, { since: "1h", skill: "email-draft" });
		const whole = await call(stage.services, failedSkillRuns, { since: "7d", skill: "email-draft" });
		expect(inside.facts.episodes).toEqual(whole.facts.episodes);
		const before = new Date((now - 30 * hour) * 1000).toISOString();
		const { facts } = await call(stage.services, failedSkillRuns, {
			since: new Date((now - 40 * hour) * 1000).toISOString(),
			until: before,
		});
		expect(facts.episodes).toEqual([]);
	});

	test("a timeline has at most 60 buckets", async () => {
		const stage = stages[0] ?? (await stageOf("seconds"));
		for (const since of ["1h", "24h", "3d", "7d", "14d", "30d", "90d", "400d"]) {
			const { facts } = await call(stage.services, failedSkillRuns, { since, limit: 1 });
			expect(facts.timeline.runs.length).toBeLessThanOrEqual(60);
			expect(facts.timeline.failures).toHaveLength(facts.timeline.runs.length);
		}
	});
});
