// One of the bench's incidents, solved by the tools' answers alone; `npx tsx bench/incidents.ts` plays every kind.

import { expect, test } from "vitest";
import { playOne } from "../../bench/incidents.ts";

test("what lay dormant until a flag was set: code, users, onset, line, commit, fault and a patch in five calls", async () => {
	const { found, elsewhere, answers, tokens, textTokens } = await playOne("switched on", 11);
	expect(answers.map(({ tool }) => tool)).toEqual([
		"error_stats",
		"search_codebase",
		"suspect_commits",
		"show_commit",
		"propose_patch",
	]);
	expect(found).toEqual({
		code: true,
		users: true,
		onset: true,
		line: true,
		commit: true,
		fault: true,
		patch: true,
	});
	expect(elsewhere).toEqual([]);
	expect(Math.max(tokens, textTokens)).toBeLessThanOrEqual(6000);
}, 60_000);
