// Plays whole incidents by the tools' answers alone: `npx tsx bench/incidents.ts [variants] [first seed] [kind,kind]`.

import { facts, type Played, play } from "./incident-play.ts";
import type { PlotMaker } from "./incident-plot.ts";
import { fromParts, newCode, oneStepDown, severalLines, silentSkill } from "./incident-plots-code.ts";
import { besideFlood, outage, over, switchedOn } from "./incident-plots-odd.ts";
import { atSomeHours, oneOrganization, oneProvider, oneSkill } from "./incident-plots-part.ts";
import { dependency, setting } from "./incident-plots-setting.ts";
import type { Form } from "./incident-reading.ts";
import { openIncident } from "./incident-server.ts";
import { table } from "./suspects-judge.ts";

export const kinds: Readonly<Record<string, PlotMaker>> = {
	"a new code": newCode,
	"one provider": oneProvider,
	"one skill": oneSkill,
	"one organization": oneOrganization,
	"at some hours": atSomeHours,
	"one step down": oneStepDown,
	"from parts": fromParts,
	dependency,
	setting,
	"silent skill": silentSkill,
	over,
	"beside a flood": besideFlood,
	"several lines": severalLines,
	"switched on": switchedOn,
	outage,
};

/** What a whole way may cost. */
const most = { calls: 6, tokens: 6000 };

export async function playOne(kind: string, seed: number, form: Form = "structured"): Promise<Played> {
	const make = kinds[kind];
	if (make === undefined) throw new Error(`no incident is called ${kind}`);
	const opened = await openIncident(kind, make, seed);
	try {
		return await play(opened, form);
	} finally {
		await opened.close();
	}
}

function row(name: string, all: readonly Played[]): readonly string[] {
	const share = (fact: (typeof facts)[number]) => {
		const asked = all.filter(({ found }) => found[fact] !== undefined);
		return asked.length === 0 ? "-" : `${asked.filter(({ found }) => found[fact]).length}/${asked.length}`;
	};
	const most = (of: (played: Played) => number) => String(Math.max(...all.map(of)));
	return [
		name,
		...facts.map(share),
		`${all.filter(({ elsewhere }) => elsewhere.length > 0).length}/${all.length}`,
		most(({ calls }) => calls),
		most(({ tokens }) => tokens),
		most(({ textTokens }) => textTokens),
	];
}

export function incidentTable(all: readonly Played[]): string {
	const names = [...new Set(all.map(({ kind }) => kind))];
	return table([
		["incident", ...facts, "elsewhere first", "calls", "tokens", "as text"],
		...names.map((name) =>
			row(
				name,
				all.filter(({ kind }) => kind === name),
			),
		),
		row("all", all),
	]);
}

/** In one sentence: facts, ways within their bounds. */
export function incidentTotal(all: readonly Played[]): string {
	const asked = all.flatMap(({ found }) => Object.values(found));
	const right = asked.filter((isFound) => isFound).length;
	const within = all.filter(({ calls, tokens, textTokens }) => {
		return calls <= most.calls && Math.max(tokens, textTokens) <= most.tokens;
	}).length;
	return `${right} of ${asked.length} facts (${((100 * right) / asked.length).toFixed(1)} %) among the first three items; ${within} of ${all.length} ways within ${most.calls} calls and ${most.tokens} tokens.`;
}

if (process.argv[1] === import.meta.filename) {
	const [variants = "4", first = "1", only] = process.argv.slice(2);
	const names = only === undefined ? Object.keys(kinds) : only.split(",");
	const all: Played[] = [];
	for (const kind of names) {
		for (let seed = Number(first); seed < Number(first) + Number(variants); seed += 1) {
			const played = await playOne(kind, seed, seed % 2 === 0 ? "text" : "structured");
			all.push(played);
			const missed = facts.filter((fact) => played.found[fact] === false);
			if (missed.length + played.elsewhere.length > 0)
				console.error(
					`${kind} ${seed}: missed ${missed.join(", ") || "nothing"}; ${played.elsewhere.join("; ")}`,
				);
			if (process.env.SHOW === "1")
				for (const { tool, args, text } of played.answers)
					console.error(`\n> ${tool} ${JSON.stringify(args)}\n\n${text}`);
		}
	}
	console.log(`${incidentTable(all)}\n\n${incidentTotal(all)}`);
}
