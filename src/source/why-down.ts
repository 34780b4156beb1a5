// What a failure says of the service: whether it is down, or has answered.

import { SettingUnusable } from "../system/index.ts";
import {
	CertificateInvalid,
	ConnectionFailed,
	DatabaseError,
	NotSkillomaticDatabase,
	ProxyRefused,
	RateLimited,
	Redirected,
	ServerFault,
	TokenMissing,
	TokenRejected,
	TokenUnfit,
} from "./failures/index.ts";

/**
 * Why the API counts as down, in words that follow "since"; undefined where it has answered: a 429, 401, 403 or 400 is an
 * answer, and so is its own JSON error to a query, though that is a 500 as well.
 */
export function whyDown(error: unknown, route: "query" | "other"): string | undefined {
	if (error instanceof ConnectionFailed) return `its API could not be reached (${error.code})`;
	if (error instanceof ProxyRefused) return "the proxy does not connect to its API";
	if (error instanceof CertificateInvalid) return `its API has no valid certificate (${error.code})`;
	if (error instanceof ServerFault) return `its API answered HTTP ${error.status}`;
	if (error instanceof DatabaseError && route === "other") return "its API answered HTTP 500";
	return undefined;
}

/** Whether the database could not be asked, which says nothing about what was asked. */
export function couldNotBeAsked(error: unknown): boolean {
	return (
		whyDown(error, "query") !== undefined ||
		[
			TokenUnfit,
			TokenMissing,
			TokenRejected,
			NotSkillomaticDatabase,
			RateLimited,
			Redirected,
			SettingUnusable,
		].some((failure) => error instanceof failure)
	);
}
