import type { SandboxDatabase } from "../../../src/sandbox/database.ts";
import { randomNumbers } from "../../random-numbers.ts";

/** The time of these tests, epoch seconds: 2026-11-23T20:00:00Z, a Monday. */
export const now = 1_795_464_000;
const hour = 3600;
const day = 24 * hour;
const spreadDays = 20;

export interface StoredEvent {
	readonly at: number;
	readonly error_code: string;
	readonly category: string;
	readonly skill: string | null;
	readonly provider: string | null;
	readonly action: string | null;
	readonly http_status: number | null;
	readonly session: string | null;
	readonly user: string | null;
	readonly organization: string | null;
}

export const codes =
	"LLM_RATE_LIMITED LLM_TIMEOUT SCRAPE_TIMEOUT VALIDATION_ERROR ATS_NOT_FOUND INTEGRATION_NOT_CONNECTED SCRAPE_BLOCKED NETWORK_ERROR ATS_AUTH_FAILED UNKNOWN_ERROR LLM_CONTEXT_TOO_LONG SKILL_DISABLED A_CODE_NOBODY_KNOWS".split(
		" ",
	);
export const skills = ["candidate-search", "email-draft", "cold-leads", "inbox-review", "it's; DROP"];
export const providers = ["anthropic", "gmail", "greenhouse", "linkedin"];
export const actions = ["chat", "execute", "update", "load_skill"];
/** The last has no row in `organizations`. */
export const organizations = Array.from({ length: 7 }, (_, index) => `organization-${index}`);
export const organizationName = (id: string) =>
	id === organizations.at(-1) ? id : `Company ${9 - Number(id.at(-1))}`;
export const users = Array.from({ length: 60 }, (_, index) => uuid("1", index));

/** Different in its first 8 digits. */
function uuid(kind: string, index: number): string {
	const start = ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0");
	return `${start}-0000-4000-8000-${kind}${index.toString(16).padStart(11, "0")}`;
}

/**
 * Events of 20 days with every kind of unevenness: few codes have most, skills and providers go with codes, sessions
 * fail several times, every field that may be empty is NULL or the empty text at times, times repeat, a burst, a code of
 * one user, a code that is new, rows dated in the future.
 */
export function makeEvents(count: number, seed: number): readonly StoredEvent[] {
	const random = randomNumbers(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const pick = <T>(from: readonly T[]) => from[below(from.length)] as T;
	const absent = <T>(value: T, share: number): T | null => (random() < share ? null : value);
	const categoryOf = (code: string) =>
		/^(LLM|ATS|SKILL|SCRAPE|INTEGRATION)_/.exec(code)?.[1]?.toLowerCase() ?? "system";
	const events: StoredEvent[] = [];
	let session = 0;
	const add = (from: number, to: number, index: number, user: string | null) => {
		const code = codes[index] ?? "";
		session += 1;
		const begun = from + below(to - from);
		const organization = absent(pick(organizations), 0.1);
		for (let left = 1 + below(4); left > 0; left -= 1) {
			events.push({
				at: Math.min(to - 1, begun + below(200)),
				error_code: code,
				category: random() < 0.02 ? "odd" : categoryOf(code),
				skill: random() < 0.05 ? "" : absent(skills[(index + below(2)) % skills.length] ?? "", 0.1),
				provider: absent(providers[index % providers.length] ?? "", 0.2),
				action: random() < 0.1 ? "" : absent(pick(actions), 0.2),
				http_status: absent(400 + ((index * 37) % 130), 0.2),
				session: random() < 0.02 ? "" : absent(uuid("2", session), 0.05),
				user: random() < 0.01 ? "" : user,
				organization,
			});
		}
	};
	for (let at = 0; events.length < count - 3000; at++) {
		const from = now - spreadDays * day + (at % (spreadDays * 24)) * hour;
		add(from, from + hour, Math.floor(random() ** 2 * 11), absent(pick(users), 0.1));
	}
	// A burst five days ago and one today; one user's own code; a code that is new since this morning.
	for (let left = 400; left > 0; left -= 1) add(now - 5 * day, now - 5 * day + 2 * hour, 9, pick(users));
	for (let left = 300; left > 0; left -= 1) add(now - 4 * hour, now - 3 * hour, 3, pick(users));
	for (let left = 150; left > 0; left -= 1) add(now - 3 * day, now, 11, users[0] ?? null);
	for (let left = 30; left > 0; left -= 1) add(now - 10 * hour, now, 12, pick(users));
	for (const ahead of [60, 400, 2 * hour, 300 * day]) add(now + ahead, now + ahead + 200, 7, pick(users));
	return events;
}

export function store(db: SandboxDatabase, events: readonly StoredEvent[]): void {
	// As JSON, since a call for each value of 200,000 rows would take longer than all the tests.
	const columns =
		"organization_id user_id error_code error_category skill_slug provider action http_status session_id created_at".split(
			" ",
		);
	for (let from = 0; from < events.length; from += 20_000) {
		const rows = events
			.slice(from, from + 20_000)
			.map((event) => [
				event.organization,
				event.user,
				event.error_code,
				event.category,
				event.skill,
				event.provider,
				event.action,
				event.http_status,
				event.session,
				event.at,
			]);
		db.run(
			`INSERT INTO error_events (id, ${columns.join(", ")}) SELECT 'e' || (key + ${from}), ${columns.map((_, at) => `value ->> ${at}`).join(", ")} FROM json_each(?)`,
			[JSON.stringify(rows)],
		);
	}
	const made = { created_at: now, updated_at: now };
	db.insert(
		"organizations",
		organizations.slice(0, -1).map((id) => ({ id, name: organizationName(id), slug: `slug-${id}`, ...made })),
	);
	db.insert(
		"users",
		users.map((id, index) => ({
			id,
			email: `user${index}@mail.example`,
			name: "n",
			password_hash: "-",
			...made,
		})),
	);
}
