// Codes that several lines raise, with the events of each and the line that raised them.

import type { Shape } from "../../../src/codebase/evidence/condition.ts";

export interface EventCase {
	readonly name: string;
	readonly files: Readonly<Record<string, string>>;
	readonly shapes: readonly Shape[];
	/** Contained in the line that raised most of the events. */
	readonly right: { readonly path: string; readonly line: number };
}

interface Story {
	readonly provider: string;
	readonly other: string;
	readonly action: string;
	readonly otherAction: string;
	readonly skill: string;
	readonly status: number;
	readonly otherStatus: number;
}

const stories: readonly Story[] = [
	{
		provider: "gmail",
		other: "outlook",
		action: "create_draft",
		otherAction: "list_messages",
		skill: "morning-briefing",
		status: 429,
		otherStatus: 401,
	},
	{
		provider: "greenhouse",
		other: "lever",
		action: "sync_candidates",
		otherAction: "get_job",
		skill: "rank-candidates",
		status: 401,
		otherStatus: 404,
	},
	{
		provider: "linkedin",
		other: "indeed",
		action: "scrape_profile",
		otherAction: "open_page",
		skill: "profile-summary",
		status: 403,
		otherStatus: 500,
	},
	{
		provider: "anthropic",
		other: "openai",
		action: "stream",
		otherAction: "embed",
		skill: "offer-letter",
		status: 503,
		otherStatus: 429,
	},
	{
		provider: "google-calendar",
		other: "calendly",
		action: "find_slots",
		otherAction: "book",
		skill: "schedule-interview",
		status: 404,
		otherStatus: 409,
	},
	{
		provider: "slack",
		other: "teams",
		action: "post_message",
		otherAction: "list_channels",
		skill: "standup-notes",
		status: 500,
		otherStatus: 403,
	},
];

const camel = (text: string) => text.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (text: string) => camel(text).replace(/^\w/, (letter) => letter.toUpperCase());

type Made = Pick<EventCase, "files" | "right">;

/** Ways in which code is written; the right line is marked `//!`, in Python and Go too. */
const ways: Readonly<Record<string, (story: Story) => Readonly<Record<string, string>>>> = {
	"a file for each provider": ({ provider, other }) => ({
		[`src/integrations/${other}.ts`]:
			"export async function call(req: Req) {\n  const res = await fetch(req.url);\n  if (!res.ok) throw new AppError('THE_CODE');\n}\n",
		[`src/integrations/${provider}.ts`]:
			"export async function call(req: Req) {\n  const res = await fetch(req.url);\n  if (!res.ok) throw new AppError('THE_CODE'); //!\n}\n",
	}),
	"a class for each provider": ({ provider, other }) => ({
		"src/clients.ts": `export class ${pascal(other)}Client {\n  async send(req: Req) {\n    if (!req.token) {\n      throw new AppError('THE_CODE');\n    }\n  }\n}\n\nexport class ${pascal(provider)}Client {\n  async send(req: Req) {\n    if (!req.token) {\n      throw new AppError('THE_CODE'); //!\n    }\n  }\n}\n`,
	}),
	"a switch on the provider": ({ provider, other }) => ({
		"src/route.ts": `export function check(integration: Integration) {\n  switch (integration.provider) {\n    case '${other}':\n      if (!integration.ok) throw new AppError('THE_CODE');\n      break;\n    case '${provider}':\n      if (!integration.ok) throw new AppError('THE_CODE'); //!\n      break;\n    default:\n      throw new AppError('OTHER_CODE');\n  }\n}\n`,
	}),
	"conditions on the status": ({ status, otherStatus }) => ({
		"src/proxy.ts": `export async function proxy(req: Req) {\n  const res = await fetch(req.url);\n  if (res.status === ${otherStatus}) {\n    throw new AppError('THE_CODE', 'gone');\n  }\n  if (res.status === ${status}) {\n    throw new AppError('THE_CODE', 'busy'); //!\n  }\n  return res;\n}\n`,
	}),
	"early exits and a rest": ({ status, otherStatus }) => ({
		"src/proxy.ts": `export async function proxy(res: Res) {\n  if (res.status !== ${status}) {\n    if (res.status === ${otherStatus}) return fail('THE_CODE');\n    return res;\n  }\n  return fail('THE_CODE'); //!\n}\n`,
	}),
	"functions named after actions": ({ action, otherAction }) => ({
		"src/actions.ts": `export async function ${camel(otherAction)}(req: Req) {\n  const token = await freshToken(req);\n  if (!token) throw new AppError('THE_CODE');\n}\n\nexport async function ${camel(action)}(req: Req) {\n  const token = await freshToken(req);\n  if (!token) throw new AppError('THE_CODE'); //!\n}\n`,
	}),
	"a route for each action": ({ action, otherAction }) => ({
		"src/routes.ts": `app.post('/${otherAction.replaceAll("_", "-")}', async (c) => {\n  if (!c.user) return c.json({ error: { code: 'THE_CODE' } }, 400);\n  return c.json({});\n});\n\napp.post('/${action.replaceAll("_", "-")}', async (c) => {\n  if (!c.user) return c.json({ error: { code: 'THE_CODE' } }, 400); //!\n  return c.json({});\n});\n`,
	}),
	"helpers whose callers differ": ({ provider, other }) => ({
		"src/lib/first.ts":
			"export function first(ok: boolean) {\n  if (!ok) throw new AppError('THE_CODE');\n}\n",
		"src/lib/second.ts":
			"export function second(ok: boolean) {\n  if (!ok) throw new AppError('THE_CODE'); //!\n}\n",
		[`src/${other}/use.ts`]:
			"import { first } from '../lib/first.js';\nexport function run(req: Req) {\n  first(req.ok);\n}\n",
		[`src/${provider}/use.ts`]:
			"import { second } from '../lib/second.js';\nexport function run(req: Req) {\n  second(req.ok);\n}\n",
	}),
	"a folder for each skill": ({ skill }) => ({
		"skills/daily-report/run.ts":
			"export async function run(ctx: Ctx) {\n  if (!ctx.rows.length) throw new SkillError('THE_CODE');\n}\n",
		[`skills/${skill}/run.ts`]:
			"export async function run(ctx: Ctx) {\n  if (!ctx.rows.length) throw new SkillError('THE_CODE'); //!\n}\n",
		"skills/weekly-report/run.ts":
			"export async function run(ctx: Ctx) {\n  if (!ctx.rows.length) throw new SkillError('THE_CODE');\n}\n",
	}),
	"what is reported with the code": ({ provider, other, action }) => ({
		"src/report.ts": `export async function run(job: Job) {\n  if (job.kind === 'a') {\n    await report({ code: 'THE_CODE', provider: '${other}' });\n    return;\n  }\n  await report({ code: 'THE_CODE', provider: '${provider}', action: '${action}' }); //!\n}\n`,
	}),
	"Python, by exception and module": ({ provider, other }) => ({
		[`app/${other.replaceAll("-", "_")}_client.py`]:
			'def call(req):\n    try:\n        send(req)\n    except TimeoutError:\n        raise AppError("THE_CODE")\n',
		[`app/${provider.replaceAll("-", "_")}_client.py`]:
			'def call(req):\n    try:\n        send(req)\n    except TimeoutError:\n        raise AppError("THE_CODE")  #!\n',
	}),
	"Go, by status": ({ status, otherStatus }) => ({
		"pkg/call.go": `package pkg\n\nfunc Call(res *Response) error {\n\tif res.StatusCode == ${otherStatus} {\n\t\treturn NewError("THE_CODE")\n\t}\n\tif res.StatusCode == ${status} {\n\t\treturn NewError("THE_CODE") //!\n\t}\n\treturn nil\n}\n`,
	}),
};

