// Troubles as people ask about them: whoever asks, with whatever window, is given the same beginning, kind and end.
import { afterEach, describe, expect, test } from "vitest";
import { type TestRepository, testRepository } from "../../codebase/repository.ts";
import { randomNumbers } from "../../random-numbers.ts";
import { person, run, skill } from "../rows.ts";
import { type EventRow, rowOf, type Stage, type StatsFacts, setStage } from "../stage.ts";
import { now } from "./events.ts";

const minute = 60;
const hour = 3600;
const day = 24 * hour;

let stage: Stage | undefined;
let repository: TestRepository | undefined;
afterEach(async () => {
	await stage?.close();
	await repository?.remove();
	stage = undefined;
	repository = undefined;
});

/** The way to the code's raise, with how long it waits. */
const waiting = (milliseconds: number) => ({
	"src/ats.ts": `export async function candidates(url: string) {
	const answer = await fetchWithin(url, ${milliseconds});
	if (answer === undefined) throw new Failure("ATS_TIMEOUT");
	return answer;
}
`,
});

/** Events an hour at an instant. */
type Rate = (at: number) => number;

const skills = ["inbox-review", "cold-leads", "email-draft", "offer-letter"];
const providers = ["gmail", "greenhouse", "anthropic"];

/** Events of one code at a rate, one a session, each of some person, skill and provider unless said otherwise. */
function events(
	code: string,
	rate: Rate,
	from: number,
	to: number,
	fields: Partial<EventRow> = {},
): readonly EventRow[] {
	const random = randomNumbers(from + code.length * 7919 + Math.floor(rate(from) * 1000));
	const found: EventRow[] = [];
	const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)] ?? null;
	for (let at = from; at < to; at += 5 * minute) {
		for (let left = rate(at) / 12; left > 0; left--) {
			if (random() >= left) continue;
			found.push({
				at: Math.min(to - 1, at + Math.floor(random() * 300)),
				code,
				user: `user-${Math.floor(random() * 40)}`,
				session: `session-${from}-${code}-${found.length}`,
				skill: pick(skills),
				provider: pick(providers),
				action: pick(["chat", "execute", "load_skill"]),
				organization: `organization-${Math.floor(random() * 5)}`,
				...fields,
			});
		}
	}
	return found;
}

/** A day four times as busy at noon as at night, and a third of it on week-ends. */
const busy =
	(perHour: number): Rate =>
	(at) => {
		const weekday = Math.floor(at / day + 4) % 7;
		const shape = 1 + 0.6 * Math.cos(((at % day) / day - 13 / 24) * 2 * Math.PI);
		return perHour * shape * (weekday % 6 === 0 ? 0.35 : 1);
	};

const from = now - 28 * day;

/** Codes that nothing is wrong with. */
const quiet = (): readonly EventRow[] => [
	...events("LLM_TIMEOUT", busy(3), from, now),
	...events("SCRAPE_TIMEOUT", busy(3), from, now),
	...events("UNKNOWN_ERROR", busy(1.5), from, now),
	...events("NETWORK_ERROR", busy(4), from, now),
];

async function production(rows: readonly EventRow[], root?: TestRepository["root"]): Promise<Stage> {
	stage = await setStage({
		now,
		fill: (db) => db.insert("error_events", rows.map(rowOf)),
		...(root === undefined ? {} : { repository: root }),
	});
	return stage;
}

/** The episodes that each window is given; within each, those of one code. */
async function asked(
	{ stats }: Stage,
	windows: readonly string[],
	code: string,
	until?: number,
): Promise<readonly StatsFacts["episodes"][]> {
	const found = [];
	for (const since of windows) {
		const { facts } = await stats({
			since,
			...(until === undefined ? {} : { until: new Date(until * 1000).toISOString() }),
		});
		found.push(facts.episodes.filter(({ error_code: of }) => of === code));
	}
	return found;
}

function near(told: string | undefined, at: number, within: number): void {
	expect(Math.abs(Date.parse(told ?? "") / 1000 - at)).toBeLessThanOrEqual(within);
}

test("a quiet day tells what was over before it, and a day with a trouble does not", async () => {
	const from = now - 60 * hour;
	const at = await production([...quiet(), ...events("ATS_TIMEOUT", () => 20, from, from + 8 * hour)]);
	const { facts } = await at.stats({ since: "24h" });
	expect(facts.episodes).toEqual([]);
	const [, since = "", until = ""] =
		/^Nothing stands out in this window\. Over before it: ATS_TIMEOUT from (\S+) to (\S+), 1\d\d events\. A longer window tells more of it\.$/.exec(
			facts.hint ?? "",
		) ?? [];
	near(since, from, 15 * minute);
	near(until, from + 8 * hour, 15 * minute);
	expect((await at.stats({ since: "4d" })).facts.hint).toBeUndefined();
	expect((await at.stats({ since: "24h", provider: "gmail" })).facts.hint).toBeUndefined();
});

