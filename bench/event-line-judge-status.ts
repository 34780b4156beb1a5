// Styles of the judging round whose lines differ by the status of an answer.

import type { Scene, Style } from "./event-line-scene.ts";
import { pick } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

/** A refusal of the server's and one of the client's, either of which may be the right one. */
function either(random: Random): number[] {
	const [server, client] = [pick([500, 502, 503, 504], random), pick([400, 404, 409, 422], random)];
	return random() < 0.5 ? [server, client, 401] : [client, server, 401];
}

export const statusStyles: Readonly<Record<string, Style>> = {
	"static factories of an error": {
		by: ["status"],
		files: ({ two, mark }) => ({
			"src/errors/partner-error.ts": `/** Thrown by every partner client; the global handler turns it into an answer. */
export class PartnerError extends Error {
  private constructor(readonly code: string, readonly status: number, detail: string) {
    super(detail);
  }

${two
	.map(
		(said, at) => `  static ${["refused", "unavailable"][at]}(detail: string) {
    return new PartnerError('THE_CODE', ${said.status}, detail);${mark(said)}
  }
`,
	)
	.join("\n")}}
`,
		}),
	},
	"retries, then a throw at the end": {
		by: ["status"],
		files: (scene) => retried(scene, scene.right, "", " //!"),
	},
	"retries, and a throw at once": {
		by: ["status"],
		files: (scene) => retried(scene, scene.wrong, " //!", ""),
	},
	"invariants of the status": {
		by: ["status"],
		files: ({ two, mark }) => ({
			"src/lib/invariant.ts":
				"export function invariant(condition: unknown, code: string): asserts condition {\n  if (!condition) throw new ServiceError(code);\n}\n",
			"src/partner/read-page.ts": `import { invariant } from '../lib/invariant.js';

export async function readPage(http: Http, cursor: string): Promise<Page> {
  const response = await http.get('/page', { cursor });
${two.map((said) => `  invariant(response.status !== ${said.status}, 'THE_CODE');${mark(said)}\n`).join("")}  return pageSchema.parse(await response.json());
}
`,
		}),
	},
	"choices within choices": {
		by: ["status"],
		files: ({ right, wrong, third }) => ({
			"src/http/to-code.ts": `export function toCode(status: number, hasBody: boolean): ErrorCode {
  if (hasBody) {
    return status === ${wrong.status} ? 'THE_CODE' : 'BODY_UNREADABLE';
  }
  return status === ${third.status}
    ? 'PARTNER_MOVED'
    : status === ${right.status}
      ? 'THE_CODE' //!
      : 'PARTNER_UNKNOWN';
}
`,
		}),
	},
	"optional chaining on what was caught": {
		by: ["status"],
		files: ({ two, mark }) => ({
			"src/sync/pull.ts": `import axios from 'axios';

export async function pull(job: PullJob) {
  try {
    return await axios.get(job.url, { timeout: 8000 });
  } catch (err) {
    logger.warn({ err, job: job.id }, 'pull failed');
${two
	.map(
		(said) =>
			`    if (axios.isAxiosError(err) && err.response?.status === ${said.status}) {\n      throw new SyncError('THE_CODE', { cause: err });${mark(said)}\n    }\n`,
	)
	.join("")}    throw err;
  }
}
`,
		}),
	},
	"statuses named in another file": {
		by: ["status"],
		files: ({ two, mark }) => ({
			"src/http/status.ts": `export const Status = {
  Ok: 200,
  ${["Refused", "Waiting"].map((name, at) => `${name}: ${two[at]?.status},`).join("\n  ")}
} as const;
`,
			"src/partner/send.ts": `import { Status } from '../http/status.js';

export async function send(client: Client, payload: Payload) {
  const { status, data } = await client.post('/messages', payload);
  if (status === Status.Ok) return data;
${["Refused", "Waiting"].map((name, at) => `  if (status === Status.${name}) throw new SendError('THE_CODE');${two[at] === undefined ? "" : mark(two[at])}\n`).join("")}  throw new SendError('SEND_FAILED');
}
`,
		}),
	},
	"any other status of a switch": {
		by: ["status"],
		files: ({ wrong, third }) => ({
			"src/partner/parse-response.ts": `export function parseResponse(response: PartnerResponse) {
  switch (response.status) {
    case 200:
    case 201:
      return response.json();
    case ${third.status}:
      return null;
    case ${wrong.status}:
      throw new PartnerFault('THE_CODE', 'known');
    default:
      throw new PartnerFault('THE_CODE', 'unexpected'); //!
  }
}
`,
		}),
	},
	"flags of a range": {
		by: ["status"],
		statuses: either,
		files: ({ right }) => ({
			"src/partner/check.ts": `export function check(res: Response) {
  const isTheirs = res.status >= 500;
  const isOurs = res.status >= 400 && res.status < 500;
  if (isTheirs) {
    throw new UpstreamError('THE_CODE', { retry: true });${right.status >= 500 ? " //!" : ""}
  }
  if (isOurs) {
    throw new UpstreamError('THE_CODE', { retry: false });${right.status < 500 ? " //!" : ""}
  }
  return res;
}
`,
		}),
	},
	"classes of errors that know their status": {
		by: ["status"],
		files: ({ two, mark }) => ({
			"src/errors.ts": two
				.map(
					(said, at) =>
						`export class ${["AbsentError", "BusyError"][at]} extends HttpError {\n  readonly status = ${said.status};\n}\n`,
				)
				.join("\n"),
			"src/middleware/on-error.ts": `import { AbsentError, BusyError } from '../errors.js';

export const onError: ErrorHandler = (err, c) => {
${two
	.map(
		(said, at) =>
			`  if (err instanceof ${["AbsentError", "BusyError"][at]}) return c.json({ error: { code: 'THE_CODE' } });${mark(said)}\n`,
	)
	.join("")}  return c.json({ error: { code: 'INTERNAL' } });
};
`,
		}),
	},
	"a list of rules, first match wins": {
		by: ["status"],
		files: ({ two, third, mark }) => ({
			"src/partner/rules.ts": `interface Rule {
  when: (status: number, body: string) => boolean;
  code: string;
}

export const rules: Rule[] = [
  { when: (status) => status === ${third.status}, code: 'GRANT_REVOKED' },
${two.map((said) => `  {\n    when: (status, body) => status === ${said.status} && body.length > 0,\n    code: 'THE_CODE',${mark(said)}\n  },\n`).join("")}];

export const codeOf = (status: number, body: string) => rules.find((rule) => rule.when(status, body))?.code;
`,
		}),
	},
};

/** A loop that tries again on one status: what is left after it had that one, what is thrown inside had another. */
function retried({ third }: Scene, again: Scene["right"], inside: string, after: string) {
	return {
		"src/lib/with-retry.ts": `const RETRYABLE = new Set([${again.status}, ${third.status === 503 ? 504 : 599}]);

export async function withRetry<T>(call: () => Promise<Reply<T>>, attempts = 3): Promise<T> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const reply = await call();
    if (reply.ok) return reply.body;
    if (!RETRYABLE.has(reply.status)) {
      throw new CallError('THE_CODE', { attempt });${inside}
    }
    await delay(2 ** attempt * 100);
  }
  throw new CallError('THE_CODE', { attempts });${after}
}
`,
	};
}
