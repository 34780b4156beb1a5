// Incidents whose fault is in the code: a new code, a step down, a code put together, several lines, a silent skill.

import { importOf } from "./incident-base.ts";
import { camel, nth, pascal, upper } from "./incident-domain.ts";
import type { Plot, PlotMaker } from "./incident-plot.ts";
import { trouble } from "./incident-production.ts";

const hour = 3600;

/** A new check that is wrong. */
export const newCode: PlotMaker = (stage): Plot => {
	const { company, onset, lag, now, random } = stage;
	const noun = nth(company.nouns, 3);
	const code = `${upper(noun)}_TOTAL_MISMATCH`;
	const path = `server/src/lib/${noun}-total.ts`;
	const file = `${importOf(company)}\n\nexport interface ${pascal(noun)}Lines {\n  amounts: readonly number[];\n  totalCents: number;\n}\n\nexport function totalOf(lines: ${pascal(noun)}Lines): number {\n  const sum = lines.amounts.reduce((all, amount) => all + amount, 0);\n  return sum;\n}\n`;
	const caller = `server/src/routes/check-${noun}.ts`;
	const check = `export function totalOf(lines: ${pascal(noun)}Lines): number {\n  const sum = lines.amounts.reduce((all, amount) => all + amount, 0);\n  const expected = lines.totalCents / 100;\n  if (sum !== expected) {\n    ${company.raise(code, 422)};\n  }\n  return sum;\n}`;
	const skill = nth(company.skills, 1);
	return {
		codes: [],
		files: {
			[path]: file,
			[caller]: `import { totalOf } from '../lib/${noun}-total.js';\n\nexport async function check${pascal(noun)}(body: any) {\n  return { total: totalOf(body) };\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: `Check the sum of a ${noun}`,
				at: onset - lag,
				edits: [
					{
						path,
						old: `export function totalOf(lines: ${pascal(noun)}Lines): number {\n  const sum = lines.amounts.reduce((all, amount) => all + amount, 0);\n  return sum;\n}`,
						now: check,
					},
					{
						path: "packages/contracts/src/failure-codes.ts",
						old: "  'SESSION_STALE',\n",
						now: `  'SESSION_STALE',\n  '${code}',\n`,
					},
					{ path: "docs/runbook.md", append: `- ${code}: the lines and the total differ.\n` },
				],
			},
			{
				role: "decoy",
				subject: `${pascal(noun)} check answers with the time`,
				at: onset - Math.floor(lag * 0.4),
				edits: [
					{
						path: caller,
						old: "return { total: totalOf(body) };",
						now: "return { at: Date.now(), total: totalOf(body) };",
					},
				],
			},
		],
		rows: trouble(
			stage,
			{ code, skill, action: nth(company.actions, 0), status: 422 },
			{ perHour: 4 + 8 * random(), from: onset, people: stage.some(14), runsFail: true },
		),
		key: {
			code,
			onset,
			raising: { path, text: `'${code}'` },
			fault: {
				path,
				text: "const expected = lines.totalCents / 100;",
				fix: "const expected = lines.totalCents;",
			},
		},
		...(now - onset > 20 * hour ? { ask: { since: "2d" } } : {}),
	};
};

/** The line that raises is in a `catch`; the fault is in what the `try` calls. */
export const oneStepDown: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const noun = nth(company.nouns, 5);
	const provider = nth(company.providers, 2);
	const code = `${upper(noun)}_UNSYNCED`;
	const path = `server/src/lib/${noun}-sync.ts`;
	const down = `server/src/lib/${noun}-window.ts`;
	return {
		codes: [code],
		files: {
			[path]: `${importOf(company)}\nimport { send } from '../gateways/transport.js';\nimport { windowOf } from './${noun}-window.js';\n\nexport async function sync${pascal(noun)}(id: string, lastSync: number) {\n  try {\n    const window = windowOf(lastSync);\n    return await send({ provider: '${provider}', url: 'https://api.${provider}.example/v2/${noun}s/' + id + '?from=' + window.from, waitMs: 9000 });\n  } catch (error) {\n    ${company.raise(code, 502, "(error as Error).message")};\n  }\n}\n`,
			[down]: `import { nowSeconds } from './clock.js';\n\nconst longest = 7 * 86400;\n\n/** The time that is asked for, in seconds. */\nexport function windowOf(lastSync: number): { from: number; to: number } {\n  const to = nowSeconds();\n  const from = Math.max(lastSync, to - longest);\n  if (from > to) throw new Error('window ends before it begins');\n  return { from, to };\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: "Windows overlap a little",
				at: onset - lag,
				edits: [
					{
						path: down,
						old: "  const from = Math.max(lastSync, to - longest);\n",
						now: "  const from = Math.max(lastSync * 1000 - 60, to - longest);\n",
					},
				],
			},
			{
				role: "decoy",
				subject: `Sync of ${noun}s waits longer`,
				at: onset - lag - 30 * hour,
				edits: [{ path, old: "waitMs: 9000", now: "waitMs: 12000" }],
			},
		],
		rows: trouble(
			stage,
			{ code, provider, action: nth(company.actions, 2), status: 502, skill: nth(company.skills, 4) },
			{ perHour: 5 + 10 * random(), from: onset, people: stage.some(11), runsFail: true },
		),
		key: {
			code,
			onset,
			raising: { path, text: `'${code}'` },
			fault: {
				path: down,
				text: "const from = Math.max(lastSync * 1000 - 60, to - longest);",
				fix: "const from = Math.max(lastSync - 60, to - longest);",
			},
		},
	};
};

