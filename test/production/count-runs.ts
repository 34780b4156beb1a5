import type { TimeStorage } from "../../src/sql/time.ts";
import type { Arguments } from "./call.ts";
import { makeWorld, type WorldEvent, type WorldRun, worldNow } from "./world.ts";

/*
 * What failed_skill_runs has to say of one world, counted from its rows: no SQL, and no code of the server's.
 */

export const world = makeWorld(29, 2400);

export const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
export const short = (id: string | null) => (id !== null && /^[0-9a-f-]{36}$/.test(id) ? id.slice(0, 8) : id);
export const shown = (text: string | null) => text?.replace("\u202e", "\\u{202e}") ?? null;
export const second = (ms: number) => Math.floor(ms / 1000);
export const pct = (part: number, whole: number) =>
	whole === 0 ? null : Math.round((part / whole) * 1000) / 10;

export const slugOf = (run: WorldRun) =>
	world.skills.find(({ id }) => id === run.skillId)?.slug ?? run.skillId;
const userOf = (id: string) => world.users.find((user) => user.id === id);
export const organizationOf = (run: WorldRun) => run.organization || (userOf(run.user)?.organization ?? null);
export const organizationName = (run: WorldRun) => {
	const id = organizationOf(run);
	return shown(world.organizations.find((organization) => organization.id === id)?.name ?? short(id));
};

/** The duration at place ⌈p·n⌉ of the n that there are. */
export function nearestRank(runs: readonly WorldRun[], p: number): number | null {
	const durations = runs.flatMap(({ duration_ms: ms }) => (ms === null ? [] : [ms])).sort((a, b) => a - b);
	return durations[Math.ceil((p / 100) * durations.length) - 1] ?? null;
}

export function expected(args: Arguments, storage: TimeStorage) {
	const kept = (at: number) => (storage === "seconds" || storage === "sqlite_text" ? at - (at % 1000) : at);
	const from = Date.parse(String(args.since));
	// The future is cut off.
	const to = Math.min(Date.parse(String(args.until)), worldNow * 1000);
	const shift = Math.ceil((to - from) / 86_400_000) * 86_400_000;
	const user = world.users.find(({ id, email }) => [id, short(id), email].includes(String(args.user)))?.id;
	const organization = world.organizations.find(({ id, slug, name }) =>
		[id, slug, name, short(id)].includes(String(args.organization)),
	)?.id;
	const fits = (run: WorldRun) =>
		(args.skill === undefined || slugOf(run) === args.skill) &&
		(args.user === undefined || run.user === (user ?? args.user)) &&
		(args.organization === undefined ||
			organizationOf(run) === (args.organization === "none" ? null : (organization ?? args.organization)));
	const within = (start: number, end: number) =>
		world.runs.filter((run) => fits(run) && kept(run.at) >= start && kept(run.at) < end);
	const statuses = args.status === "any_failure" ? ["error", "partial"] : [args.status ?? "error"];
	const failed = (run: WorldRun) => statuses.includes(run.status);
	const now = within(from, to);
	const before = within(from - shift, to - shift);
	const part = String(args.message_contains ?? "").toLowerCase();
	const listed = now
		.filter(
			(run) =>
				failed(run) &&
				(args.message_contains === undefined || run.error_message?.toLowerCase().includes(part) === true),
		)
		.sort((one, other) => kept(other.at) - kept(one.at) || (one.id < other.id ? 1 : -1));
	return { from, to, shift, now, before, listed, failed };
}

/** Of the same user within 60 s: the same skill's first, then the nearest; five, and whether there are more. */
export function related(run: WorldRun): string[] {
	const words = world.events
		.filter(({ user, at }) => user === run.user && Math.abs(second(at) - second(run.at)) <= 60)
		.map((event) => ({ event, away: second(event.at) - second(run.at), same: event.skill === slugOf(run) }))
		.sort(
			(one, other) =>
				Number(other.same) - Number(one.same) ||
				Math.abs(one.away) - Math.abs(other.away) ||
				(one.event.id < other.event.id ? -1 : 1),
		)
		.map(({ event, away }) => relatedWords(event, away));
	return words.length > 5 ? [...words.slice(0, 5), "and more"] : words;
}

function relatedWords(event: WorldEvent, away: number): string {
	const provider = event.provider === null ? "" : ` ${event.provider}`;
	return `${event.error_code} ${away > 0 ? "+" : ""}${away}s${provider}`;
}

/** The patterns of this world's messages, by eye. */
export function patternOf(message: string): string {
	if (message.startsWith("Greenhouse")) return "Greenhouse: candidate # not found";
	if (message.startsWith("row ")) return "row # is locked by #";
	if (message.startsWith("create")) return "create or update failed; #% of \\ rows_";
	return message;
}
