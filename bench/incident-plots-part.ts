// Incidents in one part of an old code, or at some hours.

import { importOf } from "./incident-base.ts";
import { camel, nth, pascal, upper } from "./incident-domain.ts";
import type { Plot, PlotMaker } from "./incident-plot.ts";
import { type PlannedEvent, trouble } from "./incident-production.ts";
import { pick } from "./suspects-stories.ts";

const hour = 3600;
const day = 24 * hour;

/** An everyday time-out that one partner has much more often. */
export const oneProvider: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const provider = nth(company.providers, 1);
	const noun = nth(company.nouns, 1);
	const path = `server/src/gateways/${provider}-${noun}.ts`;
	return {
		codes: [],
		files: {
			[path]: `import { send } from './transport.js';\n\nconst patience = 15;\n\nexport async function ask${pascal(noun)}(id: string) {\n  const waitMs = patience * 1000;\n  return send({ provider: '${provider}', url: 'https://api.${provider}.example/v2/${noun}s/' + id, waitMs });\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: `Ask ${provider} with one time limit`,
				at: onset - lag,
				edits: [{ path, old: "patience * 1000", now: "patience * 10" }],
			},
		],
		rows: trouble(
			stage,
			{ code: "PARTNER_TIMEOUT", provider, status: 504 },
			{
				perHour: 14 + 12 * random(),
				from: onset,
				people: stage.some(15),
				runsFail: true,
				scattered: ["skill", "action"],
			},
		),
		key: {
			code: "PARTNER_TIMEOUT",
			where: { dimension: "provider", value: provider },
			onset,
			raising: { path: "server/src/gateways/transport.ts", text: "'PARTNER_TIMEOUT'" },
			fault: { path, text: "const waitMs = patience * 10;", fix: "const waitMs = patience * 1000;" },
		},
	};
};

/** An everyday refusal that one skill meets much more often. */
export const oneSkill: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const skill = nth(company.skills, 2);
	const noun = nth(company.nouns, 2);
	const path = `server/src/playbooks/${skill}.ts`;
	return {
		codes: [],
		files: {
			[path]: `import { requireField } from '../lib/check-input.js';\nimport { list${pascal(noun)}s } from '../routes/${noun}s.js';\n\nexport const slug = '${skill}';\n\nexport async function ${camel(skill)}(input: Record<string, unknown>) {\n  const subject = requireField(input, 'subject');\n  const period = requireField(input, 'period');\n  const range = await list${pascal(noun)}s({ page: input.page });\n  return [subject, period, String(range.from)].join('\\n');\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: `${skill} takes a span of days`,
				at: onset - lag,
				edits: [{ path, old: "requireField(input, 'period')", now: "requireField(input, 'dayspan')" }],
			},
			{
				role: "decoy",
				subject: "Required fields are trimmed",
				at: onset - lag - 70 * hour,
				edits: [
					{
						path: "server/src/lib/check-input.ts",
						old: "  return value;\n",
						now: "  return value.trim();\n",
					},
				],
			},
		],
		rows: trouble(
			stage,
			{ code: "INPUT_REJECTED", skill, status: 400 },
			{
				perHour: 14 + 10 * random(),
				from: onset,
				people: stage.some(12),
				runsFail: true,
				scattered: ["action"],
			},
		),
		key: {
			code: "INPUT_REJECTED",
			where: { dimension: "skill", value: skill },
			onset,
			raising: { path: "server/src/lib/check-input.ts", text: "'INPUT_REJECTED'" },
			fault: {
				path,
				text: "const period = requireField(input, 'dayspan');",
				fix: "const period = requireField(input, 'period');",
			},
		},
	};
};

