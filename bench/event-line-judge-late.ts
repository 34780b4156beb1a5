// Styles of the judging round that were written after its first two runs, since what those missed was looked at.

import type { Style } from "./event-line-scene.ts";
import { camel } from "./incident-domain.ts";

const dashed = (text: string) => text.replaceAll("_", "-");

export const lateStyles: Readonly<Record<string, Style>> = {
	"late: a controller's decorators": {
		by: ["action"],
		files: ({ two, mark }) => ({
			"src/desk.controller.ts": `@Controller('desk')
export class DeskController {
${two
	.map(
		(said, at) => `  @Post('${dashed(said.action)}')
  async ${["create", "finish"][at]}(@Body() body: DeskDto) {
    const entry = await this.desk.find(body.id);
    if (entry === null) throw new BadRequestException({ code: 'THE_CODE' });${mark(said)}
    return entry;
  }
`,
	)
	.join("\n")}}
`,
		}),
	},
	"late: settings given to a class": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			"src/pollers.ts": two
				.map(
					(said, at) => `export class ${["Quick", "Patient"][at]}Poller {
  constructor(private readonly settings: PollerSettings) {}

  async next() {
    const page = await this.settings.fetch(this.cursor);
    if (page.cursor === this.cursor) throw new PollError('THE_CODE');${mark(said)}
    return page;
  }
}
`,
				)
				.join("\n"),
			"src/main.ts": `import { PatientPoller, QuickPoller } from './pollers.js';

${two.map((said, at) => `const ${["quick", "patient"][at]} = new ${["Quick", "Patient"][at]}Poller({ partner: '${said.provider}', fetch: client.page, every: 60 });\n`).join("")}
await Promise.all([quick.start(), patient.start()]);
`,
		}),
	},
	"late: a list of statuses and a choice": {
		by: ["status"],
		files: ({ two, mark }) => ({
			"src/settle.ts": `export function settle(reply: Reply, isFinal: boolean) {
  if (isFinal) {
    return [${two[0]?.status}, 599].includes(reply.status) ? failed('THE_CODE') : done(reply);${two[0] === undefined ? "" : mark(two[0])}
  }
  return [${two[1]?.status}, 598].includes(reply.status) ? failed('THE_CODE') : waiting(reply);${two[1] === undefined ? "" : mark(two[1])}
}
`,
		}),
	},
	"late: a code that is assigned": {
		by: ["status"],
		files: ({ three, mark }) => ({
			"src/translate.ts": `export function translate(err: HttpError): Failure {
  let code = 'UNKNOWN';
${three.map((said, at) => `  ${at === 0 ? "" : "} else "}if (err.status === ${said.status} && err.${["retryable", "fatal", "quiet"][at]}) {\n    code = 'THE_CODE';${mark(said)}\n`).join("")}  }
  return { code, at: Date.now() };
}
`,
		}),
	},
	"late: the path of a request": {
		by: ["action"],
		files: ({ two, mark }) => ({
			"src/limit.ts": `export const limit: Middleware = async (c, next) => {
  const used = await counters.get(c.req.ip);
${two.map((said, at) => `  if (c.req.path.startsWith('/api/${dashed(said.action)}') && used > ${at * 40 + 10}) {\n    return c.json({ code: 'THE_CODE' }, 400);${mark(said)}\n  }\n`).join("")}  await next();
};
`,
		}),
	},
	"late: a switch of true": {
		by: ["status"],
		files: ({ two, mark }) => ({
			"src/judge-reply.ts": `export function judgeReply(reply: Reply) {
  switch (true) {
    case reply.status === 200:
      return reply.body;
${two.map((said) => `    case reply.status === ${said.status} && reply.body !== null:\n      throw new ReplyError('THE_CODE');${mark(said)}\n`).join("")}    default:
      throw new ReplyError('REPLY_UNKNOWN');
  }
}
`,
		}),
	},
	"late: default exports behind an index": {
		by: ["skill"],
		files: ({ two, mark }) => ({
			...Object.fromEntries(
				two.map((said, at) => [
					`src/runners/${["north", "south"][at]}.ts`,
					`export default async function run(input: RunInput) {
  const rows = await input.source.rows();
  if (rows.length > input.limit) {
    throw new RunError('THE_CODE');${mark(said)}
  }
  return rows;
}
`,
				]),
			),
			"src/runners/index.ts": `import north from './north.js';
import south from './south.js';

export const runners: Record<string, Runner> = {
${two.map((said, at) => `  '${said.skill}': ${["north", "south"][at]},\n`).join("")}};
`,
		}),
	},
	"late: schedules": {
		by: ["skill"],
		files: ({ two, mark }) => ({
			"src/schedules.ts": `export function schedules(cron: Cron, mail: Mail) {
${two
	.map(
		(said, at) => `  cron.schedule('${at} * * * *', { name: '${said.skill}', zone: 'UTC' }, async () => {
    const due = await mail.due();
    for (const one of due) {
      if (one.address === '') throw new MailError('THE_CODE');${mark(said)}
      await mail.send(one);
    }
  });
`,
	)
	.join("")}}
`,
		}),
	},
	"late: an environment's value or a default": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			...Object.fromEntries(
				two.map((said, at) => [
					`src/links/${["inbound", "outbound"][at]}.ts`,
					`const partner = process.env.${["INBOUND", "OUTBOUND"][at]}_PARTNER ?? '${said.provider}';

export async function open(key: string) {
  const link = await registry.open(partner, key);
  if (!link.alive) throw new LinkError('THE_CODE');${mark(said)}
  return link;
}
`,
				]),
			),
		}),
	},
	"late: both fields of an event": {
		by: ["provider", "action"],
		files: ({ right, wrong, two, mark }) => ({
			"src/both.ts": `const guarded: Record<string, string[]> = { ${right.provider}: ['${wrong.action}'], ${wrong.provider}: ['${right.action}'] };

export function check(partner: string, ${camel("the_action")}: string, up: boolean) {
${two.map((said) => `  if (partner === '${said.provider}' && ${camel("the_action")} === '${said.action}' && !up) throw new CheckError('THE_CODE');${mark(said)}\n`).join("")}  return guarded[partner];
}
`,
		}),
	},
	"late, equal: one caller of both": {
		by: ["provider"],
		files: () => ({
			"src/steps.ts":
				"export function first(input: Input) {\n  if (!input.id) throw new StepError('THE_CODE'); //!\n}\n\nexport function second(input: Input) {\n  if (!input.user) throw new StepError('THE_CODE'); //!\n}\n",
			"src/flow.ts":
				"import { first, second } from './steps.js';\n\nexport function flow(input: Input) {\n  first(input);\n  second(input);\n}\n",
		}),
	},
};
