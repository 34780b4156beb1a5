import { afterEach, describe, expect, test } from "vitest";
import { type Asked, askable } from "./ask.ts";

let repository: Asked | undefined;
afterEach(() => repository?.remove());

async function given(files: Record<string, string>, plain = false): Promise<Asked> {
	repository = await askable(files, { plain });
	return repository;
}

const files = {
	"skills/morning-briefing/SKILL.md": "# Briefing\n",
	"apps/api/src/integrations/gmail.ts": "export const a = 1;\n",
	"apps/api/src/integrations/gmail.test.ts": "test();\n",
	"apps/api/src/lib/day-range.ts": "export const b = 1;\n",
	"apps/web/src/gmail-button.tsx": "export const c = 1;\n",
	".gitignore": "ignored/\n",
	"ignored/gmail.ts": "x\n",
	".env.gmail": "KEY=1\n",
};

const listed = (answer: string) =>
	/<untrusted source="repository">\n([\s\S]*)\n<\/untrusted>/.exec(answer)?.[1]?.split("\n") ?? [];

describe("mode file", () => {
	test("a part of a name in any case, a glob, a name written another way; code before tests", async () => {
		const { ask } = await given(files);
		const found = async (query: string) => listed(await ask({ query, mode: "file" }));
		expect(await found("morning-briefing")).toEqual(["skills/morning-briefing/SKILL.md (docs)"]);
		expect(await found("Gmail")).toEqual([
			"apps/api/src/integrations/gmail.ts",
			"apps/web/src/gmail-button.tsx",
			"apps/api/src/integrations/gmail.test.ts (test)",
		]);
		expect(await found("*.tsx")).toEqual(["apps/web/src/gmail-button.tsx"]);
		expect(await found("integrations/gmail.ts")).toEqual(["apps/api/src/integrations/gmail.ts"]);
		expect(await found("dayRange")).toEqual(["apps/api/src/lib/day-range.ts"]);
	});

	test("tracked though ignored, of a type or any; a nested repository is left out and named", async () => {
		const { ask, commit, git } = await given({ ...files, "vendor/lib/gmail-client.ts": "x\n" });
		git("add", "--force", "ignored/gmail.ts");
		commit("first", "2026-11-01T00:00:00Z");
		git("init", "--quiet", "vendor/lib");
		const answer = await ask({ query: "gmail", mode: "file", glob: "!*.test.ts" });
		expect(listed(answer)).toEqual([
			"apps/api/src/integrations/gmail.ts",
			"ignored/gmail.ts",
			"apps/web/src/gmail-button.tsx",
		]);
		expect(answer).toContain(
			'Left out: matches in 1 nested repository (work trees, submodules, clones): "vendor/lib".',
		);
		expect(listed(await ask({ query: "gmail", mode: "file", path: "vendor/lib" }))).toEqual([
			"vendor/lib/gmail-client.ts (generated)",
		]);
		expect(listed(await ask({ query: "gmail", mode: "file", type: "py" }))).toEqual([]);
		expect(await ask({ query: "x", glob: "ignored/**", type: "ts" })).toContain("ignored/gmail.ts:1");
		expect(await ask({ query: "x", glob: "ignored/**", type: "py" })).not.toContain("ignored/gmail.ts:1");
	});

	test("within a path, a glob and a type; in pages; outside git", async () => {
		const { ask } = await given(files, true);
		const gmail = { query: "gmail", mode: "file" };
		expect(listed(await ask({ ...gmail, path: "apps/web" }))).toEqual(["apps/web/src/gmail-button.tsx"]);
		expect(listed(await ask({ ...gmail, glob: "*.test.ts" }))).toHaveLength(1);
		expect(listed(await ask({ ...gmail, type: "ts", glob: "!*.test.ts" }))).toHaveLength(2);
		const first = await ask({ ...gmail, limit: 1 });
		const cursor = /cursor ([\w-]+)/.exec(first)?.[1];
		const second = await ask({ cursor, limit: 5 });
		expect([...listed(first), ...listed(second)]).toHaveLength(3);
		expect(first).toContain("3 files by name, showing 1.");
	});

	test("nothing fits: the nearest; an error code is refused", async () => {
		const { ask } = await given(files);
		expect(await ask({ query: "gmial.ts", mode: "file" })).toMatch(/nearest is "[^"]*gmail[^"]*"/);
		expect(await ask({ error_code: "A_B", mode: "file" })).toMatch(/file is for query/);
	});
});