/** A code put together from a prefix and a part. */
export const fromParts: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const noun = nth(company.nouns, 4);
	const prefix = `${upper(noun)}IMPORT`;
	const code = `${prefix}_UNREADABLE`;
	const path = `server/src/lib/${noun}-import.ts`;
	const reader = `server/src/lib/${noun}-reader.ts`;
	const raise = company.raise("CODE", 422).replace("'CODE'", () => `\`${prefix}_\${reason}\``);
	return {
		codes: [code, `${prefix}_EMPTY`],
		files: {
			[path]: `${importOf(company)}\n\ntype Reason = 'UNREADABLE' | 'EMPTY';\n\nexport function rejectImport(reason: Reason): never {\n  ${raise};\n}\n`,
			[reader]: `import { rejectImport } from './${noun}-import.js';\n\nconst columns = 4;\n\nexport function read${pascal(noun)}s(text: string): string[][] {\n  const rows = text.split('\\n').map((line) => line.split(';'));\n  if (rows.length < 2) rejectImport('EMPTY');\n  for (const row of rows) {\n    if (row.length !== columns) rejectImport('UNREADABLE');\n  }\n  return rows;\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: `Read ${noun}s that end with a line feed`,
				at: onset - lag,
				edits: [{ path: reader, old: "line.split(';')", now: "line.split(',')" }],
			},
			{
				role: "decoy",
				subject: `Import of ${noun}s: name the reasons`,
				at: onset - lag - 55 * hour,
				edits: [{ path, old: "type Reason =", now: "/** Why an import was refused. */\ntype Reason =" }],
			},
		],
		rows: trouble(
			stage,
			{ code, action: nth(company.actions, 1), status: 422 },
			{ perHour: 5 + 6 * random(), from: onset, people: stage.some(9) },
		),
		key: {
			code,
			onset,
			raising: { path, text: `\`${prefix}_` },
			fault: {
				path: reader,
				text: "const rows = text.split('\\n').map((line) => line.split(','));",
				fix: "const rows = text.split('\\n').map((line) => line.split(';'));",
			},
		},
	};
};

