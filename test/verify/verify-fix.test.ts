import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createPatchProposer } from "../../src/patch/propose.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createGit } from "../../src/system/git.ts";
import { type TestRepository, testRepository } from "../codebase/repository.ts";
import { askedOf, askVerify, fixAt, iso, now, steady, trouble, troubleAt } from "./stage.ts";

const hour = 3600;

describe("what came after", () => {
	test("nothing: fixed, with both sides counted", async () => {
		const { facts, text } = await askVerify(trouble);
		expect(facts.verdict).toBe("fixed");
		expect(facts.confidence).toBeGreaterThan(0.99);
		expect(facts.before).toMatchObject({ count: 600, users: 7, sessions: 600 });
		expect(facts.after).toMatchObject({ count: 0, users: 0 });
		expect(facts.expected_if_unfixed?.count).toBeGreaterThan(120);
		expect(facts.victims).toEqual({ before: 7, seen_since: 0, hit_since: 0 });
		expect(text).toContain("Fixed");
	});

	test.each([
		["as much as before", 20, "unchanged"],
		["half as much", 9, "reduced"],
		["five times as much", 100, "worse"],
	])("%s: %i an hour is %s", async (_, perHour, verdict) => {
		const { facts } = await askVerify([...trouble, ...steady(fixAt, now, perHour)]);
		expect(facts.verdict).toBe(verdict);
	});

	test("the trouble again after some hours: came back, and when", async () => {
		const { facts } = await askVerify([...trouble, ...steady(now - 3 * hour, now, 20)]);
		expect(facts.verdict).toBe("came_back");
		expect(facts.findings[0]).toMatch(/It came back about 2026-11-23T1[67]:/);
	});

	test("the trouble had ended hours before: the fix gets no credit", async () => {
		const { facts } = await askVerify(steady(troubleAt, fixAt - 6 * hour, 20));
		expect(facts.verdict).toBe("ended_before");
		expect(facts.findings[0]).toContain("stopped before the fix");
	});

	test("ten minutes of silence: too early, and when it can be told", async () => {
		const fixed = now - 600;
		const args = { error_code: "ATS_TIMEOUT", fixed_at: iso(fixed) };
		const { facts } = await askVerify([...trouble, ...steady(fixAt, fixed, 20)], args);
		expect(facts.verdict).toBe("too_early");
		const enough = Date.parse(facts.enough_at ?? "") / 1000;
		expect(enough).toBeGreaterThan(now);
		expect(enough).toBeLessThan(now + 24 * hour);
	});

	test("sessions that began before go on for a while: the tail is named, and later it is fixed", async () => {
		const old = { session: trouble.at(-1)?.session ?? "" };
		const { facts } = await askVerify([...trouble, ...steady(fixAt, fixAt + 2 * hour, 10, old)]);
		expect(facts.verdict).toBe("fixed");
		expect(facts.findings.join("\n")).toContain(
			"20 of the 20 events since are of sessions that began before",
		);
	});

	test("another code that rose since is a side effect", async () => {
		const { facts } = await askVerify([
			...trouble,
			...steady(fixAt + 2 * hour, now, 15, { code: "VALIDATION_ERROR" }),
		]);
		expect(facts.side_effects?.[0]).toMatch(/^VALIDATION_ERROR: since 2026-11-23T1/);
		expect(facts.untrusted).toContain("side_effects");
	});
});

test("the question is two requests beside the history that error_stats keeps", async () => {
	const { queries } = await askedOf(trouble);
	const own = queries.filter((query) => /AS hit_again|group_concat\(f \|\| ':' \|\| n, ' '\)/.test(query));
	expect(own).toHaveLength(2);
});

describe("a skill's runs are the exposure", () => {
	const runs = (from: number, to: number, perHour: number, status: (index: number) => string) =>
		steady(from, to, perHour).map(({ at, user }, index) => ({
			id: `run-${from}-${index}`,
			skill_id: "skill-9",
			user_id: user ?? null,
			status: status(index),
			created_at: at,
			duration_ms: 5,
		}));
	const well = () => "success";
	const failing = (index: number) => (index % 2 === 0 ? "error" : "success");
	const before = [...runs(now - 20 * 24 * hour, troubleAt, 2, well), ...runs(troubleAt, fixAt, 10, failing)];
	const asked = { skill: "skill-9", fixed_at: iso(fixAt) };

	test("runs that succeed: fixed, former victims among them", async () => {
		const { facts } = await askVerify([], asked, { runs: [...before, ...runs(fixAt, now, 10, well)] });
		expect(facts.verdict).toBe("fixed");
		expect(facts.after).toMatchObject({ runs: 120, failures: 0 });
		expect(facts.victims).toMatchObject({ before: 7, seen_since: 7, hit_since: 0 });
		expect(facts.findings.join("\n")).toContain("7 of the 7 users hit before had a run since that succeeded");
	});

	test("no runs at all: silence is no evidence", async () => {
		const { facts } = await askVerify([], asked, { runs: before });
		expect(facts.verdict).toBe("too_early");
	});
});

