// Ways written after the ranking was first built; 14 of their 66 codes were missed then, and it was improved on them since.

import type { Way } from "./event-line-ways.ts";
import { camel, pascal } from "./incident-domain.ts";

export const unseenWays: Readonly<Record<string, Way>> = {
	"results instead of exceptions": (right, wrong) => ({
		"src/results.ts": `export function ${camel(wrong.action)}(body: Body): Result {\n  if (body.rows.length === 0) return err('THE_CODE');\n  return ok(body);\n}\n\nexport function ${camel(right.action)}(body: Body): Result {\n  if (body.rows.length === 0) return err('THE_CODE'); //!\n  return ok(body);\n}\n`,
	}),
	"assertions with the code": (right, wrong) => ({
		[`src/${wrong.provider}/check.ts`]:
			"export function check(state: State) {\n  assertThat(state.up, 'THE_CODE');\n}\n",
		[`src/${right.provider}/check.ts`]:
			"export function check(state: State) {\n  assertThat(state.up, 'THE_CODE'); //!\n}\n",
	}),
	"provider, then status": (right, wrong) => ({
		"src/nested.ts": `export function check(provider: string, status: number) {\n  if (provider === '${wrong.provider}') {\n    if (status === ${wrong.status}) throw new Fault('THE_CODE');\n  }\n  if (provider === '${right.provider}') {\n    if (status === ${right.status}) throw new Fault('THE_CODE'); //!\n  }\n}\n`,
	}),
	"a status, and any other": (right, wrong) => ({
		"src/any.ts": `export function check(status: number) {\n  if (status === ${wrong.status}) {\n    throw new Fault('THE_CODE', 'known');\n  } else {\n    throw new Fault('THE_CODE', 'unknown'); //!\n  }\n}\n\nexport const usual = ${right.status};\n`,
	}),
	"a parent is told the provider": (right, wrong) => ({
		"src/parents.ts": `class One extends Link {\n  constructor() {\n    super('${wrong.provider}');\n  }\n  open(key: string) {\n    if (key === '') throw new Fault('THE_CODE');\n  }\n}\n\nclass Two extends Link {\n  constructor() {\n    super('${right.provider}');\n  }\n  open(key: string) {\n    if (key === '') throw new Fault('THE_CODE'); //!\n  }\n}\n`,
	}),
	"the default of a switch": (right, wrong, third) => ({
		"src/default.ts": `export function check(provider: string, up: boolean) {\n  switch (provider) {\n    case '${wrong.provider}':\n      if (!up) throw new Fault('THE_CODE');\n      break;\n    case '${third.provider}':\n      break;\n    default:\n      if (!up) throw new Fault('THE_CODE'); //!\n  }\n}\n\nexport const others = ['${right.provider}'];\n`,
	}),
	"skills call a shared function": (right, wrong) => ({
		"src/shared.ts":
			"export function rowsOf(input: Input) {\n  if (input.rows === undefined) throw new Fault('THE_CODE');\n  return input.rows;\n}\n\nexport function firstOf(input: Input) {\n  if (input.first === undefined) throw new Fault('THE_CODE'); //!\n  return input.first;\n}\n",
		[`skills/${wrong.skill}/run.ts`]:
			"import { rowsOf } from '../../src/shared.js';\n\nexport async function run(input: Input) {\n  return rowsOf(input).length;\n}\n",
		[`skills/${right.skill}/run.ts`]:
			"import { firstOf } from '../../src/shared.js';\n\nexport async function run(input: Input) {\n  return firstOf(input);\n}\n",
	}),
	"a local maker of the error": (right, wrong) => ({
		"src/makers.ts": `const refuse = (provider: string) => new Fault('OTHER_CODE', { provider });\n\nexport function one(up: boolean) {\n  if (!up) throw Object.assign(refuse('${wrong.provider}'), { code: 'THE_CODE' });\n}\n\nexport function two(up: boolean) {\n  if (!up) throw Object.assign(refuse('${right.provider}'), { code: 'THE_CODE' }); //!\n}\n`,
	}),
	"Python, by the path of the module": (right, wrong) => ({
		[`app/providers/${wrong.provider}/client.py`]:
			'class Client:\n    def send(self, body):\n        if not body:\n            raise Fault("THE_CODE")\n',
		[`app/providers/${right.provider}/client.py`]:
			'class Client:\n    def send(self, body):\n        if not body:\n            raise Fault("THE_CODE")  #!\n',
	}),
	"Go, named statuses": (right, wrong) => ({
		"pkg/status.go": `package pkg\n\nconst statusGone = ${wrong.status}\nconst statusBusy = ${right.status}\n\nfunc Read(res *Response) error {\n\tif res.StatusCode == statusGone {\n\t\treturn NewFault("THE_CODE")\n\t}\n\tif res.StatusCode == statusBusy {\n\t\treturn NewFault("THE_CODE") //!\n\t}\n\treturn nil\n}\n`,
	}),
	"functions named after the skill": (right, wrong) => ({
		"src/skills.ts": `export async function run${pascal(wrong.skill)}(rows: Row[]) {\n  for (const row of rows) {\n    if (row.id === '') throw new Fault('THE_CODE');\n  }\n}\n\nexport async function run${pascal(right.skill)}(rows: Row[]) {\n  for (const row of rows) {\n    if (row.id === '') throw new Fault('THE_CODE'); //!\n  }\n}\n`,
	}),
};