/** Four lines raise it; the events say which. */
export const severalLines: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const [one, two, three] = [0, 1, 3].map((index) => nth(company.providers, index));
	const noun = nth(company.nouns, 2);
	const code = `${upper(noun)}_DECLINED`;
	const path = (provider: string | undefined) => `server/src/gateways/${provider}-${noun}.ts`;
	const file = (provider: string, status: number, least: number) =>
		`${importOf(company)}\n\nconst least = ${least};\n\nexport async function offer${pascal(noun)}(amount: number) {\n  const answer = await fetch('https://api.${provider}.example/v2/${noun}s', { method: 'POST', body: String(amount) });\n  if (answer.status === ${status}) {\n    ${company.raise(code, status)};\n  }\n  if (amount < least) ${company.raise(code, 400)};\n  return answer.json();\n}\n`;
	return {
		codes: [code],
		files: {
			[path(one)]: file(nth(company.providers, 0), 409, 10),
			[path(two)]: file(nth(company.providers, 1), 409, 20),
			[path(three)]: file(nth(company.providers, 3), 410, 15),
		},
		commits: [
			{
				role: "guilty",
				subject: "Least amounts by partner",
				at: onset - lag,
				edits: [{ path: path(two), old: "const least = 20;", now: "const least = 2000;" }],
			},
			{
				role: "decoy",
				subject: `Least amount of ${one}`,
				at: onset - Math.floor(lag / 2),
				edits: [{ path: path(one), old: "const least = 10;", now: "const least = 12;" }],
			},
		],
		rows: trouble(
			stage,
			{ code, provider: nth(company.providers, 1), action: nth(company.actions, 3), status: 400 },
			{ perHour: 6 + 8 * random(), from: onset, people: stage.some(12) },
		),
		key: {
			code,
			onset,
			raising: { path: path(two), text: "if (amount < least)" },
			fault: { path: path(two), text: "const least = 2000;", fix: "const least = 20;" },
		},
	};
};

/** Runs of a skill fail with a message, and no error event stands beside them. */
export const silentSkill: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const skill = nth(company.skills, 3);
	const noun = nth(company.nouns, 3);
	const path = `server/src/playbooks/${skill}.ts`;
	const down = `server/src/lib/${noun}-period.ts`;
	const message = `no ${noun} in the period`;
	const people = stage.some(16);
	const { events } = trouble(stage, { code: "-", skill }, { perHour: 6 + 6 * random(), from: onset, people });
	return {
		codes: [],
		files: {
			[path]: `import { db } from '../db.js';\nimport { periodOf } from '../lib/${noun}-period.js';\n\nexport const slug = '${skill}';\n\nexport async function ${camel(skill)}(input: Record<string, unknown>) {\n  const period = periodOf(Number(input.month));\n  const rows = await db.find('${noun}s', period.first + '/' + period.last);\n  if (rows === undefined || rows.length === 0) throw new Error('${message}');\n  return rows.length + ' rows';\n}\n`,
			[down]: `export function periodOf(month: number): { first: string; last: string } {\n  const year = new Date().getUTCFullYear();\n  const first = new Date(Date.UTC(year, month - 1, 1));\n  const last = new Date(Date.UTC(year, month, 0));\n  return { first: first.toISOString(), last: last.toISOString() };\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: `Periods of ${noun}s begin at midnight`,
				at: onset - lag,
				edits: [
					{
						path: down,
						old: "  const last = new Date(Date.UTC(year, month, 0));\n",
						now: "  const last = new Date(Date.UTC(year, month - 2, 0, 0, 0));\n",
					},
				],
			},
			{
				role: "decoy",
				subject: `${skill}: say how many rows`,
				at: onset - lag - 60 * hour,
				edits: [{ path, old: "' rows'", now: "' rows found'" }],
			},
		],
		rows: {
			events: [],
			runs: events.flatMap(({ at, person }) =>
				person === undefined ? [] : [{ at, skill, person, message }],
			),
		},
		key: {
			skill,
			onset,
			raising: { path, text: `throw new Error('${message}')` },
			fault: {
				path: down,
				text: "const last = new Date(Date.UTC(year, month - 2, 0, 0, 0));",
				fix: "const last = new Date(Date.UTC(year, month, 0));",
			},
		},
	};
};
