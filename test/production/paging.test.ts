import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TimeStorage } from "../../src/sql/time.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { type Arguments, call, pagedTable, rowsOf, type TableFacts } from "./call.ts";
import { type Stage, setStage } from "./stage.ts";
import { eventRow, fillWorld, makeWorld, runRow, worldNow } from "./world.ts";

let stage: Stage | undefined;
/** Where nothing arrives. */
let still: Stage;
beforeAll(async () => {
	still = await setStage({ fill: fillWorld(world, "seconds"), now: worldNow });
});
afterEach(async () => {
	await stage?.close();
	stage = undefined;
});
afterAll(() => still.close());

const world = makeWorld(7, 300);

/** The two tools that page: their table of rows, and how a new row gets in. */
const tools = {
	fetch_errors: {
		tool: fetchErrors,
		insert: (to: Stage, storage: TimeStorage, id: string, at: number) => {
			const [event] = world.events;
			if (event !== undefined)
				to.sandbox.database.insert("error_events", [eventRow({ ...event, id, at }, storage)]);
		},
		lean: {},
		filters: [
			{},
			{ error_code: ["NETWORK_ERROR", "LLM_RATE_LIMITED"] },
			{ order: "oldest" },
			{ http_status: "5xx" },
		],
	},
	failed_skill_runs: {
		tool: failedSkillRuns,
		insert: (to: Stage, storage: TimeStorage, id: string, at: number) => {
			const run = world.runs.find(({ status }) => status === "error");
			if (run !== undefined)
				to.sandbox.database.insert("skill_usage_logs", [runRow({ ...run, id, at }, storage)]);
		},
		/** What is not paged need not be asked for. */
		lean: { correlate: false },
		filters: [{}, { status: "any_failure" }, { message_contains: "greenhouse" }, { skill: "ats-proxy" }],
	},
} as const;

const ids = (table: TableFacts) => rowsOf(table, allColumns).map(({ id }) => String(id));
const allColumns =
	"at error_code category skill provider action http_status session user organization status duration_ms error_message input_summary related_errors id".split(
		" ",
	);

