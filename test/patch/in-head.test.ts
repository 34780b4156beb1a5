import { createTwoFilesPatch } from "diff";
import { afterEach, describe, expect, test } from "vitest";
import { statesOf } from "../../src/patch/applied/changes-there.ts";
import { readSections } from "../../src/patch/read/diff-sections.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

const signal = new AbortController().signal;

const client = `export async function fetchPage(page: number) {
	const answer = await request("/candidates", page, 10);
	if (answer.status === 408) {
		throw new AppError("ATS_TIMEOUT", 504);
	}
	return answer.body;
}

export function sizeOf(page: Page): number {
	return page.rows.length;
}
`;
const settings = `export const limits = { seconds: 10, pages: 5 };
export const retries = 0;
export const names = ["a", "b"];
`;
const edits = [
	{
		path: "client.ts",
		old_text: `	const answer = await request("/candidates", page, 10);`,
		new_text: `	const limit = limits.seconds * 3;\n	const answer = await requestAgain("/candidates", page, limit);`,
	},
	{ path: "client.ts", old_text: "return page.rows.length;", new_text: "return page.rows?.length ?? 0;" },
	{ path: "settings.ts", old_text: "export const retries = 0;", new_text: "export const retries = 3;" },
];

async function withPatch() {
	repository = await makeRepository({ "client.ts": client, "settings.ts": settings });
	const made = repository;
	const { id, diff } = await made.edit(...edits);
	const fresh = (count: number) => ({
		"client.ts": edits
			.slice(0, count)
			.filter(({ path }) => path === "client.ts")
			.reduce((text, { old_text, new_text }) => text.replace(old_text, new_text), client),
		"settings.ts": count > 2 ? settings.replace("retries = 0", "retries = 3") : settings,
	});
	return {
		...made,
		diff,
		fresh,
		inHead: () => made.proposer.inHead(id, signal),
		commit(subject: string) {
			made.git("add", "-A");
			made.git("commit", "-q", "-m", subject);
			return made.git("rev-parse", "HEAD").trim();
		},
	};
}

describe("a kept patch is found in HEAD by its content", () => {
	test("not applied, and in the work tree alone", async () => {
		const { inHead, write, fresh } = await withPatch();
		expect(await inHead()).toMatchObject({ state: "not", there: 0, changes: 3 });
		await write(fresh(3));
		expect((await inHead()).state).toBe("not");
	});

	test("applied as it is: the commit that brought it in, whatever came after", async () => {
		const { inHead, write, fresh, commit } = await withPatch();
		await write(fresh(3));
		const fix = commit("Fix");
		await write({ "other.ts": "export {};\n" });
		commit("Another");
		expect(await inHead()).toEqual({ state: "whole", changes: 3, there: 3, differs: [], commit: fix });
	});

	test("rebased onto other changes of the same files, and squashed with more", async () => {
		const { inHead, write, fresh, commit } = await withPatch();
		const other = (text: string) =>
			`// A new first line.\nimport { limits } from "./settings.ts";\n\n${text}`;
		await write({ "client.ts": other(client) });
		commit("Others");
		const files = fresh(3);
		await write({ ...files, "client.ts": other(files["client.ts"]), "more.ts": "export const more = 1;\n" });
		const squashed = commit("Fix and more");
		expect(await inHead()).toMatchObject({ state: "whole", commit: squashed });
	});

	test("reformatted: other white space, quotes and line breaks", async () => {
		const { inHead, write, fresh, commit } = await withPatch();
		const files = fresh(3);
		await write({
			"client.ts": files["client.ts"]
				.replaceAll("\t", "  ")
				.replaceAll('"', "'")
				.replace(
					"requestAgain('/candidates', page, limit)",
					"requestAgain(\n    '/candidates',\n    page,\n    limit,\n  )",
				),
			"settings.ts": files["settings.ts"].replaceAll(";", ""),
		});
		const fix = commit("Fix, formatted");
		expect(await inHead()).toMatchObject({ state: "whole", there: 3, commit: fix });
	});

	test("half applied: which file lacks it", async () => {
		const { inHead, write, fresh, commit } = await withPatch();
		await write(fresh(2));
		const fix = commit("Half of it");
		expect(await inHead()).toEqual({
			state: "part",
			changes: 3,
			there: 2,
			differs: ["settings.ts"],
			commit: fix,
		});
	});

	test("slightly edited: said so", async () => {
		const { inHead, write, fresh, commit } = await withPatch();
		const files = fresh(3);
		await write({
			...files,
			"client.ts": files["client.ts"].replace("limits.seconds * 3", "limits.seconds * 4"),
		});
		commit("Fix, edited");
		const { state, differs } = await inHead();
		expect([state, differs]).toEqual(["edited", ["client.ts"]]);
	});

	test("reverted: the commit that took it out", async () => {
		const { inHead, write, fresh, commit, git } = await withPatch();
		await write(fresh(3));
		commit("Fix");
		git("revert", "--no-edit", "HEAD");
		const revert = git("rev-parse", "HEAD").trim();
		expect(await inHead()).toMatchObject({ state: "reverted", there: 0, commit: revert });
	});
});

describe("what stands elsewhere in the file is not taken for the patch", () => {
	const block = (name: string, limit: string) =>
		`export function ${name}(rows: Row[]) {\n\tconst limit = ${limit};\n\treturn rows.slice(0, limit);\n}\n`;
	const states = (before: string, after: string, now: string) => {
		const diff = createTwoFilesPatch("a/a.ts", "b/a.ts", before, after, "", "", { context: 3 });
		const [section] = readSections(`diff --git a/a.ts b/a.ts\n${diff.slice(diff.indexOf("---"))}`);
		return section === undefined ? [] : statesOf(section, now);
	};

	test("two changes alike, of which one is made", () => {
		const gap = "\n// One.\n// Two.\n// Three.\n// Four.\n\n";
		const file = (one: string, other: string) => `${block("first", one)}${gap}${block("first", other)}`;
		const now = (one: string, other: string) => file(one, other).replaceAll("\t", "  ");
		const changed = (text: string) => states(file("10", "10"), file("limitOf(rows)", "limitOf(rows)"), text);
		expect(changed(now("limitOf(rows)", "limitOf(rows)"))).toEqual(["there", "there"]);
		expect(changed(now("limitOf(rows)", "10")).filter((state) => state === "there")).toHaveLength(1);
	});

	test("a function that is added after one like it, and one that is not", () => {
		const before = block("first", "10");
		const after = `${before}\n${block("second", "10")}`;
		expect(states(before, after, after)).toEqual(["there"]);
		expect(states(before, after, before)).toEqual(["missing"]);
	});

	test("a patch of the layout alone", () => {
		const after = block("first", "10").replaceAll("\t", "    ");
		expect(states(block("first", "10"), after, after)).toEqual(["there"]);
		expect(states(block("first", "10"), after, block("first", "10"))).toEqual(["missing"]);
	});
});
