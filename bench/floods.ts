// Forged floods and honest episodes in generated productions: which of them error_stats marks as clients' word alone.
import { pathToFileURL } from "node:url";
import type { SandboxDatabase } from "../src/sandbox/database.ts";
import { setStage } from "../test/production/stage.ts";
import { type Climate, day, hour, type Rate, usualRate } from "./world-climate.ts";
import { drawParts, valueName } from "./world-parts.ts";
import { logUniform, poisson, type Random, randomNumbers } from "./world-random.ts";
import { plant, type Trouble } from "./world-troubles.ts";

/** The end of each production, epoch seconds. */
const now = 1_795_464_000;
const days = 21;
/** Events an hour of the codes with honest troubles and of those with floods. */
const honestRates = [0.5, 1.5, 4, 8];
const floodRates = [0.5, 2];
const people = 240;
const organizations = 12;
/** Of the events with a user so many have a failed run beside them, where the production logs runs with its events. */
const borneRate = 0.6;

export const floodKinds = [
	"one session",
	"no users",
	"regular beat",
	"bursts on a beat",
	"made-up codes, few sessions",
	"spread over sessions, made-up users",
	"spread over sessions, real users",
] as const;
export type FloodKind = (typeof floodKinds)[number];

interface Event {
	readonly at: number;
	readonly code: string;
	readonly session: string | null;
	readonly user: string | null;
	readonly organization: string | null;
	/** Whether the server logs a failed run with it. */
	readonly fails: boolean;
}

interface Planted {
	readonly code: string;
	readonly from: number;
	readonly to: number;
	/** Of a flood. */
	readonly kind?: FloodKind;
}

interface Production {
	readonly events: readonly Event[];
	readonly planted: readonly Planted[];
	readonly logsRuns: boolean;
	readonly random: Random;
}

const organizationOf = (person: number) => `organization-${person % organizations}`;
const hex = (random: Random) =>
	Math.floor(random() * 2 ** 32)
		.toString(16)
		.padStart(8, "0");
const freshId = (random: Random) => `${hex(random)}-0000-4000-8000-0000${hex(random)}`;

/** Sessions of people: each has one user, and fails once or several times within minutes. */
function honestEvents(code: string, times: readonly number[], logsRuns: boolean, random: Random): Event[] {
	// A tenth of the sessions come from before the log-in.
	let session = { id: freshId(random), person: 0, until: 0, isKnown: true };
	return times.map((at) => {
		if (at > session.until || random() < 0.6)
			session = {
				id: freshId(random),
				person: Math.floor(random() ** 1.5 * people),
				until: at + 300,
				isKnown: random() > 0.1,
			};
		const user = session.isKnown ? `user-${session.person}` : null;
		return {
			at,
			code,
			session: session.id,
			user,
			organization: user === null ? null : organizationOf(session.person),
			fails: logsRuns && user !== null && random() < borneRate,
		};
	});
}

function forged(kind: FloodKind, code: string, usual: Rate, from: number, random: Random): Event[] {
	const length = logUniform(0.5 * hour, 18 * hour, random);
	const least = 40 + 8 * usual(from) * length;
	const count = Math.round(Math.max(least, logUniform(60, 600, random)));
	const gap = Math.max(5, Math.round(length / count));
	const at = (index: number): number => {
		switch (kind) {
			case "regular beat":
				return from + index * gap + Math.round((random() - 0.5) * 0.2 * gap);
			case "bursts on a beat":
				return from + Math.floor(index / 8) * gap * 8 + Math.floor(random() * 3);
			default:
				return Math.floor(from + random() * length);
		}
	};
	const sessions = kind === "made-up codes, few sessions" ? 3 : 1;
	const own = Array.from({ length: sessions }, () => freshId(random));
	return Array.from({ length: count }, (_, index) => {
		const session = own[index % sessions] ?? freshId(random);
		return { ...forgedBy(kind, session, random), at: at(index), code, fails: false };
	});
}

