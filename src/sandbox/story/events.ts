// Generates the story's error events: background noise, and four real problems.

import type { User } from "./people.ts";
import { Random } from "./random.ts";

const hour = 3600;
const day = 24 * hour;

/** An error event before it becomes a row. `at` in epoch seconds. */
export interface StoryEvent {
	readonly at: number;
	readonly code: string;
	readonly user: User | undefined;
	readonly session: string | null;
	readonly skill: string | null;
	readonly provider: string | null;
	readonly action: string | null;
	readonly httpStatus: number | null;
}

/** Background noise: a code, its rate per hour at noon on weekdays, and its other fields. */
interface Background {
	readonly code: string;
	readonly perHour: number;
	readonly skills: readonly (string | null)[];
	readonly provider: string | null;
	readonly httpStatus: number | null;
}

const background: readonly Background[] = [
	{ code: "SCRAPE_TIMEOUT", perHour: 5, skills: ["linkedin-lookup"], provider: "linkedin", httpStatus: null },
	{
		code: "VALIDATION_ERROR",
		perHour: 3.2,
		skills: ["invoice-chaser", "cold-leads", null],
		provider: null,
		httpStatus: 400,
	},
	{
		code: "ATS_NOT_FOUND",
		perHour: 2.6,
		skills: ["client-status", "cold-leads"],
		provider: "greenhouse",
		httpStatus: 404,
	},
	{
		code: "INTEGRATION_NOT_CONNECTED",
		perHour: 2.2,
		skills: ["inbox-review", "morning-briefing"],
		provider: "google-calendar",
		httpStatus: 400,
	},
	{
		code: "LLM_RATE_LIMITED",
		perHour: 2,
		skills: ["candidate-search", "meeting-prep"],
		provider: "anthropic",
		httpStatus: 429,
	},
	{
		code: "LLM_TIMEOUT",
		perHour: 1.8,
		skills: ["candidate-search", "meeting-prep", "morning-briefing"],
		provider: "anthropic",
		httpStatus: 504,
	},
	{
		code: "SCRAPE_BLOCKED",
		perHour: 1.5,
		skills: ["linkedin-lookup"],
		provider: "linkedin",
		httpStatus: 403,
	},
	{
		code: "ATS_RATE_LIMITED",
		perHour: 1.2,
		skills: ["client-status"],
		provider: "greenhouse",
		httpStatus: 429,
	},
	{ code: "NETWORK_ERROR", perHour: 1, skills: [null, "inbox-review"], provider: null, httpStatus: null },
	{
		code: "ATS_AUTH_FAILED",
		perHour: 0.9,
		skills: ["cold-leads"],
		provider: "zoho-recruit",
		httpStatus: 401,
	},
	{ code: "UNKNOWN_ERROR", perHour: 0.8, skills: ["client-status", null], provider: null, httpStatus: 500 },
	{
		code: "INTEGRATION_TOKEN_EXPIRED",
		perHour: 0.6,
		skills: ["email-draft", "inbox-review"],
		provider: "gmail",
		httpStatus: 401,
	},
	{
		code: "SCRAPE_NOT_LOGGED_IN",
		perHour: 0.5,
		skills: ["linkedin-lookup"],
		provider: "linkedin",
		httpStatus: 401,
	},
	{
		code: "LLM_CONTEXT_TOO_LONG",
		perHour: 0.4,
		skills: ["meeting-prep"],
		provider: "anthropic",
		httpStatus: 400,
	},
	{ code: "SKILL_NOT_FOUND", perHour: 0.3, skills: [null], provider: null, httpStatus: 404 },
	{
		code: "LLM_AUTH_FAILED",
		perHour: 0.2,
		skills: ["candidate-search"],
		provider: "openai",
		httpStatus: 401,
	},
	{ code: "SKILL_DISABLED", perHour: 0.15, skills: ["offer-letter"], provider: null, httpStatus: 403 },
];

const actions = ["chat", "load_skill", "execute", null];

/** People work by day and on weekdays: 1 at noon, a quarter at night, a third of that at weekends. */
export function rhythm(at: number): number {
	const date = new Date(at * 1000);
	const hours = date.getUTCHours() + date.getUTCMinutes() / 60;
	const daily = 0.625 - 0.375 * Math.cos(((hours - 1) / 24) * 2 * Math.PI);
	const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
	return weekend ? daily / 3 : daily;
}

/** Fourteen days that end at `now`: noise, and four real problems. */
export function tellEvents(random: Random, users: readonly User[], now: number): readonly StoryEvent[] {
	return [
		...noise(random, users, now),
		...rateLimitGrows(random, users, now),
		...tokensExpire(random, users, now),
		...oneUserIsHit(random, users, now),
		...jobsFail(users, now),
		...clocksAreWrong(random, users, now),
	].sort((one, other) => one.at - other.at);
}

