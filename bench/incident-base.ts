// A company's repository before anything went wrong: about 45 files that raise the codes of its everyday errors.

import { type Company, camel, nth, pascal, title, upper } from "./incident-domain.ts";
import type { Random } from "./world-random.ts";

export type Files = Readonly<Record<string, string>>;

/** Codes that occur every day, and nothing is wrong. */
export function everydayCodes({ nouns }: Company): readonly string[] {
	return [
		"PARTNER_TIMEOUT",
		"PARTNER_DENIED",
		"PARTNER_UNREACHABLE",
		"INPUT_REJECTED",
		"PLAYBOOK_DISABLED",
		"QUOTA_EXHAUSTED",
		"SESSION_STALE",
		`${upper(nth(nouns, 0))}_MISSING`,
		`${upper(nth(nouns, 1))}_LOCKED`,
		`${upper(nth(nouns, 2))}_STALE`,
	];
}

/** @param more codes that an incident's own files raise from the beginning */
export function baseFiles(company: Company, more: readonly string[], random: Random): Files {
	const { nouns, providers, skills } = company;
	const codes = [...everydayCodes(company), ...more];
	const number = (least: number, most: number) => least + Math.floor(random() * (most - least));
	return {
		...shared(company, codes),
		...lib(company, number),
		...Object.fromEntries(
			nouns.slice(0, 5).map((noun, index) => [`server/src/routes/${noun}s.ts`, route(company, noun, index)]),
		),
		...Object.fromEntries(
			providers.map((provider, index) => [
				`server/src/gateways/${provider}.ts`,
				gateway(company, provider, nth(nouns, index), number),
			]),
		),
		...Object.fromEntries(
			skills.flatMap((skill, index) => [
				[`server/src/playbooks/${skill}.ts`, playbook(company, skill, nth(nouns, index % 5))],
				[
					`skills/${skill}/SKILL.md`,
					`---\nname: ${skill}\n---\n# ${title(skill)}\n\nWrites a ${skill.replace("-", " ")} for the person who asks.\n`,
				],
			]),
		),
		...web(company, codes),
		...around(company),
	};
}

function shared({ name, declaration, imported }: Company, codes: readonly string[]): Files {
	const fault = "packages/contracts/src/fault.ts";
	return {
		"packages/contracts/package.json": `{\n  "name": "@${name}/contracts",\n  "version": "1.0.0"\n}\n`,
		"packages/contracts/src/failure-codes.ts": `export const failureCodes = [\n${codes.map((code) => `  '${code}',`).join("\n")}\n] as const;\n\nexport type FailureCode = (typeof failureCodes)[number];\n`,
		[fault]: `import type { FailureCode } from './failure-codes.js';\n\n${declaration}`,
		"packages/contracts/src/index.ts": `export { failureCodes, type FailureCode } from './failure-codes.js';\nexport { ${imported} } from './fault.js';\n`,
	};
}

/** The line that imports a company's way to raise. */
export function importOf({ name, imported }: Company): string {
	return `import { ${imported} } from '@${name}/contracts';`;
}