describe("a commit", () => {
	let repository: TestRepository | undefined;
	afterEach(async () => {
		await repository?.remove();
		repository = undefined;
	});
	const asked = (commit: string) => ({ error_code: "ATS_TIMEOUT", commit });

	async function withFix() {
		const made = await testRepository({ "a.ts": "export const limit = 1;\n" });
		repository = made;
		made.commit("Begin", iso(now - 30 * 24 * hour));
		await made.write({ "a.ts": "export const limit = 2;\n" });
		made.commit("Wait longer", iso(fixAt));
		return { ...made, fix: made.git("rev-parse", "HEAD").trim() };
	}

	test("without deployments: its own time is taken, and said so", async () => {
		const { fix, root } = await withFix();
		const { facts } = await askVerify(trouble, asked(fix), { root });
		expect(facts.verdict).toBe("fixed");
		expect(facts.fix).toMatchObject({
			commit: fix.slice(0, 7),
			in_head: true,
			deployed_at: iso(fixAt),
			how_known: expect.stringContaining("own time"),
		});
	});

	test("reverted later: said so", async () => {
		const { fix, root, write, commit } = await withFix();
		await write({ "a.ts": "export const limit = 1;\n" });
		commit(`Revert "Wait longer"\n\nThis reverts commit ${fix}.`, iso(now - hour));
		const { facts } = await askVerify(trouble, asked(fix), { root });
		expect(facts.findings.join("\n")).toContain("was reverted by");
	});

	test("on another branch: not deployed", async () => {
		const { fix, root, git } = await withFix();
		git("checkout", "--quiet", "-b", "other", "HEAD~1");
		const { facts } = await askVerify(trouble, asked(fix), { root });
		expect(facts).toMatchObject({ verdict: "not_deployed", fix: { in_head: false } });
		expect(facts.after).toBeUndefined();
	});
});

describe("a kept patch", () => {
	let repository: TestRepository | undefined;
	let stateFolder = "";
	afterEach(async () => {
		await repository?.remove();
		await rm(stateFolder, { recursive: true, force: true });
		repository = undefined;
	});

	async function withPatch() {
		const made = await testRepository({ "a.ts": "export const limit = 1;\nexport const rest = 2;\n" });
		repository = made;
		made.commit("Begin", iso(now - 30 * 24 * hour));
		stateFolder = await mkdtemp(join(tmpdir(), "verify-test-"));
		const { root } = made;
		const patches = createPatchProposer({
			root,
			git: createGit(root),
			stateFolder: join(stateFolder, "state"),
			clock: systemClock,
		});
		const edits = [{ path: "a.ts", old_text: "limit = 1", new_text: "limit = 20" }];
		const request = { title: "Wait longer", rationale: "It gave up too soon.", edits };
		const { id } = await patches.propose(request, new AbortController().signal);
		return { ...made, args: { error_code: "ATS_TIMEOUT", patch_id: id }, options: { root, patches } };
	}

	test("applied and committed: fixed, since that commit", async () => {
		const { args, options, write, commit, git } = await withPatch();
		await write({ "a.ts": "export const limit = 20;\nexport const rest = 2;\n" });
		commit("Give it time", iso(fixAt));
		const head = git("rev-parse", "HEAD").trim();
		const { facts } = await askVerify(trouble, args, options);
		expect(facts.verdict).toBe("fixed");
		expect(facts.fix).toMatchObject({
			commit: head.slice(0, 7),
			in_head: true,
			patch: "whole",
			deployed_at: iso(fixAt),
		});
	});

	test("not applied: not deployed, and production is not asked", async () => {
		const { args, options } = await withPatch();
		const { called, queries } = await askedOf(trouble, args, options);
		expect(called.facts).toMatchObject({ verdict: "not_deployed", fix: { in_head: false, patch: "not" } });
		expect(queries).toEqual([]);
	});

	test("an unknown id is an error", async () => {
		const { args, options } = await withPatch();
		const { error } = await askVerify(trouble, { ...args, patch_id: "abcdef0123456789" }, options);
		expect(error).toContain("abcdef0123456789");
	});
});

test.each([
	[{ fixed_at: "2h" }, "error_code"],
	[{ error_code: "ATS_TIMEOUT", skill: "x", fixed_at: "2h" }, "error_code"],
	[{ error_code: "ATS_TIMEOUT" }, "exactly one"],
	[{ error_code: "ATS_TIMEOUT", fixed_at: "2030-01-01T00:00:00Z" }, "not in the past"],
	[{ skill: "x", provider: "gmail", fixed_at: "2h" }, "provider"],
	[{ error_code: "ATS_TIMEOUT", fixed_at: "90d" }, "nothing before it"],
])("%j is refused in a sentence", async (args, words) => {
	const { error } = await askVerify([], args);
	expect(error).toContain(words);
});
