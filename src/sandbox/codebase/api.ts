/** The API of the story's code base, and the commits that broke it. */

export const apiFiles = {
	"apps/api/src/lib/app-error.ts": `import type { ErrorCode } from '@skillomatic/shared';

/** An error that the API answers with. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
`,
	"apps/api/src/lib/usage-log.ts": `import { db } from '../db.js';
import type { ErrorCode } from '@skillomatic/shared';

export interface Usage {
  skillId: string;
  userId: string;
  durationMs: number;
}

/** Writes one row of skill_usage_logs. */
export async function logUsage(usage: Usage, status: 'success' | 'error' | 'partial', error?: ErrorCode | string): Promise<void> {
  await db.insert('skill_usage_logs', { ...usage, status, errorMessage: error ?? null, createdAt: Math.floor(Date.now() / 1000) });
}
`,
	"apps/api/src/lib/error-events.ts": `import { ERROR_CODES, categoryOf, type ErrorCode } from '@skillomatic/shared';
import { db } from '../db.js';

export interface ErrorEvent {
  errorCode: ErrorCode;
  skillSlug?: string;
  provider?: string;
  action?: string;
  httpStatus?: number;
  sessionId?: string;
  userId?: string;
}

/** Writes one row of error_events. Codes only, by design: no message, no stack. */
export async function recordErrorEvent(event: ErrorEvent): Promise<void> {
  if (!ERROR_CODES.includes(event.errorCode)) return;
  await db.insert('error_events', {
    ...event,
    errorCategory: categoryOf(event.errorCode),
    createdAt: Math.floor(Date.now() / 1000),
  });
}
`,
	"apps/api/src/db.ts": `/** The database, as far as the routes know it. */
export const db = {
  async insert(table: string, row: Record<string, unknown>): Promise<void> {
    await fetch(\`\${process.env.DATABASE_URL}/\${table}\`, { method: 'POST', body: JSON.stringify(row) });
  },
};
`,
	"apps/api/src/routes/errors.ts": `import { recordErrorEvent, type ErrorEvent } from '../lib/error-events.js';

/** POST /v1/errors: clients report what failed on their side. No authentication. */
export async function postErrors(request: { body: ErrorEvent[] }): Promise<{ accepted: number }> {
  for (const event of request.body) await recordErrorEvent(event);
  return { accepted: request.body.length };
}
`,
	"apps/api/src/routes/ats.ts": `import { AppError } from '../lib/app-error.js';
import { logUsage, type Usage } from '../lib/usage-log.js';

export interface AtsAnswer {
  status: number;
  body: unknown;
}

/** Passes a request on to the customer's ATS. */
export async function atsProxy(usage: Usage, ask: () => Promise<AtsAnswer>): Promise<unknown> {
  const answer = await ask();
  if (answer.status === 401) {
    await logUsage(usage, 'error', 'ATS_AUTH_FAILED');
    throw new AppError('ATS_AUTH_FAILED', 502, 'the ATS rejected its token');
  }
  if (answer.status === 404) throw new AppError('ATS_NOT_FOUND', 404, 'no such candidate');
  if (answer.status === 429) throw new AppError('ATS_RATE_LIMITED', 429, 'the ATS is busy');
  if (answer.status >= 400) throw new AppError('UNKNOWN_ERROR', 502, \`the ATS answered \${answer.status}\`);
  return answer.body;
}
`,
	"apps/api/src/routes/skills.ts": `import { AppError } from '../lib/app-error.js';
import { logUsage, type Usage } from '../lib/usage-log.js';

export interface StoredSkill {
  slug: string;
  isEnabled: boolean;
  requiredIntegrations: string[];
}

/** Loads a skill for a user, or says why not. */
export async function loadSkill(
  slug: string,
  usage: Usage,
  find: (slug: string) => Promise<StoredSkill | undefined>,
  connected: readonly string[],
): Promise<StoredSkill> {
  const skill = await find(slug);
  if (skill === undefined) throw new AppError('SKILL_NOT_FOUND', 404, \`no skill \${slug}\`);
  if (!skill.isEnabled) throw new AppError('SKILL_DISABLED', 403, \`\${slug} is disabled\`);
  const missing = skill.requiredIntegrations.find((name) => !connected.includes(name));
  if (missing !== undefined) {
    await logUsage(usage, 'error', 'INTEGRATION_NOT_CONNECTED');
    throw new AppError('INTEGRATION_NOT_CONNECTED', 400, \`\${missing} is not connected\`);
  }
  return skill;
}
`,
} as const;

