// Styles of the judging round whose lines differ by who calls, registers or wraps them.

import type { Style } from "./event-line-scene.ts";
import { camel, pascal } from "./incident-domain.ts";

const kinds = ["Rest", "Soap"];
const names = ["first", "second", "third"];

export const callStyles: Readonly<Record<string, Style>> = {
	"adapters that a factory chooses": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			"src/adapters/adapter.ts": "export interface Adapter {\n  push(batch: Batch): Promise<void>;\n}\n",
			...Object.fromEntries(
				two.map((said, at) => [
					`src/adapters/${kinds[at]?.toLowerCase()}-adapter.ts`,
					`import type { Adapter } from './adapter.js';

export class ${kinds[at]}Adapter implements Adapter {
  constructor(private readonly http: Http) {}

  async push(batch: Batch): Promise<void> {
    const answer = await this.http.send(batch.lines);
    if (answer.rejected.length > 0) {
      throw new AdapterError('THE_CODE', answer.rejected);${mark(said)}
    }
  }
}
`,
				]),
			),
			"src/adapters/index.ts": `import { RestAdapter } from './rest-adapter.js';
import { SoapAdapter } from './soap-adapter.js';

export function adapterFor(provider: Provider, http: Http): Adapter {
  switch (provider) {
${two.map((said, at) => `    case '${said.provider}':\n      return new ${kinds[at]}Adapter(http);\n`).join("")}  }
}
`,
		}),
	},
	"middleware before the handler": {
		by: ["skill"],
		files: ({ two, mark }) => ({
			"src/routes/runs.ts": `import { Hono } from 'hono';

export const runs = new Hono<Env>();

${two
	.map(
		(said, at) => `runs.post('/${names[at]}', requireUser, requireSkill('${said.skill}'), async (c) => {
  const input = await c.req.json();
  const quota = await quotas.take(c.get('user'));
  if (quota.left <= 0) {
    return c.json({ error: { code: 'THE_CODE' } }, 400);${mark(said)}
  }
  return c.json(await execute(input));
});
`,
	)
	.join("\n")}`,
		}),
	},
	"queues named in another file": {
		by: ["skill"],
		files: ({ two, mark }) => ({
			"src/queues.ts": `export const QUEUES = {\n${two.map((said, at) => `  ${["nightly", "hourly"][at]}: '${said.skill}',\n`).join("")}} as const;\n`,
			"src/workers.ts": `import { Worker } from 'bullmq';
import { QUEUES } from './queues.js';

${two
	.map(
		(
			said,
			at,
		) => `export const ${["nightly", "hourly"][at]}Worker = new Worker(QUEUES.${["nightly", "hourly"][at]}, async (job) => {
  const rows = await store.take(job.data.batch);
  if (rows.length === 0) throw new JobError('THE_CODE');${mark(said)}
  await store.write(rows);
});
`,
	)
	.join("\n")}`,
		}),
	},
	"the action through two calls": {
		by: ["action"],
		files: ({ two, mark }) => ({
			"src/quota.ts": `${two
				.map(
					(
						said,
						at,
					) => `export async function ${["takeSmall", "takeLarge"][at]}(account: Account, operation: string) {
  const left = await counters.decrement(account.id, operation, ${at * 9 + 1});
  if (left < 0) throw new QuotaError('THE_CODE');${mark(said)}
}
`,
				)
				.join("\n")}`,
			"src/guards.ts": `import { takeLarge, takeSmall } from './quota.js';

export async function guardSmall(ctx: Ctx, operation: string) {
  ctx.log.debug('guard', operation);
  await takeSmall(ctx.account, operation);
}

export async function guardLarge(ctx: Ctx, operation: string) {
  await takeLarge(ctx.account, operation);
}
`,
			...Object.fromEntries(
				two.map((said, at) => [
					`src/api/${names[at]}.ts`,
					`import { ${["guardSmall", "guardLarge"][at]} } from '../guards.js';

export async function handle(ctx: Ctx) {
  await ${["guardSmall", "guardLarge"][at]}(ctx, '${said.action}');
  return ctx.ok();
}
`,
				]),
			),
		}),
	},
	"subscribers of a bus": {
		by: ["action"],
		files: ({ three, mark }) => ({
			"src/subscribers.ts": `export function subscribe(bus: Bus, store: Store) {
${three
	.map(
		(said) => `  bus.on('${said.action}', async (event) => {
    const saved = await store.save(event.payload);
    if (!saved) {
      throw new EventError('THE_CODE');${mark(said)}
    }
  });
`,
	)
	.join("")}}
`,
		}),
	},
	"one try for each partner": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			"src/services/sync-service.ts": `export class SyncService {
  constructor(private readonly clients: Clients, private readonly log: Logger) {}

  async run(account: Account) {
${two
	.map(
		(said, at) => `    let part${at}: Row[];
    try {
      part${at} = await this.clients.${said.provider}.list(account.id);
    } catch (cause) {
      this.log.error({ cause }, 'list failed');
      throw new SyncError('THE_CODE', { cause });${mark(said)}
    }
