/**
 * What a grep brings beside the lines that matter: tests, docs, generated and vendored files, other languages.
 * Every line with a code in them has the role of its folder; so they carry no marks.
 */
const codes = [
	"LLM_AUTH_FAILED",
	"LLM_RATE_LIMITED",
	"LLM_TIMEOUT",
	"LLM_CONTEXT_TOO_LONG",
	"ATS_AUTH_FAILED",
	"ATS_RATE_LIMITED",
	"SKILL_NOT_FOUND",
	"SKILL_DISABLED",
	"SCRAPE_TIMEOUT",
	"INTEGRATION_NOT_CONNECTED",
	"NETWORK_ERROR",
	"VALIDATION_ERROR",
	"UNKNOWN_ERROR",
	"PARSE_ENCODING",
	"PARSE_BUSY",
	"MAIL_BOUNCED",
	"MAIL_THROTTLED",
] as const;

const each = (line: (code: string, index: number) => string): string => codes.map(line).join("\n");

export const noiseFiles: Readonly<Record<string, string>> = {
	"packages/shared/test/classify.test.ts": `import { describe, expect, it } from 'vitest';
import { classifyProviderError } from '../src/classify.js';

describe('classifyProviderError', () => {
${each((code) => `  it('knows ${code}', () => {\n    expect(classifyProviderError(new Error('x'))).toBe('${code}');\n  });`)}
});
`,
	"apps/api/src/services/skill-runner.test.ts": `import { expect, test } from 'vitest';
import { SkillRunner } from './skill-runner.js';

${each((code, index) => `test('case ${index}', async () => {\n  const runner = new SkillRunner(new Map());\n  await expect(runner.run('x', new Set())).rejects.toMatchObject({ code: '${code}' });\n  throw Object.assign(new Error('x'), { code: '${code}' });\n});`)}
`,
	"services/parser/tests/test_resume.py": `from parser.errors import ParseError

${each((code, index) => `def test_case_${index}():\n    assert str(ParseError("${code}").code) == "${code}"\n`)}
`,
	"services/mail/send_test.go": `package mail

import "testing"

func TestCodes(t *testing.T) {
	for _, code := range []string{
${each((code) => `\t\t"${code}",`)}
	} {
		if Advice(code, nil) == "" {
			t.Logf("no advice for %s", code)
		}
	}
}
`,
	"docs/errors.md": `# Error codes\n\n${each((code) => `- \`${code}\`: see the runbook before you page anyone. \`throw new AppError('${code}')\` is how it begins.`)}\n`,
	"docs/runbook.md": `# Runbook\n\n${each((code) => `## ${code}\n\nLook at the dashboard for ${code} first, then at the last deployment.\n`)}\n`,
	"README.md": `# Acme\n\nErrors such as LLM_RATE_LIMITED and NETWORK_ERROR are listed in docs/errors.md.\n`,
	"CHANGELOG.md": `# Changes\n\n${each((code, index) => `- 1.${index}.0: raise ${code} where UNKNOWN_ERROR was raised before`)}\n`,
	"apps/web/src/generated/api-types.ts": `// Generated. Do not edit.\nexport type ApiErrorCode =\n${each((code) => `  | '${code}'`)};\n\nexport function throwIt(code: ApiErrorCode): never {\n  throw new Error(code);\n}\n`,
	"vendor/errors/table.go": `package errors\n\nvar Table = map[string]string{\n${each((code) => `\t"${code}": "${code.toLowerCase()}",`)}\n}\n\nfunc Raise() string { return "LLM_TIMEOUT" }\n`,
	"apps/web/src/locales/en.json": `{\n${each((code) => `  "errors.${code}": "Something went wrong (${code})",`)}\n  "last": ""\n}\n`,
	"deploy/alerts.yaml": `alerts:\n${each((code) => `  - expr: rate(errors_total{code="${code}"}[5m]) > 1\n    summary: "${code} is frequent"`)}\n`,
	"db/seed.sql": each(
		(code, index) => `INSERT INTO error_events (id, error_code) VALUES ('${index}', '${code}');`,
	),
};
