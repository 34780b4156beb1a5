import { afterEach, describe, expect, test } from "vitest";
import { type Asked, askable } from "./ask.ts";

let repository: Asked | undefined;
afterEach(() => repository?.remove());

/** What the answer says of where THE_CODE goes, line by line. */
async function goesOn(files: Record<string, string>): Promise<readonly string[]> {
	repository = await askable(files);
	const answer = await repository.ask({ error_code: "THE_CODE" });
	const [, part = ""] =
		/# goes on[^\n]*\n([\s\S]*?)(?=\n# |\n<\/untrusted>|\nNo way from here)/.exec(answer) ?? [];
	return part.split("\n");
}

const appError =
	"export class AppError extends Error {\n  constructor(readonly code: string) { super(code); }\n}\n";

describe("callers", () => {
	test("of a function that returns an error made of the code, up to what catches it", async () => {
		expect(
			await goesOn({
				"src/errors.ts": appError,
				"src/classify.ts":
					"import { AppError } from './errors.js';\nexport function toError(status: number) {\n  if (status === 429) return new AppError('THE_CODE');\n  return new AppError('OTHER_CODE');\n}\n",
				"src/gmail.ts":
					"import { toError } from './classify.js';\nexport async function send(draft: Draft) {\n  const res = await fetch(url);\n  if (!res.ok) throw toError(res.status);\n}\n",
				"src/worker.ts":
					"import { send } from './gmail.js';\nexport async function runJob(job: Job) {\n  try {\n    await send(job.draft);\n  } catch (error) {\n    await db.update(automationRuns).set({ status: 'failed', errorCode: error.code });\n  }\n}\n",
			}),
		).toEqual([
			"toError is called at src/gmail.ts:4 in send -> thrown",
			"send is called at src/worker.ts:4 in runJob -> table automationRuns",
		]);
	});

	test("of a code that is given to a constructor two functions further", async () => {
		expect(
			await goesOn({
				"src/errors.ts": appError,
				"src/code-of.ts":
					"export function codeOf(status: number) {\n  return status === 429 ? 'THE_CODE' : 'X_Y';\n}\n",
				"src/make.ts":
					"import { codeOf } from './code-of';\nimport { AppError } from './errors';\nexport function makeError(status: number) {\n  const code = codeOf(status);\n  return new AppError(code);\n}\n",
				"src/use.ts":
					"import { makeError } from './make';\nexport function use(res: Response) {\n  throw makeError(res.status);\n}\n",
			}),
		).toEqual([
			"codeOf is called at src/make.ts:4 in makeError -> returned by makeError",
			"makeError is called at src/use.ts:3 in use -> thrown",
		]);
	});

	test("through a default export, an alias, a re-export and a package of the workspace", async () => {
		const found = await goesOn({
			"packages/shared/package.json": '{"name":"@acme/shared"}\n',
			"packages/shared/src/index.ts":
				"export * from './classify.js';\nexport { default as pick } from './pick.js';\n",
			"packages/shared/src/classify.ts": "export function classify() {\n  return 'THE_CODE';\n}\n",
			"packages/shared/src/pick.ts": "export default function pickCode() {\n  return 'THE_CODE';\n}\n",
			"apps/api/a.ts":
				"import { classify as nameIt } from '@acme/shared';\nexport const a = () => report(nameIt());\n",
			"apps/api/b.ts": "import { pick } from '@acme/shared';\nexport const b = () => report(pick());\n",
			"apps/api/c.ts":
				"import anything from '../../packages/shared/src/pick.js';\nexport const c = () => report(anything());\n",
			"apps/api/d.ts":
				"import * as shared from '@acme/shared';\nexport const d = () => report(shared.classify());\n",
		});
		expect(found.map((line) => /at (\S+)/.exec(line)?.[1]).sort()).toEqual([
			"apps/api/a.ts:2",
			"apps/api/b.ts:2",
			"apps/api/c.ts:2",
			"apps/api/d.ts:2",
		]);
	});

	test("of methods of objects and classes", async () => {
		const found = await goesOn({
			"src/errors.ts":
				"export const errors = {\n  of(status: number) {\n    return 'THE_CODE';\n  },\n  name: () => 'THE_CODE',\n};\n",
			"src/client.ts":
				"export class Client {\n  explain(res: Response) {\n    return 'THE_CODE';\n  }\n  private run() {\n    log(this.explain(res));\n  }\n}\n",
			"src/use.ts":
				"import { errors } from './errors';\nimport { Client } from './client';\nclass Service {\n  constructor(private readonly client: Client) {}\n  go() {\n    report(errors.of(429));\n    report(errors.name());\n    report(this.client.explain(res));\n  }\n}\n",
			"src/other.ts":
				"const things = { of: (x: number) => x, explain() {} };\nreport(things.of(1));\nreport(things.explain());\n",
		});
		expect(found.map((line) => /^(\S+) is called at (\S+)/.exec(line)?.slice(1).join(" ")).sort()).toEqual([
			"explain src/client.ts:6",
			"explain src/use.ts:8",
			"name src/use.ts:7",
			"of src/use.ts:6",
		]);
	});

	test("a handler that is given to a router or a queue", async () => {
		expect(
			await goesOn({
				"src/run.ts": "export async function postRun(c: Context) {\n  throw new AppError('THE_CODE');\n}\n",
				"src/app.ts":
					"import { postRun } from './run.js';\nrouter.post('/runs', auth, postRun);\nnew Worker('runs', postRun);\n",
			}),
		).toEqual([
			'postRun is given to router.post("/runs") at src/app.ts:2',
			'postRun is given to Worker("runs") at src/app.ts:3',
		]);
	});

	test("Python's and Go's", async () => {
		expect(
			await goesOn({
				"app/errors.py": 'def classify(status):\n    return "THE_CODE"\n',
				"app/use.py": "from .errors import classify\n\ndef send():\n    raise AppError(classify(429))\n",
				"app/other.py": "def classify(x):\n    return x\n\nclassify(1)\n",
				"go/errs/errs.go": 'package errs\n\nfunc Classify(s int) string {\n\treturn "THE_CODE"\n}\n',
				"go/main.go":
					'package main\n\nimport "example.com/go/errs"\n\nfunc run() {\n\treport(errs.Classify(429))\n}\n',
			}),
		).toEqual([
			"classify is called at app/use.py:4 in send -> thrown",
			"Classify is called at go/main.go:6 in run -> report()",
		]);
	});
});

