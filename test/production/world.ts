import type { SandboxDatabase, SqlValue } from "../../src/sandbox/database.ts";
import { Random } from "../../src/sandbox/story/random.ts";
import type { TimeStorage } from "../../src/sql/time.ts";

/** The time of every world, epoch seconds: a Monday evening. */
export const worldNow = Date.parse("2026-11-23T20:00:00Z") / 1000;

export interface WorldUser {
	readonly id: string;
	readonly email: string;
	readonly organization: string | null;
}

/** `at` in epoch milliseconds; a deployment that stores seconds keeps the whole ones. */
export interface WorldEvent {
	readonly id: string;
	readonly at: number;
	readonly error_code: string;
	readonly category: string;
	readonly skill: string | null;
	readonly provider: string | null;
	readonly action: string | null;
	readonly http_status: number | null;
	readonly session: string | null;
	readonly user: string | null;
	readonly organization: string | null;
}

export interface WorldRun {
	readonly id: string;
	readonly at: number;
	readonly skillId: string;
	readonly user: string;
	readonly organization: string | null;
	readonly status: "success" | "error" | "partial";
	readonly duration_ms: number | null;
	readonly input_summary: string | null;
	readonly error_message: string | null;
}

/** A small production whose every row is known to the test, so that it can count for itself. */
export interface World {
	readonly organizations: readonly { readonly id: string; readonly name: string; readonly slug: string }[];
	readonly users: readonly WorldUser[];
	readonly skills: readonly { readonly id: string; readonly slug: string }[];
	readonly events: readonly WorldEvent[];
	readonly runs: readonly WorldRun[];
}

const daySeconds = 86_400;
const days = 18;

const codes: readonly (readonly [string, string])[] = [
	["LLM_RATE_LIMITED", "llm"],
	["ATS_AUTH_FAILED", "ats"],
	["NETWORK_ERROR", "system"],
	// The client's own idea of a category, and a code that nobody knows.
	["SCRAPE_TIMEOUT", "llm"],
	["BRAND_NEW_CODE", "novel"],
];

/** Ids as clients make them: whatever they like. */
const oddIds = [
	"user-super-admin",
	"o'brien; DROP TABLE users --",
	"pipe|and\\backslash\\",
	"名前 \u202eright",
	"deadbeef",
];

const eventSkills = ["candidate-search", "email-draft", "", null];
const slugs = ["candidate-search", "email-draft", "ats-proxy", "weekly, report", "o'clock"];
const messages: readonly ((random: Random) => string | null)[] = [
	() => "INTEGRATION_NOT_CONNECTED",
	(random) => `Greenhouse: candidate ${random.integer(1, 40)} not found`,
	(random) => `row ${random.uuid()} is locked by user${random.integer(1, 9)}@acme.example`,
	() => "create or update failed; 100% of \\ rows_",
	() => null,
	() => "  ",
];

/**
 * @param random the same seed, the same world
 * @param size events, and as many runs
 */
