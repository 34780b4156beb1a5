// A repository with a history, and a production in which one code began to fail at a known time.
import type { RepositoryRoot } from "../../src/system/repository.ts";
import { suspectCommits } from "../../tools/suspect_commits.ts";
import { call, type FactsOf } from "../production/call.ts";
import { rowOf, setStage } from "../production/stage.ts";

export type SuspectFacts = FactsOf<typeof suspectCommits>;

/** Epoch seconds: 2026-11-23T20:00:00Z. The trouble began an hour before. */
export const now = Date.parse("2026-11-23T20:00:00Z") / 1000;
export const began = now - 3600;

/** ISO 8601, so many minutes before the trouble began. */
export function minutesBefore(minutes: number): string {
	return new Date((began - minutes * 60) * 1000).toISOString();
}

const history = Array.from({ length: 40 }, (_, index) => ({
	at: now - 12 * 86_400 + index * 24_000,
	code: "LLM_TIMEOUT",
}));
const trouble = Array.from({ length: 40 }, (_, index) => ({
	at: began + index * 85,
	code: "ATS_TIMEOUT",
	provider: "greenhouse",
}));

export interface AskedOptions {
	readonly quiet?: boolean;
	/** The trouble is over after so many seconds. */
	readonly lasts?: number;
	readonly env?:
		| { readonly by: "tags"; readonly glob: string }
		| { readonly by: "file"; readonly path: string };
}

/** What the tool answers, as an agent calls it. */
export async function askSuspects(
	root: RepositoryRoot,
	args: Readonly<Record<string, unknown>> = { error_code: "ATS_TIMEOUT" },
	{ quiet = false, lasts, env }: AskedOptions = {},
): Promise<{ readonly facts: SuspectFacts; readonly text: string }> {
	const events = quiet ? history : [...history, ...trouble.filter(({ at }) => at < began + (lasts ?? 3600))];
	const stage = await setStage({
		now,
		repository: root,
		fill: (database) => database.insert("error_events", events.map(rowOf)),
	});
	try {
		const services = env === undefined ? stage.services : { ...stage.services, deployments: () => env };
		const { facts, text } = await call(services, suspectCommits, args);
		return { facts, text };
	} finally {
		await stage.close();
	}
}

/** The suspects' rows as objects. */
export function suspectsOf({
	suspects: { columns, rows, common },
}: SuspectFacts): readonly Record<string, unknown>[] {
	return rows.map((row) => ({
		...common,
		...Object.fromEntries(columns.map((column, index) => [column, row[index]])),
	}));
}

/** A service in three files: what asks, what times it, and what nothing calls. */
export const service = {
	"src/ats/client.ts": `import { timeoutMs } from "./settings.ts";
import { request } from "./request.ts";

export async function fetchCandidates(page: number) {
	const answer = await request("/candidates", page, timeoutMs);
	if (answer.status === 408) {
		throw new AppError("ATS_TIMEOUT", 504);
	}
	return answer.body;
}
`,
	"src/ats/request.ts": `export async function request(path: string, page: number, limit: number) {
	const size = 50;
	const url = path + "?page=" + page + "&size=" + size;
	return fetch(url, { signal: AbortSignal.timeout(limit) });
}
`,
	"src/ats/settings.ts": "export const timeoutMs = 10000;\n",
	"src/mail/letters.ts": `export function letter(name: string) {
	const greeting = "Dear " + name;
	return greeting + ", welcome.";
}
`,
	"test/ats.test.ts": "test('client', () => {});\n",
	"README.md": "# Service\n",
};