/** Written after the ranking; two of them showed what it lacked. */
const heldOutWays: typeof ways = {
	"a switch on the status": ({ status, otherStatus }) => ({
		"src/explain.ts": `export function explain(status: number) {\n  switch (status) {\n    case ${otherStatus}:\n      return new AppError('THE_CODE', 'a');\n    case ${status}:\n      return new AppError('THE_CODE', 'b'); //!\n    default:\n      return undefined;\n  }\n}\n`,
	}),
	"an else": ({ provider, other }) => ({
		"src/token.ts": `export async function token(integration: Integration) {\n  if (integration.provider === '${other}') {\n    if (!integration.key) throw new AppError('THE_CODE');\n  } else {\n    if (!integration.key) throw new AppError('THE_CODE'); //!\n  }\n  return ${camel(provider)};\n}\n`,
	}),
	"a table by status": ({ status, otherStatus }) => ({
		"src/table.ts": `export const byStatus: Record<number, string> = {\n  ${otherStatus}: 'THE_CODE',\n  ${status}: 'THE_CODE', //!\n};\n`,
	}),
	"several conditions": ({ provider, other, status }) => ({
		"src/check.ts": `export function check(provider: string, res: Res) {\n  if (provider === '${other}' && res.status >= 400) {\n    throw new AppError('THE_CODE');\n  }\n  if (provider === '${provider}' && res.status === ${status}) {\n    throw new AppError('THE_CODE'); //!\n  }\n}\n`,
	}),
	"two levels of callers": ({ provider, other }) => ({
		"src/a.ts": "export function ensureA(x: unknown) {\n  if (!x) throw new AppError('THE_CODE');\n}\n",
		"src/b.ts": "export function ensureB(x: unknown) {\n  if (!x) throw new AppError('THE_CODE'); //!\n}\n",
		"src/mid-a.ts":
			"import { ensureA } from './a.js';\nexport function midA(x: unknown) {\n  ensureA(x);\n}\n",
		"src/mid-b.ts":
			"import { ensureB } from './b.js';\nexport function midB(x: unknown) {\n  ensureB(x);\n}\n",
		[`src/${other}.ts`]:
			"import { midA } from './mid-a.js';\nexport function run(x: unknown) {\n  midA(x);\n}\n",
		[`src/${provider}.ts`]:
			"import { midB } from './mid-b.js';\nexport function run(x: unknown) {\n  midB(x);\n}\n",
	}),
	"a caught error's status": ({ status, otherStatus }) => ({
		"src/caught.ts": `export async function load(client: Client) {\n  try {\n    return await client.load();\n  } catch (error) {\n    if (error.response?.status === ${otherStatus}) throw new AppError('THE_CODE', 'x');\n    if (error.response?.status === ${status}) throw new AppError('THE_CODE', 'y'); //!\n    throw error;\n  }\n}\n`,
	}),
	"Python, a dictionary of actions": ({ action, otherAction }) => ({
		"app/actions.py": `def ${otherAction}(req):\n    if not req.token:\n        return {"code": "THE_CODE"}\n\n\ndef ${action}(req):\n    if not req.token:\n        return {"code": "THE_CODE"}  #!\n`,
	}),
	"jobs of a skill": ({ skill }) => ({
		"src/jobs/nightly.ts":
			"export const nightly = defineJob('nightly-report', async (ctx) => {\n  if (!ctx.user) throw new AppError('THE_CODE');\n});\n",
		"src/jobs/other.ts": `export const other = defineJob('${skill}', async (ctx) => {\n  if (!ctx.user) throw new AppError('THE_CODE'); //!\n});\n`,
	}),
};

