// Incidents that mislead: over already, beside a flood, switched on, or nobody's fault.

import { importOf } from "./incident-base.ts";
import { nth, pascal, upper, uuid } from "./incident-domain.ts";
import type { Plot, PlotMaker } from "./incident-plot.ts";
import { type PlannedEvent, trouble } from "./incident-production.ts";

const hour = 3600;

/** Ended by a revert, two days ago. */
export const over: PlotMaker = (stage): Plot => {
	const { company, now, lag, random } = stage;
	const onset = now - Math.floor((40 + 20 * random()) * hour);
	const until = onset + Math.floor((5 + 8 * random()) * hour);
	const noun = nth(company.nouns, 4);
	const code = `${upper(noun)}_UNPRICED`;
	const path = `server/src/lib/price-${noun}.ts`;
	const old = "  const rate = rates[unit] ?? rates.standard;\n";
	const wrong = "  const rate = rates[unit.toUpperCase()];\n";
	const subject = `Units of a ${noun} in capitals`;
	return {
		codes: [code],
		files: {
			[path]: `${importOf(company)}\n\nconst rates: Record<string, number> = { standard: 12, express: 19 };\n\nexport function price${pascal(noun)}(unit: string, amount: number): number {\n${old}  if (rate === undefined) {\n    ${company.raise(code, 500, "unit")};\n  }\n  return rate * amount;\n}\n`,
		},
		commits: [
			{ role: "guilty", subject, at: onset - lag, edits: [{ path, old, now: wrong }] },
			{
				role: "end",
				subject: `Revert "${subject}"`,
				at: until - 240,
				edits: [{ path, old: wrong, now: old }],
			},
		],
		rows: trouble(
			stage,
			{ code, status: 500, action: nth(company.actions, 3), skill: nth(company.skills, 3) },
			{ perHour: 8 + 8 * random(), from: onset, until, people: stage.some(14), runsFail: true },
		),
		key: {
			code,
			onset,
			until,
			raising: { path, text: `'${code}'` },
			fault: { path, text: wrong.trim(), fix: "" },
		},
		ask: { since: "3d" },
	};
};

/** One client writes a thousand events of a code; the trouble beside it is smaller, and real. */
export const besideFlood: PlotMaker = (stage): Plot => {
	const { company, onset, lag, now, random } = stage;
	const noun = nth(company.nouns, 0);
	const code = `${upper(noun)}_UNASSIGNED`;
	const path = `server/src/lib/assign-${noun}.ts`;
	const session = uuid(random);
	const floodFrom = now - Math.floor((2 + 5 * random()) * hour);
	const flood = Array.from(
		{ length: 900 },
		(_, index): PlannedEvent => ({
			at: Math.floor(floodFrom + (index / 900) * (now - floodFrom - 300)),
			code: "PARTNER_DENIED",
			provider: nth(company.providers, 0),
			status: 403,
			action: nth(company.actions, 0),
			skill: null,
			session,
			person: undefined,
		}),
	);
	const real = trouble(
		stage,
		{ code, status: 500, action: nth(company.actions, 4), skill: nth(company.skills, 0) },
		{ perHour: 5 + 6 * random(), from: onset, people: stage.some(12), runsFail: true },
	);
	return {
		codes: [code],
		files: {
			[path]: `${importOf(company)}\n\nexport interface Desk {\n  name: string;\n  load: number;\n  most: number;\n}\n\nexport function assign${pascal(noun)}(desks: readonly Desk[]): Desk {\n  const free = desks.filter((desk) => desk.load < desk.most);\n  const best = free.sort((one, other) => one.load - other.load)[0];\n  if (best === undefined) ${company.raise(code, 500)};\n  return best;\n}\n`,
		},
		commits: [
			{
				role: "guilty",
				subject: "Desks keep a reserve",
				at: onset - lag,
				edits: [{ path, old: "desk.load < desk.most", now: "desk.load < desk.most - 50" }],
			},
		],
		rows: { events: [...real.events, ...flood], runs: real.runs },
		key: {
			code,
			onset,
			raising: { path, text: `'${code}'` },
			fault: {
				path,
				text: "const free = desks.filter((desk) => desk.load < desk.most - 50);",
				fix: "const free = desks.filter((desk) => desk.load < desk.most);",
			},
		},
	};
};