/** @param session the flood's own, of those that keep to a few */
function forgedBy(
	kind: FloodKind,
	session: string,
	random: Random,
): Pick<Event, "session" | "user" | "organization"> {
	const person = Math.floor(random() * people);
	const organization = organizationOf(person);
	switch (kind) {
		case "one session":
		case "made-up codes, few sessions":
			return { session, user: "user-7", organization: organizationOf(7) };
		case "no users":
			return { session: freshId(random), user: null, organization: null };
		case "spread over sessions, made-up users":
			return { session: freshId(random), user: freshId(random), organization };
		case "regular beat":
		case "bursts on a beat":
		case "spread over sessions, real users":
			return { session: freshId(random), user: `user-${person}`, organization };
	}
}

/** The same shapes of troubles as in bench/worlds.ts, of half of the codes; two floods in others. */
function generate(seed: number): Production {
	const random = randomNumbers(seed);
	const start = now - days * day;
	const climate: Climate = {
		zone: Math.round(random() * 16 - 8) * hour,
		isOffice: random() < 0.3,
		hourSpread: random() < 0.3 ? 0.25 : 0.1,
		daySpread: 0.1,
		slow: [0, 7],
		eventsPerSession: 1.15 + random() * 0.4,
	};
	const first = floodKinds[seed % floodKinds.length] ?? "one session";
	const second = floodKinds[(seed * 3 + 1) % floodKinds.length] ?? "no users";
	// Without runs logged beside events, only forged events' own shape can tell them.
	const logsRuns = random() < 0.5 || [first, second].includes("spread over sessions, real users");
	const usual = (rate: number) => usualRate(rate, climate, random);
	const events: Event[] = [];
	const planted: Planted[] = [];
	for (const [index, rate] of honestRates.entries()) {
		const code = `HONEST_${index}`;
		const own = usual(rate);
		events.push(...honestEvents(code, thinned(own, start, now, random), logsRuns, random));
		if (index % 2 === 0) continue;
		const trouble: Trouble = plant(
			{ code: 0, last: 0, usual: own, climate, start, end: now, isShort: false },
			random,
		);
		events.push(...honestEvents(code, trouble.extra, logsRuns, random));
		planted.push({ code, from: trouble.from, to: trouble.to });
	}
	for (const [index, kind] of [first, second].entries()) {
		const isMadeUp = kind === "made-up codes, few sessions";
		const code = isMadeUp ? `MADE_UP_${index}` : `FORGED_${index}`;
		const own = usual(floodRates[index] ?? 1);
		if (!isMadeUp) events.push(...honestEvents(code, thinned(own, start, now, random), logsRuns, random));
		const from = Math.floor(now - (1 + random() * 5) * day);
		const flood = forged(kind, code, isMadeUp ? () => 0 : own, from, random);
		const last = flood.reduce((most, { at }) => Math.max(most, at), from);
		events.push(...flood);
		planted.push({ code, from, to: last, kind });
	}
	return { events: events.filter(({ at }) => at < now), planted, logsRuns, random };
}

function thinned(rate: Rate, from: number, to: number, random: Random): number[] {
	const found: number[] = [];
	for (let start = from; start < to; start += 600)
		for (let count = poisson(rate(start + 300) * 600, random); count > 0; count--)
			found.push(Math.floor(start + random() * 600));
	return found.sort((one, other) => one - other);
}

function fill(db: SandboxDatabase, { events, logsRuns, random }: Production): void {
	const made = { created_at: 0, updated_at: 0 };
	db.insert(
		"organizations",
		Array.from({ length: organizations }, (_, index) => {
			const id = organizationOf(index);
			return { id, name: `Company ${index}`, slug: id, ...made };
		}),
	);
	db.insert(
		"users",
		Array.from({ length: people }, (_, index) => ({
			id: `user-${index}`,
			email: `user${index}@mail.example`,
			name: "n",
			password_hash: "-",
			organization_id: organizationOf(index),
			...made,
		})),
	);
	const rows = events.map(({ at, code, session, user, organization }) => {
		const parts = drawParts(random);
		return [
			organization,
			user,
			code,
			valueName("skill", parts.skill),
			valueName("provider", parts.provider),
			session,
			at,
		];
	});
	const runs = logsRuns
		? events.flatMap(({ at, user, fails }) => [
				...(fails ? [[user, "error", at + Math.floor(random() * 20)]] : []),
				...(random() < 0.5 ? [[`user-${Math.floor(random() * people)}`, "success", at]] : []),
			])
		: [];
	const skill = { id: "skill-1", slug: "any-skill", name: "s", description: "d", category: "c", ...made };
	db.insert("skills", [skill]);
	db.run(
		"INSERT INTO error_events (id, organization_id, user_id, error_code, error_category, skill_slug, provider, session_id, created_at) SELECT 'e' || key, value ->> 0, value ->> 1, value ->> 2, 'system', value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?)",
		[JSON.stringify(rows)],
	);
	db.run(
		"INSERT INTO skill_usage_logs (id, skill_id, user_id, status, created_at) SELECT 'r' || key, 'skill-1', value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
		[JSON.stringify(runs)],
	);
}

