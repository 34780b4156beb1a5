import { afterEach, describe, expect, test } from "vitest";
import { judgeAll } from "../../bench/event-line-cases.ts";
import { makeCases } from "../../bench/event-to-line.ts";
import { searchCodebase } from "../../tools/search_codebase.ts";
import { part } from "../part.ts";
import { rowOf, type Stage, setStage } from "../production/stage.ts";
import { blindEventCases, eventCases, heldOutEventCases } from "./corpus/event-lines.ts";
import { type TestRepository, testRepository } from "./repository.ts";

const signal = new AbortController().signal;
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of open.splice(0)) await close();
});

test("of codes with several raising lines, the right one comes first in 90 % and more", async () => {
	const all = [...eventCases, ...heldOutEventCases, ...blindEventCases];
	expect(all.length).toBeGreaterThanOrEqual(60);
	const cases = part(all, 4);
	const codeOf = (index: number) => `CASE_${index}_FAILED`;
	const files = cases.flatMap((one, index) =>
		Object.entries(one.files).map(
			([path, text]) => [`case${index}/${path}`, text.replaceAll("THE_CODE", codeOf(index))] as const,
		),
	);
	const repository = await testRepository(Object.fromEntries(files));
	open.push(() => repository.remove());
	const wrong: string[] = [];
	for (const [index, { name, shapes, right }] of cases.entries()) {
		const total = shapes.reduce((sum, { count }) => sum + count, 0);
		const ask = async () => ({ shapes, total, from: 0, to: 1 });
		const request = { errorCode: codeOf(index), history: false };
		const [first] = (await repository.search.search(request, signal, ask)).files;
		const place = `${first?.path}:${first?.items[0]?.line}`;
		if (place !== `case${index}/${right.path}:${right.line}`) wrong.push(`${name}: ${place}`);
	}
	expect(1 - wrong.length / cases.length, wrong.join("\n")).toBeGreaterThanOrEqual(0.9);
}, 120_000);

test("what names the function, its values and its callers tells its line", async () => {
	const ways = [
		"a router names the handlers",
		"a set of statuses",
		"Python, a decorator with the action",
		"instances of two classes",
		"a module that names its skill",
		"named statuses",
		"the caller asks for the provider",
		"cases that fall through",
	];
	const cases = makeCases(1, 1).filter(({ way }) => ways.includes(way));
	const judged = await judgeAll(cases);
	expect(judged).toHaveLength(ways.length);
	expect(judged.filter(({ isFirst }) => !isFirst)).toEqual([]);
}, 60_000);

describe("through the whole tool", () => {
	const files = {
		"src/a-outlook.ts":
			"export function call(res: Res) {\n  if (res.status === 401) throw new AppError('THE_CODE');\n}\n",
		"src/gmail.ts":
			"export function call(res: Res) {\n  if (res.status === 429) throw new AppError('THE_CODE');\n}\n",
	};
	const now = Date.parse("2026-11-23T20:00:00Z") / 1000;

	async function given(): Promise<{ readonly stage: Stage; readonly repository: TestRepository }> {
		const repository = await testRepository(files);
		const rows = Array.from({ length: 12 }, (_, at) => ({
			at: now - 3600 * (at + 1),
			code: "THE_CODE",
			...(at < 11 ? { provider: "gmail", status: 429 } : {}),
		}));
		const old = { at: now - 8 * 86_400, code: "THE_CODE", provider: "outlook", status: 401 };
		const stage = await setStage({
			now,
			repository: repository.root,
			fill: (db) => db.insert("error_events", [...rows, old].map(rowOf)),
		});
		open.push(
			() => stage.close(),
			() => repository.remove(),
		);
		return { stage, repository };
	}

	async function ask({ services }: Stage, args: Record<string, unknown>): Promise<string> {
		const context = { services, signal, progress: () => undefined };
		return (await searchCodebase.run(searchCodebase.input.parse(args), context)).text;
	}

	test("lines that events cannot tell apart are called alike, and what no event names claims nothing", async () => {
		const repository = await testRepository({
			"src/gmail.ts":
				"export function call(res: Res) {\n  if (!res.id) throw new AppError('ALIKE');\n  if (!res.rows) throw new AppError('ALIKE');\n}\n",
			"src/lever.ts":
				"export function call(res: Res) {\n  switch (res.status) {\n    case 404:\n      throw new AppError('OTHERWISE');\n    default:\n      throw new AppError('OTHERWISE');\n  }\n}\n",
			"src/any.ts":
				"export function one(up: boolean) {\n  if (!up) throw new AppError('UNTOLD');\n}\n\nexport function two(up: boolean) {\n  if (!up) throw new AppError('UNTOLD');\n}\n",
		});
		const rows = ["ALIKE", "OTHERWISE", "UNTOLD"].flatMap((code) =>
			Array.from({ length: 5 }, (_, at) => ({
				at: now - 60 * (at + 1),
				code,
				provider: "gmail",
				status: 429,
			})),
		);
		const stage = await setStage({
			now,
			repository: repository.root,
			fill: (db) => db.insert("error_events", rows.map(rowOf)),
		});
		open.push(
			() => stage.close(),
			() => repository.remove(),
		);
		expect(await ask(stage, { error_code: "ALIKE" })).toMatch(
			/do not tell the first 2 apart\.[\s\S]*fits 5 of 5: provider gmail; alike[\s\S]*fits 5 of 5: provider gmail; alike/,
		);
		expect(await ask(stage, { error_code: "OTHERWISE" })).toMatch(
			/6: [^\n]*\n[^\n]*\n {2}fits 5 of 5: status 429\n[\s\S]*\n4: [\s\S]*its conditions exclude 5 of 5/,
		);
		const untold = await ask(stage, { error_code: "UNTOLD" });
		expect(untold).toMatch(/Nothing tells which of the 2 raising lines raised its 5 events/);
		expect(untold).not.toMatch(/fits|alike/);
	});

	test("the lines are ranked, with the share that fits and why, within two queries", async () => {
		const { stage } = await given();
		const answer = await ask(stage, { error_code: "THE_CODE" });
		expect(answer).toMatch(
			/Raising lines are ranked by its 12 events from 2026-11-16T20:00:00Z to 2026-11-23T20:00:00Z\./,
		);
		expect(answer).toMatch(
			/# raises\nsrc\/gmail\.ts[\s\S]*fits 11 of 12: provider gmail, status 429[\s\S]*a-outlook\.ts/,
		);
		expect(stage.queries().length).toBeLessThanOrEqual(2);
	});

	test("not asked: evidence is false, one line raises it, a query; not there: said", async () => {
		const { stage, repository } = await given();
		expect(await ask(stage, { error_code: "THE_CODE", evidence: false })).toMatch(/# raises\nsrc\/a-outlook/);
		await ask(stage, { query: "THE_CODE" });
		await repository.write({ "src/a-outlook.ts": "\n" });
		expect(await ask(stage, { error_code: "THE_CODE" })).not.toContain("fits");
		expect(stage.queries()).toEqual([]);
		await repository.write(files);
		await stage.sandbox.close();
		expect(await ask(stage, { error_code: "THE_CODE" })).toMatch(
			/Raising lines are not ranked by events: [\s\S]*# raises\nsrc\/a-outlook/,
		);
	});
});