function lib(company: Company, number: (least: number, most: number) => number): Files {
	const { raise } = company;
	return {
		"server/src/lib/clock.ts": `export function nowSeconds(): number {\n  return Math.floor(Date.now() / 1000);\n}\n\nexport function addDays(seconds: number, days: number): number {\n  return seconds + days * 86400;\n}\n`,
		"server/src/lib/retry.ts": `const attempts = ${number(2, 5)};\n\nexport async function withRetry<T>(work: () => Promise<T>): Promise<T> {\n  let last: unknown;\n  for (let round = 0; round < attempts; round += 1) {\n    try {\n      return await work();\n    } catch (error) {\n      last = error;\n    }\n  }\n  throw last;\n}\n`,
		"server/src/lib/memo.ts": `const kept = new Map<string, unknown>();\nconst mostKept = ${number(200, 900)};\n\nexport function memo<T>(key: string, make: () => T): T {\n  if (kept.has(key)) return kept.get(key) as T;\n  if (kept.size > mostKept) kept.clear();\n  const value = make();\n  kept.set(key, value);\n  return value;\n}\n`,
		"server/src/lib/format.ts": `export function money(cents: number): string {\n  return (cents / 100).toFixed(2);\n}\n\nexport function short(text: string, most = ${number(40, 90)}): string {\n  return text.length > most ? text.slice(0, most - 1) + '…' : text;\n}\n`,
		"server/src/lib/check-input.ts": `${importOf(company)}\n\nexport function requireField(body: Record<string, unknown>, field: string): string {\n  const value = body[field];\n  if (typeof value !== 'string' || value === '') {\n    ${raise("INPUT_REJECTED", 400, "field")};\n  }\n  return value;\n}\n`,
		"server/src/lib/quota.ts": `${importOf(company)}\nimport limits from '../../../config/limits.json' with { type: 'json' };\n\nexport function spend(account: { plan: 'basic' | 'plus'; used: number }): void {\n  const most = limits.monthly[account.plan];\n  if (account.used >= most) ${raise("QUOTA_EXHAUSTED", 402)};\n}\n`,
		"server/src/lib/sessions.ts": `${importOf(company)}\nimport { nowSeconds } from './clock.js';\n\nexport interface Session {\n  userId: string;\n  endsAt: number;\n}\n\nexport function liveSession(session: Session | undefined): Session {\n  if (session === undefined || session.endsAt < nowSeconds()) ${raise("SESSION_STALE", 401)};\n  return session;\n}\n`,
		"server/src/lib/record-failure.ts": `import { db } from '../db.js';\n\nexport interface FailureRow {\n  error_code: string;\n  provider?: string;\n  action?: string;\n  skill_slug?: string;\n  http_status?: number;\n}\n\nexport async function recordFailure(row: FailureRow): Promise<void> {\n  await db.insert('error_events', { ...row, created_at: Math.floor(Date.now() / 1000) });\n}\n`,
		"server/src/db.ts":
			"export const db = {\n  async insert(table: string, row: object): Promise<void> {\n    await fetch('http://store.internal/' + table, { method: 'POST', body: JSON.stringify(row) });\n  },\n  async find(table: string, id: string): Promise<any> {\n    const found = await fetch('http://store.internal/' + table + '/' + id);\n    return found.ok ? found.json() : undefined;\n  },\n};\n",
		"server/src/gateways/transport.ts": `${importOf(company)}\n\nexport interface Call {\n  provider: string;\n  url: string;\n  body?: unknown;\n  waitMs: number;\n}\n\nexport async function send(call: Call): Promise<any> {\n  let response: Response;\n  try {\n    response = await fetch(call.url, {\n      method: call.body === undefined ? 'GET' : 'POST',\n      body: call.body === undefined ? undefined : JSON.stringify(call.body),\n      signal: AbortSignal.timeout(call.waitMs),\n    });\n  } catch (error) {\n    if ((error as Error).name === 'TimeoutError') ${raise("PARTNER_TIMEOUT", 504, "call.provider")};\n    ${raise("PARTNER_UNREACHABLE", 502, "call.provider")};\n  }\n  if (response.status === 401 || response.status === 403) ${raise("PARTNER_DENIED", 403, "call.provider")};\n  if (response.status >= 500) ${raise("PARTNER_UNREACHABLE", 502, "call.provider")};\n  return response.json();\n}\n`,
	};
}

function route(company: Company, noun: string, index: number): string {
	const { raise } = company;
	const code = nth(everydayCodes(company), 7 + (index % 3));
	const guards = [
		`if (found === undefined) ${raise(code, 404)};`,
		`if (found?.lockedBy !== undefined) ${raise(code, 409)};`,
		`if (found?.version !== undefined && found.version < 2) ${raise(code, 409)};`,
	];
	const guard = index < 3 ? `  ${nth(guards, index)}\n` : "";
	const raises = index < 3 ? `${importOf(company)}\n` : "";
	return `${raises}import { db } from '../db.js';\nimport { requireField } from '../lib/check-input.js';\nimport { short } from '../lib/format.js';\n\nconst pageOf = 25;\n\nexport async function show${pascal(noun)}(body: Record<string, unknown>) {\n  const id = requireField(body, 'id');\n  const found = await db.find('${noun}s', id);\n${guard}  return { ...found, title: short(String(found?.title ?? '')) };\n}\n\nexport async function list${pascal(noun)}s(body: Record<string, unknown>) {\n  const page = Number(body.page ?? 0);\n  return { page, from: page * pageOf, to: (page + 1) * pageOf };\n}\n`;
}

function gateway(
	_: Company,
	provider: string,
	noun: string,
	number: (least: number, most: number) => number,
): string {
	return `import { withRetry } from '../lib/retry.js';\nimport { send } from './transport.js';\n\nconst base = 'https://api.${provider}.example/v2';\nconst waitMs = ${number(6, 12)}000;\nconst batch = ${number(20, 80)};\n\nexport async function fetch${pascal(noun)}(id: string) {\n  return withRetry(() => send({ provider: '${provider}', url: base + '/${noun}s/' + id, waitMs }));\n}\n\nexport async function push${pascal(noun)}s(items: readonly unknown[]) {\n  const pushed = [];\n  for (let from = 0; from < items.length; from += batch) {\n    const part = items.slice(from, from + batch);\n    pushed.push(await send({ provider: '${provider}', url: base + '/${noun}s', body: part, waitMs }));\n  }\n  return pushed;\n}\n`;
}

function playbook(_: Company, skill: string, noun: string): string {
	return `import { requireField } from '../lib/check-input.js';\nimport { list${pascal(noun)}s } from '../routes/${noun}s.js';\n\nexport const slug = '${skill}';\n\nexport async function ${camel(skill)}(input: Record<string, unknown>) {\n  const subject = requireField(input, 'subject');\n  const range = await list${pascal(noun)}s({ page: input.page });\n  const lines = [subject, 'from ' + range.from, 'to ' + range.to];\n  return lines.join('\\n');\n}\n`;
}