/** The classifier: codes are returned under a condition, and callers send them on. */
export const chatFiles = {
	"apps/api/src/lib/classify-error.ts": `import type { ErrorCode } from '@skillomatic/shared';

/** Which code an exception of a provider stands for. */
export function classifyError(error: unknown): ErrorCode {
  const message = error instanceof Error ? error.message.toLowerCase() : String(error);
  if (message.includes('429') || message.includes('rate limit')) return 'LLM_RATE_LIMITED';
  if (message.includes('context length')) return 'LLM_CONTEXT_TOO_LONG';
  if (message.includes('401') || message.includes('invalid api key')) return 'LLM_AUTH_FAILED';
  if (message.includes('timeout')) return 'LLM_TIMEOUT';
  if (message.includes('econn')) return 'NETWORK_ERROR';
  return 'UNKNOWN_ERROR';
}
`,
	"apps/api/src/routes/chat.ts": `import { classifyError } from '../lib/classify-error.js';
import { recordErrorEvent } from '../lib/error-events.js';
import { complete } from '../llm/anthropic.js';

export interface ChatRequest {
  prompt: string;
  skillSlug?: string;
  sessionId: string;
  userId: string;
}

/** POST /v1/chat */
export async function postChat(request: ChatRequest): Promise<{ status: number; body: unknown }> {
  try {
    return { status: 200, body: await complete(request.prompt) };
  } catch (error) {
    const errorCode = classifyError(error);
    await recordErrorEvent({
      errorCode,
      provider: 'anthropic',
      action: 'chat',
      sessionId: request.sessionId,
      userId: request.userId,
      ...(request.skillSlug === undefined ? {} : { skillSlug: request.skillSlug }),
    });
    return { status: 502, body: { error: { code: errorCode } } };
  }
}
`,
	"apps/api/src/llm/anthropic.ts": `export interface Completion {
  text: string;
}

/** Asks the model once. */
export async function complete(prompt: string): Promise<Completion> {
  const response = await fetch('https://llm.example/v1/messages', {
    method: 'POST',
    body: JSON.stringify({ prompt }),
  });
  if (!response.ok) throw new Error(\`Anthropic \${response.status}: \${await response.text()}\`);
  return (await response.json()) as Completion;
}
`,
	"apps/api/test/classify-error.test.ts": `import { expect, test } from 'vitest';
import { classifyError } from '../src/lib/classify-error.js';

test('a provider that is busy is LLM_RATE_LIMITED', () => {
  expect(classifyError(new Error('Anthropic 429: rate limited'))).toBe('LLM_RATE_LIMITED');
});
`,
} as const;

/** The cause of the rate limits: one call a candidate, all at once, and none waits when the model is busy. */
export const candidateSearchFiles = {
	"apps/api/src/skills/candidate-search.ts": `import { complete } from '../llm/anthropic.js';

export interface Candidate {
  name: string;
  resume: string;
}

/** Ranks candidates for a job: the model scores each of them. */
export async function rankCandidates(job: string, candidates: readonly Candidate[]): Promise<Candidate[]> {
  const scores = await Promise.all(
    candidates.map((candidate) => complete(\`Score 0-100 for "\${job}": \${candidate.resume}\`)),
  );
  return candidates
    .map((candidate, index) => ({ candidate, score: Number(scores[index]?.text ?? 0) }))
    .sort((one, other) => other.score - one.score)
    .map(({ candidate }) => candidate);
}
`,
	"apps/api/src/lib/retry.ts": `/** Tries again with growing waits. */
export async function retry<T>(work: () => Promise<T>, attempts = 3, waitMs = 500): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs * 2 ** (attempt - 1)));
    }
  }
}
`,
} as const;

