// Two repositories behind one server: each tool works in one of them, and none reaches the other.

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NamedRepository } from "../src/config/index.ts";
import { resolveRepositoryRoot } from "../src/system/index.ts";
import { debugReport } from "../tools/debug_report.ts";
import { errorStats } from "../tools/error_stats.ts";
import { proposePatch } from "../tools/propose_patch.ts";
import { recallCases } from "../tools/recall_cases.ts";
import { searchCodebase } from "../tools/search_codebase.ts";
import { showCommit } from "../tools/show_commit.ts";
import { suspectCommits } from "../tools/suspect_commits.ts";
import { verifyFix } from "../tools/verify_fix.ts";
import { backgroundOf, day, hour, now, steady } from "./cases/stage.ts";
import { suspectsOf } from "./cause/stage.ts";
import { answerOf, call, rowsOf, type TableFacts } from "./production/call.ts";
import { rowOf, type Stage, setStage } from "./production/stage.ts";

let base: string;
let repositories: readonly NamedRepository[];
let stage: Stage;
/** The commit in each that was made last. */
const last = new Map<string, string>();

const onset = now - 5 * hour;

function git(folder: string, at: number, ...args: readonly string[]): string {
	const date = `${at} +0000`;
	const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
	const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
	return execFileSync("git", ["-C", folder, ...who, ...args], { env })
		.toString("utf8")
		.trim();
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}

/** A file that raises the code; its pause is changed shortly before the trouble, or long before. */
async function repository(name: string, file: string, changedAt: number): Promise<NamedRepository> {
	const folder = join(base, name);
	const code = (pause: number) =>
		`export function send_${name}() {\n\tif (late(${pause})) throw new AppError("ATS_TIMEOUT", 504);\n}\n`;
	await write(folder, { [file]: code(1000), "src/same.ts": `export const of = "${name}";\n` });
	git(folder, now - 20 * day, "init", "-q");
	git(folder, now - 20 * day, "add", "-A");
	git(folder, now - 20 * day, "commit", "-qm", `first of ${name}`);
	await write(folder, { [file]: code(1) });
	git(folder, changedAt, "commit", "-qam", `pause of ${name}`);
	last.set(name, git(folder, changedAt, "rev-parse", "HEAD"));
	return { name, root: await resolveRepositoryRoot(folder) };
}

beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "several-")));
	repositories = [
		await repository("web", "src/gmail.ts", now - 12 * day),
		await repository("worker", "jobs/sync.ts", onset - 600),
	];
	// The only file that is in one of them alone, and must be out of reach from the other.
	await symlink(join(base, "worker", "jobs"), join(base, "web", "linked"));
	const events = [...backgroundOf(now), ...steady(onset, now, 25)];
	stage = await setStage({
		now,
		repositories,
		stateFolder: join(base, "state"),
		fill: (database) => database.insert("error_events", events.map(rowOf)),
	});
});
afterAll(async () => {
	await stage.close();
	await rm(base, { recursive: true, force: true });
});

/** The text of an answer; of a refusal its sentence. */
async function said(tool: Parameters<typeof answerOf>[1], args: object): Promise<string> {
	const answered = await answerOf(stage.services, tool, args);
	return "error" in answered ? answered.error : answered.answer.text;
}

