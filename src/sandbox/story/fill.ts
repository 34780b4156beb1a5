import { randomBytes } from "node:crypto";
import type { TimeStorage } from "../../sql/index.ts";
import type { SandboxDatabase, SqlValue } from "../database.ts";
import { tellEvents } from "./events.ts";
import { makeOrganizations, makeUsers, skills } from "./people.ts";
import { Random } from "./random.ts";
import { tellRuns } from "./runs.ts";

export interface StoryOptions {
	/** The end of the story, epoch seconds. */
	readonly now: number;
	readonly timeStorage: TimeStorage;
	readonly missingTables: readonly string[];
}

const day = 24 * 3600;

/** An instant as a deployment stores it. */
function stored(storage: TimeStorage, seconds: number): SqlValue {
	const iso = new Date(seconds * 1000).toISOString();
	switch (storage) {
		case "seconds":
			return seconds;
		case "milliseconds":
			return seconds * 1000;
		case "iso_text":
			return iso;
		case "sqlite_text":
			return iso.slice(0, 19).replace("T", " ");
	}
}

/** What stands in secret columns: made for this run, of no vendor's shape, and easy to look for in an answer. */
export function canary(): string {
	return `canary-${randomBytes(9).toString("hex")}`;
}

/**
 * Fills the tables with fourteen days of a believable production. The same `now`, the same rows,
 * but for what stands in secret columns.
 */
export function fillStory(db: SandboxDatabase, { now, timeStorage, missingTables }: StoryOptions): void {
	const random = new Random(20_261_123);
	const at = (seconds: number) => stored(timeStorage, seconds);
	const founded = at(now - 200 * day);
	const organizations = makeOrganizations(random);
	const users = makeUsers(random, organizations);
	const events = tellEvents(random, users, now);
	const runs = tellRuns(random, users, events, now);
	const insert: SandboxDatabase["insert"] = (table, rows) => {
		if (!missingTables.includes(table)) db.insert(table, rows);
	};

	insert(
		"organizations",
		organizations.map(({ id, name, slug }) => ({
			id,
			name,
			slug,
			llm_api_key: canary(),
			created_at: founded,
			updated_at: founded,
		})),
	);
	insert(
		"users",
		users.map(({ id, email, name, organization }, index) => ({
			id,
			email,
			name,
			password_hash: canary(),
			is_super_admin: index === 0 ? 1 : 0,
			organization_id: organization?.id ?? null,
			stripe_customer_id: index % 4 === 0 ? canary() : null,
			created_at: founded,
			updated_at: founded,
		})),
	);
	insert(
		"skills",
		skills.map(({ id, slug, name, category }) => ({
			id,
			slug,
			name,
			description: `${name} for recruiters`,
			category,
			share_code: canary(),
			created_at: founded,
			updated_at: founded,
		})),
	);
	insert(
		"api_keys",
		users.slice(0, 12).map(({ id, organization }, index) => ({
			id: random.uuid(),
			user_id: id,
			organization_id: organization?.id ?? null,
			key: canary(),
			name: `key ${index + 1}`,
			created_at: founded,
		})),
	);
	insert(
		"organization_invites",
		organizations.map(({ id }, index) => ({
			id: random.uuid(),
			organization_id: id,
			email: `invited${index}@mail.example`,
			token: canary(),
			invited_by: users[index]?.id ?? null,
			expires_at: at(now + 7 * day),
			created_at: at(now - day),
		})),
	);
	insert(
		"integrations",
		users.slice(0, 24).map(({ id, organization }, index) => ({
			id: random.uuid(),
			provider: ["gmail", "greenhouse", "google-calendar"][index % 3] ?? "gmail",
			nango_connection_id: canary(),
			user_id: id,
			organization_id: organization?.id ?? null,
			status: "connected",
			metadata: canary(),
			created_at: founded,
			updated_at: founded,
		})),
	);
	insert("system_settings", [
		{ key: "llm_default", value: canary(), is_secret: 1, updated_at: founded },
		{ key: "maintenance", value: canary(), is_secret: 0, updated_at: founded },
	]);
	insert(
		"sessions",
		users
			.slice(0, 8)
			.map(({ id }) => ({ id: canary(), user_id: id, expires_at: at(now + day), created_at: at(now) })),
	);
	insert(
		"roles",
		["admin", "member", "viewer"].map((name) => ({ id: `role-${name}`, name, created_at: founded })),
	);
	insert(
		"user_roles",
		users.map(({ id }, index) => ({
			user_id: id,
			role_id: index === 0 ? "role-admin" : "role-member",
			assigned_at: founded,
		})),
	);
	insert(
		"error_events",
		events.map((event) => ({
			id: random.uuid(),
			organization_id: event.user?.organization?.id ?? null,
			user_id: event.user?.id ?? null,
			error_code: event.code,
			error_category: categoryOf(event.code),
			skill_slug: event.skill,
			provider: event.provider,
			action: event.action,
			http_status: event.httpStatus,
			session_id: event.session,
			created_at: at(event.at),
		})),
	);
	insert(
		"skill_usage_logs",
		runs.map((run) => ({
			id: random.uuid(),
			skill_id: run.skill.id,
			user_id: run.user.id,
			// Mostly empty on the real server: the user's own organization tells it.
			organization_id: random.chance(0.1) ? (run.user.organization?.id ?? null) : null,
			status: run.status,
			duration_ms: run.durationMs,
			input_summary: run.inputSummary,
			error_message: run.errorMessage,
			created_at: at(run.at),
		})),
	);
}

function categoryOf(code: string): string {
	const prefix = code.split("_")[0]?.toLowerCase() ?? "";
	return ["llm", "ats", "skill", "scrape", "integration"].includes(prefix) ? prefix : "system";
}
