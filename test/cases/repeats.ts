// Troubles that come again, and others of the same codes and skills: how many of each a first answer knows.

import { type KeptIssue, knownOf, rememberIssues } from "../../src/cases/index.ts";
import type { AskedEpisode } from "../../src/cause/index.ts";
import type { SqlValue } from "../../src/sandbox/database.ts";
import { Random } from "../../src/sandbox/story/random.ts";
import type { EventRow, Stage } from "../production/stage.ts";
import { day, hour, makeHome, now } from "./stage.ts";

const providers = ["gmail", "outlook", "greenhouse", "lever", "openai", "slack"];
const skills = ["email-draft", "candidate-search", "offer-letter", "inbox-review", "scheduling"];
const messages = ["Row # is locked", "Quota of # used up", "Template # is missing", "Timed out after # ms"];

/** What sets a trouble apart from others of its code or skill. */
interface Kind {
	readonly name: string;
	readonly provider: string;
	readonly skill: string;
	readonly organization: string | null;
}
interface Failing {
	readonly name: string;
	readonly message: string;
}

const random = new Random(20_261_128);

function otherThan<T>(one: T, all: readonly T[]): T {
	return random.pick(all.filter((other) => other !== one));
}

/** A count for each quarter of an hour; one in twelve events is of other parts. */
function eventsOf(kind: Kind, from: number, to: number, perHour: number): readonly EventRow[] {
	const events: EventRow[] = [];
	for (let at = from; at < to; at += 900) {
		for (let left = random.poisson(perHour / 4); left > 0; left -= 1) {
			const isOther = random.chance(1 / 12);
			events.push({
				at: Math.min(to - 1, at + random.integer(0, 899)),
				code: kind.name,
				user: `${kind.name}-${random.integer(0, 40)}`,
				session: random.uuid(),
				provider: isOther ? random.pick(providers) : kind.provider,
				skill: isOther ? random.pick(skills) : kind.skill,
				organization: kind.organization ?? `org-${random.integer(0, 9)}`,
			});
		}
	}
	return events;
}

/** The code's few events of other days, of any part. */
function usualOf(name: string, until: number): readonly EventRow[] {
	return Array.from({ length: random.integer(20, 120) }, () => ({
		at: until - random.integer(0, 24 * day),
		code: name,
		user: `${name}-${random.integer(0, 40)}`,
		session: random.uuid(),
		provider: random.pick(providers),
		skill: random.pick(skills),
		organization: `org-${random.integer(0, 9)}`,
	}));
}

function runsOf(failing: Failing, from: number, to: number, share: number): Record<string, SqlValue>[] {
	const runs: Record<string, SqlValue>[] = [];
	for (let at = from; at < to; at += 900) {
		for (let left = random.poisson(3); left > 0; left -= 1) {
			const failed = random.chance(share);
			const message = random.chance(1 / 12) ? random.pick(messages) : failing.message;
			runs.push({
				id: random.uuid(),
				skill_id: failing.name,
				user_id: `${failing.name}-${random.integer(0, 20)}`,
				status: failed ? "error" : "success",
				error_message: failed ? message.replace("#", String(random.integer(1, 9999))) : null,
				created_at: Math.min(to - 1, at + random.integer(0, 899)),
				duration_ms: random.integer(10, 4000),
			});
		}
	}
	return runs;
}

/** When a trouble stood: hours before the end of the data, and how strongly. */
function course(until: number) {
	const length = random.integer(3, 8) * hour;
	const to = until - random.integer(0, 6) * hour;
	return { from: to - length, to, perHour: random.integer(10, 40) };
}

function production(kinds: readonly Kind[], failing: readonly Failing[], until: number) {
	const usual = (at: number) =>
		Array.from({ length: 1500 }, () => ({ at: at - random.integer(0, 24 * day), code: "USUAL_ERROR" }));
	return {
		events: [
			...usual(until),
			...kinds.flatMap((kind) => {
				const { from, to, perHour } = course(until);
				return [...usualOf(kind.name, until), ...eventsOf(kind, from, to, perHour)];
			}),
		],
		runs: failing.flatMap((one) => {
			const { from, to } = course(until);
			return [
				...runsOf(one, until - 6 * day, from, 0.01),
				...runsOf(one, from, to, 0.6),
				...runsOf(one, to, until, 0.01),
			];
		}),
	};
}

/** How many codes and skills one production holds; an answer shows ten episodes. */
const codesAtOnce = 20;
const skillsAtOnce = 5;