/** A flag switches on what was written a week and more before. */
export const switchedOn: PlotMaker = (stage): Plot => {
	const { company, onset, lag, random } = stage;
	const noun = nth(company.nouns, 3);
	const code = `${upper(noun)}_EXPORT_BROKEN`;
	const path = `server/src/lib/export-${noun}.ts`;
	const flag = `fast${pascal(noun)}Export`;
	const before = `${importOf(company)}\nimport flags from '../../../config/flags.json' with { type: 'json' };\n\nexport function export${pascal(noun)}s(rows: readonly string[][]): string {\n  return rows.map((row) => row.join(';')).join('\\n');\n}\n`;
	const after = `${importOf(company)}\nimport flags from '../../../config/flags.json' with { type: 'json' };\n\nexport function export${pascal(noun)}s(rows: readonly string[][]): string {\n  if (flags.${flag}) return fastExport(rows);\n  return rows.map((row) => row.join(';')).join('\\n');\n}\n\nfunction fastExport(rows: readonly string[][]): string {\n  const width = rows[0]?.length ?? 0;\n  const uneven = rows.some((row) => row.length >= width);\n  if (uneven) ${company.raise(code, 500)};\n  return rows.join('\\n');\n}\n`;
	return {
		codes: [],
		files: {
			[path]: before,
			"config/flags.json": `${JSON.stringify({ darkMode: true, betaMenu: false, [flag]: false }, null, 2)}\n`,
		},
		commits: [
			{
				role: "origin",
				subject: `A faster export of ${noun}s, off for now`,
				at: onset - lag - Math.floor((6 + 5 * random()) * 24 * hour),
				edits: [
					{ path, content: after },
					{
						path: "packages/contracts/src/failure-codes.ts",
						old: "  'SESSION_STALE',\n",
						now: `  'SESSION_STALE',\n  '${code}',\n`,
					},
				],
			},
			{
				role: "guilty",
				subject: `Flags of ${nth(company.nouns, 3)}s`,
				at: onset - Math.min(lag, 20 * hour),
				edits: [{ path: "config/flags.json", old: `"${flag}": false`, now: `"${flag}": true` }],
			},
		],
		rows: trouble(
			stage,
			{ code, status: 500, action: nth(company.actions, 2), skill: nth(company.skills, 4) },
			{ perHour: 5 + 6 * random(), from: onset, people: stage.some(10), runsFail: true },
		),
		key: {
			code,
			onset,
			raising: { path, text: `'${code}'` },
			fault: {
				path,
				text: "const uneven = rows.some((row) => row.length >= width);",
				fix: "const uneven = rows.some((row) => row.length !== width);",
			},
			isDormant: true,
		},
	};
};

/** A partner is down; nobody changed anything. */
export const outage: PlotMaker = (stage): Plot => {
	const { company, onset, random } = stage;
	const provider = nth(company.providers, 3);
	const rows = trouble(
		stage,
		{ code: "PARTNER_UNREACHABLE", provider, status: 502 },
		{
			perHour: 14 + 14 * random(),
			from: onset,
			people: stage.some(26),
			runsFail: true,
			scattered: ["skill", "action"],
		},
	);
	return {
		codes: [],
		files: {},
		commits: [],
		rows,
		key: {
			code: "PARTNER_UNREACHABLE",
			where: { dimension: "provider", value: provider },
			onset,
			raising: { path: "server/src/gateways/transport.ts", text: "'PARTNER_UNREACHABLE'" },
			isNobody: true,
		},
	};
};
