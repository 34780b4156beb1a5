import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import { createServices, type Services } from "../../src/services.ts";
import type { RepositoryRoot } from "../../src/system/repository.ts";
import { debugReport } from "../../tools/debug_report.ts";
import { answerOf } from "../production/call.ts";
import { wayTo } from "../source/way.ts";

/** The time of every stage, epoch seconds. */
export const now = Date.parse("2026-11-23T20:00:00Z") / 1000;

/** A production on this machine, and debug_report in front of it. */
export interface Stage {
	readonly sandbox: Sandbox;
	readonly services: Services;
	/** As the server calls it: the text, or the words of an error. */
	report(args: Readonly<Record<string, unknown>>): Promise<{ text: string; isError: boolean }>;
	close(): Promise<void>;
}

export async function setStage(
	options: Pick<SandboxOptions, "fill" | "missingTables"> & {
		readonly repository?: { readonly root: RepositoryRoot; readonly stateFolder: string };
	} = {},
): Promise<Stage> {
	const { repository, ...sandboxOptions } = options;
	const sandbox = await startSandbox({ rateLimit: 1_000_000, now, ...sandboxOptions });
	const way = await wayTo(sandbox, now);
	const services = createServices(
		{
			...way.settings,
			repository: repository?.root,
			timeoutMs: 30_000,
			maxCallsPerMinute: 1_000_000,
			showPersonalData: false,
			readableColumns: [],
			stateFolder: repository?.stateFolder ?? "/nonexistent",
			check: undefined,
			logLevel: "error",
		},
		{ now: () => now * 1000 },
	);
	return {
		sandbox,
		services,
		async report(args) {
			const answered = await answerOf(services, debugReport, args);
			return "error" in answered
				? { text: answered.error, isError: true }
				: { text: answered.answer.text, isError: false };
		},
		async close() {
			await services.close();
			await way.close();
			await sandbox.close();
		},
	};
}

/** A row of error_events, `secondsAgo` before now. */
export function event(
	index: number,
	code: string,
	texts: { readonly skill?: string; readonly provider?: string; readonly secondsAgo?: number } = {},
): Record<string, string | number | null> {
	return {
		id: `event-${index}`,
		organization_id: null,
		user_id: null,
		error_code: code,
		error_category: "system",
		skill_slug: texts.skill ?? null,
		provider: texts.provider ?? null,
		action: null,
		http_status: null,
		session_id: null,
		created_at: now - (texts.secondsAgo ?? 60 + index),
	};
}
