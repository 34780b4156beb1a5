// Of several lines that raise a code, is the right one first? `npx tsx bench/event-to-line.ts [seeds a way] [first seed]`.

import { type Case, type Judged, judgeAll } from "./event-line-cases.ts";
import { fourthWays } from "./event-line-fourth.ts";
import { moreWays } from "./event-line-more.ts";
import { thirdWays } from "./event-line-third.ts";
import { unseenWays } from "./event-line-unseen.ts";
import { otherWays, type Said, typescriptWays } from "./event-line-ways.ts";
import { companyOf, nth } from "./incident-domain.ts";
import { table } from "./suspects-judge.ts";
import { shuffle } from "./suspects-stories.ts";
import { type Random, randomNumbers } from "./world-random.ts";

type Shape = Case["shapes"][number];

/** All of them are for tuning: event-line-judge.ts is what the ranking is judged by. */
const ways = { ...typescriptWays, ...otherWays, ...moreWays, ...thirdWays, ...unseenWays, ...fourthWays };
const statuses = [400, 401, 403, 404, 408, 409, 410, 422, 423, 429, 500, 502, 503, 504];
/** How often an event lacks a field that its line knows. */
const missing = 0.25;

export function makeCases(seeds: number, first: number): readonly Case[] {
	return Object.keys(ways).flatMap((way, index) =>
		Array.from({ length: seeds }, (_, turn) => makeCase(way, (first + turn) * 101 + index)),
	);
}

function makeCase(way: string, seed: number): Case {
	const random = randomNumbers(seed);
	const company = companyOf(seed, random);
	const drawn = [...statuses];
	shuffle(drawn, random);
	const [right, wrong, third] = [0, 1, 2].map(
		(at): Said => ({
			provider: nth(company.providers, at),
			action: nth(company.actions, at),
			skill: nth(company.skills, at),
			status: nth(drawn, at),
		}),
	);
	const make = ways[way];
	if (make === undefined || right === undefined || wrong === undefined || third === undefined)
		throw new Error(`no way is called ${way}`);
	const code = `CASE_${seed}_REFUSED`;
	const marked = Object.entries(make(right, wrong, third)).map(
		([path, text]) => [`case-${seed}/${path}`, text.replaceAll("THE_CODE", code)] as const,
	);
	return {
		way,
		kind: "clear",
		code,
		files: Object.fromEntries(marked.map(([path, text]) => [path, text.replace(/\s*(\/\/|#)!$/m, "")])),
		right: marked.flatMap(([path, text]) => markIn(path, text)),
		shapes: [
			...eventsOf(right, 120 + Math.floor(random() * 200), random),
			...eventsOf(wrong, 10 + Math.floor(random() * 60), random),
			...eventsOf(third, Math.floor(random() * 20), random),
			{ provider: null, action: null, httpStatus: null, skill: null, count: Math.floor(random() * 40) },
		],
	};
}

function markIn(path: string, text: string): readonly string[] {
	const line = text.split("\n").findIndex((one) => /(\/\/|#)!$/.test(one)) + 1;
	return line === 0 ? [] : [`${path}:${line}`];
}

/** Clients leave fields out, each for itself. */
function eventsOf(
	{ provider, action, skill, status }: Said,
	count: number,
	random: Random,
): readonly Shape[] {
	const shapes = new Map<string, Shape>();
	for (let event = 0; event < count; event += 1) {
		const kept = <T>(value: T) => (random() < missing ? null : value);
		const shape = {
			provider: kept(provider),
			action: kept(action),
			httpStatus: kept(status),
			skill: kept(skill),
		};
		const key = JSON.stringify(shape);
		shapes.set(key, { ...shape, count: (shapes.get(key)?.count ?? 0) + 1 });
	}
	return [...shapes.values()];
}

if (process.argv[1] === import.meta.filename) {
	const [seeds = "5", first = "1"] = process.argv.slice(2);
	const judged = await judgeAll(makeCases(Number(seeds), Number(first)));
	const row = (name: string, some: readonly Judged[]) => {
		const right = some.filter(({ isFirst }) => isFirst).length;
		return [name, String(some.length), `${((100 * right) / some.length).toFixed(1)} %`];
	};
	for (const { way, first: told, right, isFirst } of judged)
		if (!isFirst) console.error(`${way}: ${told}, right is ${right.join()}`);
	const rows = Object.keys(ways).map((way) =>
		row(
			way,
			judged.filter((one) => one.way === way),
		),
	);
	console.log(table([["way", "codes", "right one first"], ...rows, row("all", judged)]));
}
