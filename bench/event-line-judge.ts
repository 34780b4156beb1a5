// The judge of the lines that events name: never tune on it. `npx tsx bench/event-line-judge.ts [seeds a style] [first seed] [styles, by a part of their names]`.

import { type Case, judgeAll } from "./event-line-cases.ts";
import { callStyles } from "./event-line-judge-calls.ts";
import { equalStyles } from "./event-line-judge-equal.ts";
import { lateStyles } from "./event-line-judge-late.ts";
import { shapeStyles } from "./event-line-judge-shapes.ts";
import { statusStyles } from "./event-line-judge-status.ts";
import type { Scene, Style } from "./event-line-scene.ts";
import { companyOf, nth } from "./incident-domain.ts";
import { table } from "./suspects-judge.ts";
import { pick, shuffle } from "./suspects-stories.ts";
import { type Random, randomNumbers } from "./world-random.ts";

type Said = Scene["right"];
type Shape = Case["shapes"][number];

const styles: Readonly<Record<string, Style>> = {
	...callStyles,
	...shapeStyles,
	...statusStyles,
	...equalStyles,
	...lateStyles,
};

/**
 * What the clients send. `clear`: each line has values of its own, a quarter of them left out. `noisy`: what the style
 * does not tell its lines apart by is drawn at random, and the wrong line has a third of the events. `sparse`: a dozen
 * events, most of whose fields are empty.
 */
const kinds = ["clear", "noisy", "sparse"] as const;
type Kind = (typeof kinds)[number];

export function makeCases(seeds: number, first: number): readonly Case[] {
	return Object.keys(styles).flatMap((way, index) =>
		Array.from({ length: seeds }, (_, turn) => makeCase(way, first + turn, index)),
	);
}

function makeCase(way: string, turn: number, index: number): Case {
	const style = styles[way];
	if (style === undefined) throw new Error(`no style is called ${way}`);
	const seed = 500_000 + turn * 211 + index;
	const random = randomNumbers(seed);
	const scene = sceneOf(style, seed, random);
	const code = `ROUND_${seed}_HALTED`;
	const marked = Object.entries(style.files(scene)).map(
		([path, text]) =>
			[
				`round-${seed}/${path}`,
				text.replaceAll("THE_CODE", code).replaceAll("THE_AREA", `ROUND_${seed}`),
			] as const,
	);
	const kind = nth(kinds, turn % kinds.length);
	return {
		way,
		kind,
		code,
		files: Object.fromEntries(marked.map(([path, text]) => [path, text.replace(/\s*\/\/!$/gm, "")])),
		right: marked.flatMap(([path, text]) =>
			text.split("\n").flatMap((line, at) => (line.endsWith("//!") ? [`${path}:${at + 1}`] : [])),
		),
		shapes: eventsOf(style, scene, kind, random),
	};
}

function sceneOf({ statuses }: Style, seed: number, random: Random): Scene {
	const company = companyOf(seed, random);
	const drawn = statuses?.(random) ?? [400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503];
	if (statuses === undefined) shuffle(drawn, random);
	const [right, wrong, third] = [0, 1, 2].map(
		(at): Said => ({
			provider: nth(company.providers, at),
			action: nth(company.actions, at),
			skill: nth(company.skills, at),
			status: nth(drawn, at),
		}),
	);
	if (right === undefined || wrong === undefined || third === undefined) throw new Error("three are needed");
	const two = [right, wrong];
	const three = [right, wrong, third];
	shuffle(two, random);
	shuffle(three, random);
	return { right, wrong, third, two, three, mark: (said) => (said === right ? " //!" : "") };
}

const shares: Readonly<Record<Kind, readonly [number, number, number]>> = {
	clear: [200, 40, 8],
	noisy: [170, 90, 20],
	sparse: [9, 3, 0],
};
const missing: Readonly<Record<Kind, number>> = { clear: 0.25, noisy: 0.3, sparse: 0.6 };

/** Drawn again where chance left the right line's values with fewer than half as many events again as the other's. */
function eventsOf(style: Style, scene: Scene, kind: Kind, random: Random): readonly Shape[] {
	const { right, wrong, third } = scene;
	for (;;) {
		const drawn = [right, wrong, third].map((said, at) =>
			Array.from({ length: nth(shares[kind], at) }, () => eventOf(style, said, scene, kind, random)),
		);
		const knowing = drawn.map(
			(events) => events.filter((event) => style.by.some((field) => event[field] !== null)).length,
		);
		if (nth(knowing, 0) < Math.max(2, nth(knowing, 1) * 1.5)) continue;
		const counts = new Map<string, Shape>();
		for (const { provider, action, skill, status } of drawn.flat()) {
			const shape = { provider, action, skill, httpStatus: status };
			const key = JSON.stringify(shape);
			counts.set(key, { ...shape, count: (counts.get(key)?.count ?? 0) + 1 });
		}
		return [...counts.values()];
	}
}

type Event = { readonly [Field in keyof Said]: Said[Field] | null };

function eventOf({ by }: Style, said: Said, { three }: Scene, kind: Kind, random: Random): Event {
	const fieldOf = <Field extends keyof Said>(field: Field): Said[Field] | null => {
		if (random() < missing[kind]) return null;
		return (by.includes(field) || kind === "clear" ? said : pick(three, random))[field];
	};
	return {
		provider: fieldOf("provider"),
		action: fieldOf("action"),
		skill: fieldOf("skill"),
		status: fieldOf("status"),
	};
}

if (process.argv[1] === import.meta.filename) {
	const [seeds = "3", first = "0", part = ""] = process.argv.slice(2);
	const cases = makeCases(Number(seeds), Number(first));
	const judged = await judgeAll(cases.filter(({ way }) => way.includes(part)));
	for (const { way, kind, first: told, tied, right, verdict } of judged)
		if (verdict !== "right")
			console.error(
				`${way}, ${kind}: ${verdict}, ${told}${tied.length > 1 ? ` of ${tied.length} tied` : ""}, right is ${right.join(" and ")}`,
			);
	const row = (name: string, some: typeof judged) => {
		const count = (verdict: string) => some.filter((one) => one.verdict === verdict).length;
		return [
			name,
			String(some.length),
			...["right", "tied", "wrong"].map((verdict) => String(count(verdict))),
			some.length === 0 ? "-" : `${((100 * (count("right") + count("tied"))) / some.length).toFixed(1)} %`,
		];
	};
	const one = (way: string) => judged.filter((each) => each.way === way);
	const many = (names: Readonly<Record<string, Style>>) => judged.filter(({ way }) => way in names);
	console.log(
		table([
			["style", "codes", "right", "tied", "wrong", "right or tied"],
			...Object.keys(styles)
				.filter((way) => way.includes(part))
				.map((way) => row(way, one(way))),
			...kinds.map((kind) =>
				row(
					`events: ${kind}`,
					judged.filter((each) => each.kind === kind),
				),
			),
			row(
				"lines that differ",
				judged.filter(({ way }) => !(way in equalStyles) && !(way in lateStyles)),
			),
			row("lines that do not differ", many(equalStyles)),
			row("late styles", many(lateStyles)),
			row("all", judged),
		]),
	);
}
