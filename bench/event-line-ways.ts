// Ways in which several lines of a code base raise one code; the line that raised most of its events is marked `//!`.

import { camel, pascal, upper } from "./incident-domain.ts";

/** What the events of one line say. */
export interface Said {
	readonly provider: string;
	readonly action: string;
	readonly skill: string;
	readonly status: number;
}

export type Way = (right: Said, wrong: Said, third: Said) => Readonly<Record<string, string>>;

const snake = (text: string) => text.replace(/-/g, "_");

export const typescriptWays: Readonly<Record<string, Way>> = {
	"callers pass the code": (right, wrong) => ({
		"src/deny.ts": "export function deny(code: string): never {\n  throw new Fault(code);\n}\n",
		[`src/partners/${wrong.provider}.ts`]: `import { deny } from '../deny.js';\n\nexport async function fetchAll(session: Session) {\n  if (session.ended) deny('THE_CODE');\n  return session.rows;\n}\n`,
		[`src/partners/${right.provider}.ts`]: `import { deny } from '../deny.js';\n\nexport async function fetchAll(session: Session) {\n  if (session.ended) deny('THE_CODE'); //!\n  return session.rows;\n}\n`,
	}),
	"callers pass the provider": (right, wrong) => ({
		"src/limits.ts":
			"export function checkDaily(used: number, provider: string) {\n  if (used > 100) throw new Fault('THE_CODE', { provider });\n}\n\nexport function checkHourly(used: number, provider: string) {\n  if (used > 10) throw new Fault('THE_CODE', { provider }); //!\n}\n",
		"src/daily.ts": `import { checkDaily } from './limits.js';\n\nexport function daily(used: number) {\n  checkDaily(used, '${wrong.provider}');\n}\n`,
		"src/hourly.ts": `import { checkHourly } from './limits.js';\n\nexport function hourly(used: number) {\n  checkHourly(used, '${right.provider}');\n}\n`,
	}),
	"subclasses of one base": (right, wrong, third) => ({
		"src/base-link.ts":
			"export abstract class BaseLink {\n  abstract readonly name: string;\n  abstract open(key: string): void;\n}\n",
		...Object.fromEntries(
			[wrong, right, third].map((said) => [
				`src/links/${said.provider}-link.ts`,
				`import { BaseLink } from '../base-link.js';\n\nexport class Link extends BaseLink {\n  readonly name = '${said.provider}';\n\n  open(key: string) {\n    if (key === '') {\n      throw new Fault('THE_CODE');${said === right ? " //!" : ""}\n    }\n  }\n}\n`,
			]),
		),
	}),
	"a map from status, by partner": (right, wrong) => ({
		"src/codes.ts": `export const ${camel(wrong.provider)}Codes: Record<number, string> = {\n  ${wrong.status}: 'THE_CODE',\n  500: 'OTHER_CODE',\n};\n\nexport const ${camel(right.provider)}Codes: Record<number, string> = {\n  ${right.status}: 'THE_CODE', //!\n  500: 'OTHER_CODE',\n};\n`,
	}),
	"else if, on the status": (right, wrong, third) => ({
		"src/reply.ts": `export function read(reply: Reply) {\n  if (reply.status === ${wrong.status}) {\n    throw new Fault('THE_CODE', 'one');\n  } else if (reply.status === ${right.status}) {\n    throw new Fault('THE_CODE', 'two'); //!\n  } else if (reply.status === ${third.status}) {\n    throw new Fault('THE_CODE', 'three');\n  }\n  return reply.body;\n}\n`,
	}),
	"a switch on the action": (right, wrong, third) => ({
		"src/dispatch.ts": `export function dispatch(action: string, body: Body) {\n  switch (action) {\n    case '${third.action}':\n      if (!body.id) throw new Fault('THE_CODE');\n      return one(body);\n    case '${right.action}':\n      if (!body.id) throw new Fault('THE_CODE'); //!\n      return two(body);\n    case '${wrong.action}':\n      if (!body.id) throw new Fault('THE_CODE');\n      return three(body);\n  }\n}\n`,
	}),
	"the other one returns early": (right, wrong) => ({
		"src/early.ts": `export function ready(provider: string, state: State) {\n  if (provider === '${wrong.provider}') {\n    if (!state.up) throw new Fault('THE_CODE');\n    return;\n  }\n  if (!state.up) throw new Fault('THE_CODE'); //!\n}\n\nexport const known = ['${right.provider}', '${wrong.provider}'];\n`,
	}),
	"a router names the handlers": (right, wrong) => ({
		"src/router.ts": `import { first } from './first.js';\nimport { second } from './second.js';\n\nrouter.post('/${wrong.action.replaceAll("_", "-")}', first);\nrouter.post('/${right.action.replaceAll("_", "-")}', second);\n`,
		"src/first.ts":
			"export async function first(c: Context) {\n  if (!c.body) return c.json({ code: 'THE_CODE' }, 400);\n  return c.json({});\n}\n",
		"src/second.ts":
			"export async function second(c: Context) {\n  if (!c.body) return c.json({ code: 'THE_CODE' }, 400); //!\n  return c.json({});\n}\n",
	}),
	"a table names the skills": (right, wrong) => ({
		"src/runners.ts": `import { alpha } from './alpha.js';\nimport { beta } from './beta.js';\n\nexport const runners = {\n  '${wrong.skill}': alpha,\n  '${right.skill}': beta,\n};\n`,
		"src/alpha.ts":
			"export async function alpha(input: Input) {\n  if (input.rows.length === 0) throw new Fault('THE_CODE');\n}\n",
		"src/beta.ts":
			"export async function beta(input: Input) {\n  if (input.rows.length === 0) throw new Fault('THE_CODE'); //!\n}\n",
	}),
	"a set of statuses": (right, wrong) => ({
		"src/sets.ts": `const closed = new Set([${wrong.status}, 418]);\nconst busy = new Set([${right.status}, 599]);\n\nexport function check(status: number) {\n  if (closed.has(status)) throw new Fault('THE_CODE', 'closed');\n  if (busy.has(status)) throw new Fault('THE_CODE', 'busy'); //!\n}\n`,
	}),
	"a constant of the module": (right, wrong) => ({
		"src/one.ts": `const partner = '${wrong.provider}';\n\nexport async function load(id: string) {\n  const found = await get(partner, id);\n  if (found === undefined) throw new Fault('THE_CODE');\n  return found;\n}\n`,
		"src/two.ts": `const partner = '${right.provider}';\n\nexport async function load(id: string) {\n  const found = await get(partner, id);\n  if (found === undefined) throw new Fault('THE_CODE'); //!\n  return found;\n}\n`,
	}),
	"an address of the partner": (right, wrong, third) => ({
		"src/calls.ts": [wrong, right, third]
			.map(
				(said, index) =>
					`export async function call${index}(id: string) {\n  const answer = await fetch(\`https://api.${said.provider}.example/v1/\${id}\`);\n  if (!answer.ok) throw new Fault('THE_CODE');${said === right ? " //!" : ""}\n  return answer.json();\n}\n`,
			)
			.join("\n"),
	}),
	"members of an enum": (right, wrong) => ({
		"src/kinds.ts": `export enum Partner {\n  ${pascal(wrong.provider)} = '${wrong.provider}',\n  ${pascal(right.provider)} = '${right.provider}',\n}\n`,
		"src/enum.ts": `import { Partner } from './kinds.js';\n\nexport function check(partner: Partner, state: State) {\n  if (partner === Partner.${pascal(wrong.provider)} && !state.up) {\n    throw new Fault('THE_CODE');\n  }\n  if (partner === Partner.${pascal(right.provider)} && !state.up) {\n    throw new Fault('THE_CODE'); //!\n  }\n}\n`,
	}),
	"ranges of statuses": (right, wrong) => ({
		"src/ranges.ts":
			right.status > wrong.status
				? `export function check(status: number) {\n  if (status >= ${right.status}) throw new Fault('THE_CODE', 'high'); //!\n  if (status >= ${wrong.status}) throw new Fault('THE_CODE', 'low');\n}\n`
				: `export function check(status: number) {\n  if (status >= ${wrong.status}) throw new Fault('THE_CODE', 'high');\n  if (status >= ${right.status}) throw new Fault('THE_CODE', 'low'); //!\n}\n`,
	}),
	"the event's fields beside the code": (right, wrong) => ({
		"src/note.ts": `export async function note(ok: boolean, events: Events) {\n  if (!ok && events.isOld) {\n    await events.save({ error_code: 'THE_CODE', action: '${wrong.action}', http_status: ${wrong.status} });\n    return;\n  }\n  if (!ok) await events.save({ error_code: 'THE_CODE', action: '${right.action}', http_status: ${right.status} }); //!\n}\n`,
	}),
	"handlers of one object": (right, wrong, third) => ({
		"src/handlers.ts": `export const handlers = {\n${[third, wrong, right]
			.map(
				(said) =>
					`  async ${camel(said.action)}(body: Body) {\n    if (!body.user) throw new Fault('THE_CODE');${said === right ? " //!" : ""}\n    return save(body);\n  },\n`,
			)
			.join("")}};\n`,
	}),
};

