// Two investigations of one production, weeks apart, that share a repository and a state folder.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Memory } from "../../src/cases/index.ts";
import type { SqlValue } from "../../src/sandbox/database.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { commitAll, initialize } from "../git.ts";
import { userEnvironment } from "../patch/repository.ts";
import { type EventRow, rowOf, type Stage, setStage } from "../production/stage.ts";

/** Epoch seconds: 2026-11-23T20:00:00Z, a Monday. */
export const now = Date.parse("2026-11-23T20:00:00Z") / 1000;
export const hour = 3600;
export const day = 24 * hour;

export const iso = (at: number) => new Date(at * 1000).toISOString().replace(".000", "");

/** So many an hour, evenly. */
export function steady(
	from: number,
	to: number,
	perHour: number,
	row: Partial<EventRow> = {},
): readonly EventRow[] {
	const count = Math.round(((to - from) / hour) * perHour);
	return Array.from({ length: count }, (_, index) => ({
		at: Math.floor(from + ((index + 0.5) * (to - from)) / count),
		code: "ATS_TIMEOUT",
		user: `user-${index % 7}`,
		session: `session-${from}-${index}`,
		provider: "gmail",
		skill: "email-draft",
		...row,
	}));
}

/** Weeks of another code, and a few of the one that is looked at: they come always. */
export function backgroundOf(until: number): readonly EventRow[] {
	return [
		...steady(until - 25 * day, until, 3, { code: "LLM_TIMEOUT", provider: "openai", skill: "chat" }),
		...steady(until - 25 * day, until, 0.3),
	];
}

export interface Home {
	readonly base: string;
	readonly stateFolder: string;
	readonly code: string;
	/** A production that holds these rows at this time, asked by a server of its own. */
	at(
		time: number,
		rows: { readonly events?: readonly EventRow[]; readonly runs?: readonly Record<string, SqlValue>[] },
	): Promise<Stage>;
	remove(): Promise<void>;
}

/** A repository with one file that raises, and a state folder that does not exist yet. */
export async function makeHome(): Promise<Home> {
	const base = await mkdtemp(join(tmpdir(), "cases-"));
	const code = join(base, "code");
	await mkdir(join(code, "src"), { recursive: true });
	await writeFile(
		join(code, "src", "gmail.ts"),
		'export function send() {\n\tthrow new AppError("ATS_TIMEOUT", 504);\n}\n',
	);
	initialize(code);
	commitAll(code, "first", userEnvironment(base));
	const root = await resolveRepositoryRoot(code);
	const stateFolder = join(base, "state");
	return {
		base,
		stateFolder,
		code,
		async at(time, { events = [], runs = [] }) {
			const stage = await setStage({
				now: time,
				repository: root,
				stateFolder,
				fill(database) {
					database.insert("error_events", events.map(rowOf));
					database.insert("skill_usage_logs", runs);
				},
			});
			// The sandbox's port differs each time, and cases are kept by production.
			const memory = new Memory({ stateFolder, root, apiUrl: "https://production.example.com" });
			return { ...stage, services: { ...stage.services, memory: () => memory } };
		},
		remove: () => rm(base, { recursive: true, force: true }),
	};
}