export interface FloodFigures {
	/** By kind: planted, found as an episode, and marked. */
	readonly floods: ReadonlyMap<FloodKind, { planted: number; found: number; marked: number }>;
	readonly honest: { planted: number; found: number; marked: number };
	/** What honest episodes were marked with, and floods were not. */
	readonly mistakes: readonly string[];
	readonly misses: readonly string[];
}

/** Two floods and two honest troubles a production, through error_stats as an agent calls it. */
export async function measureFloods(seeds: readonly number[]): Promise<FloodFigures> {
	const floods = new Map(floodKinds.map((kind) => [kind, { planted: 0, found: 0, marked: 0 }]));
	const honest = { planted: 0, found: 0, marked: 0 };
	const mistakes: string[] = [];
	const misses: string[] = [];
	for (const seed of seeds) {
		const production = generate(seed);
		const stage = await setStage({ now, fill: (db) => fill(db, production) });
		try {
			const { facts } = await stage.stats({ since: "21d" });
			for (const { code, from, to, kind } of production.planted) {
				const own = facts.episodes.filter(({ error_code: of, since, until }) => {
					const end = until === undefined ? now : Date.parse(until) / 1000;
					return of === code && Date.parse(since) / 1000 < to + hour && end > from - hour;
				});
				const marks = own
					.flatMap(({ evidence }) => evidence ?? [])
					.filter((one) => /^clients' word/.test(one));
				const figures = kind === undefined ? honest : floods.get(kind);
				if (figures === undefined) continue;
				figures.planted += 1;
				figures.found += own.length > 0 ? 1 : 0;
				figures.marked += marks.length > 0 ? 1 : 0;
				if (kind === undefined && marks.length > 0)
					mistakes.push(`seed ${seed}, ${code}: ${marks.join("; ")}`);
				if (kind !== undefined && marks.length === 0)
					misses.push(
						`seed ${seed}, ${code}, ${kind}: ${own.map(({ count, evidence }) => `${count} events, ${evidence ?? "nothing"}`).join("; ") || "no episode"}`,
					);
			}
		} finally {
			await stage.close();
		}
	}
	return { floods, honest, mistakes, misses };
}

export function floodTable({ floods, honest, mistakes, misses }: FloodFigures): string {
	const line = (name: string, { planted, found, marked }: FloodFigures["honest"]) =>
		`| ${name} | ${planted} | ${found} | ${marked} | ${found === 0 ? "-" : ((100 * marked) / found).toFixed(1)} % |`;
	const sum = { planted: 0, found: 0, marked: 0 };
	for (const one of floods.values())
		for (const key of ["planted", "found", "marked"] as const) sum[key] += one[key];
	return [
		"| planted | how many | an episode | marked | of the episodes |\n|---|---|---|---|---|",
		...[...floods].map(([kind, figures]) => line(kind, figures)),
		line("**all floods**", sum),
		line("**honest troubles**", honest),
		...mistakes.map((one) => `\nhonest, marked: ${one}`),
		...misses.map((one) => `\nflood, not marked: ${one}`),
	].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const [from = 1, count = 100] = process.argv.slice(2).map(Number);
	const seeds = Array.from({ length: count }, (_, index) => from + index);
	process.stdout.write(`${floodTable(await measureFloods(seeds))}\n`);
}