/** Written last: nothing was fitted to these. */
const blindWays: typeof ways = {
	"a constant for the provider": ({ provider, other }) => ({
		"src/left.ts": `const PROVIDER = '${other}';\nexport class Left {\n  async get(req: Req) {\n    if (!req.ok) throw new AppError('THE_CODE', { provider: PROVIDER });\n  }\n}\n`,
		"src/right.ts": `const PROVIDER = '${provider}';\nexport class Right {\n  async get(req: Req) {\n    if (!req.ok) throw new AppError('THE_CODE', { provider: PROVIDER }); //!\n  }\n}\n`,
	}),
	"a list of statuses": ({ status, otherStatus }) => ({
		"src/lists.ts": `export function nameOf(status: number) {\n  if ([${otherStatus}, 418].includes(status)) return 'THE_CODE';\n  if ([${status}, 599].includes(status)) return 'THE_CODE'; //!\n  return undefined;\n}\n`,
	}),
	"a ternary on the action": ({ action, otherAction }) => ({
		"src/pick.ts": `export function pick(action: string) {\n  if (action === '${otherAction}') return { code: 'THE_CODE', at: 1 };\n  return action === '${action}'\n    ? { code: 'THE_CODE', at: 2 } //!\n    : undefined;\n}\n`,
	}),
	"a method called by one integration": ({ provider, other }) => ({
		"src/base.ts":
			"export class Base {\n  ensure(x: unknown) {\n    if (!x) throw new AppError('THE_CODE');\n  }\n  require(x: unknown) {\n    if (!x) throw new AppError('THE_CODE'); //!\n  }\n}\n",
		[`src/${other}/client.ts`]:
			"import { Base } from '../base.js';\nexport class Client extends Base {\n  run(x: unknown) {\n    this.ensure(x);\n  }\n}\n",
		[`src/${provider}/client.ts`]:
			"import { Base } from '../base.js';\nexport class Client extends Base {\n  run(x: unknown) {\n    this.require(x);\n  }\n}\n",
	}),
	"a server error or another": ({ status }) => ({
		"src/range.ts": `export function check(res: Res) {\n  if (res.status ${status >= 500 ? "<" : ">="} 500) throw new AppError('THE_CODE', 'a');\n  throw new AppError('THE_CODE', 'b'); //!\n}\n`,
	}),
};

/** The events' own spread: most fit, some are clients' without a word, some are another line's. */
function shapesOf({
	provider,
	other,
	action,
	otherAction,
	skill,
	status,
	otherStatus,
}: Story): readonly Shape[] {
	const none = { provider: null, action: null, httpStatus: null, skill: null };
	return [
		{ provider, action, httpStatus: status, skill, count: 240 },
		{ provider, action, httpStatus: status, skill: null, count: 51 },
		{ ...none, count: 8 },
		{ provider: other, action: otherAction, httpStatus: otherStatus, skill: "daily-report", count: 5 },
	];
}

function made(files: Readonly<Record<string, string>>): Made {
	for (const [path, text] of Object.entries(files)) {
		const line = text.split("\n").findIndex((one) => /\s*(\/\/|#)!$/.test(one)) + 1;
		if (line === 0) continue;
		const clean = Object.fromEntries(
			Object.entries(files).map(([name, content]) => [name, content.replace(/\s*(\/\/|#)!$/m, "")]),
		);
		return { files: clean, right: { path, line } };
	}
	throw new Error("no line is marked");
}

function casesOf(some: typeof ways): readonly EventCase[] {
	return stories.flatMap((story) =>
		Object.entries(some).map(([name, way]) => ({
			name: `${name}: ${story.provider}`,
			...made(way(story)),
			shapes: shapesOf(story),
		})),
	);
}

export const eventCases: readonly EventCase[] = casesOf(ways);
export const heldOutEventCases: readonly EventCase[] = casesOf(heldOutWays);
export const blindEventCases: readonly EventCase[] = casesOf(blindWays);