const gmailHead = `import { AppError } from '../lib/app-error.js';

export interface Token {
  accessToken: string;
  refreshToken: string;
  /** Epoch seconds. */
  expiresAt: number;
}

`;

export const gmailFiles = {
	"apps/api/src/integrations/gmail.ts": `${gmailHead}/** A token that is good for the next minute. */
export async function freshToken(token: Token, refresh: (refreshToken: string) => Promise<Token>): Promise<Token> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return token.expiresAt - 60 > nowSeconds ? token : refresh(token.refreshToken);
}

/** Drafts a reply in the user's mailbox. */
export async function createDraft(token: Token, text: string): Promise<string> {
  const response = await fetch('https://gmail.example/drafts', {
    method: 'POST',
    headers: { authorization: \`Bearer \${token.accessToken}\` },
    body: text,
  });
  if (response.status === 401) throw new AppError('INTEGRATION_TOKEN_EXPIRED', 401, 'gmail rejected the token');
  if (!response.ok) throw new AppError('INTEGRATION_OAUTH_FAILED', 502, \`gmail answered \${response.status}\`);
  return response.text();
}
`,
} as const;

/** What broke the refresh: seconds are compared with milliseconds, so that no token ever counts as expired. */
export const gmailBroken = {
	"apps/api/src/integrations/gmail.ts": `${gmailHead}const cache = new Map<string, Token>();

/** A token that is good for the next minute, from the cache where it is there. */
export async function freshToken(token: Token, refresh: (refreshToken: string) => Promise<Token>): Promise<Token> {
  const cached = cache.get(token.refreshToken) ?? token;
  const expired = cached.expiresAt * 1000 < Date.now() / 1000 + 60;
  if (!expired) return cached;
  const fresh = await refresh(cached.refreshToken);
  cache.set(token.refreshToken, fresh);
  return fresh;
}

/** Drafts a reply in the user's mailbox. */
export async function createDraft(token: Token, text: string): Promise<string> {
  const response = await fetch('https://gmail.example/drafts', {
    method: 'POST',
    headers: { authorization: \`Bearer \${token.accessToken}\` },
    body: text,
  });
  if (response.status === 401) throw new AppError('INTEGRATION_TOKEN_EXPIRED', 401, 'gmail rejected the token');
  if (!response.ok) throw new AppError('INTEGRATION_OAUTH_FAILED', 502, \`gmail answered \${response.status}\`);
  return response.text();
}
`,
	"apps/api/src/integrations/README.md": `# Integrations

Tokens are cached since v1.6.1. \`INTEGRATION_TOKEN_EXPIRED\` means that a provider rejected one.
`,
} as const;

export const offerLetterFiles = {
	"apps/api/src/skills/offer-letter.ts": `import { AppError } from '../lib/app-error.js';

export interface Template {
  title: string;
  sections: string[];
}

/** Fills an offer letter. */
export function renderOfferLetter(template: Template, values: Record<string, string>): string {
  const body = template.sections.map((section) => fill(section, values)).join('\\n\\n');
  return \`\${fill(template.title, values)}\\n\\n\${body}\`;
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\\{(\\w+)\\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new AppError('SKILL_RENDER_FAILED', 500, \`no value for \${name}\`);
    return value;
  });
}
`,
} as const;

/** What breaks one customer's letters: an optional section that is absent is filled all the same. */
export const offerLetterBroken = {
	"apps/api/src/skills/offer-letter.ts": `import { AppError } from '../lib/app-error.js';

export interface Template {
  title: string;
  sections: string[];
  /** Sections that a customer may leave out. */
  optional?: Record<string, string>;
}

/** Fills an offer letter. */
export function renderOfferLetter(template: Template, values: Record<string, string>, chosen: readonly string[] = []): string {
  const optional = chosen.map((name) => template.optional?.[name] ?? \`{\${name}}\`);
  const body = [...template.sections, ...optional].map((section) => fill(section, values)).join('\\n\\n');
  return \`\${fill(template.title, values)}\\n\\n\${body}\`;
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\\{(\\w+)\\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new AppError('SKILL_RENDER_FAILED', 500, \`no value for \${name}\`);
    return value;
  });
}
`,
} as const;
