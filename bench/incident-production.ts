// Three weeks of a company's production: everyday errors and runs, and what a trouble adds to them.

import type { SandboxDatabase } from "../src/sandbox/database.ts";
import { everydayCodes } from "./incident-base.ts";
import { type Company, nth, type Organization, type Person, title, uuid } from "./incident-domain.ts";
import { pick } from "./suspects-stories.ts";
import { type Climate, sessions, usualRate } from "./world-climate.ts";
import { logUniform, type Random } from "./world-random.ts";

export interface EventFields {
	readonly code: string;
	readonly skill?: string | null;
	readonly provider?: string | null;
	readonly action?: string | null;
	readonly status?: number | null;
}

export interface PlannedEvent extends EventFields {
	readonly at: number;
	readonly person: Person | undefined;
	readonly session: string | null;
}

export interface PlannedRun {
	readonly at: number;
	readonly skill: string;
	readonly person: Person;
	readonly message: string | undefined;
}

export interface Rows {
	readonly events: readonly PlannedEvent[];
	readonly runs: readonly PlannedRun[];
}

export interface Scene {
	readonly company: Company;
	readonly organizations: readonly Organization[];
	readonly people: readonly Person[];
	readonly from: number;
	readonly now: number;
	readonly climate: Climate;
	readonly random: Random;
}

const day = 86_400;
export const productionDays = 21;

export function climateOf(random: Random): Climate {
	return {
		zone: 0,
		isOffice: random() < 0.3,
		hourSpread: 0.1,
		daySpread: 0.1,
		slow: [0, 0],
		eventsPerSession: 1.3,
	};
}

/** Everyday errors of every code, and the runs of every skill, some of which fail. */
export function everyday(scene: Scene): Rows {
	const { company, random } = scene;
	const events = everydayCodes(company).flatMap((code, index) => {
		const rate = logUniform(0.4, 5, random);
		return happening(scene, rate, scene.from, scene.now).map(({ at, session }): PlannedEvent => {
			const isPartner = code.startsWith("PARTNER_");
			return {
				at,
				session,
				code,
				person: random() < 0.06 ? undefined : pick(scene.people, random),
				skill: random() < 0.25 ? null : pick(company.skills, random),
				provider: isPartner ? pick(company.providers, random) : null,
				action: random() < 0.2 ? null : pick(company.actions, random),
				status: nth([504, 403, 502, 400, 403, 402, 401, 404, 409, 409], index),
			};
		});
	});
	const runs = company.skills.flatMap((skill) =>
		happening(scene, logUniform(2, 6, random), scene.from, scene.now).map(({ at }): PlannedRun => {
			const fails = random() < 0.04;
			const message = pick(
				["PARTNER_TIMEOUT", "no answer in time", "INPUT_REJECTED", "cancelled by the user"],
				random,
			);
			return { at, skill, person: pick(scene.people, random), message: fails ? message : undefined };
		}),
	);
	return { events, runs };
}

/** Sessions with the day's shape; each has an id. */
export function happening(
	{ climate, random }: Scene,
	perHour: number,
	from: number,
	until: number,
): readonly { readonly at: number; readonly session: string }[] {
	const times = sessions(usualRate(perHour, climate, random), from, until, climate.eventsPerSession, random);
	let session = "";
	let last = Number.NEGATIVE_INFINITY;
	return times
		.filter((at) => at < until)
		.map((at) => {
			if (at < last || at - last > 300) session = uuid(random);
			last = at;
			return { at, session };
		});
}

/** What a trouble adds: events at a rate an hour, and failing runs of their people where a skill is named. */
export function trouble(
	scene: Scene,
	fields: EventFields,
	{
		perHour,
		from,
		until = scene.now,
		people,
		runsFail = false,
		scattered = [],
	}: {
		readonly perHour: number;
		readonly from: number;
		readonly until?: number;
		readonly people: readonly Person[];
		readonly runsFail?: boolean;
		/** Fields that the trouble has nothing to do with: any value. */
		readonly scattered?: readonly ("skill" | "action" | "provider")[];
	},
): Rows {
	const bySession = new Map<string, Person>();
	const first = { at: from + 60 + Math.floor(scene.random() * 120), session: uuid(scene.random) };
	const times = [first, ...happening(scene, perHour, from, until)];
	const events = times.map(({ at, session }): PlannedEvent => {
		const person = bySession.get(session) ?? pick(people, scene.random);
		bySession.set(session, person);
		const drawn = scattered.map((field) => [field, pick(scene.company[`${field}s`], scene.random)]);
		return { ...fields, ...Object.fromEntries(drawn), at, session, person };
	});
	const runs = events.flatMap(({ at, person, skill }): PlannedRun[] =>
		!runsFail || person === undefined || typeof skill !== "string"
			? []
			: [{ at: at + 4, skill, person, message: fields.code }],
	);
	return { events, runs };
}

/** Puts everything into the tables. */
export function fill(scene: Scene, { events, runs }: Rows): (db: SandboxDatabase) => void {
	const { company, organizations, people, random } = scene;
	const founded = scene.from - 90 * day;
	const made = { created_at: founded, updated_at: founded };
	return (db) => {
		db.insert(
			"organizations",
			organizations.map((one) => ({ ...one, ...made })),
		);
		db.insert(
			"users",
			people.map(({ id, organization }, index) => ({
				id,
				email: `person${index}@${organization.slug}.example`,
				password_hash: "x",
				name: `Person ${index}`,
				organization_id: organization.id,
				...made,
			})),
		);
		db.insert(
			"skills",
			company.skills.map((slug) => ({
				id: `skl-${slug}`,
				slug,
				name: title(slug),
				description: title(slug),
				category: company.name,
				...made,
			})),
		);
		db.insert(
			"error_events",
			[...events]
				.sort((one, other) => one.at - other.at)
				.map((event) => ({
					id: uuid(random),
					organization_id: event.person?.organization.id ?? null,
					user_id: event.person?.id ?? null,
					error_code: event.code,
					error_category: "system",
					skill_slug: event.skill ?? null,
					provider: event.provider ?? null,
					action: event.action ?? null,
					http_status: event.status ?? null,
					session_id: event.session,
					created_at: event.at,
				})),
		);
		db.insert(
			"skill_usage_logs",
			[...runs]
				.sort((one, other) => one.at - other.at)
				.map((run) => ({
					id: uuid(random),
					skill_id: `skl-${run.skill}`,
					user_id: run.person.id,
					organization_id: random() < 0.1 ? run.person.organization.id : null,
					status: run.message === undefined ? "success" : "error",
					duration_ms: Math.floor(logUniform(800, 20_000, random)),
					input_summary: null,
					error_message: run.message ?? null,
					created_at: run.at,
				})),
		);
	};
}