export function makeWorld(seed: number, size: number): World {
	const random = new Random(seed);
	const organizations = ["Acme, Inc.", "Bluebird | Talent", "Cedar & Stone"].map((name, index) => ({
		id: index === 2 ? "org-cedar" : random.uuid(),
		name,
		slug: `org-${index}`,
	}));
	const organizationIds = [...organizations.map(({ id }) => id), "org-that-is-gone", null];
	const users = [...Array.from({ length: 7 }, () => random.uuid()), ...oddIds].map((id, index) => ({
		id,
		email: `user${index}@mail.example`,
		organization: random.pick(organizationIds),
	}));
	// The last skill's row is gone: its runs have an id and no slug.
	const skills = slugs.map((slug) => ({ id: `skill-${slug}`, slug }));
	const skillIds = [...skills.map(({ id }) => id), "skill-gone"];
	const sessions = Array.from({ length: 60 }, () => random.uuid());
	// Clumped, so that many rows share a second, and at the very edges of windows.
	const moments = Array.from({ length: Math.ceil(size / 4) }, () =>
		random.chance(0.1)
			? worldNow - random.integer(0, 10) * 3600
			: worldNow - random.integer(-600, days * daySeconds),
	);
	const at = () => random.pick(moments) * 1000 + (random.chance(0.5) ? 0 : random.integer(0, 999));
	const events = Array.from({ length: size }, (): WorldEvent => {
		const [error_code, category] = random.pick(codes);
		return {
			id: random.uuid(),
			at: at(),
			error_code,
			category,
			skill: random.pick(eventSkills),
			provider: random.pick(["gmail", "greenhouse", null]),
			action: random.pick(["chat", "update", null]),
			http_status: random.pick([401, 429, 500, 504, null]),
			session: random.pick([...sessions, null]),
			user: random.chance(0.1) ? null : random.pick(users).id,
			organization: random.pick([...organizationIds, ""]),
		};
	});
	const runs = Array.from({ length: size }, (): WorldRun => {
		const status = random.chance(0.5) ? "success" : random.chance(0.8) ? "error" : "partial";
		return {
			id: random.uuid(),
			at: at(),
			skillId: random.pick(skillIds),
			user: random.pick(users).id,
			organization: random.chance(0.7) ? random.pick([null, ""]) : random.pick(organizationIds),
			status,
			duration_ms: random.chance(0.1) ? null : random.integer(0, 30_000),
			input_summary: random.pick(["search: go developer", null]),
			error_message: status === "success" ? null : random.pick(messages)(random),
		};
	});
	return { organizations, users, skills, events, runs };
}

/** An instant as a deployment stores it. @param ms since the epoch */
export function storedAs(storage: TimeStorage, ms: number): SqlValue {
	const iso = new Date(ms).toISOString();
	switch (storage) {
		case "seconds":
			return Math.floor(ms / 1000);
		case "milliseconds":
			return ms;
		case "iso_text":
			return iso;
		case "sqlite_text":
			return iso.slice(0, 19).replace("T", " ");
	}
}

export function eventRow(event: WorldEvent, storage: TimeStorage): Record<string, SqlValue> {
	return {
		id: event.id,
		organization_id: event.organization,
		user_id: event.user,
		error_code: event.error_code,
		error_category: event.category,
		skill_slug: event.skill,
		provider: event.provider,
		action: event.action,
		http_status: event.http_status,
		session_id: event.session,
		created_at: storedAs(storage, event.at),
	};
}

export function runRow(run: WorldRun, storage: TimeStorage): Record<string, SqlValue> {
	return {
		id: run.id,
		skill_id: run.skillId,
		user_id: run.user,
		organization_id: run.organization,
		status: run.status,
		duration_ms: run.duration_ms,
		input_summary: run.input_summary,
		error_message: run.error_message,
		created_at: storedAs(storage, run.at),
	};
}

/** Fills a sandbox with the world. */
export function fillWorld(world: World, storage: TimeStorage): (db: SandboxDatabase) => void {
	const founded = storedAs(storage, 0);
	return (db) => {
		db.insert(
			"organizations",
			world.organizations.map((organization) => ({
				...organization,
				created_at: founded,
				updated_at: founded,
			})),
		);
		db.insert(
			"users",
			world.users.map(({ id, email, organization }) => ({
				id,
				email,
				password_hash: "hash",
				name: "Name",
				organization_id: organization,
				created_at: founded,
				updated_at: founded,
			})),
		);
		db.insert(
			"skills",
			world.skills.map(({ id, slug }) => ({
				id,
				slug,
				name: slug,
				description: slug,
				category: "test",
				created_at: founded,
				updated_at: founded,
			})),
		);
		db.insert(
			"error_events",
			world.events.map((event) => eventRow(event, storage)),
		);
		db.insert(
			"skill_usage_logs",
			world.runs.map((run) => runRow(run, storage)),
		);
	};
}