describe("the beginning of a trouble", () => {
	test("is the same in 24h and in 48h, with the commit 40 minutes before it", async () => {
		const began = now - 10 * hour;
		repository = await testRepository(waiting(30_000));
		repository.commit("first", new Date((now - 20 * day) * 1000).toISOString());
		await repository.write(waiting(300));
		repository.commit("perf(ats): shorter timeout", new Date((began - 40 * minute) * 1000).toISOString());
		const at = await production(
			[
				...quiet(),
				...events("ATS_TIMEOUT", busy(1), from, now),
				// Some stray ones some hours before do not move it.
				...events("ATS_TIMEOUT", () => 4, began - 4 * hour, began - 3 * hour),
				...events("ATS_TIMEOUT", () => 20, began, now),
			],
			repository.root,
		);
		const [inDay, inTwo] = await asked(at, ["24h", "48h"], "ATS_TIMEOUT");
		expect(inDay).toHaveLength(1);
		expect(inTwo).toEqual(inDay);
		near(inDay?.[0]?.since, began, 15 * minute);
		expect(inDay?.[0]?.suspect).toContain("perf(ats): shorter timeout");
	});

	test("of a new code is its first event, or before it", async () => {
		const fresh = events("SKILL_RENDER_FAILED", () => 4, now - 9 * hour, now, { skill: "offer-letter" });
		const at = await production([...quiet(), ...fresh]);
		const [found] = await asked(at, ["24h"], "SKILL_RENDER_FAILED");
		expect(found).toMatchObject([{ is_new: true }]);
		const first = Math.min(...fresh.map((one) => one.at));
		const [earliest = "", latest = ""] = found?.[0]?.between ?? [];
		expect(Date.parse(latest) / 1000).toBeLessThanOrEqual(first);
		expect(Date.parse(earliest)).toBeLessThanOrEqual(Date.parse(latest));
	});

	test("is before a window that lies within it, and said", async () => {
		const began = now - 30 * hour;
		const at = await production([...quiet(), ...events("ATS_TIMEOUT", () => 12, began, now)]);
		const [narrow, wide] = await asked(at, ["2h", "3d"], "ATS_TIMEOUT");
		expect(narrow).toHaveLength(1);
		near(narrow?.[0]?.since, began, 15 * minute);
		expect(narrow).toEqual(wide);
		const { facts } = await at.stats({ since: "2h" });
		expect(facts.findings.join("\n")).toMatch(/ATS_TIMEOUT new, on since 22 Nov 1[34]:\d\d UTC/);
	});

	test.each([
		["3 days, asked on the second", 44],
		["30 hours, that goes on", 30],
	])("of an incident of %s: one, on", async (_, hours) => {
		const began = now - hours * hour;
		const at = await production([
			...quiet(),
			...events("ATS_TIMEOUT", () => 0.1, from, now),
			...events("ATS_TIMEOUT", () => 25, began, now),
		]);
		for (const found of await asked(at, ["1h", "24h", "48h", "7d"], "ATS_TIMEOUT")) {
			expect(found).toMatchObject([{ kind: "on" }]);
			expect(found[0]?.until).toBeUndefined();
			near(found[0]?.since, began, 15 * minute);
		}
	});

	test("of a trouble that a commit ended is told with its end", async () => {
		const [began, ended] = [now - 30 * hour, now - 9 * hour];
		repository = await testRepository(waiting(30_000));
		repository.commit("first", new Date((now - 20 * day) * 1000).toISOString());
		await repository.write(waiting(300));
		repository.commit("perf(ats): shorter timeout", new Date((began - 20 * minute) * 1000).toISOString());
		await repository.write(waiting(30_000));
		repository.commit(
			'Revert "perf(ats): shorter timeout"',
			new Date((ended - 5 * minute) * 1000).toISOString(),
		);
		const at = await production(
			[
				...quiet(),
				...events("ATS_TIMEOUT", busy(0.5), from, now),
				...events("ATS_TIMEOUT", () => 20, began, ended),
			],
			repository.root,
		);
		const [found] = await asked(at, ["48h"], "ATS_TIMEOUT");
		expect(found).toMatchObject([{ kind: "burst" }]);
		near(found?.[0]?.until, ended, 30 * minute);
		expect(found?.[0]?.ended_by).toContain('Revert "perf(ats): shorter timeout"');
	});
});

