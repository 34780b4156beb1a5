// Who is behind a code and what it is bound to: told where it is unlikely, not where it is always so.
import { afterEach, describe, expect, test } from "vitest";
import { errorStats } from "../../../tools/error_stats.ts";
import { randomNumbers } from "../../random-numbers.ts";
import { event, type Fields, rowStage } from "../rows.ts";
import { worldNow as now } from "../world.ts";

const day = 86_400;
/** Events of the code in question, a day. */
const size = 40;
const stage = rowStage();
afterEach(stage.close);

const organizations = ["acme", "beta", "cobalt", "delta", "echo", "foxtrot", "golf", "hotel"];
const skills = ["email-draft", "cold-leads", "meeting-prep", "offer-letter", "inbox-review"];

/** What differs of the n-th event of a day; `isToday` is the window, the days before are its past. */
type Differs = (place: number, isToday: boolean) => Fields;

/**
 * Eight days of two ordinary codes, 50 a day, and of the one in question, 40 a day; each event of somebody else, a
 * session of its own, at any hour.
 */
async function findingsOf(differs: Differs, everything: Differs = () => ({})): Promise<readonly string[]> {
	const random = randomNumbers(3);
	const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)] ?? null;
	const rows: Fields[] = [];
	const add = (daysAgo: number, fields: Fields) => {
		const user = Math.floor(random() * 64);
		rows.push(
			event({
				id: `event-${rows.length}`,
				session_id: `session-${rows.length}`,
				user_id: `user-${user}`,
				organization_id: organizations[user % 8] ?? null,
				skill_slug: pick(skills),
				action: pick(["execute", "load_skill", "chat"]),
				http_status: random() < 0.5 ? 400 : 500,
				created_at: now - daysAgo * day - 1 - Math.floor(random() * (day - 2)),
				...fields,
			}),
		);
	};
	for (let daysAgo = 0; daysAgo < 8; daysAgo++) {
		for (let place = 0; place < 100; place++) {
			const error_code = place % 2 === 0 ? "LLM_TIMEOUT" : "NETWORK_ERROR";
			add(daysAgo, { error_code, ...everything(place, daysAgo === 0) });
		}
		for (let place = 0; place < size; place++)
			add(daysAgo, {
				error_code: "VALIDATION_ERROR",
				...everything(place, daysAgo === 0),
				...differs(place, daysAgo === 0),
			});
	}
	await stage.open({ error_events: rows });
	const { facts } = await stage.ask(errorStats);
	const named = [...facts.findings, ...facts.episodes.map((one) => JSON.stringify(one))];
	return named.filter((one) => one.includes("VALIDATION_ERROR"));
}

const some =
	(count: number, fields: Fields): Differs =>
	(place) =>
		place < count ? fields : {};
/** Today alone. */
const fresh =
	(count: number, fields: Fields, before: Fields = {}): Differs =>
	(place, isToday) =>
		isToday ? (place < count ? fields : {}) : before;

describe("it is told that", () => {
	test.each<readonly [string, Differs, RegExp]>([
		["one session holds 57 %", fresh(23, { session_id: "looping", user_id: "user-1" }), /session/],
		[
			"an organization holds 52 % that had none before",
			(place, isToday) =>
				isToday
					? place < 21
						? { organization_id: "acme", user_id: `user-${8 * (place % 8)}` }
						: {}
					: { organization_id: organizations[1 + (place % 7)] ?? null },
			/acme/,
		],
		[
			"two organizations hold all",
			(place, isToday) => (isToday ? { organization_id: place % 2 === 0 ? "acme" : "delta" } : {}),
			/acme and delta|delta and acme/,
		],
		["an action is new and holds most", fresh(28, { action: "submit_form" }), /submit_form/],
		["an HTTP status holds most", fresh(24, { http_status: 422 }), /422/],
		["a skill holds 74 %", fresh(30, { skill_slug: "offer-letter" }), /offer-letter/],
		["a provider holds 70 %", fresh(28, { provider: "greenhouse" }), /greenhouse/],
	])("%s", async (_, differs, words) => {
		expect((await findingsOf(differs)).join("\n")).toMatch(words);
	});
});

const usual: Differs = () => ({});

describe("nothing is told where", () => {
	test.each<readonly [string, Differs, Differs]>([
		["a skill always holds 74 %", some(30, { skill_slug: "offer-letter" }), usual],
		["an HTTP status always holds 60 %", some(24, { http_status: 422 }), usual],
		["an action always holds most", some(28, { action: "submit_form" }), usual],
		["an organization always holds 52 %", some(21, { organization_id: "acme" }), usual],
		["an organization holds 52 % of everything", usual, some(21, { organization_id: "acme" })],
		[
			"two organizations hold all of everything",
			usual,
			(place) => ({ organization_id: place % 2 === 0 ? "acme" : "delta" }),
		],
		["sessions have three events each", (place) => ({ session_id: `long-${Math.floor(place / 3)}` }), usual],
		["every part is as it was", usual, usual],
	])("%s", async (_, differs, everything) => {
		expect(await findingsOf(differs, everything)).toEqual([]);
	});
});
