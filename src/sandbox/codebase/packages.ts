/** What stands around the API in the story's code base. */

export const toolingFiles = {
	"package.json": `${JSON.stringify({ name: "skillomatic", private: true, type: "module", workspaces: ["apps/*", "packages/*"] }, null, 2)}\n`,
	"tsconfig.json": `${JSON.stringify({ compilerOptions: { strict: true, module: "nodenext", target: "es2022" } }, null, 2)}\n`,
	".gitignore": "node_modules/\ndist/\n.env\n",
	"README.md": "# Skillomatic\n\nSkills that link AI assistants to business tools.\n",
} as const;

const codes = {
	llm: [
		"LLM_AUTH_FAILED",
		"LLM_RATE_LIMITED",
		"LLM_TIMEOUT",
		"LLM_INVALID_RESPONSE",
		"LLM_CONTEXT_TOO_LONG",
		"LLM_CONTENT_FILTERED",
	],
	ats: ["ATS_AUTH_FAILED", "ATS_NOT_FOUND", "ATS_RATE_LIMITED", "ATS_TIMEOUT", "ATS_INVALID_REQUEST"],
	skill: ["SKILL_NOT_FOUND", "SKILL_DISABLED", "SKILL_MISSING_CAPABILITY", "SKILL_RENDER_FAILED"],
	scrape: ["SCRAPE_TIMEOUT", "SCRAPE_BLOCKED", "SCRAPE_NOT_LOGGED_IN", "SCRAPE_INVALID_URL"],
	integration: ["INTEGRATION_NOT_CONNECTED", "INTEGRATION_TOKEN_EXPIRED", "INTEGRATION_OAUTH_FAILED"],
	system: ["NETWORK_ERROR", "VALIDATION_ERROR", "UNKNOWN_ERROR"],
} as const;

export const sharedFiles = {
	"packages/shared/package.json": `${JSON.stringify({ name: "@skillomatic/shared", type: "module", main: "src/index.ts" }, null, 2)}\n`,
	"packages/shared/src/index.ts": "export * from './error-codes.js';\n",
	"packages/shared/src/error-codes.ts": `/** Every code that error_events takes. */
export const ERROR_CODES = [
${Object.values(codes)
	.flat()
	.map((code) => `  '${code}',`)
	.join("\n")}
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

const SYSTEM: readonly ErrorCode[] = ['NETWORK_ERROR', 'VALIDATION_ERROR', 'UNKNOWN_ERROR'];

/** The category is the code's prefix, and \`system\` for the last three. */
export function categoryOf(code: ErrorCode): string {
  return SYSTEM.includes(code) ? 'system' : (code.split('_')[0] ?? '').toLowerCase();
}
`,
	"docs/error-codes.md": `# Error codes

${Object.values(codes)
	.flat()
	.map((code) => `- \`${code}\``)
	.join("\n")}
`,
} as const;

export const extensionFiles = {
	"apps/extension/src/scrape.ts": `import type { ErrorCode } from '@skillomatic/shared';

export type ScrapeResult = { ok: true; html: string } | { ok: false; errorCode: ErrorCode };

/** Runs a scrape task in the user's browser. */
export async function scrape(url: string, open: (url: string) => Promise<{ status: number; html: string; login: boolean }>): Promise<ScrapeResult> {
  if (!URL.canParse(url)) return { ok: false, errorCode: 'SCRAPE_INVALID_URL' };
  const timeout = new Promise<'timeout'>((resolve) => setTimeout(() => resolve('timeout'), 30_000));
  const page = await Promise.race([open(url), timeout]);
  if (page === 'timeout') return { ok: false, errorCode: 'SCRAPE_TIMEOUT' };
  if (page.login) return { ok: false, errorCode: 'SCRAPE_NOT_LOGGED_IN' };
  if (page.status === 403 || page.status === 429) return { ok: false, errorCode: 'SCRAPE_BLOCKED' };
  return { ok: true, html: page.html };
}
`,
} as const;

export const webFiles = {
	"apps/web/src/errors.ts": `import type { ErrorCode } from '@skillomatic/shared';

/** What a user reads when something failed. */
export const messages: Partial<Record<ErrorCode, string>> = {
  LLM_RATE_LIMITED: 'The model is busy. Try again in a minute.',
  INTEGRATION_TOKEN_EXPIRED: 'Please connect your account again.',
  INTEGRATION_NOT_CONNECTED: 'Connect this integration first.',
};

export function messageFor(code: ErrorCode): string {
  switch (code) {
    case 'SCRAPE_NOT_LOGGED_IN':
      return 'Log in to the site first.';
    case 'VALIDATION_ERROR':
      return 'Please check your input.';
    default:
      return messages[code] ?? 'Something went wrong.';
  }
}
`,
	"apps/web/src/validate.ts": `import type { ErrorCode } from '@skillomatic/shared';

export function validate(form: Record<string, string>): { errorCode?: ErrorCode } {
  return Object.values(form).some((value) => value.trim() === '') ? { errorCode: 'VALIDATION_ERROR' } : {};
}
`,
} as const;
