import { afterEach, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { type Connection, connect } from "./connect.ts";

/** 2026-11-23T20:00:00Z */
const now = 1_795_464_000;
const day = 86_400;

/** Seconds before now, and whether the day counts it: `since` counts, `until` does not. Four of them. */
const events = [
	{ before: -3600, counts: false },
	{ before: 0, counts: false },
	{ before: 1, counts: true },
	{ before: 3600, counts: true },
	{ before: day - 1, counts: true },
	{ before: day, counts: true },
	{ before: day + 1, counts: false },
	{ before: 3 * day, counts: false },
];

/** Written out by hand, and not by the code that reads it. */
const forms = {
	seconds: (at: number) => at,
	milliseconds: (at: number) => at * 1000,
	"ISO text": (at: number) => new Date(at * 1000).toISOString(),
	"SQLite text": (at: number) => new Date(at * 1000).toISOString().slice(0, 19).replace("T", " "),
};

let sandbox: Sandbox | undefined;
let connection: Connection | undefined;
afterEach(async () => {
	await connection?.close();
	await sandbox?.close();
});

// Every form at one prefix, and the other prefix with one: what a form means does not depend on the prefix.
const cases = [
	...Object.entries(forms).map(([name, form]) => ({ prefix: "/v1" as const, name, form })),
	{ prefix: "/api/v1" as const, name: "ISO text", form: forms["ISO text"] },
];

test.each(cases)("at $prefix a day of events stored as $name is counted to the second", async (one) => {
	const { prefix, form } = one;
	sandbox = await startSandbox({
		prefix,
		now,
		fill: (db) =>
			db.insert(
				"error_events",
				events.map(({ before }, index) => ({
					id: `e${index}`,
					error_code: "ATS_TIMEOUT",
					error_category: "ats",
					created_at: form(now - before),
				})),
			),
	});
	connection = await connect({
		env: { SKILLOMATIC_API_URL: sandbox.url, SKILLOMATIC_API_KEY: sandbox.keys.superAdmin },
	});
	const { structured, text } = await connection.call("error_stats", { since: "24h" });
	expect(structured?.summary, text).toMatchObject({ total: 4, previous_total: 1 });
	expect(structured?.window).toMatchObject({
		since: "2026-11-22T20:00:00Z",
		until: "2026-11-23T20:00:00Z",
		clock_note: expect.stringContaining("production's clock"),
	});
});
