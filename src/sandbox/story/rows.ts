// Turns the story into rows, table by table.

import { randomBytes } from "node:crypto";
import type { SqlRow, SqlValue } from "../database.ts";
import type { TableName } from "../schema.ts";
import { skills } from "./people.ts";
import type { Story } from "./story.ts";

type RowMaker = (story: Story) => readonly SqlRow[];

/** In order of generation: all take their ids from the same random numbers. */
export const rowMakers: readonly (readonly [TableName, RowMaker])[] = [
	["organizations", organizationRows],
	["users", userRows],
	["skills", skillRows],
	["api_keys", apiKeyRows],
	["organization_invites", inviteRows],
	["integrations", integrationRows],
	["system_settings", settingRows],
	["sessions", sessionRows],
	["roles", roleRows],
	["user_roles", userRoleRows],
	["error_events", eventRows],
	["skill_usage_logs", runRows],
];

const day = 24 * 3600;

/** The creation time of everything except events and runs. */
function founded({ now, at }: Story): SqlValue {
	return at(now - 200 * day);
}

/** The value of secret columns: random for this run, unlike any vendor's format, and easy to search for in an answer. */
function canary(): string {
	return `canary-${randomBytes(9).toString("hex")}`;
}

function organizationRows(story: Story): readonly SqlRow[] {
	return story.organizations.map(({ id, name, slug }) => ({
		id,
		name,
		slug,
		llm_api_key: canary(),
		created_at: founded(story),
		updated_at: founded(story),
	}));
}

function userRows(story: Story): readonly SqlRow[] {
	return story.users.map(({ id, email, name, organization }, index) => ({
		id,
		email,
		name,
		password_hash: canary(),
		is_super_admin: index === 0 ? 1 : 0,
		organization_id: organization?.id ?? null,
		stripe_customer_id: index % 4 === 0 ? canary() : null,
		created_at: founded(story),
		updated_at: founded(story),
	}));
}

function skillRows(story: Story): readonly SqlRow[] {
	return skills.map(({ id, slug, name, category }) => ({
		id,
		slug,
		name,
		description: `${name} for recruiters`,
		category,
		share_code: canary(),
		created_at: founded(story),
		updated_at: founded(story),
	}));
}

function apiKeyRows(story: Story): readonly SqlRow[] {
	return story.users.slice(0, 12).map(({ id, organization }, index) => ({
		id: story.random.uuid(),
		user_id: id,
		organization_id: organization?.id ?? null,
		key: canary(),
		name: `key ${index + 1}`,
		created_at: founded(story),
	}));
}

function inviteRows({ random, organizations, users, now, at }: Story): readonly SqlRow[] {
	return organizations.map(({ id }, index) => ({
		id: random.uuid(),
		organization_id: id,
		email: `invited${index}@mail.example`,
		token: canary(),
		invited_by: users[index]?.id ?? null,
		expires_at: at(now + 7 * day),
		created_at: at(now - day),
	}));
}

function integrationRows(story: Story): readonly SqlRow[] {
	return story.users.slice(0, 24).map(({ id, organization }, index) => ({
		id: story.random.uuid(),
		provider: ["gmail", "greenhouse", "google-calendar"][index % 3] ?? "gmail",
		nango_connection_id: canary(),
		user_id: id,
		organization_id: organization?.id ?? null,
		status: "connected",
		metadata: canary(),
		created_at: founded(story),
		updated_at: founded(story),
	}));
}

function settingRows(story: Story): readonly SqlRow[] {
	return [
		{ key: "llm_default", value: canary(), is_secret: 1, updated_at: founded(story) },
		{ key: "maintenance", value: canary(), is_secret: 0, updated_at: founded(story) },
	];
}

function sessionRows({ users, now, at }: Story): readonly SqlRow[] {
	return users.slice(0, 8).map((user) => ({
		id: canary(),
		user_id: user.id,
		expires_at: at(now + day),
		created_at: at(now),
	}));
}

function roleRows(story: Story): readonly SqlRow[] {
	return ["admin", "member", "viewer"].map((name) => ({
		id: `role-${name}`,
		name,
		created_at: founded(story),
	}));
}

function userRoleRows(story: Story): readonly SqlRow[] {
	return story.users.map(({ id }, index) => ({
		user_id: id,
		role_id: index === 0 ? "role-admin" : "role-member",
		assigned_at: founded(story),
	}));
}

function eventRows({ random, events, at }: Story): readonly SqlRow[] {
	return events.map((event) => ({
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
	}));
}

function categoryOf(code: string): string {
	const prefix = code.split("_")[0]?.toLowerCase() ?? "";
	return ["llm", "ats", "skill", "scrape", "integration"].includes(prefix) ? prefix : "system";
}

function runRows({ random, runs, at }: Story): readonly SqlRow[] {
	return runs.map((run) => ({
		id: random.uuid(),
		skill_id: run.skill.id,
		user_id: run.user.id,
		// Mostly empty on the real server, which uses the user's organization.
		organization_id: random.chance(0.1) ? (run.user.organization?.id ?? null) : null,
		status: run.status,
		duration_ms: run.durationMs,
		input_summary: run.inputSummary,
		error_message: run.errorMessage,
		created_at: at(run.at),
	}));
}
