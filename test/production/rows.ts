import type { SandboxDatabase, SqlValue } from "../../src/sandbox/database.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import { type Arguments, type Called, call, type DataTool } from "./call.ts";
import { type Stage, setStage } from "./stage.ts";
import { worldNow } from "./world.ts";

export type Fields = Readonly<Record<string, SqlValue>>;

/** One row each: what is not said is empty where it may be. */
export const event = (fields: Fields): Fields => ({
	id: "event",
	organization_id: null,
	user_id: null,
	error_code: "NETWORK_ERROR",
	error_category: "system",
	skill_slug: null,
	provider: null,
	action: null,
	http_status: null,
	session_id: null,
	created_at: worldNow - 60,
	...fields,
});
export const run = (fields: Fields): Fields => ({
	id: "run",
	skill_id: "skill-a",
	user_id: "user-a",
	organization_id: null,
	status: "error",
	duration_ms: null,
	input_summary: null,
	error_message: null,
	created_at: worldNow - 60,
	...fields,
});
export const person = (id: string, organization: string | null): Fields => ({
	id,
	email: `${id}@mail.example`,
	password_hash: "hash",
	name: id,
	organization_id: organization,
	created_at: 0,
	updated_at: 0,
});
export const skill = (slug: string): Fields => ({
	id: `skill-${slug}`,
	slug,
	name: slug,
	description: slug,
	category: "test",
	created_at: 0,
	updated_at: 0,
});

/** One stage at a time, of the rows that a test says. */
export function rowStage() {
	let stage: Stage | undefined;
	const current = (): Stage => {
		if (stage === undefined) throw new Error("no stage");
		return stage;
	};
	return {
		current,
		async open(
			rows: Readonly<Record<string, readonly Fields[]>>,
			options: SandboxOptions & { readonly clock?: number } = {},
		): Promise<Stage> {
			await stage?.close();
			const fill = (db: SandboxDatabase) => {
				for (const [table, all] of Object.entries(rows)) db.insert(table, all);
			};
			stage = await setStage({ fill, now: worldNow, ...options });
			return stage;
		},
		ask: <Tool extends DataTool>(tool: Tool, args: Arguments = {}): Promise<Called<Tool>> =>
			call(current().services, tool, args),
		async close(): Promise<void> {
			await stage?.close();
			stage = undefined;
		},
	};
}