/** In other languages. */
export const otherWays: Readonly<Record<string, Way>> = {
	"Python, elif and a tuple": (right, wrong) => ({
		"app/check.py": `def check(provider, status):\n    if provider == "${wrong.provider}":\n        if status >= 400:\n            raise Fault("THE_CODE")\n    elif provider in ("${right.provider}", "none"):\n        if status >= 400:\n            raise Fault("THE_CODE")  #!\n    return status\n`,
	}),
	"Python, a decorator with the action": (right, wrong) => ({
		"app/actions.py": `@action("${wrong.action}")\ndef first(request):\n    if not request.user:\n        raise Fault("THE_CODE")\n\n\n@action("${right.action}")\ndef second(request):\n    if not request.user:\n        raise Fault("THE_CODE")  #!\n`,
	}),
	"Python, a module for each skill": (right, wrong) => ({
		[`app/skills/${snake(wrong.skill)}.py`]:
			'def run(rows):\n    if not rows:\n        raise Fault("THE_CODE")\n',
		[`app/skills/${snake(right.skill)}.py`]:
			'def run(rows):\n    if not rows:\n        raise Fault("THE_CODE")  #!\n',
	}),
	"Go, a switch on the status": (right, wrong) => ({
		"pkg/read.go": `package pkg\n\nfunc Read(res *Response) error {\n\tswitch res.StatusCode {\n\tcase ${wrong.status}:\n\t\treturn NewFault("THE_CODE")\n\tcase ${right.status}:\n\t\treturn NewFault("THE_CODE") //!\n\t}\n\treturn nil\n}\n`,
	}),
	"Go, constants of the partner": (right, wrong) => ({
		"pkg/partner.go": `package pkg\n\nfunc ${pascal(wrong.provider)}Send(ok bool) error {\n\tif !ok {\n\t\treturn NewFault("THE_CODE")\n\t}\n\treturn nil\n}\n\nfunc ${pascal(right.provider)}Send(ok bool) error {\n\tif !ok {\n\t\treturn NewFault("THE_CODE") //!\n\t}\n\treturn nil\n}\n`,
	}),
	"constants in capitals": (right, wrong) => ({
		"src/names.ts": `export const ${upper(wrong.skill)} = '${wrong.skill}';\nexport const ${upper(right.skill)} = '${right.skill}';\n`,
		"src/capitals.ts": `import { ${upper(right.skill)}, ${upper(wrong.skill)} } from './names.js';\n\nexport function run(skill: string, rows: Row[]) {\n  if (skill === ${upper(wrong.skill)} && rows.length === 0) throw new Fault('THE_CODE');\n  if (skill === ${upper(right.skill)} && rows.length === 0) throw new Fault('THE_CODE'); //!\n}\n`,
	}),
};