`,
	)
	.join("")}    return [...part0, ...part1];
  }
}
`,
		}),
	},
	"private checks of public methods": {
		by: ["action"],
		files: ({ two, mark }) => ({
			"src/services/desk-service.ts": `export class DeskService {
${two
	.map(
		(said, at) => `  async ${camel(said.action)}(input: Input) {
    const record = this.${["openRecord", "freshRecord"][at]}(input.id);
    return this.repository.update(record);
  }
`,
	)
	.join("\n")}
${two
	.map(
		(said, at) => `  private ${["openRecord", "freshRecord"][at]}(id: string): DeskRecord {
    const record = this.repository.find(id);
    if (record === undefined || ${["record.closedAt !== null", "record.age > 90"][at]}) {
      throw new DeskError('THE_CODE');${mark(said)}
    }
    return record;
  }
`,
	)
	.join("\n")}}
`,
		}),
	},
	"procedures of a router": {
		by: ["action"],
		files: ({ three, mark }) => ({
			"src/trpc/router.ts": `export const appRouter = t.router({
${three
	.map(
		(said) => `  ${camel(said.action)}: protectedProcedure
    .input(z.object({ id: z.string().uuid() }))
    .mutation(async ({ ctx, input }) => {
      const row = await ctx.db.query.rows.findFirst({ where: eq(rows.id, input.id) });
      if (!row) {
        throw new TRPCError({ code: 'BAD_REQUEST', message: 'THE_CODE' });${mark(said)}
      }
      return row;
    }),
`,
	)
	.join("")}});
`,
		}),
	},
	"a skill of several steps": {
		by: ["skill"],
		files: ({ two, mark }) => ({
			...Object.fromEntries(
				two.map((said, at) => [
					`src/skills/${["alpha", "beta"][at]}.skill.ts`,
					`import { defineSkill, step } from '../engine.js';

export default defineSkill({
  id: '${said.skill}',
  version: 3,
  steps: [
    step('gather', async (run) => run.rows()),
    step('check', async (run) => {
      if (run.input.rows.length > run.limits.rows) {
        throw new SkillError('THE_CODE');${mark(said)}
      }
    }),
  ],
});
`,
				]),
			),
		}),
	},
	"schemas named after the action": {
		by: ["action"],
		files: ({ two, mark }) => ({
			"src/schemas.ts": two
				.map(
					(said) =>
						`export const ${camel(said.action)}Schema = z.object({\n  id: z.string(),\n  amount: z.number().positive(),\n});\n`,
				)
				.join("\n"),
			"src/intake.ts": `import { ${two.map((said) => `${camel(said.action)}Schema`).join(", ")} } from './schemas.js';

${two
	.map(
		(said, at) => `export async function intake${at === 0 ? "A" : "B"}(body: unknown) {
  const parsed = ${camel(said.action)}Schema.safeParse(body);
  if (!parsed.success) {
    throw new InputError('THE_CODE', parsed.error.issues);${mark(said)}
  }
  return desk.accept(parsed.data);
}
`,
	)
	.join("\n")}`,
		}),
	},
	"repositories that a container builds": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			"src/gateways.ts": two
				.map(
					(said, at) => `export class ${["Polling", "Streaming"][at]}Gateway {
  constructor(private readonly options: GatewayOptions) {}

  async receive(): Promise<Message[]> {
    const page = await this.options.transport.next();
    if (page === null) throw new GatewayError('THE_CODE');${mark(said)}
    return page.messages;
  }
}
`,
				)
				.join("\n"),
			"src/container.ts": `import { PollingGateway, StreamingGateway } from './gateways.js';

export function buildContainer(env: Env) {
  const container = new Container();
${two.map((said, at) => `  container.bind('${said.provider}', () => new ${["Polling", "Streaming"][at]}Gateway({ transport: transportOf(env.${pascal(`t${at}`)}) }));\n`).join("")}  return container;
}
`,
		}),
	},
};
