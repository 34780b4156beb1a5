import { afterEach, describe, expect, test } from "vitest";
import { changeLines } from "../../../src/answer/changes.ts";
import { areaOf, changesBeforeEpisodes } from "../../../src/cause/changes-before.ts";
import type { CodeSearch } from "../../../src/codebase/search.ts";
import type { CountedEpisode } from "../../../src/production/stats/episode-counts.ts";
import { pause, withDeadline } from "../../../src/system/deadline.ts";
import { type TestRepository, testRepository } from "../../codebase/repository.ts";
import { rowOf, setStage } from "../stage.ts";
import { now } from "./events.ts";

let repository: TestRepository | undefined;
afterEach(() => repository?.remove());

/** A burst of one code, an hour ago. */
const burst = [
	...Array.from({ length: 40 }, (_, index) => ({ at: now - 172_800 + index * 4000, code: "LLM_TIMEOUT" })),
	...Array.from({ length: 40 }, (_, index) => ({
		at: now - 3600 + index * 60,
		code: "ATS_TIMEOUT",
		provider: "greenhouse",
	})),
].map(rowOf);

async function changesOf(root: TestRepository["root"] | undefined): Promise<readonly string[]> {
	const stage = await setStage({
		now,
		fill: (db) => db.insert("error_events", burst),
		...(root === undefined ? {} : { repository: root }),
	});
	try {
		const { signal } = new AbortController();
		const stats = await stage.services.production.errorStats({}, signal);
		expect(stats.episodes).toMatchObject([{ code: "ATS_TIMEOUT", kind: "burst", isNew: true }]);
		const [before] = await changesBeforeEpisodes(stage.services, stats, signal);
		const [episode] = stats.episodes;
		return before === undefined || episode === undefined ? [] : changeLines(before, episode.since, now);
	} finally {
		await stage.close();
	}
}

const raises = 'throw new Failure("ATS_TIMEOUT");\n';

describe("what changed before an episode", () => {
	test("commits of the six hours before, those first that touch the code's own area", async () => {
		repository = await testRepository({ "src/ats.ts": raises, "docs/a.md": "ATS_TIMEOUT" });
		repository.commit("old", "2026-11-23T12:30:00Z");
		await repository.write({ "src/ats.ts": `${raises}// shorter\n` });
		repository.commit("perf(ats): shorter timeout", "2026-11-23T14:00:00Z");
		repository.git("tag", "v2");
		await repository.write({ "src/greenhouse/list.ts": "x\n" });
		repository.commit("feat: lists\u202e", "2026-11-23T15:00:00Z");
		await repository.write({ "docs/a.md": "more of ATS_TIMEOUT" });
		repository.commit("docs", "2026-11-23T18:30:00Z");
		await repository.write({ "src/b.ts": "after" });
		repository.commit("after the episode began", "2026-11-23T19:10:00Z");
		const changes = await changesOf(repository.root);
		expect(changes.map((line) => line.replace(/Z [0-9a-f]{7,} /, "Z ID "))).toEqual([
			"2026-11-23T15:00:00Z ID feat: lists\\u{202e} (main; touches src/greenhouse/list.ts)",
			"2026-11-23T14:00:00Z ID perf(ats): shorter timeout (main, v2; touches src/ats.ts)",
			"2026-11-23T18:30:00Z ID docs (main)",
		]);
	});

	test("a history that ends months before, a commit dated in the future, a detached HEAD", async () => {
		repository = await testRepository({ "a.ts": "1" });
		repository.commit("old", "2026-05-01T10:00:00Z");
		expect(await changesOf(repository.root)).toEqual([
			"the local history ends before it: the newest commit on main is from 2026-05-01T10:00:00Z",
		]);
		repository.git("checkout", "--quiet", "--detach");
		expect(await changesOf(repository.root)).toEqual([
			"the local history ends before it: the newest commit on a detached HEAD is from 2026-05-01T10:00:00Z",
		]);
		await repository.write({ "a.ts": "2" });
		repository.commit("from tomorrow", "2030-01-01T00:00:00Z");
		expect(await changesOf(repository.root)).toEqual([
			"no commit on a detached HEAD in the 6 hours before",
			"the newest commit is dated in the future (2030-01-01T00:00:00Z)",
		]);
	});

	test("no repository, a plain folder, no commits", async () => {
		expect(await changesOf(undefined)).toEqual(["no repository is set"]);
		repository = await testRepository({ "a.ts": "1" }, { plain: true });
		expect(await changesOf(repository.root)).toEqual(["the local folder is not a git repository"]);
		await repository.remove();
		repository = await testRepository({ "a.ts": "1" });
		expect(await changesOf(repository.root)).toEqual(["the local repository has no commits"]);
	});

	test("many commits are cut, and a shallow clone is told", () => {
		const at = "2026-11-23T18:00:00Z";
		const commits = Array.from({ length: 9 }, (_, index) => ({
			at,
			id: `abc000${index}`,
			subject: `change ${index} ${"x".repeat(300)}`,
			tags: [],
			files: index === 7 ? ["b.ts", "src/googleCalendar.ts"] : ["b.ts"],
		}));
		const changes = { branch: "main", newest: at, shallow: true, commits };
		const isArea = areaOf(new Set(), ["google-calendar"]);
		const lines = changeLines({ kind: "read", changes, isArea }, now - 3600, now);
		expect(lines).toHaveLength(7);
		expect(lines[0]).toMatch(/abc0007 change 7 x+… \(main; touches src\/googleCalendar\.ts\)$/);
		expect(lines.slice(-2)).toEqual(["and 4 more commits", "the clone is shallow: commits may be missing"]);
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
	});
});

test("a history that takes too long is a line, and leaves the call its time", async () => {
	const endless = (_: unknown, __: unknown, signal: AbortSignal) => pause(3_600_000, signal);
	const codebase = () => ({ changesBetween: endless, filesMentioning: endless }) as unknown as CodeSearch;
	const signal = withDeadline(new AbortController().signal, 600);
	const episode: CountedEpisode = {
		code: "ATS_TIMEOUT",
		kind: "on",
		since: now - 3600,
		between: [now - 3600, now - 3600],
		isNew: true,
		with: [],
		count: 30,
		expected: 0,
		logChance: -50,
		daysBefore: 14,
		spans: [{ from: now - 3600, to: now }],
		grain: 300,
		sessions: 30,
		users: 3,
		usualUsers: 0,
	};
	const read = await changesBeforeEpisodes(
		{ codebase },
		{ episodes: [episode, episode, episode], concentrations: [] },
		signal,
	);
	expect(read.map((before) => changeLines(before, episode.since, now))).toEqual(
		[1, 2, 3].map(() => ["the local history could not be read in time"]),
	);
	expect(signal.aborted).toBe(false);
});
