/**
 * TypeScript of the labelled corpus. A line that holds a code or a symbol ends in «NAME role @ enclosing», written
 * by hand from reading the code; the marks are cut off before the files are laid out.
 */
export const typescriptFiles: Readonly<Record<string, string>> = {
	"packages/shared/src/error-codes.ts": `/** LLM_TIMEOUT and the rest: what production accepts. */ «LLM_TIMEOUT mention»
export const ERROR_CODES = [
  'LLM_AUTH_FAILED', «LLM_AUTH_FAILED defines @ ERROR_CODES»
  'LLM_RATE_LIMITED', «LLM_RATE_LIMITED defines @ ERROR_CODES»
  'LLM_TIMEOUT', «LLM_TIMEOUT defines @ ERROR_CODES»
  'LLM_INVALID_RESPONSE', «LLM_INVALID_RESPONSE defines @ ERROR_CODES»
  'LLM_CONTEXT_TOO_LONG', «LLM_CONTEXT_TOO_LONG defines @ ERROR_CODES»
  'LLM_CONTENT_FILTERED', «LLM_CONTENT_FILTERED defines @ ERROR_CODES»
  'ATS_AUTH_FAILED', «ATS_AUTH_FAILED defines @ ERROR_CODES»
  'ATS_NOT_FOUND', «ATS_NOT_FOUND defines @ ERROR_CODES»
  'ATS_RATE_LIMITED', «ATS_RATE_LIMITED defines @ ERROR_CODES»
  'ATS_TIMEOUT', «ATS_TIMEOUT defines @ ERROR_CODES»
  'ATS_INVALID_REQUEST', «ATS_INVALID_REQUEST defines @ ERROR_CODES»
  'SKILL_NOT_FOUND', «SKILL_NOT_FOUND defines @ ERROR_CODES»
  'SKILL_DISABLED', «SKILL_DISABLED defines @ ERROR_CODES»
  'SKILL_MISSING_CAPABILITY', «SKILL_MISSING_CAPABILITY defines @ ERROR_CODES»
  'SKILL_RENDER_FAILED', «SKILL_RENDER_FAILED defines @ ERROR_CODES»
  'SCRAPE_TIMEOUT', «SCRAPE_TIMEOUT defines @ ERROR_CODES»
  'SCRAPE_BLOCKED', «SCRAPE_BLOCKED defines @ ERROR_CODES»
  'SCRAPE_NOT_LOGGED_IN', «SCRAPE_NOT_LOGGED_IN defines @ ERROR_CODES»
  'SCRAPE_INVALID_URL', «SCRAPE_INVALID_URL defines @ ERROR_CODES»
  'INTEGRATION_NOT_CONNECTED', «INTEGRATION_NOT_CONNECTED defines @ ERROR_CODES»
  'INTEGRATION_TOKEN_EXPIRED', «INTEGRATION_TOKEN_EXPIRED defines @ ERROR_CODES»
  'INTEGRATION_OAUTH_FAILED', «INTEGRATION_OAUTH_FAILED defines @ ERROR_CODES»
  'NETWORK_ERROR', «NETWORK_ERROR defines @ ERROR_CODES»
  'VALIDATION_ERROR', «VALIDATION_ERROR defines @ ERROR_CODES»
  'UNKNOWN_ERROR', «UNKNOWN_ERROR defines @ ERROR_CODES»
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number]; «ErrorCode defines @ ErrorCode»

export type RetryableCode = 'LLM_RATE_LIMITED' | 'ATS_RATE_LIMITED' | 'NETWORK_ERROR'; «LLM_RATE_LIMITED defines @ RetryableCode»«ATS_RATE_LIMITED defines @ RetryableCode»«NETWORK_ERROR defines @ RetryableCode»

export const isErrorCode = (value: unknown): value is ErrorCode => ERROR_CODES.includes(value as ErrorCode); «isErrorCode defines @ isErrorCode»
`,
	"packages/shared/src/index.ts": `export { ERROR_CODES, isErrorCode, type ErrorCode } from './error-codes.js';
export { classifyProviderError } from './classify.js';
export { AppError, NotConnectedError } from './app-error.js';
`,
	"packages/shared/src/app-error.ts": `import type { ErrorCode } from './error-codes.js';

export class AppError extends Error { «AppError defines @ AppError»
  constructor(readonly code: ErrorCode, readonly status: number, message: string) {
    super(message);
  }
}

/** Thrown where an integration is missing. */
export class NotConnectedError extends AppError { «NotConnectedError defines @ NotConnectedError»
  constructor(provider: string) {
    super('INTEGRATION_NOT_CONNECTED', 400, provider); «INTEGRATION_NOT_CONNECTED defines @ NotConnectedError.constructor»
  }
}

export class PlanLimitError extends Error { «PlanLimitError defines @ PlanLimitError»
  readonly code = 'PLAN_LIMIT_REACHED'; «PLAN_LIMIT_REACHED defines @ PlanLimitError»
}
`,
	"packages/shared/src/classify.ts": `import type { ErrorCode } from './error-codes.js';

export function classifyProviderError(error: unknown): ErrorCode { «classifyProviderError defines @ classifyProviderError»
  const message = String(error).toLowerCase();
  if (message.includes('401') || message.includes('invalid api key')) {
    return 'LLM_AUTH_FAILED'; «LLM_AUTH_FAILED raises @ classifyProviderError»
  }
  if (message.includes('429')) return 'LLM_RATE_LIMITED'; «LLM_RATE_LIMITED raises @ classifyProviderError»
  if (message.includes('timeout')) return 'LLM_TIMEOUT'; «LLM_TIMEOUT raises @ classifyProviderError»
  // LLM_CONTEXT_TOO_LONG is worded differently by each provider «LLM_CONTEXT_TOO_LONG mention»
  if (/context (length|window)/.test(message)) return 'LLM_CONTEXT_TOO_LONG'; «LLM_CONTEXT_TOO_LONG raises @ classifyProviderError»
  return message.includes('econnreset') ? 'NETWORK_ERROR' : 'UNKNOWN_ERROR'; «NETWORK_ERROR raises @ classifyProviderError»«UNKNOWN_ERROR raises @ classifyProviderError»
}

const byStatus: Record<number, ErrorCode> = {
  401: 'ATS_AUTH_FAILED', «ATS_AUTH_FAILED raises @ byStatus»
  404: 'ATS_NOT_FOUND', «ATS_NOT_FOUND raises @ byStatus»
  429: 'ATS_RATE_LIMITED', «ATS_RATE_LIMITED raises @ byStatus»
};

export function classifyAtsStatus(status: number): ErrorCode { «classifyAtsStatus defines @ classifyAtsStatus»
  switch (true) {
    case status === 408:
    case status === 504:
      return 'ATS_TIMEOUT'; «ATS_TIMEOUT raises @ classifyAtsStatus»
    default:
      return byStatus[status] ?? 'UNKNOWN_ERROR'; «UNKNOWN_ERROR raises @ classifyAtsStatus»
  }
}
`,
	"apps/api/src/routes/ats.ts": `import { Hono } from 'hono';
import { classifyAtsStatus } from '@acme/shared';
import { logUsage } from '../lib/usage.js';

export const ats = new Hono();

ats.post('/proxy', async (c) => {
  const body = await c.req.json();
  if (!body.path?.startsWith('/')) {
    return c.json({ error: { code: 'ATS_INVALID_REQUEST', message: 'bad path' } }, 400); «ATS_INVALID_REQUEST raises @ ats.post("/proxy") callback»
  }
  const answer = await fetch(body.path);
  if (!answer.ok) {
    const code = classifyAtsStatus(answer.status);
    if (code === 'ATS_RATE_LIMITED') c.header('Retry-After', '30'); «ATS_RATE_LIMITED handles @ ats.post("/proxy") callback»
    await logUsage(c.get('user'), 'error', code);
    return c.json({ error: { code } }, 502);
  }
  return c.json(await answer.json());
});

ats.get('/candidates', async (c) => {
  const connected = await c.get('integrations').find('ats');
  if (!connected) {
    await logUsage(c.get('user'), 'error', 'INTEGRATION_NOT_CONNECTED'); «INTEGRATION_NOT_CONNECTED raises @ ats.get("/candidates") callback»
    return c.json({ error: 'not connected' }, 400);
  }
  return c.json([]);
});
`,
	"apps/api/src/lib/usage.ts": `import { db, schema } from '../db.js';

export async function logUsage(user: string, status: string, errorMessage?: string): Promise<void> { «logUsage defines @ logUsage»
  await db.insert(schema.skillUsageLogs).values({ user, status, errorMessage });
}
`,
	"apps/api/src/lib/error-events.ts": `import { ERROR_CODES } from '@acme/shared';
import { db, schema } from '../db.js';

export const recordErrorEvent = async (event: { errorCode: string }) => { «recordErrorEvent defines @ recordErrorEvent»
  if (!(ERROR_CODES as readonly string[]).includes(event.errorCode)) return;
  await db.insert(schema.errorEvents).values(event);
};
`,
	"apps/api/src/services/skill-runner.ts": `import { AppError, NotConnectedError, PlanLimitError, classifyProviderError } from '@acme/shared';
import { recordErrorEvent } from '../lib/error-events.js';

interface Skill { slug: string; enabled: boolean; needs: string[] }

export class SkillRunner { «SkillRunner defines @ SkillRunner»
  constructor(private readonly skills: Map<string, Skill>) {}

  async run(slug: string, connected: Set<string>): Promise<string> {
    const skill = this.skills.get(slug);
    if (!skill) throw new AppError('SKILL_NOT_FOUND', 404, slug); «SKILL_NOT_FOUND raises @ SkillRunner.run»
    if (!skill.enabled) {
      throw new AppError(
        'SKILL_DISABLED', «SKILL_DISABLED raises @ SkillRunner.run»
        403,
        slug,
      );
    }
    for (const need of skill.needs) {
      if (!connected.has(need)) throw new NotConnectedError(need); «INTEGRATION_NOT_CONNECTED raises @ SkillRunner.run»
    }
    try {
      return await this.render(skill);
    } catch (error) {
      const errorCode = error instanceof AppError ? error.code : classifyProviderError(error);
      await recordErrorEvent({ errorCode });
      throw error;
    }
  }

  private async render(skill: Skill): Promise<string> {
    const missing = skill.needs.filter((need) => need === '');
    if (missing.length > 0) {
      const failure = { code: 'SKILL_MISSING_CAPABILITY', status: 400 } as const; «SKILL_MISSING_CAPABILITY raises @ SkillRunner.render»
      return Promise.reject(new AppError('SKILL_MISSING_CAPABILITY', failure.status, skill.slug)); «SKILL_MISSING_CAPABILITY raises @ SkillRunner.render»
    }
    if (skill.slug.length > 80) throw new PlanLimitError(); «PLAN_LIMIT_REACHED raises @ SkillRunner.render»
    try {
      return skill.slug.replace('{{', '');
    } catch {
      throw Object.assign(new Error('render'), { code: 'SKILL_RENDER_FAILED' }); «SKILL_RENDER_FAILED raises @ SkillRunner.render»
    }
  }
}
`,
	"apps/api/src/lib/oauth.ts": `export interface Token { access: string; expiresAt: number }

export class OAuthError extends Error {
  code: string;
  constructor(message: string) {
    super(message);
    this.code = 'INTEGRATION_OAUTH_FAILED'; «INTEGRATION_OAUTH_FAILED raises @ OAuthError.constructor»
  }
}

export async function refreshToken(token: Token): Promise<Token> { «refreshToken defines @ refreshToken»
  const answer = await fetch('https://oauth.example/token', { method: 'POST' });
  if (answer.status === 400) {
    const error = new Error('INTEGRATION_TOKEN_EXPIRED: refresh token was revoked'); «INTEGRATION_TOKEN_EXPIRED raises @ refreshToken»
    throw error;
  }
  if (!answer.ok) throw new OAuthError(String(answer.status));
  return token;
}

export function describeOAuth(code: string): string {
  if (code === 'INTEGRATION_TOKEN_EXPIRED') { «INTEGRATION_TOKEN_EXPIRED handles @ describeOAuth»
    return 'please connect again';
  }
  return ['INTEGRATION_OAUTH_FAILED', 'INTEGRATION_NOT_CONNECTED'].includes(code) ? 'connect' : ''; «INTEGRATION_OAUTH_FAILED handles @ describeOAuth»«INTEGRATION_NOT_CONNECTED handles @ describeOAuth»
}
`,
	"apps/api/src/lib/llm.ts": `import { logger } from './logger.js';

type Result<T> = { ok: true; value: T } | { ok: false; error: string };

const rules = [
  { pattern: /filtered/, code: 'LLM_CONTENT_FILTERED' }, «LLM_CONTENT_FILTERED raises @ rules»
  { pattern: /overloaded/, code: 'LLM_OVERLOADED' }, «LLM_OVERLOADED raises @ rules»
];

export function parseAnswer(text: string): Result<unknown> { «parseAnswer defines @ parseAnswer»
  let error = 'UNKNOWN_ERROR'; «UNKNOWN_ERROR raises @ parseAnswer»
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    error = 'LLM_INVALID_RESPONSE'; «LLM_INVALID_RESPONSE raises @ parseAnswer»
    logger.warn('LLM_INVALID_RESPONSE: will ask again'); «LLM_INVALID_RESPONSE mention @ parseAnswer»
  }
  const rule = rules.find(({ pattern }) => pattern.test(text));
  return { ok: false, error: rule?.code ?? error };
}

export const isRetryable = (code: string): boolean => {
  switch (code) {
    case 'LLM_RATE_LIMITED': «LLM_RATE_LIMITED handles @ isRetryable»
    case 'LLM_TIMEOUT': «LLM_TIMEOUT handles @ isRetryable»
      return true;
    default:
      return false;
  }
};

export function withDefault(run: () => void, code = 'LLM_DEFAULT_FAILED'): string { «LLM_DEFAULT_FAILED raises @ withDefault»
  run();
  return code;
}
`,
	"apps/api/src/lib/validate.ts": `import { z } from 'zod';

export const codeSchema = z.enum(['VALIDATION_ERROR', 'SCRAPE_INVALID_URL']); «VALIDATION_ERROR defines @ codeSchema»«SCRAPE_INVALID_URL defines @ codeSchema»

export function checkBody(body: unknown): asserts body is object { «checkBody defines @ checkBody»
  if (typeof body !== 'object') throw httpError(422, 'VALIDATION_ERROR'); «VALIDATION_ERROR raises @ checkBody»
}

export function checkUrl(url: string) {
  const valid = URL.canParse(url);
  return valid ? { ok: true } : { ok: false, reason: 'SCRAPE_INVALID_URL' }; «SCRAPE_INVALID_URL raises @ checkUrl»
}

function httpError(status: number, code: string): Error {
  return Object.assign(new Error(code), { status });
}
`,
	"apps/api/src/lib/metrics.ts": `/** Counts by code; LLM_TIMEOUT_MS is the limit and no code. */ «LLM_TIMEOUT mention»
export const LLM_TIMEOUT_MS = 30_000; «LLM_TIMEOUT_MS defines @ LLM_TIMEOUT_MS»«LLM_TIMEOUT mention»
const weights: Record<string, number> = { LLM_TIMEOUT: 3, ATS_TIMEOUT: 2 }; «LLM_TIMEOUT handles @ weights»«ATS_TIMEOUT handles @ weights»

export const weightOf = (code: string): number => weights[code] ?? 1; «weightOf defines @ weightOf»
`,
	"apps/api/src/enums.ts": `export enum BillingCode {
  CardDeclined = 'BILLING_CARD_DECLINED', «BILLING_CARD_DECLINED defines @ BillingCode»
  SeatLimit = 'BILLING_SEAT_LIMIT', «BILLING_SEAT_LIMIT defines @ BillingCode»
}

export const Codes = {
  QuotaSpent: 'BILLING_QUOTA_SPENT', «BILLING_QUOTA_SPENT defines @ Codes»
} as const;
`,
	"apps/api/src/billing.ts": `import { BillingCode, Codes } from './enums.js';

export function charge(card: { ok: boolean }, seats: number) { «charge defines @ charge»
  if (!card.ok) {
    throw new Error(BillingCode.CardDeclined); «BILLING_CARD_DECLINED raises @ charge»
  }
  if (seats > 10) return { code: BillingCode.SeatLimit }; «BILLING_SEAT_LIMIT raises @ charge»
  return { code: seats < 0 ? Codes.QuotaSpent : undefined }; «BILLING_QUOTA_SPENT raises @ charge»
}

export function isFatal(code: string): boolean {
  return code === BillingCode.CardDeclined; «BILLING_CARD_DECLINED handles @ isFatal»
}
`,
};