test("a code raised in both: each repository's lines with its own blame, under its name", async () => {
	const text = await said(searchCodebase, { error_code: "ATS_TIMEOUT" });
	expect(text).toMatch(/^Searched web, worker; repo chooses one\.\n# repo web\n/);
	const [web = "", worker = ""] = text.split("# repo worker");
	expect(web).toContain("src/gmail.ts");
	expect(web).toContain("pause of web");
	expect(web).not.toMatch(/jobs\/sync\.ts|pause of worker/);
	expect(worker).toContain("jobs/sync.ts");
	expect(worker).toContain("pause of worker");
	expect(worker).not.toMatch(/gmail\.ts|pause of web/);
});

test("repo, or a path that begins with the name, searches that one alone", async () => {
	for (const args of [{ repo: "worker" }, { repo: "WORKER" }, { path: "worker:jobs" }]) {
		const text = await said(searchCodebase, { error_code: "ATS_TIMEOUT", ...args });
		expect(text).toContain("jobs/sync.ts");
		expect(text).not.toMatch(/gmail\.ts|# repo/);
	}
	expect(await said(searchCodebase, { query: "late", path: "worker/jobs" })).toContain("jobs/sync.ts");
	expect(await said(searchCodebase, { query: "late", repo: "api" })).toMatch(/repo takes one of web, worker/);
	expect(await said(searchCodebase, { query: "late", repo: "web", path: "worker:jobs" })).toMatch(
		/names the repository worker beside web/,
	);
});

test("what is in one alone is found there, and said of the other", async () => {
	const text = await said(searchCodebase, { query: "send_worker" });
	expect(text).toMatch(/^Searched web, worker; repo chooses one\. Nothing in web\.\n# repo worker\n/);
	expect(await said(searchCodebase, { query: "nowhere_at_all" })).toMatch(
		/^Searched web, worker \(repo chooses one\): nothing in any\./,
	);
});

test("a cursor goes on in its own repository", async () => {
	const text = await said(searchCodebase, { query: "e", limit: 1, history: false });
	const cursors = [...text.matchAll(/More: cursor (\S+?),/g)].map(([, cursor]) => cursor);
	expect(cursors.map((cursor) => cursor?.split(":")[0])).toEqual(["web", "worker"]);
	const next = await said(searchCodebase, { cursor: cursors[1], limit: 50 });
	expect(next).toContain("jobs/sync.ts");
	expect(next).not.toContain("gmail.ts");
});

test("no repository reaches the other's files", async () => {
	for (const path of ["../worker/jobs/sync.ts", join(base, "worker", "jobs", "sync.ts"), "linked/sync.ts"]) {
		for (const args of [{ lines: "all" }, { query: "late" }]) {
			const text = await said(searchCodebase, { repo: "web", path, ...args });
			expect(text, path).toMatch(/leads out of the repository|is a link/);
			expect(text).not.toContain("send_worker");
		}
		const text = await said(proposePatch, {
			repo: "web",
			title: "t",
			rationale: "r",
			edits: [{ path, content: "changed\n" }],
		});
		expect(text, path).toMatch(/leads out of the repository|is a link/);
	}
	expect(await said(showCommit, { repo: "web", commit: last.get("worker") })).toMatch(/^commit: no commit/);
	expect(
		await said(verifyFix, { repo: "web", error_code: "ATS_TIMEOUT", commit: last.get("worker") }),
	).toMatch(/^commit: no commit/);
});

test("a patch needs its repository named, and is made in that one", async () => {
	const edit = (path: string, name: string) => ({
		title: "Wait",
		rationale: "r",
		error_code: "ATS_TIMEOUT",
		edits: [{ path, old_text: `"${name}"`, new_text: `"${name} changed"` }],
	});
	expect(await said(proposePatch, edit("src/same.ts", "web"))).toMatch(
		/^repo: there are several repositories \(web, worker\).* Give repo, such as web\.$/,
	);
	const ids: string[] = [];
	for (const [name, other] of [
		["web", "worker"],
		["worker", "web"],
	] as const) {
		for (const args of [{ repo: name, ...edit("src/same.ts", name) }, edit(`${name}:src/same.ts`, name)]) {
			const text = await said(proposePatch, args);
			expect(text).toContain(`+export const of = "${name} changed";`);
			ids.push(/patch:\/\/([a-z0-9]+)/.exec(text)?.[1] ?? "");
		}
		// The other's file of the same path reads otherwise.
		expect(await said(proposePatch, { repo: other, ...edit("src/same.ts", name) })).toMatch(
			/its lines are not in the file/,
		);
		expect(await readFile(join(base, name, "src/same.ts"), "utf8")).toBe(`export const of = "${name}";\n`);
	}
	expect(
		await said(proposePatch, {
			title: "t",
			rationale: "r",
			edits: [
				{ path: "web:src/same.ts", content: "a\n" },
				{ path: "worker:src/same.ts", content: "a\n" },
			],
		}),
	).toMatch(/^edits: it names the repository worker beside web/);
	// A patch is known by its id alone, and in its own repository only.
	const [ofWeb = ""] = ids;
	expect(await said(verifyFix, { error_code: "ATS_TIMEOUT", patch_id: ofWeb })).toContain("not_deployed");
	expect(await said(verifyFix, { repo: "worker", error_code: "ATS_TIMEOUT", patch_id: ofWeb })).toMatch(
		/no patch|not known|No patch/,
	);
});

test("the suspect is found among both, and led by its repository", async () => {
	const { facts } = await call(stage.services, suspectCommits, {});
	const [first] = suspectsOf(facts);
	expect(first?.commit).toBe(`worker:${last.get("worker")?.slice(0, 7)}`);
	expect(facts.reason).toContain("worker:");
	const stats = await call(stage.services, errorStats, {});
	expect(stats.facts.episodes[0]?.suspect).toMatch(/^worker:[0-9a-f]{7} pause of worker/);
	// The same name serves as an argument.
	expect(await said(showCommit, { commit: String(first?.commit) })).toContain("pause of worker");
	expect(await said(showCommit, { commit: last.get("web") })).toMatch(
		/^In repository web\.\n[\s\S]*pause of web/,
	);
	const own = await call(stage.services, suspectCommits, { repo: "web" });
	expect(JSON.stringify(own.facts)).not.toContain("pause of worker");
});

test("a case is kept with the repository of its location, and recalled of both", async () => {
	const report = await said(debugReport, {
		issues: [
			{
				error_code: "ATS_TIMEOUT",
				root_cause: "The pause is in seconds.",
				proposed_fix: "Multiply.",
				location: "worker:jobs/sync.ts:2",
			},
		],
	});
	expect(report).toMatch(/Kept as case [0-9a-f]{8}\.$/);
	const columns = ["case", "error_code", "where", "status", "opened", "last_seen", "cause", "location"];
	const more = ["commit", "fixed_by", "patch_id", "count_then", "count_now", "skill"];
	const locations = async (args: object) => {
		const { cases } = (await call(stage.services, recallCases, { ...args })).facts;
		return rowsOf(cases as unknown as TableFacts, [...columns, ...more]).map(({ location }) => location);
	};
	expect(await locations({})).toContain("worker:jobs/sync.ts:2");
	expect(await locations({ repo: "worker" })).toContain("jobs/sync.ts:2");
	expect(await locations({ repo: "web" })).not.toContain("jobs/sync.ts:2");
	const kept = (await readdir(join(base, "state"))).filter((name) => name.startsWith("cases-"));
	expect(kept.length).toBeGreaterThanOrEqual(1);
});
