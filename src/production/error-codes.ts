// A reference of the 25 error codes that production accepts.

/** What is known about one error code, to find its cause. */
export interface ErrorCodeReference {
	readonly code: string;
	readonly category: "llm" | "ats" | "skill" | "scrape" | "integration" | "system";
	/** What it commonly means. */
	readonly cause: string;
	/** Where to look first. */
	readonly look: string;
	/** What to try. */
	readonly try: string;
	/** How the name can mislead; absent if it does not. */
	readonly hides?: string;
}

/**
 * The 25 codes that production accepts, in its order. For 17 of them the cause is the platform's own text;
 * how a name misleads was observed on a running server. A code that is not listed must still be shown.
 */
export const errorCodes: readonly ErrorCodeReference[] = [
	{
		code: "LLM_AUTH_FAILED",
		category: "llm",
		cause: "the LLM API key is invalid or expired",
		look: "which organization: each brings its own key, so one organization is its key, all of them the platform's",
		try: "have the key renewed in the organization's settings; check that the provider's account is paid",
	},
	{
		code: "LLM_RATE_LIMITED",
		category: "llm",
		cause: "too many requests to the LLM provider",
		look: "which skill and provider, events a session (several: it retries at once), and who calls the model in a loop",
		try: "back off between calls, bound how many run at once, cache",
		hides:
			"a 429 of Gmail and other services is classified as this too: look at provider before blaming the model",
	},
	{
		code: "LLM_TIMEOUT",
		category: "llm",
		cause: "the LLM's answer took too long",
		look: "which skill (long prompts), and whether durations of runs rose for all skills",
		try: "shorten the prompt, stream, raise the limit for that skill only",
	},
	{
		code: "LLM_INVALID_RESPONSE",
		category: "llm",
		cause: "the LLM's answer was not of the form that was asked for",
		look: "a change of model or prompt before its first event",
		try: "validate and ask again once; tighten the prompt's form",
	},
	{
		code: "LLM_CONTEXT_TOO_LONG",
		category: "llm",
		cause: "the input exceeded the model's context window",
		look: "which skill puts whole documents or lists into the prompt, and for which user",
		try: "cut or summarize the input before the call",
	},
	{
		code: "LLM_CONTENT_FILTERED",
		category: "llm",
		cause: "the provider's content filter refused input or answer",
		look: "one skill's prompt, or one user's data",
		try: "reword the prompt; inform the user instead of retrying",
	},
	{
		code: "ATS_AUTH_FAILED",
		category: "ats",
		cause: "the ATS's OAuth token expired or was revoked",
		look: "one user or organization (they have to connect again), or all of one provider (the refresh is broken)",
		try: "connect again; check what changed in the token's refresh",
	},
	{
		code: "ATS_NOT_FOUND",
		category: "ats",
		cause: "the candidate or resource does not exist in the ATS",
		look: "ids that a skill keeps from an earlier search; one customer's deleted data",
		try: "treat it as an answer, not as a failure; search before reading",
	},
	{
		code: "ATS_RATE_LIMITED",
		category: "ats",
		cause: "the ATS's rate limit is reached",
		look: "which skill loops over candidates; the hour's other runs of the same organization",
		try: "batch and back off by the ATS's Retry-After",
	},
	{
		code: "ATS_TIMEOUT",
		category: "ats",
		cause: "the ATS did not answer in time",
		look: "one provider for all customers: its status page; one customer: the size of what is asked",
		try: "page the request; retry once",
	},
	{
		code: "ATS_INVALID_REQUEST",
		category: "ats",
		cause: "the ATS refused the request as malformed",
		look: "a change of the request's fields before its first event",
		try: "compare with the ATS's schema; log which field it names",
	},
	{
		code: "SKILL_NOT_FOUND",
		category: "skill",
		cause: "the requested skill does not exist",
		look: "the slug: renamed or deleted skills, old clients",
		try: "keep a redirect for renamed slugs",
	},
	{
		code: "SKILL_DISABLED",
		category: "skill",
		cause: "an administrator disabled the skill",
		look: "the organization's disabled_skills",
		try: "hide the skill where it is disabled",
	},
	{
		code: "SKILL_MISSING_CAPABILITY",
		category: "skill",
		cause: "the user lacks an integration that the skill requires",
		look: "the skill's required_integrations and the user's integrations",
		try: "ask the user to connect before the run",
	},
	{
		code: "SKILL_RENDER_FAILED",
		category: "skill",
		cause: "the skill's instructions could not be rendered",
		look: "the skill's template and the values of the user that is hit; its last change",
		try: "give absent values a default; check templates when they are saved",
	},
	{
		code: "SCRAPE_TIMEOUT",
		category: "scrape",
		cause: "the browser extension did not answer",
		look: "users.last_extension_poll_at: is the extension running at all?",
		try: "ask the user to open the browser; expire the task earlier",
	},
	{
		code: "SCRAPE_BLOCKED",
		category: "scrape",
		cause: "the target site blocked scraping",
		look: "one site for all users; how many tasks a user had that hour",
		try: "slow down for that site",
	},
	{
		code: "SCRAPE_NOT_LOGGED_IN",
		category: "scrape",
		cause: "the user is not logged into the target site",
		look: "one user: a session that ran out",
		try: "ask the user to log in",
	},
	{
		code: "SCRAPE_INVALID_URL",
		category: "scrape",
		cause: "the address to scrape is malformed or not allowed",
		look: "which skill builds the address, and from what",
		try: "validate the address where it is built",
	},
	{
		code: "INTEGRATION_NOT_CONNECTED",
		category: "integration",
		cause: "a required integration is not set up",
		look: "which provider and skill; failed runs carry this code as their message",
		try: "ask the user to connect; check before the run",
		hides: "a refresh of Gmail's token that failed is reported as this too: the user may well have connected",
	},
	{
		code: "INTEGRATION_TOKEN_EXPIRED",
		category: "integration",
		cause: "the integration's OAuth token expired and was not refreshed",
		look: "many users of one provider at once: the refresh broke, look at commits before the first event; one user: a revoked grant",
		try: "refresh before expiry; compare units (seconds, milliseconds) where expiry is checked",
	},
	{
		code: "INTEGRATION_OAUTH_FAILED",
		category: "integration",
		cause: "the OAuth exchange with the provider failed",
		look: "the provider's application settings: redirect address, scopes, client secret",
		try: "repeat the connection and read the provider's error",
	},
	{
		code: "NETWORK_ERROR",
		category: "system",
		cause: "a network connection failed",
		look: "clients report it: one user is that user's network, all at once is ours",
		try: "correlate with failed runs; check the platform's own outages",
	},
	{
		code: "VALIDATION_ERROR",
		category: "system",
		cause: "a request's data was invalid",
		look: "action and skill; a client version that sends an old form",
		try: "name the field in the answer",
	},
	{
		code: "UNKNOWN_ERROR",
		category: "system",
		cause: "nothing classified the error",
		look: "the classifier's last return, and failed runs of the same user: their messages say more",
		try: "classify what is frequent",
		hides: "an ATS's answer of 403, 422 or 5xx ends up here",
	},
];

const byCode: ReadonlyMap<string, ErrorCodeReference> = new Map(
	errorCodes.map((reference) => [reference.code, reference]),
);

export function errorCodeReference(code: string): ErrorCodeReference | undefined {
	return byCode.get(code);
}

/** A code's category: its prefix, and `system` for the last three; undefined for an unknown code. */
export function categoryOf(code: string): string | undefined {
	return byCode.get(code)?.category;
}
