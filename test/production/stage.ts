import type { ToolDefinition } from "../../src/answer/tool.ts";
import type { NamedRepository } from "../../src/config/index.ts";
import { readArguments } from "../../src/mcp/read-arguments.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import { createServices, type Services } from "../../src/services.ts";
import { systemClock } from "../../src/system/clock.ts";
import type { RepositoryRoot } from "../../src/system/repository.ts";
import { errorStats } from "../../tools/error_stats.ts";
import { wayTo } from "../source/way.ts";
import type { FactsOf } from "./call.ts";

/** What error_stats says. */
export type StatsFacts = FactsOf<typeof errorStats>;

/** A production on this machine, and the tools in front of it. */
export interface Stage {
	readonly sandbox: Sandbox;
	readonly services: Services;
	/** error_stats as an agent calls it: arguments through the tool's schema. */
	stats(args?: Readonly<Record<string, unknown>>): Promise<{ facts: StatsFacts; text: string }>;
	/** The SQL of the queries that were sent since the last call of this. */
	queries(): readonly string[];
	close(): Promise<void>;
}

/** @param options `now` is the time of the server and of this side, unless `clock` says otherwise */
export async function setStage(
	options: SandboxOptions & {
		readonly repository?: RepositoryRoot;
		/** Several, with their names; the first is `repository`. */
		readonly repositories?: readonly NamedRepository[];
		/** Where cases and patches are kept; without it nothing is. */
		readonly stateFolder?: string;
		/** This side's time, epoch seconds. */
		readonly clock?: number;
	} = {},
): Promise<Stage> {
	const sandbox = await startSandbox({ rateLimit: 1_000_000, ...options });
	const clock = options.clock ?? options.now;
	const way = await wayTo(sandbox, options.now);
	const services = createServices(
		{
			...way.settings,
			repository: options.repository ?? options.repositories?.[0]?.root,
			...(options.repositories === undefined ? {} : { repositories: options.repositories }),
			timeoutMs: 30_000,
			maxCallsPerMinute: 1_000_000,
			showPersonalData: false,
			readableColumns: [],
			stateFolder: options.stateFolder ?? "/nonexistent",
			check: undefined,
			logLevel: "error",
		},
		clock === undefined ? systemClock : { now: () => clock * 1000 },
	);
	let seen = 0;
	return {
		sandbox,
		services,
		async stats(args = {}) {
			const tool: ToolDefinition = errorStats;
			const read = readArguments(tool, args);
			if ("refused" in read) throw new Error(read.refused);
			const { structured, text } = await tool.run(read.args, {
				services,
				signal: new AbortController().signal,
				progress: () => {},
			});
			return { facts: errorStats.output.parse(structured), text };
		},
		queries() {
			const sent = way.sent().slice(seen);
			seen += sent.length;
			return sent;
		},
		async close() {
			await services.close();
			await way.close();
			await sandbox.close();
		},
	};
}

/** One row of error_events; what is not said is null, but for the code's own category. */
export interface EventRow {
	readonly at: number;
	readonly code?: string;
	readonly skill?: string | null;
	readonly provider?: string | null;
	readonly action?: string | null;
	readonly status?: number | null;
	readonly session?: string | null;
	readonly user?: string | null;
	readonly organization?: string | null;
}

/** As the table has it. */
export function rowOf(event: EventRow, index: number): Record<string, string | number | null> {
	const code = event.code ?? "UNKNOWN_ERROR";
	return {
		id: `event-${index}`,
		organization_id: event.organization ?? null,
		user_id: event.user ?? null,
		error_code: code,
		error_category: /^(LLM|ATS|SKILL|SCRAPE|INTEGRATION)_/.exec(code)?.[1]?.toLowerCase() ?? "system",
		skill_slug: event.skill ?? null,
		provider: event.provider ?? null,
		action: event.action ?? null,
		http_status: event.status ?? null,
		session_id: event.session ?? null,
		created_at: event.at,
	};
}