describe("two functions of one name in two files", () => {
	test("are told apart by file and import", async () => {
		expect(
			await goesOn({
				"src/a.ts":
					"import { logUsage } from './usage-a';\nfunction classify() {\n  return 'THE_CODE';\n}\nexport function one() {\n  logUsage({ code: classify() });\n}\n",
				"src/usage-a.ts":
					"export async function logUsage(row: Row) {\n  await db.insert(skillUsageLogs).values(row);\n}\n",
				"src/b.ts":
					"function classify() {\n  return 'OTHER';\n}\nasync function logUsage(row: Row) {\n  await db.insert(billingEvents).values(row);\n}\nexport function two() {\n  logUsage({ code: classify() });\n}\n",
			}),
		).toEqual([
			"classify is called at src/a.ts:6 in one -> logUsage()",
			"logUsage (src/usage-a.ts:1) -> table skillUsageLogs",
		]);
	});

	test("and by the function around them", async () => {
		expect(
			await goesOn({
				"src/a.ts":
					"export function one() {\n  const name = () => 'THE_CODE';\n  report(name());\n}\nexport function two() {\n  const name = () => 'x';\n  report(name());\n}\n",
			}),
		).toEqual(["name is called at src/a.ts:3 in one -> report()"]);
	});
});

describe("where the code goes", () => {
	test("a variable is followed in its own scope only", async () => {
		const found = await goesOn({
			"src/codes.ts": "export function pick() {\n  return 'THE_CODE';\n}\n",
			"src/route.ts":
				"import { pick } from './codes';\nexport async function route(c: Context) {\n  if (a) {\n    const errorCode = pick();\n    await db.insert(automationRuns).values({ errorCode });\n  } else {\n    const errorCode = 'OTHER';\n    return c.json({ errorCode }, 400);\n  }\n  list.map((errorCode) => res.json({ errorCode }));\n}\n",
		});
		expect(found).toEqual(["pick is called at src/route.ts:4 in route -> table automationRuns"]);
	});

	test("from the raising line itself, by way of its catch", async () => {
		const found = await goesOn({
			"src/worker.ts":
				"export async function tick(job: Job) {\n  try {\n    if (!job.owner) throw new AppError('THE_CODE');\n  } catch (error) {\n    await fail(job, error);\n  }\n}\nasync function fail(job: Job, error: AppError) {\n  await sql`UPDATE automation_runs SET error_code = ${error.code}`;\n  await db.execute('UPDATE automation_runs SET error_code = ?', [error.code]);\n}\n",
		});
		expect(found).toEqual(["fail (src/worker.ts:8) -> table automation_runs"]);
	});

	test("no raising line that leads to error_events: what writes it is named", async () => {
		repository = await askable({
			"src/run.ts": "export function run() {\n  throw new AppError('THE_CODE');\n}\n",
			"src/routes/errors.ts":
				"app.post('/errors', async (c) => {\n  await db.insert(errorEvents).values(await c.req.json());\n});\n",
		});
		const answer = await repository.ask({ error_code: "THE_CODE" });
		expect(answer).toMatch(
			/No way from here to error_events was found, so clients may have sent these; it is written at:\nsrc\/routes\/errors\.ts:2 /,
		);
		await repository.write({
			"src/run.ts":
				"export async function run() {\n  const code = 'THE_CODE';\n  await db.insert(errorEvents).values({ code });\n}\n",
		});
		expect(await repository.ask({ error_code: "THE_CODE" })).not.toContain("No way from here");
	});

	test("callers beyond those that are shown are counted, with the call that lists them", async () => {
		const found = await goesOn({
			"src/classify.ts": "export function classify() {\n  return 'THE_CODE';\n}\n",
			...Object.fromEntries(
				Array.from({ length: 11 }, (_, at) => [
					`src/use${at}.ts`,
					"import { classify } from './classify';\nreport(classify());\n",
				]),
			),
		});
		expect(found.filter((line) => line.startsWith("classify is called"))).toHaveLength(8);
		expect(found).toContain('and 3 more callers: query "classify" with mode word');
	});
});
