// More ways; two of the fifteen showed what the ranking lacked (52 of 60 codes were right before).

import type { Way } from "./event-line-ways.ts";
import { camel, pascal } from "./incident-domain.ts";

export const moreWays: Readonly<Record<string, Way>> = {
	"a wrapper that is given the action": (right, wrong) => ({
		"src/wrapped.ts": `export const first = withAction('${wrong.action}', async (body: Body) => {\n  if (!body.id) throw new Fault('THE_CODE');\n  return save(body);\n});\n\nexport const second = withAction('${right.action}', async (body: Body) => {\n  if (!body.id) throw new Fault('THE_CODE'); //!\n  return save(body);\n});\n`,
	}),
	"a pattern of the provider": (right, wrong) => ({
		"src/pattern.ts": `export function check(provider: string, state: State) {\n  if (/^(?:${wrong.provider}|internal)$/.test(provider) && !state.up) {\n    throw new Fault('THE_CODE');\n  }\n  if (/^(?:${right.provider}|external)$/.test(provider) && !state.up) {\n    throw new Fault('THE_CODE'); //!\n  }\n}\n`,
	}),
	"the status of a caught error": (right, wrong) => ({
		"src/caught.ts": `export async function load(client: Client, id: string) {\n  try {\n    return await client.load(id);\n  } catch (error) {\n    if (error instanceof HttpError && error.statusCode === ${wrong.status}) throw new Fault('THE_CODE', 'a');\n    if (error instanceof HttpError && error.statusCode === ${right.status}) throw new Fault('THE_CODE', 'b'); //!\n    throw error;\n  }\n}\n`,
	}),
	"chains with their own catch": (right, wrong) => ({
		"src/chains.ts": `export function pull(id: string) {\n  return get(id).catch((error) => {\n    if (error.status === ${wrong.status}) throw new Fault('THE_CODE');\n    throw error;\n  });\n}\n\nexport function push(id: string) {\n  return put(id).catch((error) => {\n    if (error.status === ${right.status}) throw new Fault('THE_CODE'); //!\n    throw error;\n  });\n}\n`,
	}),
	"not among the listed": (right, wrong, third) => ({
		"src/listed.ts": `export function check(provider: string, ready: boolean) {\n  if (['${wrong.provider}', '${third.provider}'].includes(provider)) {\n    if (!ready) throw new Fault('THE_CODE');\n  }\n  if (!['${wrong.provider}', '${third.provider}'].includes(provider)) {\n    if (!ready) throw new Fault('THE_CODE'); //!\n  }\n}\n\nexport const all = ['${right.provider}'];\n`,
	}),
	"arrow functions of a table": (right, wrong, third) => ({
		"src/rules.ts": `export const rules: Record<string, Rule> = {\n${[wrong, right, third]
			.map(
				(said) =>
					`  ${said.action}: (body) => {\n    if (body.rows.length === 0) throw new Fault('THE_CODE');${said === right ? " //!" : ""}\n  },\n`,
			)
			.join("")}};\n`,
	}),
	"a default for the provider": (right, wrong) => ({
		"src/defaults.ts": `export async function openOne(id: string, provider = '${wrong.provider}') {\n  const link = await connect(provider, id);\n  if (link === undefined) throw new Fault('THE_CODE');\n  return link;\n}\n\nexport async function openTwo(id: string, provider = '${right.provider}') {\n  const link = await connect(provider, id);\n  if (link === undefined) throw new Fault('THE_CODE'); //!\n  return link;\n}\n`,
	}),
	"workers of a queue": (right, wrong) => ({
		"src/queue.ts": `import { workOne } from './work-one.js';\nimport { workTwo } from './work-two.js';\n\nqueue.process('${wrong.skill}', 4, workOne);\nqueue.process('${right.skill}', 4, workTwo);\n`,
		"src/work-one.ts":
			"export async function workOne(job: Job) {\n  if (job.data === undefined) throw new Fault('THE_CODE');\n}\n",
		"src/work-two.ts":
			"export async function workTwo(job: Job) {\n  if (job.data === undefined) throw new Fault('THE_CODE'); //!\n}\n",
	}),
	"instances of two classes": (right, wrong) => ({
		"src/senders.ts": `class PlainSender {\n  send(body: string) {\n    if (body === '') throw new Fault('THE_CODE');\n  }\n}\n\nclass SignedSender {\n  send(body: string) {\n    if (body === '') throw new Fault('THE_CODE'); //!\n  }\n}\n\nexport const senders = {\n  '${wrong.provider}': new PlainSender(),\n  '${right.provider}': new SignedSender(),\n};\n`,
	}),
	"an early return on the status": (right, wrong) => ({
		"src/late.ts": `export function read(reply: Reply) {\n  if (reply.status === ${wrong.status}) throw new Fault('THE_CODE', 'early');\n  if (reply?.status !== ${right.status}) return reply.body;\n  throw new Fault('THE_CODE', 'late'); //!\n}\n`,
	}),
	"a choice of codes": (right, wrong) => ({
		"src/choice.ts": `export function explain(status: number, retried: boolean) {\n  if (retried) return fail(status === ${wrong.status} ? 'THE_CODE' : 'OTHER_CODE');\n  return fail(status === ${right.status} ? 'THE_CODE' : 'OTHER_CODE'); //!\n}\n`,
	}),
	"Python, match": (right, wrong) => ({
		"app/read.py": `def read(reply):\n    match reply.status:\n        case ${wrong.status}:\n            raise Fault("THE_CODE")\n        case ${right.status}:\n            raise Fault("THE_CODE")  #!\n        case _:\n            return reply.body\n`,
	}),
	"Python, an attribute of the class": (right, wrong) => ({
		"app/links.py": `class FirstLink:\n    provider = "${wrong.provider}"\n\n    def open(self, key):\n        if not key:\n            raise Fault("THE_CODE")\n\n\nclass SecondLink:\n    provider = "${right.provider}"\n\n    def open(self, key):\n        if not key:\n            raise Fault("THE_CODE")  #!\n`,
	}),
	"Go, a map of handlers": (right, wrong) => ({
		"pkg/handlers.go": `package pkg\n\nvar handlers = map[string]Handler{\n\t"${wrong.action}": first${pascal(wrong.action)},\n\t"${right.action}": second${pascal(right.action)},\n}\n\nfunc first${pascal(wrong.action)}(body *Body) error {\n\tif body.ID == "" {\n\t\treturn NewFault("THE_CODE")\n\t}\n\treturn nil\n}\n\nfunc second${pascal(right.action)}(body *Body) error {\n\tif body.ID == "" {\n\t\treturn NewFault("THE_CODE") //!\n\t}\n\treturn nil\n}\n`,
	}),
	"the action in a template": (right, wrong) => ({
		"src/trace.ts": `export async function run${pascal(wrong.skill)}(trace: Trace, rows: Row[]) {\n  trace.begin(\`${wrong.action}:\${rows.length}\`);\n  if (rows.length === 0) throw new Fault('THE_CODE');\n}\n\nexport async function run${pascal(right.skill)}(trace: Trace, rows: Row[]) {\n  trace.begin(\`${right.action}:\${rows.length}\`);\n  if (rows.length === 0) throw new Fault('THE_CODE'); //!\n}\n\nexport const ${camel(right.skill)}Name = 'x';\n`,
	}),
};
