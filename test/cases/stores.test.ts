// The memory's folder as crashes, strangers and full disks leave it: no answer fails, and what was whole stays.

import { chmod, chown, mkdir, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { findSandbox } from "../../src/system/sandboxed-process.ts";
import { debugReport } from "../../tools/debug_report.ts";
import { errorStats } from "../../tools/error_stats.ts";
import { recallCases } from "../../tools/recall_cases.ts";
import { searchCodebase } from "../../tools/search_codebase.ts";
import { verifyFix } from "../../tools/verify_fix.ts";
import { part } from "../part.ts";
import { answerOf } from "../production/call.ts";
import type { Stage } from "../production/stage.ts";
import { backgroundOf, type Home, hour, iso, makeHome, now, steady } from "./stage.ts";

let home: Home;
let stage: Stage;
let folder: string;
beforeAll(async () => {
	home = await makeHome();
	stage = await home.at(now, { events: [...backgroundOf(now), ...steady(now - 5 * hour, now, 25)] });
	await askAll();
	const [name = ""] = await readdir(home.stateFolder);
	folder = join(home.stateFolder, name);
});
afterAll(async () => {
	await stage.close();
	await home.remove();
});

const issues = [{ error_code: "ATS_TIMEOUT", root_cause: "the pause", proposed_fix: "wait" }];

/** Every tool that reads or writes the memory. @throws where one of them fails */
async function askAll(): Promise<Readonly<Record<string, string>>> {
	const answers: Record<string, string> = {};
	for (const [tool, args] of [
		[errorStats, {}],
		[debugReport, { issues }],
		[verifyFix, { error_code: "ATS_TIMEOUT", fixed_at: iso(now - 600) }],
		[recallCases, {}],
		[searchCodebase, { error_code: "ATS_TIMEOUT" }],
	] as const) {
		const answered = await answerOf(stage.services, tool, args);
		if ("error" in answered) throw new Error(`${tool.name}: ${answered.error}`);
		answers[tool.name] = answered.answer.text;
	}
	return answers;
}

async function newest(): Promise<string> {
	const versions = (await readdir(folder)).sort(
		(one, other) => Number(one.split(".")[1]) - Number(other.split(".")[1]),
	);
	return join(folder, versions.at(-1) ?? "");
}

test.each([
	["truncated", async () => truncate(await newest(), 20)],
	["emptied", async () => truncate(await newest(), 0)],
	["half written beside it", () => writeFile(join(folder, ".x.1.json.abc"), "{")],
	["not JSON", async () => writeFile(await newest(), "\0\0\0")],
	["of another shape", async () => writeFile(await newest(), '{"id":"00000000"}')],
	["a lock of something else", () => writeFile(join(folder, ".lock"), "1")],
	["a stranger's name", () => writeFile(join(folder, "../../etc.json".replaceAll("/", "_")), "{}")],
])("%s: the tools answer, and what is known is still known", async (_, harm) => {
	await harm();
	const answers = await askAll();
	expect(answers.error_stats).toContain("known case ");
	expect(answers.recall_cases).toContain("the pause");
});

/** What is done to the folder, what the answers say of it, and how it is undone. */
type Harm = readonly [string, string, () => Promise<void>, () => Promise<void>];
const harms: readonly Harm[] = [
	[
		"behind a link",
		"is a link",
		async () => {
			await rename(folder, `${folder}-away`);
			await mkdir(join(home.base, "elsewhere"), { recursive: true });
			await symlink(join(home.base, "elsewhere"), folder);
		},
		async () => {
			expect(await readdir(join(home.base, "elsewhere"))).toEqual([]);
			await rm(folder);
			await rename(`${folder}-away`, folder);
		},
	],
	[
		"a file in its place",
		"is not a folder",
		async () => {
			await rename(folder, `${folder}-away`);
			await writeFile(folder, "x");
		},
		async () => {
			await rm(folder);
			await rename(`${folder}-away`, folder);
		},
	],
	process.getuid?.() === 0
		? [
				"of another owner",
				"belongs to another user",
				() => chown(folder, 12345, 12345),
				() => chown(folder, 0, 0),
			]
		: ["not readable", "cannot be", () => chmod(folder, 0), () => chmod(folder, 0o700)],
];

test.each(part(harms, 2))(
	"%s: the tools answer, and say why nothing is known or kept",
	async (_, why, harm, heal) => {
		await harm();
		try {
			const answers = await askAll();
			expect(answers.error_stats).not.toContain("known case ");
			expect(answers.recall_cases).toContain(`No case can be read: `);
			expect(answers.recall_cases).toContain(why);
			expect(answers.debug_report).toContain("Not kept as a case: ");
			expect(answers.verify_fix).toContain("Not kept as a case: ");
		} finally {
			await heal();
		}
		expect((await askAll()).recall_cases).toContain("the pause");
	},
);

const sandbox = await findSandbox(await resolveRepositoryRoot(process.cwd()), new AbortController().signal);

test.runIf(sandbox.available)(
	"on a read-only disk: what is known is told, and nothing more is kept",
	async () => {
		const { execFile } = await import("node:child_process");
		const { promisify } = await import("node:util");
		const script = join(process.cwd(), "test", "cases", "read-only.ts");
		const bound = ["--dev-bind", "/", "/", "--ro-bind", home.stateFolder, home.stateFolder];
		const node = [process.execPath, "--import", "tsx", script, home.code, home.stateFolder];
		const { stdout } = await promisify(execFile)("bwrap", [...bound, ...node]);
		expect(JSON.parse(stdout)).toEqual({
			known: 1,
			refused: expect.stringMatching(/cannot be written\. Ask the user to set PROD_DEBUGGER_STATE_DIR/),
		});
	},
	60_000,
);
