import { expect, test } from "vitest";
import { blankLiterals } from "../../src/sql/text/blanked.ts";

test.each([
	["SELECT a FROM t WHERE b = 'it''s me' AND c > 1.5e3", "SELECT a FROM t WHERE b = ? AND c > ?"],
	["SELECT x'414243', 0xff, -7", "SELECT ?, …, -?"],
	[
		"SELECT a FROM t WHERE b IN ('me@example.com', 'you@example.com', 3)",
		"SELECT a FROM t WHERE b IN (?, …)",
	],
	["SELECT a /* me */ -- you\n\tFROM t", "SELECT a FROM t"],
	['SELECT e."user_id" AS "me@example.com", [a b], `c` FROM e', "SELECT e.user_id AS ?, …, c FROM e"],
	["SELECT 'unterminated me", "SELECT ?"],
	["SELECT :name, ?1, @me", "SELECT ?, …"],
])("%s", (sql, blanked) => {
	expect(blankLiterals(sql)).toBe(blanked);
});

test("a long text is cut", () => {
	expect(blankLiterals(`SELECT ${"a + ".repeat(10_000)}a`).length).toBe(1001);
});
