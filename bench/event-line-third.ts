// A third round of ways; five of its eleven showed what the ranking lacked (36 of 66 codes were right before).

import type { Way } from "./event-line-ways.ts";
import { pascal } from "./incident-domain.ts";

export const thirdWays: Readonly<Record<string, Way>> = {
	"one or another provider": (right, wrong, third) => ({
		"src/either.ts": `export function check(provider: string, up: boolean) {\n  if (provider == '${wrong.provider}' || provider == '${third.provider}') {\n    if (!up) throw new Fault('THE_CODE');\n  }\n  if (provider == '${right.provider}' || provider == 'other') {\n    if (!up) throw new Fault('THE_CODE'); //!\n  }\n}\n`,
	}),
	"handlers put into a Map": (right, wrong) => ({
		"src/setup.ts": `import { alphaStep } from './alpha-step.js';\nimport { betaStep } from './beta-step.js';\n\nconst steps = new Map<string, Step>();\nsteps.set('${wrong.action}', alphaStep);\nsteps.set('${right.action}', betaStep);\n`,
		"src/alpha-step.ts":
			"export async function alphaStep(body: Body) {\n  if (body.rows.length === 0) throw new Fault('THE_CODE');\n}\n",
		"src/beta-step.ts":
			"export async function betaStep(body: Body) {\n  if (body.rows.length === 0) throw new Fault('THE_CODE'); //!\n}\n",
	}),
	"decorated methods": (right, wrong) => ({
		"src/controller.ts": `export class Controller {\n  @Action('${wrong.action}')\n  async one(body: Body) {\n    if (!body.id) throw new Fault('THE_CODE');\n  }\n\n  @Action('${right.action}')\n  async two(body: Body) {\n    if (!body.id) throw new Fault('THE_CODE'); //!\n  }\n}\n`,
	}),
	"a module that names its skill": (right, wrong) => ({
		"src/modules.ts": `export const one = {\n  slug: '${wrong.skill}',\n  async run(rows: Row[]) {\n    if (rows.length === 0) throw new Fault('THE_CODE');\n  },\n};\n\nexport const two = {\n  slug: '${right.skill}',\n  async run(rows: Row[]) {\n    if (rows.length === 0) throw new Fault('THE_CODE'); //!\n  },\n};\n`,
	}),
	"named statuses": (right, wrong) => ({
		"src/named.ts": `const GONE = ${wrong.status};\nconst BUSY = ${right.status};\n\nexport function read(reply: Reply) {\n  if (reply.status === GONE) throw new Fault('THE_CODE', 'gone');\n  if (reply.status === BUSY) throw new Fault('THE_CODE', 'busy'); //!\n  return reply.body;\n}\n`,
	}),
	"a chain of then": (right, wrong) => ({
		"src/then.ts": `export function one(url: string) {\n  return fetch(url).then((reply) => {\n    if (!reply.ok && reply.status === ${wrong.status}) throw new Fault('THE_CODE');\n    return reply.json();\n  });\n}\n\nexport function two(url: string) {\n  return fetch(url).then((reply) => {\n    if (!reply.ok && reply.status === ${right.status}) throw new Fault('THE_CODE'); //!\n    return reply.json();\n  });\n}\n`,
	}),
	"Python, a dictionary of functions": (right, wrong) => ({
		"app/steps.py": `def first_step(body):\n    if not body.rows:\n        raise Fault("THE_CODE")\n\n\ndef second_step(body):\n    if not body.rows:\n        raise Fault("THE_CODE")  #!\n\n\nsteps = {\n    "${wrong.action}": first_step,\n    "${right.action}": second_step,\n}\n`,
	}),
	"the caller asks for the provider": (right, wrong) => ({
		"src/ask.ts": `function checkOne(state: State) {\n  if (!state.up) throw new Fault('THE_CODE');\n}\n\nfunction checkTwo(state: State) {\n  if (!state.up) throw new Fault('THE_CODE'); //!\n}\n\nexport function check(provider: string, state: State) {\n  if (provider === '${wrong.provider}') checkOne(state);\n  if (provider === '${right.provider}') checkTwo(state);\n}\n`,
	}),
	"cases that fall through": (right, wrong, third) => ({
		"src/fall.ts": `export function check(action: string, body: Body) {\n  switch (action) {\n    case '${wrong.action}':\n    case '${third.action}':\n      if (!body.id) throw new Fault('THE_CODE');\n      break;\n    case '${right.action}':\n    case 'none_of_these':\n      if (!body.id) throw new Fault('THE_CODE'); //!\n      break;\n  }\n}\n`,
	}),
	"Go, methods of two clients": (right, wrong) => ({
		"pkg/clients.go": `package pkg\n\nfunc (c *${pascal(wrong.provider)}Client) Send(ok bool) error {\n\tif !ok {\n\t\treturn NewFault("THE_CODE")\n\t}\n\treturn nil\n}\n\nfunc (c *${pascal(right.provider)}Client) Send(ok bool) error {\n\tif !ok {\n\t\treturn NewFault("THE_CODE") //!\n\t}\n\treturn nil\n}\n`,
	}),
	"a callback beside the provider": (right, wrong) => ({
		"src/options.ts": `export const one = request({\n  provider: '${wrong.provider}',\n  onFail: () => {\n    throw new Fault('THE_CODE');\n  },\n});\n\nexport const two = request({\n  provider: '${right.provider}',\n  onFail: () => {\n    throw new Fault('THE_CODE'); //!\n  },\n});\n`,
	}),
};