describe.each(["fetch_errors", "failed_skill_runs"] as const)("%s", (name) => {
	const { tool, insert, filters, lean } = tools[name];

	test.each(["seconds", "milliseconds", "iso_text", "sqlite_text"] as const)(
		"pages of any size add up to the whole list while rows arrive: %s",
		async (storage) => {
			let arrived = 0;
			await fc.assert(
				fc.asyncProperty(
					fc.constantFrom(...filters),
					fc.constantFrom("7d", "18d"),
					fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
					fc.boolean(),
					async (filter, since, limits, repeats) => {
						stage ??= await setStage({ fill: fillWorld(world, storage), now: worldNow });
						const { services } = stage;
						const args = { ...filter, since, with_ids: true, ...lean };
						const fetched: string[] = [];
						let page = await call(services, tool, { ...args, limit: limits[0] });
						const { total } = pagedTable(page.facts);
						const { window } = page.facts;
						const whole = await readAll(stage, args, tool);
						for (let turn = 1; ; turn += 1) {
							const shown = pagedTable(page.facts);
							fetched.push(...ids(shown));
							if (shown.next_cursor === undefined) break;
							// Newer than the first page's window: its total and its pages stay what they were.
							insert(stage, storage, `zzz-${arrived++}`, worldNow * 1000 + 1000);
							page = await call(services, tool, {
								...(repeats ? args : { with_ids: true, ...lean }),
								limit: limits[turn % limits.length],
								cursor: shown.next_cursor,
							});
							expect(page.error).toBeUndefined();
							expect(page.facts.window).toEqual(window);
						}
						expect(fetched).toEqual(whole);
						expect(fetched).toHaveLength(total);
						expect(new Set(fetched).size).toBe(total);
					},
				),
				{ seed: 11, numRuns: 3 },
			);
		},
	);

	test("rows that arrive within the window between two pages neither repeat nor drop a row", async () => {
		stage = await setStage({ fill: fillWorld(world, "seconds"), now: worldNow });
		const { services } = stage;
		const args = { since: "18d", with_ids: true, limit: 25 };
		const before = await readAll(stage, { since: "18d", with_ids: true }, tool);
		const fetched: string[] = [];
		let page = await call(services, tool, args);
		for (let turn = 0; ; turn += 1) {
			const shown = pagedTable(page.facts);
			fetched.push(...ids(shown));
			if (shown.next_cursor === undefined) break;
			const last = Date.parse(String(rowsOf(shown, allColumns).at(-1)?.at));
			// One before the place where the page ended (never seen), one in the same second, one beyond (seen).
			insert(stage, "seconds", `zz-newer-${turn}`, last + 1000);
			insert(stage, "seconds", `zz-same-${turn}`, last);
			insert(stage, "seconds", `00-older-${turn}`, last - 1000);
			page = await call(services, tool, { ...args, cursor: shown.next_cursor });
		}
		expect(fetched.filter((id) => before.includes(id))).toEqual(before);
		expect(new Set(fetched).size).toBe(fetched.length);
		expect(fetched.some((id) => id.startsWith("zz-newer"))).toBe(false);
	});

	test("a cursor works with the same arguments in any order and spelling, or with none but limit and with_ids", async () => {
		const { services } = still;
		const args = { since: "18d", organization: "org-0" };
		const { next_cursor: cursor } = pagedTable((await call(services, tool, { ...args, limit: 3 })).facts);
		const next = await call(services, tool, { limit: 3, cursor });
		expect(next.error).toBeUndefined();
		for (const same of [
			{ ...args, cursor, limit: 3 },
			{ cursor, organization: "org-0", since: "18d", limit: 3 },
			name === "fetch_errors"
				? { ...args, order: "newest", cursor, limit: 3 }
				: { ...args, status: "error", cursor, limit: 3, correlate: true },
		]) {
			expect((await call(services, tool, same)).facts).toEqual(next.facts);
		}
	});

	test.each([
		["another filter", { since: "18d", organization: "org-1" }],
		["one filter more", { since: "18d", organization: "org-0", skill: "email-draft" }],
		["one filter less", { since: "18d" }],
		["another window", { since: "17d", organization: "org-0" }],
		["an end to the window", { since: "18d", until: "1d", organization: "org-0" }],
	])("a cursor with %s is refused, and says what to do", async (_, args) => {
		const { services } = still;
		const first = { since: "18d", organization: "org-0" };
		const { next_cursor: cursor } = pagedTable((await call(services, tool, { ...first, limit: 2 })).facts);
		const { error } = await call(services, tool, { ...args, cursor });
		expect(error).toBe(
			"cursor: it was made for other arguments. Give the same as for the first page, or none beside cursor and limit; or start again without it.",
		);
	});

	test("a cursor that was altered, cut, made up, or is another tool's is refused in one sentence", async () => {
		const { services } = still;
		const given = await call(services, tool, { since: "18d", limit: 2 });
		const cursor = pagedTable(given.facts).next_cursor ?? "";
		const other = name === "fetch_errors" ? tools.failed_skill_runs : tools.fetch_errors;
		const others = await call(services, other.tool, { since: "18d", limit: 2 });
		const foreign = pagedTable(others.facts).next_cursor ?? "";
		expect(foreign).not.toBe("");
		const altered = [...cursor].map(
			(char, place) => cursor.slice(0, place) + (char === "A" ? "B" : "A") + cursor.slice(place + 1),
		);
		const forged = Buffer.from('[1795464000,86400,0,"x"]').toString("base64url");
		for (const bad of [
			...altered,
			cursor.slice(0, -4),
			`${cursor}AAAA`,
			foreign,
			forged,
			"next",
			"%%%",
			"0".repeat(3999),
		]) {
			const { error } = await call(services, tool, { cursor: bad });
			expect(error).toBe(
				`cursor: this cursor was not given by ${name}, or it was altered. Give it exactly as it stood in the answer, or leave it out for the first page.`,
			);
		}
	});
});

async function readAll(
	from: Stage,
	args: Arguments,
	tool: typeof fetchErrors | typeof failedSkillRuns,
): Promise<string[]> {
	const limit = tool === fetchErrors ? 200 : 100;
	const all: string[] = [];
	for (let cursor: string | undefined; ; ) {
		const given = cursor === undefined ? {} : { cursor };
		const { facts } = await call(from.services, tool, { ...args, limit, ...given });
		const page = pagedTable(facts);
		all.push(...ids(page));
		cursor = page.next_cursor;
		if (cursor === undefined) return all;
	}
}