function noise(random: Random, users: readonly User[], now: number): StoryEvent[] {
	const events: StoryEvent[] = [];
	for (let at = now - 14 * day; at < now; at += hour) {
		for (const { code, perHour, skills, provider, httpStatus } of background) {
			for (let left = random.poisson(perHour * rhythm(at)); left > 0; left -= 1) {
				const known = !random.chance(0.06);
				events.push({
					at: at + random.integer(0, hour - 1),
					code,
					user: known ? random.pick(users) : undefined,
					session: random.chance(0.05) ? null : random.uuid(),
					skill: random.pick(skills),
					provider,
					action: random.pick(actions),
					httpStatus: random.chance(0.1) ? null : httpStatus,
				});
			}
		}
	}
	return events.filter(({ at }) => at < now);
}

/** candidate-search calls the model several times per request without waiting: worse every day, and a burst this afternoon. */
function rateLimitGrows(random: Random, users: readonly User[], now: number): StoryEvent[] {
	const events: StoryEvent[] = [];
	const burst = { from: now - 6 * hour, to: now - 4.5 * hour };
	for (let at = now - 3 * day; at < now; at += 300) {
		const grown = (at - (now - 3 * day)) / (3 * day);
		// Searches run at night too, and at week-ends.
		const perHour = 7 * grown ** 2 * (0.5 + rhythm(at)) + (at >= burst.from && at < burst.to ? 50 : 0);
		for (let left = random.poisson(perHour / 12); left > 0; left -= 1) {
			const session = random.uuid();
			const user = random.pick(users);
			// An immediate retry fails immediately: two or three events a session.
			for (let again = random.integer(1, 3); again > 0; again -= 1) {
				events.push({
					at: at + random.integer(0, 299),
					code: "LLM_RATE_LIMITED",
					user,
					session,
					skill: "candidate-search",
					provider: "anthropic",
					action: "chat",
					httpStatus: 429,
				});
			}
		}
	}
	return events.filter(({ at }) => at < now);
}

/** How long before `now` gmail's tokens began to expire: half an hour after the commit that broke the refresh. */
export const tokensExpireBefore = 20 * hour;

function tokensExpire(random: Random, users: readonly User[], now: number): StoryEvent[] {
	const events: StoryEvent[] = [];
	for (let at = now - tokensExpireBefore; at < now; at += 300) {
		for (let left = random.poisson((9 * (0.5 + rhythm(at))) / 12); left > 0; left -= 1) {
			events.push({
				at: at + random.integer(0, 299),
				code: "INTEGRATION_TOKEN_EXPIRED",
				user: random.pick(users),
				session: random.uuid(),
				skill: random.chance(0.85) ? "email-draft" : "inbox-review",
				provider: "gmail",
				action: "execute",
				httpStatus: 401,
			});
		}
	}
	return events.filter(({ at }) => at < now);
}

/** A new code: one user's offer letters do not render. */
function oneUserIsHit(random: Random, users: readonly User[], now: number): StoryEvent[] {
	const [user] = users;
	return Array.from({ length: 23 }, () => ({
		at: now - random.integer(10 * 60, 9 * hour),
		code: "SKILL_RENDER_FAILED",
		user,
		session: random.uuid(),
		skill: "offer-letter",
		provider: null,
		action: "load_skill",
		httpStatus: 500,
	}));
}

/** How long before `now` the job that copies candidates came: it fails at 07:00 and at 16:00 UTC ever since. */
export const candidateSyncBefore = 4 * day + 3 * hour;

function jobsFail(users: readonly User[], now: number): StoryEvent[] {
	const random = new Random(7_001_600);
	const events: StoryEvent[] = [];
	const from = now - candidateSyncBefore;
	for (let midnight = Math.floor(from / day) * day; midnight < now; midnight += day) {
		for (const start of [midnight + 7 * hour, midnight + 16 * hour]) {
			for (let left = 14; left > 0; left -= 1) {
				events.push({
					at: start + random.integer(20, 8 * 60),
					code: "ATS_RATE_LIMITED",
					user: random.pick(users),
					session: null,
					skill: null,
					provider: "greenhouse",
					action: "sync_candidates",
					httpStatus: 429,
				});
			}
		}
	}
	return events.filter(({ at }) => at >= from && at < now);
}

/** Clients report the time, a few of them wrongly. */
function clocksAreWrong(random: Random, users: readonly User[], now: number): StoryEvent[] {
	return [2 * hour, 9 * day, 300 * day].map((ahead) => ({
		at: now + ahead,
		code: "NETWORK_ERROR",
		user: random.pick(users),
		session: null,
		skill: null,
		provider: null,
		action: null,
		httpStatus: null,
	}));
}