describe("no trouble", () => {
	test("on a Monday", async () => {
		const at = await production(quiet());
		for (const since of ["24h", "3d", "7d"]) {
			const { facts } = await at.stats({ since });
			expect(facts.episodes).toEqual([]);
			expect(facts.findings.filter((one) => /\b(new|on since|grows|recurs)\b/.test(one))).toEqual([]);
		}
	});

	test("where the window reaches back beyond the oldest row", async () => {
		const at = await production(quiet());
		const { facts } = await at.stats({ since: "40d" });
		expect(facts.episodes).toEqual([]);
		expect(facts.episodes_note).toMatch(/^Episodes are looked for from 2026-10-2/);
		expect(facts.findings.join("\n")).not.toMatch(/\bnew\b/);
	});

	test("where the window would end in the future: it ends now", async () => {
		const at = await production(quiet());
		const { facts } = await at.stats({ since: "7d", until: "2026-11-25T00:00:00Z" });
		expect(facts.window.until_note).toMatch(/the window ends now/);
		expect(facts.episodes).toEqual([]);
	});
});

describe("a slow or a daily trouble", () => {
	test("a job that fails at 07:00 and 16:00 since Thursday recurs, in any window", async () => {
		const thursday = Date.parse("2026-11-19T00:00:00Z") / 1000;
		const job: EventRow[] = [];
		for (let from = thursday; from < now; from += day)
			for (const at of [7, 16]) {
				const begins = from + at * hour;
				if (begins < now)
					job.push(
						...events("ATS_RATE_LIMITED", () => 60, begins, begins + 15 * minute, {
							action: "sync_candidates",
						}),
					);
			}
		const at = await production([...quiet(), ...job]);
		for (const found of await asked(at, ["24h", "3d", "7d"], "ATS_RATE_LIMITED")) {
			expect(found).toMatchObject([{ kind: "recurring", hours: ["07:00", "16:00"] }]);
			near(found[0]?.since, thursday + 7 * hour, 10 * minute);
		}
		const { facts } = await at.stats({ error_code: "ATS_RATE_LIMITED" });
		// It is Monday evening.
		expect(facts.findings[0]).toMatch(/recurs at 07:00 and 16:00 since .*, next 24 Nov 07:00:/);
	});

	test("2 a day that become 50 a day grow, since the first of them", async () => {
		const began = now - 8 * day;
		const at = await production([
			...quiet(),
			...events("ATS_NOT_FOUND", () => 2 / 24, from, began),
			...events("ATS_NOT_FOUND", (at) => (2 / 24) * 25 ** ((at - began) / (8 * day)), began, now),
		]);
		for (const found of await asked(at, ["24h", "7d", "14d"], "ATS_NOT_FOUND")) {
			expect(found).toMatchObject([{ kind: "growing" }]);
			near(found[0]?.since, began + day, 1.5 * day);
		}
		const { facts } = await at.stats({ error_code: "ATS_NOT_FOUND" });
		expect(facts.findings[0]).toMatch(/growing since .*, ×1\.\d+ a day: /);
	});
});

describe("a trouble of one part", () => {
	test("of a steady code: one skill since Wednesday, a sixth of its events", async () => {
		const wednesday = Date.parse("2026-11-18T10:00:00Z") / 1000;
		const at = await production([
			...quiet(),
			...events("VALIDATION_ERROR", busy(30), from, now),
			...events("VALIDATION_ERROR", busy(5), wednesday, now, { skill: "candidate-search" }),
		]);
		for (const found of await asked(at, ["24h", "7d"], "VALIDATION_ERROR")) {
			expect(found).toMatchObject([{ kind: "on", where: "skill candidate-search" }]);
			near(found[0]?.since, wednesday, hour);
		}
	});

	test("of a code of which one action grows and the others do not", async () => {
		const began = now - 7 * day;
		const at = await production([
			...quiet(),
			...events("VALIDATION_ERROR", busy(20), from, now),
			...events("VALIDATION_ERROR", busy(0.5), from, began, { action: "sync_candidates" }),
			...events("VALIDATION_ERROR", (at) => busy(0.5)(at) * 20 ** ((at - began) / (7 * day)), began, now, {
				action: "sync_candidates",
			}),
		]);
		for (const found of await asked(at, ["24h", "7d"], "VALIDATION_ERROR"))
			expect(found).toMatchObject([{ kind: "growing", where: "action sync_candidates" }]);
	});

	test("runs of a skill that fail with no error event beside them are found by who begins at the events", async () => {
		const began = now - 6 * hour;
		stage = await setStage({
			now,
			fill(db) {
				db.insert("error_events", quiet().map(rowOf));
				db.insert(
					"users",
					Array.from({ length: 40 }, (_, index) => person(`runner-${index}`, null)),
				);
				db.insert("skills", ["email-draft"].map(skill));
				db.insert(
					"skill_usage_logs",
					Array.from({ length: 28 * 24 * 6 }, (_, index) => {
						const at = from + index * 10 * minute;
						return run({
							id: `run-${index}`,
							skill_id: "skill-email-draft",
							user_id: `runner-${index % 40}`,
							status: at >= began || index % 50 === 0 ? "error" : "success",
							created_at: at,
						});
					}),
				);
			},
		});
		const { facts } = await stage.stats({ since: "24h" });
		expect(facts.findings.join("\n")).toMatch(/email-draft.*fail.*since.*1[34]:\d\d/);
	});
});
