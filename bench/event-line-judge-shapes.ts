// Styles of the judging round whose lines differ by the tables, classes and conditions that they stand in.

import type { Style } from "./event-line-scene.ts";
import { camel, pascal } from "./incident-domain.ts";

export const shapeStyles: Readonly<Record<string, Style>> = {
	"a table by action, then status": {
		by: ["action", "status"],
		files: ({ three, mark }) => ({
			"src/error-map.ts": `export const errorMap: Record<string, Partial<Record<number, ErrorCode>>> = {
${three
	.map(
		(said) => `  ${said.action}: {
    418: 'TEAPOT',
    ${said.status}: 'THE_CODE',${mark(said)}
  },
`,
	)
	.join("")}};

export function codeFor(action: string, status: number): ErrorCode {
  return errorMap[action]?.[status] ?? 'UNMAPPED';
}
`,
		}),
	},
	"a guard that returns for the rest": {
		by: ["action"],
		files: ({ two, mark }) => ({
			...Object.fromEntries(
				two.map((said, at) => [
					`src/hooks/${["before", "around"][at]}.ts`,
					`const HANDLED = new Set(['${said.action}', 'dry_${camel(said.action)}']);

export async function ${["before", "around"][at]}(request: HookRequest, next: Next) {
  if (!HANDLED.has(request.action)) return next();
  const grant = await grants.find(request.userId);
  if (grant === undefined) return next.fail('THE_CODE');${mark(said)}
  return next({ ...request, grant });
}
`,
				]),
			),
		}),
	},
	"a provider that is asked for, then the rest": {
		by: ["provider"],
		files: ({ wrong, third, right }) => ({
			"src/tokens.ts": `const PARTNERS = ['${third.provider}', '${right.provider}', '${wrong.provider}'] as const;
export type Partner = (typeof PARTNERS)[number];

export async function freshToken(partner: Partner, account: Account): Promise<string> {
  const token = await vault.read(account.id, partner);
  if (partner === '${wrong.provider}') {
    if (!token?.refresh) throw new TokenError('THE_CODE');
    return refresh(token);
  } else if (partner === '${third.provider}') {
    return vault.sign(account.id);
  } else if (!token || token.expiresAt < Date.now()) {
    throw new TokenError('THE_CODE'); //!
  }
  return token.value;
}
`,
		}),
	},
	"codes made from a template": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			...Object.fromEntries(
				two.map((said) => [
					`src/connectors/${said.provider}/connector.ts`,
					`const AREA = 'THE_AREA';

export async function connect(settings: Settings) {
  const socket = await open(settings.host);
  if (!socket.ready) {
    throw new ConnectorError(\`\${AREA}_HALTED\`);${mark(said)}
  }
  return socket;
}
`,
				]),
			),
		}),
	},
	"options beside the code": {
		by: ["provider"],
		files: ({ three, mark }) => ({
			"src/clients.ts": `import { createClient } from './create-client.js';

export const clients = {
${three
	.map(
		(said, at) => `  ${["main", "backup", "legacy"][at]}: createClient({
    baseUrl: process.env.CLIENT_${at}_URL,
    partner: '${said.provider}',
    timeoutMs: ${4000 + at * 1000},
    onTimeout: 'THE_CODE',${mark(said)}
  }),
`,
	)
	.join("")}};
`,
		}),
	},
	"a getter of the class": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			"src/drivers.ts": `abstract class Driver {
  protected abstract get partner(): string;
}

${two
	.map(
		(said, at) => `export class ${["Batch", "Live"][at]}Driver extends Driver {
  protected get partner() {
    return '${said.provider}' as const;
  }

  async fetch(range: Range) {
    const rows = await this.transport.rows(range);
    if (rows.truncated) throw new DriverError('THE_CODE');${mark(said)}
    return rows;
  }
}
`,
	)
	.join("\n")}`,
		}),
	},
	"objects of methods, by partner": {
		by: ["provider"],
		files: ({ three, mark }) => ({
			"src/senders.ts": `export const senders = {
${three
	.map(
		(said) => `  ${said.provider}: {
    label: 'Partner ${pascal(said.provider)}',
    async send(message: Message) {
      if (message.recipients.length === 0) {
        throw new SendError('THE_CODE');${mark(said)}
      }
      return post(message);
    },
  },
`,
	)
	.join("")}} satisfies Record<Partner, Sender>;
`,
		}),
	},
	"a default of the constructor": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			...Object.fromEntries(
				two.map((said, at) => [
					`src/mailers/${["plain", "rich"][at]}.ts`,
					`export class ${["Plain", "Rich"][at]}Mailer {
  constructor(
    private readonly http: Http,
    private readonly partner: string = '${said.provider}',
  ) {}

  async deliver(mail: Mail) {
    const receipt = await this.http.post(\`/\${this.partner}/mail\`, mail);
    return receipt.accepted ? receipt.id : this.fail();
  }

  private fail(): never {
    throw new MailError('THE_CODE');${mark(said)}
  }
}
`,
				]),
			),
		}),
	},
	"a flag from the action": {
		by: ["action"],
		files: ({ two, mark }) => ({
			"src/pipeline.ts": `export async function process(operation: Operation) {
${two.map((said, at) => `  const is${["Cheap", "Costly"][at]} = operation.action === '${said.action}';\n`).join("")}  const account = await accounts.load(operation.accountId);
${two
	.map(
		(said, at) => `  if (is${["Cheap", "Costly"][at]} && account.credit < ${at * 50 + 1}) {
    return failure('THE_CODE');${mark(said)}
  }
`,
	)
	.join("")}  return success(await perform(operation));
}
`,
		}),
	},
	"partial application": {
		by: ["provider"],
		files: ({ two, mark }) => ({
			"src/reporters.ts": `type Report = (context: Context) => void;

const reporter = (partner: string, code: string): Report => (context) => context.report({ partner, code });

export const reports: Record<string, Report> = {
${two.map((said, at) => `  ${["stale", "late"][at]}: reporter('${said.provider}', 'THE_CODE'),${mark(said)}\n`).join("")}};
`,
		}),
	},
	"a union's discriminator": {
		by: ["action"],
		files: ({ two, third, mark }) => ({
			"src/reduce.ts": `type Command =
  | { type: '${third.action}'; id: string }
${two.map((said) => `  | { type: '${said.action}'; id: string; amount: number }\n`).join("")};

export function reduce(state: State, command: Command): State {
  switch (command.type) {
${two
	.map(
		(said) => `    case '${said.action}': {
      const entry = state.entries.get(command.id);
      if (!entry) {
        return { ...state, failure: 'THE_CODE' };${mark(said)}
      }
      return applied(state, entry);
    }
`,
	)
	.join("")}    case '${third.action}':
      return state;
  }
}
`,
		}),
	},
};
