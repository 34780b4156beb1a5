// The state machine of a case, and what each event leaves in its record.

import { describe, expect, test } from "vitest";
import { mostHappened } from "../../src/cases/case.ts";
import {
	muted,
	opened,
	patched,
	reported,
	returnedAt,
	shownStatus,
	unmuted,
	verified,
} from "../../src/cases/changes.ts";
import { nextStatus, type Status, type Step, statuses } from "../../src/cases/status.ts";

const trouble = { of: "code", name: "ATS_TIMEOUT", top: {} } as const;
const told = { at: 1, cause: "c", fix: "f" };
const verdict = (verdict: Extract<Step, { kind: "verified" }>["verdict"]): Step => ({
	kind: "verified",
	verdict,
});

test.each<[Status, Step, Status]>([
	["open", { kind: "patched" }, "patched"],
	["patched", verdict("not_deployed"), "patched"],
	["patched", verdict("too_early"), "deployed"],
	["deployed", verdict("reduced"), "deployed"],
	["deployed", verdict("unchanged"), "deployed"],
	["deployed", verdict("ended_before"), "deployed"],
	["deployed", verdict("fixed"), "fixed"],
	["deployed", { kind: "patched" }, "patched"],
	["open", verdict("fixed"), "fixed"],
	["fixed", verdict("too_early"), "fixed"],
	["fixed", verdict("ended_before"), "fixed"],
	["fixed", { kind: "patched" }, "fixed"],
	["fixed", { kind: "reported", sinceFix: false }, "fixed"],
	["fixed", { kind: "reported", sinceFix: true }, "came_back"],
	["fixed", verdict("came_back"), "came_back"],
	["fixed", verdict("worse"), "came_back"],
	["came_back", { kind: "reported", sinceFix: true }, "came_back"],
	["came_back", { kind: "patched" }, "patched"],
	["came_back", verdict("fixed"), "fixed"],
])("%s, then %j: %s", (from, step, to) => {
	expect(nextStatus(from, step)).toBe(to);
});

test("no step mutes, and a muted case goes on underneath", () => {
	for (const status of statuses) {
		for (const sinceFix of [true, false])
			expect(nextStatus(status, { kind: "reported", sinceFix })).not.toBe("muted");
	}
	const quiet = muted(opened("00000000", trouble, 1), 2);
	expect(shownStatus(quiet)).toBe("muted");
	const fixed = verified(quiet, { at: 3, verdict: "fixed", deployedAt: 2 });
	expect(shownStatus(fixed)).toBe("muted");
	expect(shownStatus(unmuted(fixed, 4))).toBe("fixed");
	expect(muted(quiet, 9)).toBe(quiet);
});

describe("a record", () => {
	test("a whole life: each event in order, and the fix that is proven", () => {
		let one = reported(opened("00000000", trouble, 10), { at: 10, standing: { since: 5 }, count: 40, told });
		one = patched(one, "abc", 11);
		one = verified(one, { at: 20, verdict: "fixed", deployedAt: 12, commit: "abcdef0", patch: "abc" });
		expect(one).toMatchObject({
			status: "fixed",
			onset: 5,
			count: 40,
			fix: { patch: "abc", commit: "abcdef0", deployedAt: 12, verifiedAt: 20 },
		});
		// The old trouble in another report is no return of it.
		expect(returnedAt(one, { since: 5 })).toBeUndefined();
		expect(reported(one, { at: 21, standing: { since: 5 }, told }).status).toBe("fixed");
		expect(reported(one, { at: 30, standing: { since: 25 }, told }).status).toBe("came_back");
		expect(reported(one, { at: 30, standing: { since: 5, lastSeen: 29 }, told }).status).toBe("came_back");
		expect(reported(one, { at: 30, standing: { since: 5, until: 29, lastSeen: 29 }, told }).status).toBe(
			"fixed",
		);
		// One that recurs began before the fix, and came again after it.
		expect(returnedAt(one, { since: 5, spans: [{ from: 5 }, { from: 13 }] })).toBe(13);
		expect(one.happened.map(({ kind }) => kind)).toEqual(["reported", "patched", "verified"]);
	});

	test("a patch after the fix takes nothing from what is proven", () => {
		const fixed = verified(opened("00000000", trouble, 1), { at: 2, verdict: "fixed", patch: "abc" });
		expect(patched(fixed, "def", 3)).toMatchObject({ status: "fixed", fix: { patch: "abc" } });
	});

	test("the same verdict again, and the same patch, are not told twice", () => {
		let one = patched(opened("00000000", trouble, 1), "abc", 2);
		expect(patched(one, "abc", 3)).toBe(one);
		for (const at of [4, 5, 6]) one = verified(one, { at, verdict: "too_early", patch: "abc" });
		expect(one.happened).toHaveLength(2);
		expect(one.happened.at(-1)?.at).toBe(6);
	});

	test("the lists are bounded, and how it began stays", () => {
		let one = opened("00000000", trouble, 1);
		for (let at = 1; at <= 200; at += 1) {
			one = reported(one, { at, told: { at, cause: `cause ${at}`, fix: "f" } });
		}
		expect(one.happened).toHaveLength(mostHappened);
		expect(one.happened[0]?.at).toBe(1);
		expect(one.told.map(({ cause }) => cause)).toEqual([196, 197, 198, 199, 200].map((n) => `cause ${n}`));
	});
});
