// Ways that were written with the reading of conditions, to find what it lacks; `//!` marks the right line.

import type { Way } from "./event-line-ways.ts";
import { camel, pascal, upper } from "./incident-domain.ts";

export const fourthWays: Readonly<Record<string, Way>> = {
	"members of a namespace": (right, wrong) => ({
		"src/codes.ts": `export const BUSY = ${right.status};\nexport const GONE = ${wrong.status};\n`,
		"src/read.ts": `import * as codes from './codes.js';\n\nexport function read(reply: Reply) {\n  if (reply.status === codes.BUSY) throw new Fault('THE_CODE'); //!\n  if (reply.status === codes.GONE) throw new Fault('THE_CODE');\n  return reply.body;\n}\n`,
	}),
	"an enum of another file in a switch": (right, wrong) => ({
		"src/op.ts": `export enum Op {\n  First = '${wrong.action}',\n  Second = '${right.action}',\n}\n`,
		"src/act.ts": `import { Op } from './op.js';\n\nexport function act(op: Op, input: Input) {\n  switch (op) {\n    case Op.Second:\n      if (!input.id) throw new Fault('THE_CODE'); //!\n      return two(input);\n    case Op.First:\n      if (!input.id) throw new Fault('THE_CODE');\n      return one(input);\n  }\n}\n`,
	}),
	"defaults of options": (right, wrong) => ({
		"src/a.ts": `export async function listRows({ limit = 50, vendor = '${right.provider}' }: Options) {\n  const rows = await pages(vendor, limit);\n  if (rows === null) throw new Fault('THE_CODE'); //!\n  return rows;\n}\n`,
		"src/b.ts": `export async function listItems({ limit = 50, vendor = '${wrong.provider}' }: Options) {\n  const items = await pages(vendor, limit);\n  if (items === null) throw new Fault('THE_CODE');\n  return items;\n}\n`,
	}),
	"a predicate of another file": (right, wrong) => ({
		"src/is.ts": `export const isBusy = (reply: Reply) => reply.status === ${right.status};\n\nexport function isGone(reply: Reply) {\n  return reply.status === ${wrong.status};\n}\n`,
		"src/use.ts": `import { isBusy, isGone } from './is.js';\n\nexport function use(reply: Reply) {\n  if (isGone(reply)) throw new Fault('THE_CODE');\n  if (isBusy(reply)) throw new Fault('THE_CODE'); //!\n  return reply;\n}\n`,
	}),
	"a class of errors that tells its parent": (right, wrong) => ({
		"src/kinds.ts": `export class SlowError extends BaseError {\n  constructor(detail: string) {\n    super(detail, ${right.status});\n  }\n}\n\nexport class LostError extends BaseError {\n  constructor(detail: string) {\n    super(detail, ${wrong.status});\n  }\n}\n`,
		"src/turn.ts": `import { LostError, SlowError } from './kinds.js';\n\nexport async function turn(run: Run) {\n  try {\n    return await run();\n  } catch (error) {\n    if (error instanceof SlowError) throw new Fault('THE_CODE'); //!\n    if (error instanceof LostError) throw new Fault('THE_CODE');\n    throw error;\n  }\n}\n`,
	}),
	"a helper that throws if": (right, wrong) => ({
		"src/if.ts": `export function accept(reply: Reply) {\n  throwIf(reply.status === ${wrong.status}, 'THE_CODE');\n  throwIf(reply.status === ${right.status}, 'THE_CODE'); //!\n  return reply.body;\n}\n`,
	}),
	"Python, a loop that goes on": (right, wrong) => ({
		"app/again.py": `def again(call):\n    for attempt in range(3):\n        reply = call()\n        if reply.status_code == 200:\n            return reply\n        if reply.status_code == ${right.status}:\n            sleep(attempt)\n            continue\n        if reply.status_code == ${wrong.status}:\n            raise Fault("THE_CODE")\n        raise Fault("OTHER")\n    raise Fault("THE_CODE")  #!\n`,
	}),
	"Go, a loop that goes on": (right, wrong) => ({
		"pkg/again.go": `package pkg\n\nfunc Again(call func() *Response) error {\n\tfor attempt := 0; attempt < 3; attempt++ {\n\t\tres := call()\n\t\tif res.StatusCode != ${right.status} {\n\t\t\treturn NewFault("THE_CODE")\n\t\t}\n\t\tpause(attempt)\n\t}\n\treturn NewFault("THE_CODE") //!\n}\n\nvar known = ${wrong.status}\n`,
	}),
	"Go, the default of a switch": (right, wrong, third) => ({
		"pkg/kind.go": `package pkg\n\nfunc Check(provider string, ok bool) error {\n\tswitch provider {\n\tcase "${wrong.provider}", "${third.provider}":\n\t\tif !ok {\n\t\t\treturn NewFault("THE_CODE")\n\t\t}\n\tdefault:\n\t\tif !ok {\n\t\t\treturn NewFault("THE_CODE") //!\n\t\t}\n\t}\n\treturn nil\n}\n\nvar usual = "${right.provider}"\n`,
	}),
	"Python, a match with alternatives": (right, wrong, third) => ({
		"app/match.py": `def check(status):\n    match status:\n        case ${right.status} | 599:\n            raise Fault("THE_CODE")  #!\n        case ${wrong.status} | ${third.status}:\n            raise Fault("THE_CODE")\n        case _:\n            return None\n`,
	}),
	"Python, what was tried": (right, wrong) => ({
		"app/tried.py": `def sync(clients, account):\n    try:\n        one = clients.${right.provider}.rows(account)\n    except ClientError as error:\n        raise Fault("THE_CODE") from error  #!\n    try:\n        two = clients.${wrong.provider}.rows(account)\n    except ClientError as error:\n        raise Fault("THE_CODE") from error\n    return one + two\n`,
	}),
	"a chain of ifs makes the client": (right, wrong) => ({
		"src/pick.ts": `import { OldClient } from './old-client.js';\nimport { NewClient } from './new-client.js';\n\nexport function pick(kind: string) {\n  if (kind === '${right.provider}') return new NewClient();\n  if (kind === '${wrong.provider}') return new OldClient();\n  throw new Error('unknown kind');\n}\n`,
		"src/new-client.ts":
			"export class NewClient {\n  async read(id: string) {\n    const found = await this.get(id);\n    if (!found) throw new Fault('THE_CODE'); //!\n    return found;\n  }\n}\n",
		"src/old-client.ts":
			"export class OldClient {\n  async read(id: string) {\n    const found = await this.get(id);\n    if (!found) throw new Fault('THE_CODE');\n    return found;\n  }\n}\n",
	}),
	"several callers, one of which is it": (right, wrong, third) => ({
		"src/rows.ts":
			"export function oneRow(rows: Row[]) {\n  if (rows.length !== 1) throw new Fault('THE_CODE'); //!\n  return rows[0];\n}\n\nexport function lastRow(rows: Row[]) {\n  if (rows.length === 0) throw new Fault('THE_CODE');\n  return rows.at(-1);\n}\n",
		"src/jobs.ts": `import { lastRow, oneRow } from './rows.js';\n\nexport function run(skill: string, rows: Row[]) {\n  if (skill === '${wrong.skill}') return lastRow(rows);\n  if (skill === '${third.skill}') return oneRow(rows);\n  if (skill === '${right.skill}') return oneRow(rows);\n  return undefined;\n}\n`,
	}),
	"a guard that calls": (right, wrong) => ({
		"src/and.ts": `export function and(vendor: string, up: boolean) {\n  vendor === '${right.provider}' && !up && fail('THE_CODE'); //!\n  vendor === '${wrong.provider}' && !up && fail('THE_CODE');\n}\n`,
	}),
	"a switch that returns, then the rest": (right, wrong, third) => ({
		"src/rest.ts": `export function path(vendor: string, key: string) {\n  switch (vendor) {\n    case '${third.provider}':\n      return '/v2';\n    case '${wrong.provider}':\n      if (key === '') throw new Fault('THE_CODE');\n      return '/v1';\n  }\n  if (key === '') throw new Fault('THE_CODE'); //!\n  return '/v3';\n}\n\nexport const vendors = ['${right.provider}'];\n`,
	}),
	"a template with the partner's constant": (right, wrong) => ({
		"src/base.ts": `export const ${upper(right.provider)}_BASE = 'https://${right.provider}.example';\nexport const ${upper(wrong.provider)}_BASE = 'https://${wrong.provider}.example';\n`,
		"src/get.ts": `import { ${upper(right.provider)}_BASE, ${upper(wrong.provider)}_BASE } from './base.js';\n\nexport async function rates() {\n  const reply = await fetch(\`\${${upper(right.provider)}_BASE}/rates\`);\n  if (!reply.ok) throw new Fault('THE_CODE'); //!\n  return reply.json();\n}\n\nexport async function terms() {\n  const reply = await fetch(\`\${${upper(wrong.provider)}_BASE}/terms\`);\n  if (!reply.ok) throw new Fault('THE_CODE');\n  return reply.json();\n}\n`,
	}),
	"a handler object by name": (right, wrong) => ({
		"src/hooks.ts": `export const on${pascal(right.action)}: Hook = {\n  before(input) {\n    if (!input.id) throw new Fault('THE_CODE'); //!\n  },\n};\n\nexport const on${pascal(wrong.action)}: Hook = {\n  before(input) {\n    if (!input.id) throw new Fault('THE_CODE');\n  },\n};\n`,
	}),
	"a job that tells its name by this": (right, wrong) => ({
		"src/jobs.ts": `export class FirstJob extends Job {\n  constructor() {\n    super();\n    this.skill = '${right.skill}';\n  }\n  run(rows: Row[]) {\n    if (rows.length === 0) throw new Fault('THE_CODE'); //!\n  }\n}\n\nexport class SecondJob extends Job {\n  static readonly slug = '${wrong.skill}';\n  run(rows: Row[]) {\n    if (rows.length === 0) throw new Fault('THE_CODE');\n  }\n}\n`,
	}),
	"Go, a map from status": (right, wrong) => ({
		"pkg/codes.go": `package pkg\n\nvar ${camel(right.provider)}Codes = map[int]string{\n\t${right.status}: "THE_CODE", //!\n}\n\nvar ${camel(wrong.provider)}Codes = map[int]string{\n\t${wrong.status}: "THE_CODE",\n}\n`,
	}),
	"both at once": (right, wrong) => ({
		"src/both.ts": `export function both(vendor: string, status: number) {\n  if ((vendor === '${right.provider}' || vendor === 'none') && !(status < 400)) {\n    throw new Fault('THE_CODE'); //!\n  }\n  if (!(vendor !== '${wrong.provider}') && status >= 400) throw new Fault('THE_CODE');\n}\n`,
	}),
	"a case that goes on to the default": (right, wrong) => ({
		"src/on.ts": `export function on(vendor: string, up: boolean) {\n  switch (vendor) {\n    case '${right.provider}':\n    default:\n      if (!up) throw new Fault('THE_CODE'); //!\n      break;\n    case '${wrong.provider}':\n      if (!up) throw new Fault('THE_CODE');\n  }\n}\n`,
	}),
};
