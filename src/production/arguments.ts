// Turns an agent's filter arguments, with ids looked up, into filters.

import type { EventFilters, Wanted } from "./filters.ts";
import type { Resolved } from "./lookups.ts";
import type { RunFilters, RunStatus } from "./runs/filters.ts";
import type { WindowArguments } from "./window.ts";

/** The filters as an agent gives them; `none` matches rows where the field is empty. */
export interface FilterArguments {
	readonly error_code?: string | readonly string[] | undefined;
	readonly category?: string | undefined;
	readonly skill?: string | undefined;
	readonly provider?: string | undefined;
	readonly action?: string | undefined;
	readonly http_status?: number | "4xx" | "5xx" | "none" | undefined;
	readonly session?: string | undefined;
	readonly user?: string | undefined;
	readonly organization?: string | undefined;
}

export interface RunsArguments extends WindowArguments {
	readonly skill?: string | undefined;
	readonly status?: RunStatus | undefined;
	readonly user?: string | undefined;
	readonly organization?: string | undefined;
	readonly message_contains?: string | undefined;
	readonly limit?: number | undefined;
	readonly cursor?: string | undefined;
	readonly correlate?: boolean | undefined;
}

const wanted = (value: string): Wanted => (value === "none" ? null : value);

/** Arguments and looked-up ids, as filters. */
export function eventFilters(given: FilterArguments, resolved: Resolved): EventFilters {
	const { error_code, http_status } = given;
	const codes =
		error_code === undefined ? undefined : typeof error_code === "string" ? [error_code] : error_code;
	return {
		...(codes === undefined ? {} : { errorCodes: codes.map(wanted) }),
		...(given.category === undefined ? {} : { category: wanted(given.category) }),
		...(given.skill === undefined ? {} : { skill: wanted(given.skill) }),
		...(given.provider === undefined ? {} : { provider: wanted(given.provider) }),
		...(given.action === undefined ? {} : { action: wanted(given.action) }),
		...(http_status === undefined ? {} : { httpStatus: http_status === "none" ? null : http_status }),
		...(resolved.session === undefined ? {} : { session: resolved.session }),
		...(resolved.user === undefined ? {} : { user: resolved.user }),
		...(resolved.organization === undefined ? {} : { organization: resolved.organization }),
	};
}

/** The same of runs. */
export function runFilters(skill: string | undefined, { user, organization }: Resolved): RunFilters {
	return {
		...(skill === undefined ? {} : { skill: wanted(skill) }),
		...(user === undefined ? {} : { user }),
		...(organization === undefined ? {} : { organization }),
	};
}
