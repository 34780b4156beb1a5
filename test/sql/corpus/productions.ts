import type { SandboxDatabase } from "../../../src/sandbox/database.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { fillStory } from "../../../src/sandbox/story/fill.ts";
import { createServices, type Services } from "../../../src/services.ts";
import { describeError } from "../../../src/text/index.ts";
import { queryDatabase } from "../../../tools/query_database.ts";
import { wayTo } from "../../source/way.ts";

/** Every withheld column, from the contract and not from the code that is tested. */
export const withheldColumns: readonly string[] = [
	"users.password_hash",
	"users.stripe_customer_id",
	"users.email",
	"users.name",
	"users.avatar_url",
	"organizations.llm_api_key",
	"api_keys.key",
	"organization_invites.token",
	"organization_invites.email",
	"sessions.id",
	"system_settings.value",
	"integrations.metadata",
	"integrations.nango_connection_id",
	"skills.share_code",
	"scrape_tasks.url",
	"scrape_tasks.result",
];

/** In every withheld cell; no answer may hold it. */
export const canaryWord = "canary";

/** 2026-11-23T21:31:16Z */
const now = 1_795_469_476;

/** What an agent gets. */
export interface Told {
	readonly text: string;
	readonly structured: Readonly<Record<string, unknown>> | undefined;
	readonly isError: boolean;
}

export interface Production {
	readonly database: SandboxDatabase;
	readonly services: Services;
	/** Queries that reached it. */
	sent(): readonly string[];
	/** query_database, from raw arguments to what the agent reads. */
	ask(sql: string, limit?: number): Promise<Told>;
	close(): Promise<void>;
}

/**
 * A production with the sandbox's story, whose withheld columns are filled from a seed: two that have different seeds
 * differ in nothing else.
 */
export async function startProduction(
	seed: string,
	options: {
		readonly small?: boolean;
		readonly showPersonalData?: boolean;
		readonly readableColumns?: readonly string[];
		/** Which way it is asked. */
		readonly by?: "api" | "database";
	} = {},
): Promise<Production> {
	const sandbox = await startSandbox({
		now,
		rateLimit: 1_000_000,
		fill(db) {
			fillStory(db, { now, timeStorage: "seconds", missingTables: [] });
			addMissing(db);
			if (options.small === true) shrink(db);
			fillWithheld(db, seed);
		},
	});
	const way = await wayTo(sandbox, now, options.by);
	const services = createServices(
		{
			...way.settings,
			repository: undefined,
			timeoutMs: 60_000,
			maxCallsPerMinute: 1_000_000,
			showPersonalData: options.showPersonalData ?? false,
			readableColumns: options.readableColumns ?? [],
			stateFolder: "/nonexistent",
			check: undefined,
			logLevel: "error",
		},
		{ now: () => now * 1000 },
	);
	const signal = new AbortController().signal;
	return {
		database: sandbox.database,
		services,
		sent: way.sent,
		async ask(sql, limit) {
			try {
				const args = queryDatabase.input.parse({ sql, ...(limit === undefined ? {} : { limit }) });
				const answer = await queryDatabase.run(args, { services, signal, progress: () => {} });
				return { text: answer.text, structured: answer.structured, isError: false };
			} catch (error) {
				const words = describeError(error) ?? invalidArguments(error);
				return { text: words, structured: undefined, isError: true };
			}
		},
		async close() {
			await services.close();
			await way.close();
			await sandbox.close();
		},
	};
}

/** The tool's schema refuses an empty text and one that is too long; anything else that is thrown is a fault. */
function invalidArguments(error: unknown): string {
	if (error instanceof Error && error.name === "ZodError") return "the schema refuses it.";
	throw error;
}

/** The story leaves some tables empty. */
function addMissing(db: SandboxDatabase): void {
	db.insert(
		"scrape_tasks",
		Array.from({ length: 6 }, (_, index) => ({
			id: `task-${index}`,
			user_id: `user-${index}`,
			url: "",
			url_hash: `hash-${index}`,
			status: index % 2 === 0 ? "done" : "failed",
			result: "",
			created_at: now - index * 60,
			expires_at: now + 3600,
		})),
	);
	db.insert("permissions", [
		{ id: "p1", name: "read runs", resource: "runs", action: "read" },
		{ id: "p2", name: "write runs", resource: "runs", action: "update" },
	]);
	db.insert("role_permissions", [
		{ role_id: "role-admin", permission_id: "p1" },
		{ role_id: "role-admin", permission_id: "p2" },
	]);
	db.insert("role_skills", [{ role_id: "role-admin", skill_id: "skill-ats-proxy", assigned_at: now }]);
}

/** So that thousands of generated queries end soon. */
function shrink(db: SandboxDatabase): void {
	db.run("DELETE FROM error_events WHERE rowid % 60 <> 0");
	db.run("DELETE FROM skill_usage_logs WHERE rowid % 60 <> 0");
}

/** Values that differ in content, length, order and number of distinct ones between seeds; some are NULL in one only. */
function fillWithheld(db: SandboxDatabase, seed: string): void {
	const factor = [...seed].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % 97;
	const nullable = new Set([
		"users.stripe_customer_id",
		"users.avatar_url",
		"organizations.llm_api_key",
		"integrations.metadata",
		"integrations.nango_connection_id",
		"skills.share_code",
		"scrape_tasks.result",
	]);
	for (const column of withheldColumns) {
		const [table = "", name = ""] = column.split(".");
		const value = `char(97 + (rowid * ${factor}) % 26) || '${canaryWord}-${seed}-${column}-' || substr('xxxxxxxxxx', 1, (rowid * ${factor}) % 11) || '-' || rowid`;
		const nothing = nullable.has(column)
			? `CASE WHEN rowid % 3 = ${factor % 3} THEN NULL ELSE ${value} END`
			: value;
		db.run(`UPDATE ${table} SET ${name} = ${nothing}`);
	}
}

/** Everything that stands in all tables, to see that nothing was written. */
export function contentOf(db: SandboxDatabase): string {
	const tables = db
		.select("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
		.map(({ name }) => String(name));
	return JSON.stringify(tables.map((table) => [table, db.select(`SELECT * FROM "${table}" ORDER BY rowid`)]));
}
