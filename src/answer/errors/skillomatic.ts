import type { SkillomaticFailure, UnexpectedAnswer } from "../../source/index.ts";
import { maskAddresses, maskSecrets, quoteUntrusted } from "../../text/index.ts";

/** Of a message of production's, so much is looked at; less is shown. */
const maxQuoted = 1000;

/** What an agent is told when the API fails: what is wrong, why, what to do next. */
export function describeSkillomatic(failure: SkillomaticFailure): string {
	switch (failure.kind) {
		case "key_missing":
			return "No API key is set, so production cannot be asked. Ask the user to set SKILLOMATIC_API_KEY (a super admin's key) in this server's configuration and restart it; search_codebase and propose_patch work without it.";
		case "key_rejected":
			return "Production rejected the API key (401): it is unknown or revoked. Ask the user to make a new key as a super admin and to set SKILLOMATIC_API_KEY; trying again does not help.";
		case "not_super_admin":
			return "The API key is valid, but its owner is no super admin (403), and only a super admin can query the database. Ask the user for a super admin's key.";
		case "route_not_found":
			return `Nothing answers the database API at ${failure.tried.join(" or ")} (404): the address is wrong, or its path is. Ask the user to check SKILLOMATIC_API_URL.`;
		case "table_not_listed":
			return `Production does not list that table: it says ${quoteProduction(failure.serverMessage)}. describe_database lists the tables that there are.`;
		case "query_refused":
			return `Production's own filter refused the query: ${quoteProduction(failure.serverMessage)}. Rephrase it without that word or sign.`;
		case "rate_limited":
			return failure.waitSeconds === undefined
				? "Production's rate limit is reached (100 requests a minute a key), and it did not say for how long. Try again in a minute."
				: `Production's rate limit is reached (100 requests a minute a key). Try again in ${failure.waitSeconds} s.`;
		case "budget_used_up":
			return `This server has used up its own budget of ${failure.callsPerMinute} requests a minute to production. Try again in ${failure.waitSeconds} s, and ask fewer, broader questions (the user can raise PROD_DEBUGGER_MAX_CALLS_PER_MINUTE).`;
		case "database_error":
			return `Production's database reported an error: ${quoteProduction(failure.serverMessage)}. Trying the same again does not help; describe_database shows tables and columns.`;
		case "server_fault":
			return `Production answered HTTP ${failure.status}: the server or a proxy before it is in trouble. Try again in a minute; if it stays, the API itself is down.`;
		case "redirected":
			return `Production answered with a redirect (HTTP ${failure.status}) to ${failure.target === undefined ? "an address it did not name" : quoteUntrusted(failure.target)}, which is not followed, since the API key would go along. Ask the user to check SKILLOMATIC_API_URL.`;
		case "unexpected_answer":
			return describeUnexpected(failure.problem, failure.detail);
		case "connection_failed":
			return `No connection to ${failure.host} (${failure.code}${connectionHint(failure.code)}). Ask the user to check the network and SKILLOMATIC_API_URL, then try again.`;
		case "certificate_invalid":
			return `The certificate of ${failure.host} does not hold (${failure.code}${certificateHint(failure.code)}), so the API key was not sent. If a company proxy signs with its own authority, the user can name it in NODE_EXTRA_CA_CERTS.`;
	}
}

/** Production's own words may quote a row: what is shaped like a secret or an address is masked. */
function quoteProduction(message: string): string {
	return quoteUntrusted(maskAddresses(maskSecrets(message.slice(0, maxQuoted))));
}

function certificateHint(code: string): string {
	switch (code) {
		case "CERT_HAS_EXPIRED":
			return ": it has expired";
		case "CERT_NOT_YET_VALID":
			return ": it is not valid yet; check this machine's clock";
		case "ERR_TLS_CERT_ALTNAME_INVALID":
		case "HOSTNAME_MISMATCH":
			return ": it is another host's";
		case "DEPTH_ZERO_SELF_SIGNED_CERT":
		case "SELF_SIGNED_CERT_IN_CHAIN":
			return ": it is self-signed";
		case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
		case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
			return ": its issuer is not known here";
		case "EPROTO":
		case "ERR_SSL_WRONG_VERSION_NUMBER":
			return ": it does not speak TLS";
		default:
			return "";
	}
}

function describeUnexpected(problem: UnexpectedAnswer["problem"], detail: string): string {
	switch (problem) {
		case "html":
			return "Production's address answered with a web page instead of JSON, as the login page of a proxy does. Ask the user to check SKILLOMATIC_API_URL and the network.";
		case "too_large":
			return `Production's answer is too large (${detail}). Ask for fewer rows or columns, or for a shorter window.`;
		case "cut_short":
			return `Production's answer was cut short (${detail}). Try again; with a shorter window if it stays.`;
		case "not_json":
		case "not_http":
		case "wrong_shape":
		case "encoding":
		case "status":
			return `Production's answer is not what its API promises (${detail}): another service may stand at this address, or the API has changed. Ask the user to check SKILLOMATIC_API_URL.`;
	}
}

/** What a system's code for a failed connection means, to be put behind it. */
export function connectionHint(code: string): string {
	switch (code) {
		case "ECONNREFUSED":
			return ": nothing listens there";
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return ": the host's name cannot be resolved";
		case "ECONNRESET":
		case "UND_ERR_SOCKET":
		case "EPIPE":
			return ": the connection broke";
		case "UND_ERR_CONNECT_TIMEOUT":
		case "ETIMEDOUT":
			return ": it does not answer";
		default:
			return "";
	}
}
