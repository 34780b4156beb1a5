import { expect, test } from "vitest";
import type { Database } from "../../src/production/database.ts";
import { Lookups } from "../../src/production/lookups.ts";
import { resolveWindow } from "../../src/production/window.ts";
import { storageOf } from "../../src/sql/time.ts";

const { signal } = new AbortController();
const whole = "11111111-2222-4333-8444-555555555555";

test("a name that is remembered holds for the whole of its call, though its time ends meanwhile", async () => {
	let now = 0;
	let asked = 0;
	const answers = [[{ kind: "user", id: whole }], [{ kind: "organization", id: "org-1" }]];
	const database = {
		rows: async () => {
			now += 60_000;
			asked += 1;
			return answers[asked - 1] ?? [];
		},
	} as unknown as Database;
	const lookups = new Lookups(database, { now: () => now });
	const named = { user: "11111111" };
	expect(await lookups.resolve(named, undefined, signal)).toEqual({ user: whole });
	now += 9.5 * 60_000;
	expect(await lookups.resolve({ ...named, organization: "acme" }, undefined, signal)).toEqual({
		user: whole,
		organization: "org-1",
	});
});

test("digits that nothing has are told without a window where none was looked at", async () => {
	const database = { rows: async () => [] } as unknown as Database;
	const lookups = new Lookups(database, { now: () => 0 });
	await expect(lookups.resolve({ user: "deadbeef" }, undefined, signal)).rejects.toMatchObject({
		problem: "no user's id begins with these 8 digits.",
	});
});

test.each(["2026-02-30T00:00:00Z", "2025-02-29", "2026-13-01T00:00:00Z"])("%s is no instant", (since) => {
	expect(() => resolveWindow({ since }, 1_800_000_000)).toThrow();
});

test.each([
	["2026-11-23T20:00:00Z", "iso_text"],
	["2026-11-23T20:00:00.123Z", "iso_text"],
	["2026-11-23T20:00:00", "iso_text"],
	["2026-11-23 20:00:00", "sqlite_text"],
	["2026-11-23 20:00:00+00:00", "sqlite_text"],
	["2026-11-23T20:00:00+02:00", undefined],
	["2026-11-23T20:00Z", undefined],
	["yesterday", undefined],
])("%s is stored as %s", (value, storage) => {
	expect(storageOf(value)).toBe(storage);
});
