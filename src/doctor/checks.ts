import { describeError } from "../answer/errors/index.ts";
import { inertMarkdown } from "../answer/untrusted.ts";
import type { Services } from "../services.ts";
import { KeyRejected, NotSuperAdmin } from "../skillomatic/errors.ts";
import { withDeadline } from "../system/deadline.ts";
import { createGit } from "../system/git.ts";
import { runProcess } from "../system/process.ts";
import { findRipgrep } from "../system/programs.ts";

/** One line of the doctor. `skipped`: what it needs failed before. */
export interface Check {
	readonly name: string;
	readonly state: "ok" | "warning" | "failed" | "skipped";
	readonly detail: string;
	/** How to mend it; only where there is something to mend. */
	readonly mend?: string;
}

/** A look at one thing; what it throws becomes a failed line with the words an agent would get. */
type Look = () => Promise<Omit<Check, "name">>;

/** Checks the set-up from the machine outward, one after the other, and nothing that was asked twice. */
export async function runChecks(services: Services): Promise<readonly Check[]> {
	const checks: Check[] = [];
	const look = async (name: string, check: Look): Promise<boolean> => {
		const found = await check().catch(failedBy);
		checks.push({ name, ...found });
		return found.state !== "failed";
	};
	const skip = (name: string, why: string) => checks.push({ name, state: "skipped", detail: why });
	const signal = () => withDeadline(new AbortController().signal, services.config.timeoutMs);

	await look("node", async () => checkNode());
	await look("ripgrep", () => checkRipgrep());
	await look("git", () => checkGit(services));
	await look("repository", () => checkRepository(services));
	await look("api key", async () => checkKey(services));

	let latencyMs = 0;
	const reachable = await look("api", async () => {
		if (services.config.apiKey === undefined) {
			return { state: "skipped", detail: `${services.config.apiUrl}, not asked without a key` };
		}
		const started = performance.now();
		try {
			const prefix = await services.skillomatic.prefix({ signal: signal() });
			latencyMs = Math.round(performance.now() - started);
			return {
				state: "ok",
				detail: `${new URL(services.config.apiUrl).origin}${prefix}, answered in ${latencyMs} ms`,
			};
		} catch (error) {
			// It answered, and what it said belongs to the next lines.
			if (!(error instanceof KeyRejected || error instanceof NotSuperAdmin)) throw error;
			checks.push({ name: "key accepted", ...failedBy(error) });
			return { state: "ok", detail: `${services.config.apiUrl} answers` };
		}
	});
	const answered = latencyMs > 0 || services.skillomatic.rateLimit() !== undefined;
	if (!reachable || !answered || checks.some(({ name }) => name === "key accepted")) {
		for (const name of ["key accepted", "tables", "stored time", "clock", "rate limit"]) {
			if (!checks.some((check) => check.name === name)) skip(name, "the API was not reached");
		}
		return checks;
	}
	checks.push({ name: "key accepted", state: "ok", detail: "by a super admin" });
	await look("tables", async () => {
		const stats = await services.skillomatic.stats({ signal: signal() });
		const missing = Object.entries(stats).filter(([, rows]) => rows < 0);
		const events = stats.error_events ?? 0;
		const detail = `${Object.keys(stats).length - missing.length} tables, ${events} error events, ${stats.skill_usage_logs ?? 0} skill runs`;
		if (missing.length === 0) return { state: "ok", detail };
		return {
			state: "ok",
			detail: `${detail}; missing: ${missing.map(([name]) => inertMarkdown(name)).join(", ")}`,
		};
	});
	await look("stored time", async () => {
		const tables = ["error_events", "skill_usage_logs"] as const;
		const stored = await Promise.all(tables.map((table) => services.database.storedTime(table, signal())));
		return {
			state: "ok",
			detail: tables
				.map((table, index) => `${table}: ${stored[index]?.empty ? "no rows yet" : stored[index]?.storage}`)
				.join(", "),
		};
	});
	await look("clock", async () => checkClock(services.skillomatic.clockOffsetMs()));
	await look("rate limit", async () => {
		const limit = services.skillomatic.rateLimit();
		if (limit === undefined) return { state: "warning", detail: "production says nothing of its rate limit" };
		return {
			state: "ok",
			detail: `${limit.remaining} of ${limit.limit} requests left for ${limit.resetSeconds} s`,
		};
	});
	return checks;
}

function failedBy(error: unknown): Omit<Check, "name"> {
	const words = describeError(error) ?? (error instanceof Error ? error.message : "unknown");
	const [what = words, ...next] = words.split(/(?<=[.?!)]) (?=[A-Z])/);
	return { state: "failed", detail: what, ...(next.length === 0 ? {} : { mend: next.join(" ") }) };
}

function checkNode(): Omit<Check, "name"> {
	const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
	const good = major > 20 || (major === 20 && minor >= 18);
	if (good) return { state: "ok", detail: `v${process.versions.node}` };
	return { state: "failed", detail: `v${process.versions.node}`, mend: "Install Node.js 20.18 or newer." };
}

async function checkRipgrep(): Promise<Omit<Check, "name">> {
	const program = await findRipgrep();
	const { stdout } = await runProcess({
		program,
		args: ["--version"],
		cwd: process.cwd(),
		signal: new AbortController().signal,
		timeoutMs: 5000,
		maxOutputBytes: 10_000,
	});
	return { state: "ok", detail: stdout.toString("utf8").split("\n")[0] ?? "" };
}

async function checkGit({ config }: Services): Promise<Omit<Check, "name">> {
	if (config.repository === undefined) return { state: "skipped", detail: "no repository is set" };
	const { stdout } = await createGit(config.repository).run(["--version"], {
		signal: new AbortController().signal,
	});
	return { state: "ok", detail: stdout.toString("utf8").trim() };
}

async function checkRepository({ config }: Services): Promise<Omit<Check, "name">> {
	const { repository } = config;
	if (repository === undefined) {
		return {
			state: "failed",
			detail: "none: the working directory is / or a home folder",
			mend: "Set PROD_DEBUGGER_REPO to the path of the code.",
		};
	}
	const head = await createGit(repository)
		.run(["log", "-1", "--format=%h %cs", "HEAD"], { signal: new AbortController().signal })
		.catch(() => undefined);
	if (head === undefined) {
		return {
			state: "warning",
			detail: `${repository}, without git history`,
			mend: "Search and patches work; blame and the commits before a spike need a git repository with commits.",
		};
	}
	return { state: "ok", detail: `${repository}, at ${head.stdout.toString("utf8").trim()}` };
}

function checkKey({ config }: Services): Omit<Check, "name"> {
	if (config.apiKey !== undefined) return { state: "ok", detail: `set (${config.apiKey.length} characters)` };
	return { state: "failed", detail: "not set", mend: "Set SKILLOMATIC_API_KEY to a super admin's key." };
}

function checkClock(offsetMs: number): Omit<Check, "name"> {
	const seconds = Math.round(offsetMs / 1000);
	if (Math.abs(seconds) <= 30) return { state: "ok", detail: `production's differs by ${seconds} s` };
	return {
		state: "warning",
		detail: `production's differs by ${seconds} s; windows end at production's time`,
		mend: "Set this machine's clock (NTP).",
	};
}