test("a query that only names fit says which", async () => {
	const { ask } = await given(files);
	expect(await ask({ query: "morning-briefing" })).toMatch(
		/No match for "morning-briefing"\. 1 file's name fits: "skills\/morning-briefing\/SKILL\.md"/,
	);
	expect(await ask({ query: "env.gmail" })).not.toContain("fits");
});

describe("a path that is not there", () => {
	test.each([
		["src/integrations/gmail.ts", "apps/api/src/integrations/gmail.ts"],
		["apps/api/src/lib/dayRange.ts", "apps/api/src/lib/day-range.ts"],
		["apps/api/src/lib/day-range.js", "apps/api/src/lib/day-range.ts"],
		["apps/apy/src", "apps/api/src"],
		["apps/api/src/integrations/gmial.ts", "apps/api/src/integrations/gmail.ts"],
	])("%s: the nearest is named", async (path, near) => {
		const { ask } = await given(files);
		for (const args of [{ query: "x" }, { error_code: "X_Y" }, { lines: "1-2" }]) {
			expect(await ask({ ...args, path })).toContain(`The nearest is "${near}"`);
		}
	});

	test("an ignored or hidden file is never the nearest", async () => {
		const { ask } = await given({ ".gitignore": "ignored/\n", "ignored/only.ts": "x", ".env": "x" });
		expect(await ask({ query: "x", path: "src/only.ts" })).not.toContain("ignored");
		expect(await ask({ query: "x", path: "src/.env" })).not.toContain('nearest is ".env"');
	});
});

describe("smart case", () => {
	test("says that capitals were told apart, and what it would have found", async () => {
		const { ask } = await given({
			"a.ts": "const refreshtoken = 1;\nconst RefreshToken = 2;\nREFRESHTOKEN;\n",
		});
		const said = "Case was told apart, since the query has capitals: 2 more lines match in other case";
		expect(await ask({ query: "RefreshToken" })).toContain(
			`${said}, such as "a.ts:1" (case_sensitive: false).`,
		);
		expect(await ask({ query: "Refresh\\w+", mode: "regex" })).toContain(said);
		expect(await ask({ query: "refreshToken" })).toContain("No match");
		expect(await ask({ query: "refreshToken" })).toContain("3 more lines match");
	});

	test("and nothing where there is no other, or case was set", async () => {
		const { ask } = await given({ "a.ts": "const RefreshToken = 2;\nrefreshtoken;\n" });
		expect(await ask({ query: "RefreshToken", case_sensitive: true })).not.toContain("Case was");
		expect(await ask({ query: "refreshtoken" })).not.toContain("Case was");
		expect(await ask({ query: "\\Srefreshtoken|^ref\\S", mode: "regex" })).not.toContain("Case was");
	});
});

describe("a commit's hash as query", () => {
	test("is said to be a commit, whatever else matches", async () => {
		const { ask, commit, git } = await given({ "a.ts": "x\n" });
		commit("fix: the cause", "2026-01-02T03:04:05Z");
		const hash = git("rev-parse", "HEAD").trim();
		for (const query of [hash, hash.slice(0, 7), hash.slice(0, 7).toUpperCase()]) {
			expect(await ask({ query })).toContain(
				`${query.toLowerCase()} is a commit (2026-01-02T03:04:05Z "fix: the cause"): show_commit shows it.`,
			);
		}
		git("branch", "abcdef1");
		expect(await ask({ query: "abcdef1" })).not.toContain("is a commit");
		expect(await ask({ query: "0000000" })).not.toContain("is a commit");
	});
});

test("of equal matches, those in files that the newest commits changed come first", async () => {
	const line = "run();\nneedle();\n";
	const { ask, write, commit, find } = await given({ "src/a.ts": line, "src/b.ts": line, "src/c.ts": line });
	commit("all", "2026-01-01T00:00:00Z");
	await write({ "src/b.ts": `${line}\nnew();\n` });
	commit("b", "2026-03-01T00:00:00Z");
	const found = await ask({ query: "needle", context: 0, history: false });
	expect([...found.matchAll(/src\/(\w)\.ts:2/g)].map(([, name]) => name)).toEqual(["b", "a", "c"]);
	await write({ "src/d.ts": "export function needle() {}\n" });
	const first = await find({ query: "needle", limit: 1 });
	expect(first.files[0]?.path).toBe("src/d.ts");
	const rest = await find({ cursor: first.nextCursor });
	expect(rest.files.map(({ path }) => path)).toEqual(["src/b.ts", "src/a.ts", "src/c.ts"]);
});
