import { connectionHint, describeError } from "../../answer/index.ts";
import type { SkillomaticFailure } from "../../source/index.ts";
import { TimeStorageUnknown } from "../../sql/index.ts";
import { DeadlineExceeded, ProgramMissing, StateFolderUnusable } from "../../system/index.ts";
import { quoteUntrusted } from "../../text/index.ts";
import { failed, type Verdict } from "./check.ts";

/** A failed line for whoever runs the doctor: tools tell an agent, who has to ask; here the reader can act. */
export function failedBy(error: unknown): Verdict {
	if (error instanceof DeadlineExceeded) {
		return failed(
			`no answer within ${error.timeoutMs / 1000} s`,
			"Check the network (a proxy, a VPN), or raise PROD_DEBUGGER_TIMEOUT_MS.",
		);
	}
	if (error instanceof TimeStorageUnknown) {
		return failed(
			`${error.table}.created_at is stored in a form that is none of the known ones, or in two`,
			"Look at the column with query_database: it must hold Unix seconds, milliseconds, ISO text or SQLite text, one of them.",
		);
	}
	if (error instanceof ProgramMissing) return failedByMissing(error.program);
	if (error instanceof StateFolderUnusable) {
		return failed(
			stateFolderProblem(error),
			"Set PROD_DEBUGGER_STATE_DIR to a folder of your own outside the repository.",
		);
	}
	const words = describeError(error);
	if (words !== undefined)
		return failed(words, "Where that does not say what to do, please report it, with the version.");
	return failed(
		`a fault of prod-debugger-mcp itself (${error instanceof Error ? error.name : "unknown"})`,
		"Please report it, with the version.",
	);
}

function failedByMissing(program: string): Verdict {
	if (program === "ripgrep") {
		return failed(
			`its package for this platform (${process.platform}-${process.arch}) is not installed`,
			"Install prod-debugger-mcp again on this machine, without --omit=optional.",
		);
	}
	return failed(
		`${program} was not found on PATH outside the repository`,
		`Install ${program}, and put its folder on PATH.`,
	);
}

function stateFolderProblem({ folder, problem }: StateFolderUnusable): string {
	switch (problem) {
		case "inside_repository":
			return `${folder} lies inside the repository, which is never written to`;
		case "link":
			return `${folder} is a link`;
		case "not_a_folder":
			return `${folder} is no folder`;
		case "not_ours":
			return `${folder} belongs to another user`;
		case "unwritable":
			return `${folder} cannot be made or written to`;
	}
}

/** What production's failure means to whoever runs the doctor. */
export function failedByProduction(failure: SkillomaticFailure): Verdict {
	const checkAddress = "Check SKILLOMATIC_API_URL: its host, and its path if it has one.";
	switch (failure.kind) {
		case "key_missing":
			return failed("no API key is set", "Set SKILLOMATIC_API_KEY to a super admin's key.");
		case "key_rejected":
			return failed(
				"production rejects the key (401): it is unknown or revoked",
				"Make a new key as a super admin, and set SKILLOMATIC_API_KEY to it.",
			);
		case "not_super_admin":
			return failed(
				"the key's owner is no super admin (403), and only a super admin can query the database",
				"Set SKILLOMATIC_API_KEY to a super admin's key.",
			);
		case "route_not_found":
			return failed(`nothing answers the database API at ${failure.tried.join(" or ")} (404)`, checkAddress);
		case "redirected":
			return failed(
				`a redirect (HTTP ${failure.status}) to ${failure.target === undefined ? "an address it does not name" : quoteUntrusted(failure.target)}; it is not followed, since the key would go along`,
				checkAddress,
			);
		case "unexpected_answer":
			return failed(
				failure.problem === "html"
					? "a web page answers where JSON is due, as the login page of a proxy does"
					: `what answers is not the database API (${failure.detail})`,
				checkAddress,
			);
		case "connection_failed":
			return failed(
				`no connection to ${failure.host} (${failure.code}${connectionHint(failure.code)})`,
				"Check SKILLOMATIC_API_URL and the network (a proxy, a VPN).",
			);
		case "certificate_invalid":
			return failed(
				`the certificate of ${failure.host} does not hold (${failure.code}), so the key was not sent`,
				"If a company proxy signs with its own authority, name it in NODE_EXTRA_CA_CERTS.",
			);
		case "server_fault":
			return failed(
				`HTTP ${failure.status}: the server, or a proxy before it, is in trouble`,
				"Try again in a minute; if it stays, the API itself is down.",
			);
		case "rate_limited":
			return failed(
				"production's rate limit is reached (100 requests a minute a key)",
				failure.waitSeconds === undefined
					? "Try again in a minute."
					: `Try again in ${failure.waitSeconds} s.`,
			);
		case "budget_used_up":
			return failed(
				`the own budget of ${failure.callsPerMinute} requests a minute is used up`,
				"Raise PROD_DEBUGGER_MAX_CALLS_PER_MINUTE.",
			);
		case "database_error":
			return failed(
				`production's database reports an error: ${quoteUntrusted(failure.serverMessage)}`,
				"Look at the server's own logs.",
			);
		case "query_refused":
		case "table_not_listed":
			return failed(
				`production refuses the doctor's own question: ${quoteUntrusted(failure.serverMessage)}`,
				"Please report it, with the version: the API has changed.",
			);
	}
}
