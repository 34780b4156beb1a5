// The names and verdicts of the doctor's checks.

const productionChecks = [
	"api_key",
	"reachable",
	"address",
	"key_accepted",
	"super_admin",
	"tables",
	"stored_time",
	"clock",
	"rate_limit",
	"database",
] as const;
/** The checks of one environment; all others are of this machine. */
export const environmentChecks = ["deployments", ...productionChecks] as const;

/** In the order of the output. Scripts rely on these names: each run has all of them. */
export const checkNames = [
	"settings",
	"node",
	"ripgrep",
	"git",
	"repository",
	"deployments",
	"state_folder",
	"check_sandbox",
	...productionChecks,
] as const;
export type CheckName = (typeof checkNames)[number];

/** What one check found. `skipped`: not needed, or a precondition failed. */
export interface Verdict {
	readonly state: "ok" | "warning" | "failed" | "skipped";
	readonly detail: string;
	/** How to fix it; only where there is something to fix. */
	readonly fix?: string;
}

/** One line of the doctor. */
export interface Check extends Verdict {
	readonly name: CheckName;
}

export function ok(detail: string): Verdict {
	return { state: "ok", detail };
}

export function skipped(why: string): Verdict {
	return { state: "skipped", detail: why };
}

export function warning(detail: string, fix: string): Verdict {
	return { state: "warning", detail, fix };
}

export function failed(detail: string, fix: string): Verdict {
	return { state: "failed", detail, fix };
}