function web({ nouns }: Company, codes: readonly string[]): Files {
	return {
		"web/src/failure-messages.ts": `export const failureMessages: Record<string, string> = {\n${codes.map((code) => `  ${code}: '${title(code.toLowerCase().replaceAll("_", "-"))}. Please try again.',`).join("\n")}\n};\n\nexport function messageOf(code: string): string {\n  return failureMessages[code] ?? 'Something went wrong.';\n}\n`,
		"web/src/report-failure.ts":
			"export async function reportFailure(code: string, skill?: string): Promise<void> {\n  await fetch('/v1/failures', { method: 'POST', body: JSON.stringify({ code, skill }) });\n}\n",
		"web/src/views/overview.ts": `export function overview(items: readonly { title: string }[]): string {\n  return items.map(({ title }) => '<li>' + title + '</li>').join('');\n}\n`,
		"web/src/views/detail.ts": `export function detail(${nth(nouns, 0)}: { title: string }): string {\n  return '<h1>' + ${nth(nouns, 0)}.title + '</h1>';\n}\n`,
	};
}

function around(company: Company): Files {
	const { name, nouns, skills, providers, raise } = company;
	return {
		"package.json": `${JSON.stringify({ name, private: true, type: "module", dependencies: { hono: "4.6.1", luxon: "3.5.0", "p-limit": "6.1.0" }, devDependencies: { typescript: "5.6.2", vitest: "2.1.0" } }, null, 2)}\n`,
		"README.md": `# ${title(name)}\n\nThe platform's server, its pages and its skills.\n`,
		"docs/architecture.md": `# Architecture\n\nRoutes call gateways; gateways call partners (${providers.join(", ")}).\n`,
		"docs/runbook.md": "# Runbook\n\n- PARTNER_TIMEOUT: look at the partner's status page first.\n",
		"config/limits.json": `${JSON.stringify({ monthly: { basic: 400, plus: 4000 }, pageSize: 50, parallel: 4 }, null, 2)}\n`,
		"config/flags.json": `${JSON.stringify({ darkMode: true, betaMenu: false, newExport: false }, null, 2)}\n`,
		"server/src/main.ts": `import { routes } from './router.js';\n\nexport function start(port = 8080) {\n  return { port, routes };\n}\n`,
		"server/src/router.ts": `${nouns
			.slice(0, 5)
			.map((noun) => `import { list${pascal(noun)}s, show${pascal(noun)} } from './routes/${noun}s.js';`)
			.join(
				"\n",
			)}\nimport { recordFailure } from './lib/record-failure.js';\n\nexport const routes = {\n${nouns
			.slice(0, 5)
			.map((noun) => `  '/v1/${noun}s': list${pascal(noun)}s,\n  '/v1/${noun}s/show': show${pascal(noun)},`)
			.join(
				"\n",
			)}\n  '/v1/failures': (body: { code: string; skill?: string }) =>\n    recordFailure({ error_code: body.code, skill_slug: body.skill }),\n};\n`,
		"server/src/playbooks/runner.ts": `${importOf(company)}\n${skills.map((skill) => `import { ${camel(skill)} } from './${skill}.js';`).join("\n")}\n\nconst playbooks: Record<string, (input: Record<string, unknown>) => Promise<string>> = {\n${skills.map((skill) => `  '${skill}': ${camel(skill)},`).join("\n")}\n};\nconst disabled = new Set<string>();\n\nexport async function runPlaybook(slug: string, input: Record<string, unknown>): Promise<string> {\n  const run = playbooks[slug];\n  if (run === undefined || disabled.has(slug)) ${raise("PLAYBOOK_DISABLED", 403, "slug")};\n  return run(input);\n}\n`,
		"server/src/tasks/clean-up.ts":
			"const keepDays = 30;\n\nexport async function cleanUp(): Promise<number> {\n  return keepDays;\n}\n",
		"server/src/tasks/weekly-report.ts":
			"export async function weeklyReport(): Promise<string> {\n  return 'sent';\n}\n",
		"server/src/tasks/timetable.ts":
			"import { cleanUp } from './clean-up.js';\nimport { weeklyReport } from './weekly-report.js';\n\nexport const timetable = [\n  { at: '30 2 * * *', run: cleanUp },\n  { at: '0 8 * * 1', run: weeklyReport },\n];\n",
		"server/test/format.test.ts": "test('money', () => {\n  expect(money(100)).toBe('1.00');\n});\n",
		"server/test/retry.test.ts":
			"test('retry', async () => {\n  expect(await withRetry(async () => 1)).toBe(1);\n});\n",
		".github/workflows/ci.yml": "name: ci\non: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n",
	};
}