const groups = Array.from({ length: 4 }, (_, group) => ({
	kinds: Array.from(
		{ length: codesAtOnce },
		(_, index): Kind => ({
			name: `CODE_${"ABCD".charAt(group)}_${String.fromCharCode(65 + index)}`,
			provider: random.pick(providers),
			skill: random.pick(skills),
			// One in five hits a single organization.
			organization: random.chance(0.2) ? "org-alone" : null,
		}),
	),
	failing: Array.from(
		{ length: skillsAtOnce },
		(_, index): Failing => ({ name: `skill-${group}-${index}`, message: random.pick(messages) }),
	),
}));

const signal = new AbortController().signal;

/** The strongest episode of each, as the tools get it. */
async function episodesOf(
	{ services: { production } }: Stage,
	codes: readonly string[],
	failing: readonly string[],
): Promise<readonly AskedEpisode[]> {
	const found: AskedEpisode[] = [];
	// One by one: of codes that begin together one stands for all.
	for (const code of codes) {
		const { episodes } = await production.errorStats({ error_code: [code], limit: 1 }, signal);
		found.push(...episodes.map((episode): AskedEpisode => ({ of: "code", episode })));
	}
	if (failing.length === 0) return found;
	const { episodes } = await production.failedSkillRuns({ correlate: false }, signal);
	return [...found, ...episodes.map((episode): AskedEpisode => ({ of: "skill", episode }))];
}

const nameOf = (asked: AskedEpisode) => (asked.of === "code" ? asked.episode.code : asked.episode.skill);

/** As debug_report keeps them. */
async function report(stage: Stage, asked: readonly AskedEpisode[], names: readonly string[]): Promise<void> {
	const issues = names.map((name): KeptIssue => {
		const own = asked.filter((one) => nameOf(one) === name);
		const [first] = own;
		if (first === undefined) throw new Error(`${name} has no episode`);
		const { spans } = first.episode;
		const words = { cause: "found", fix: "this", evidence: [] };
		return first.of === "code"
			? { of: "code", name, episodes: own, stretch: { of: "code", code: name, spans }, count: 1, words }
			: { of: "skill", name, episodes: own, stretch: { of: "skill", skill: name, spans }, count: 1, words };
	});
	const { note } = await rememberIssues(stage.services, issues, now - 30 * day, signal);
	if (note !== undefined) throw new Error(note);
}

export interface Recalled {
	readonly repeats: number;
	readonly strangers: number;
	/** Those that were known, by name. */
	readonly known: readonly string[];
	readonly mistaken: readonly string[];
}

/**
 * @param most groups of 25 troubles, each with 25 repeats and 50 strangers; 4 at most
 * @param codes how many of a group's 20 codes take part, beside its 5 skills
 */
export async function recallRepeats(most: number, codes = codesAtOnce): Promise<Recalled> {
	const told: Record<"repeat" | "stranger", string[]> = { repeat: [], stranger: [] };
	const counts = { repeat: 0, stranger: 0 };
	for (const { kinds: all, failing } of groups.slice(0, most)) {
		const kinds = all.slice(0, codes);
		const home = await makeHome();
		const names = [...kinds, ...failing].map(({ name }) => name);
		const ask = async (as: keyof typeof told, troubles: readonly Kind[], runs: readonly Failing[]) => {
			const stage = await home.at(now, production(troubles, runs, now));
			try {
				const asked = await episodesOf(
					stage,
					troubles.map(({ name }) => name),
					runs.map(({ name }) => name),
				);
				for (const name of names) {
					const own = asked.filter((one) => nameOf(one) === name);
					if (own.length === 0) throw new Error(`${name} has no episode`);
					counts[as] += 1;
					const known = await knownOf(stage.services, own.slice(0, 1), signal);
					if (known[0] !== undefined) told[as].push(name);
				}
			} finally {
				await stage.close();
			}
		};
		try {
			const first = now - 30 * day;
			const stage = await home.at(first, production(kinds, failing, first));
			await report(
				stage,
				await episodesOf(stage, names.slice(0, kinds.length), names.slice(kinds.length)),
				names,
			);
			await stage.close();
			await ask("repeat", kinds, failing);
			const others = failing.map((one) => ({ ...one, message: otherThan(one.message, messages) }));
			const otherProvider = (kind: Kind) => ({ ...kind, provider: otherThan(kind.provider, providers) });
			const otherSkill = (kind: Kind) => ({ ...kind, skill: otherThan(kind.skill, skills) });
			await ask("stranger", kinds.map(otherProvider), others);
			await ask("stranger", kinds.map(otherSkill), others);
		} finally {
			await home.remove();
		}
	}
	return {
		repeats: counts.repeat,
		strangers: counts.stranger,
		known: told.repeat,
		mistaken: told.stranger,
	};
}