/** An everyday refusal that one organization meets since a setting of its own. */
export const oneOrganization: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random, organizations, people } = stage;
	const organization = pick(organizations, random);
	const path = "server/src/lib/quota.ts";
	const special = "server/src/lib/agreements.ts";
	return {
		codes: [],
		files: {
			[special]: `export interface Agreement {\n  monthly: number;\n  seats: number;\n}\n\n/** What was agreed with single customers. */\nexport const agreements: Record<string, Agreement> = {\n  '${organization.slug}': { monthly: 90000, seats: 40 },\n};\n`,
			[path]: `${importOf(company)}\nimport limits from '../../../config/limits.json' with { type: 'json' };\nimport { agreements } from './agreements.js';\n\nexport function spend(account: { slug: string; plan: 'basic' | 'plus'; used: number }): void {\n  const most = agreements[account.slug]?.monthly ?? limits.monthly[account.plan];\n  if (account.used >= most) ${company.raise("QUOTA_EXHAUSTED", 402)};\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: "Agreements of this quarter",
				at: onset - lag,
				edits: [
					{
						path: special,
						old: `  '${organization.slug}': { monthly: 90000, seats: 40 },`,
						now: `  '${organization.slug}': { monthly: 900, seats: 45 },`,
					},
				],
			},
		],
		rows: trouble(
			stage,
			{
				code: "QUOTA_EXHAUSTED",
				status: 402,
				action: nth(company.actions, 4),
				skill: nth(company.skills, 0),
			},
			{
				perHour: 14 + 8 * random(),
				from: onset,
				people: people.filter((person) => person.organization === organization),
				runsFail: true,
				scattered: ["skill", "action"],
			},
		),
		key: {
			code: "QUOTA_EXHAUSTED",
			where: { dimension: "organization", value: organization.name },
			onset,
			raising: { path, text: "'QUOTA_EXHAUSTED'" },
			fault: {
				path: special,
				text: `'${organization.slug}': { monthly: 900, seats: 45 },`,
				fix: `'${organization.slug}': { monthly: 90000, seats: 45 },`,
			},
		},
	};
};

/** A job that fails at two hours of each day. */
export const atSomeHours: PlotMaker = (stage): Plot => {
	const { company, random, now } = stage;
	const noun = nth(company.nouns, 0);
	const provider = nth(company.providers, 3);
	const code = `${upper(noun)}_THROTTLED`;
	const path = `server/src/tasks/refresh-${noun}s.ts`;
	const hours = [5, 17];
	const firstDay = Math.floor(now / day) - 4;
	const onset = firstDay * day + 17 * hour;
	const people = stage.some(20);
	const rounds = Array.from({ length: 6 }, (_, index) => firstDay + index)
		.flatMap((date) => hours.map((at) => date * day + at * hour))
		.filter((at) => at >= onset && at + 600 < now);
	const events = rounds.flatMap((at) =>
		Array.from(
			{ length: 14 },
			(_, index): PlannedEvent => ({
				at: at + 20 + index * 15 + Math.floor(random() * 12),
				code,
				provider,
				action: `refresh_${noun}s`,
				status: 429,
				person: pick(people, random),
				session: null,
			}),
		),
	);
	return {
		codes: [code],
		files: {
			[path]: `${importOf(company)}\nimport { db } from '../db.js';\n\nconst atOnce = 3;\n\nexport async function refresh${pascal(noun)}s(ids: readonly string[]) {\n  for (let from = 0; from < ids.length; from += atOnce) {\n    await Promise.all(ids.slice(from, from + atOnce).map((id) => refreshOne(id)));\n  }\n}\n\nasync function refreshOne(id: string) {\n  const answer = await fetch('https://api.${provider}.example/v2/${noun}s/' + id);\n  if (answer.status === 429) ${company.raise(code, 429)};\n  await db.insert('${noun}s', await answer.json());\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: `Refresh ${noun}s faster`,
				at: onset - Math.floor((1 + 5 * random()) * hour),
				edits: [{ path, old: "const atOnce = 3;", now: "const atOnce = 60;" }],
			},
			{
				role: "decoy",
				subject: "Timetable: clean up later",
				at: onset - 9 * hour,
				edits: [{ path: "server/src/tasks/timetable.ts", old: "'30 2 * * *'", now: "'50 2 * * *'" }],
			},
		],
		rows: { events, runs: [] },
		key: {
			code,
			onset,
			raising: { path, text: `'${code}'` },
			fault: { path, text: "const atOnce = 60;", fix: "const atOnce = 3;" },
		},
	};
};
