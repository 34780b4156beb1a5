// Incidents from what stands beside the code: a setting, a new version of a dependency.

import { importOf } from "./incident-base.ts";
import { nth, pascal, upper } from "./incident-domain.ts";
import type { Plot, PlotMaker } from "./incident-plot.ts";
import { trouble } from "./incident-production.ts";

const hour = 3600;

/** A setting in a file of its own. */
export const setting: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const provider = nth(company.providers, 0);
	const noun = nth(company.nouns, 5);
	const code = `${upper(noun)}_PAGE_REFUSED`;
	const path = `server/src/gateways/${provider}-pages.ts`;
	return {
		codes: [code],
		files: {
			[path]: `${importOf(company)}\nimport limits from '../../../config/limits.json' with { type: 'json' };\n\nexport async function page${pascal(noun)}s(page: number) {\n  const size = limits.pageSize;\n  const answer = await fetch('https://api.${provider}.example/v2/${noun}s?size=' + size + '&page=' + page);\n  if (answer.status === 422) ${company.raise(code, 422)};\n  return answer.json();\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: "Larger pages",
				at: onset - lag,
				edits: [{ path: "config/limits.json", old: '"pageSize": 50', now: '"pageSize": 5000' }],
			},
			{
				role: "decoy",
				subject: "More at once",
				at: onset - lag - 26 * hour,
				edits: [{ path: "config/limits.json", old: '"parallel": 4', now: '"parallel": 5' }],
			},
		],
		rows: trouble(
			stage,
			{ code, provider, status: 422, action: nth(company.actions, 0), skill: nth(company.skills, 1) },
			{ perHour: 5 + 9 * random(), from: onset, people: stage.some(10), runsFail: true },
		),
		key: {
			code,
			onset,
			raising: { path, text: `'${code}'` },
			fault: { path: "config/limits.json", text: '"pageSize": 5000', fix: '"pageSize": 50' },
		},
	};
};

/** A new version of a package that the raising code calls. */
export const dependency: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const provider = nth(company.providers, 2);
	const noun = nth(company.nouns, 1);
	const code = `${upper(noun)}_REPLY_MALFORMED`;
	const path = `server/src/gateways/${provider}-client.ts`;
	return {
		codes: [code],
		files: {
			[path]: `${importOf(company)}\nimport { createClient } from '${provider}-sdk';\n\nconst client = createClient({ region: 'eu' });\n\nexport async function load${pascal(noun)}(id: string) {\n  const reply = await client.get('${noun}s', id);\n  if (!Array.isArray(reply.items)) ${company.raise(code, 502)};\n  return reply.items[0];\n}\n`,
			"package.json": `${JSON.stringify(
				{
					name: company.name,
					private: true,
					type: "module",
					dependencies: { hono: "4.6.1", luxon: "3.5.0", [`${provider}-sdk`]: "3.4.1" },
					devDependencies: { typescript: "5.6.2", vitest: "2.1.0" },
				},
				null,
				2,
			)}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: "Bump dependencies",
				at: onset - lag,
				edits: [
					{ path: "package.json", old: `"${provider}-sdk": "3.4.1"`, now: `"${provider}-sdk": "4.0.0"` },
				],
			},
			{
				role: "decoy",
				subject: "Bump luxon",
				at: onset - Math.floor(lag / 3),
				edits: [{ path: "package.json", old: '"luxon": "3.5.0"', now: '"luxon": "3.5.1"' }],
			},
		],
		rows: trouble(
			stage,
			{ code, provider, status: 502, action: nth(company.actions, 1), skill: nth(company.skills, 5) },
			{ perHour: 5 + 9 * random(), from: onset, people: stage.some(13), runsFail: true },
		),
		key: {
			code,
			onset,
			raising: { path, text: `'${code}'` },
			fault: { path: "package.json", text: `"${provider}-sdk": "4.0.0"`, fix: `"${provider}-sdk": "3.4.1"` },
		},
	};
};
