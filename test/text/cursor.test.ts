// What a cursor carries comes back, and only from the tool that gave it, unaltered, with the same arguments or none.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
	type CursorKind,
	InvalidArgument,
	maxCursorLength,
	readCursor,
	writeCursor,
} from "../../src/text/index.ts";

interface Given {
	readonly words?: string | readonly string[] | undefined;
	readonly order?: "up" | "down" | undefined;
	readonly count?: number | undefined;
}

const kind: CursorKind<Given, readonly [number, string]> = {
	tool: "list_things",
	given: z
		.strictObject({
			words: z.union([z.string(), z.array(z.string()).readonly()]),
			order: z.enum(["up", "down"]),
			count: z.int(),
		})
		.partial(),
	place: z.tuple([z.number(), z.string()]),
	defaults: { order: "up" },
};

const anyText = fc.string({ unit: "binary", maxLength: 60 });
const anyPlace = fc.tuple(fc.double({ noDefaultInfinity: true, noNaN: true }), anyText);
const anyGiven = fc.record(
	{ words: fc.oneof(anyText, fc.array(anyText, { maxLength: 4 })), count: fc.integer() },
	{ requiredKeys: [] },
);

const refused = (cursor: string, given: Given = {}, by = kind) => {
	expect(() => readCursor(by, cursor, given)).toThrow(InvalidArgument);
};

describe("a cursor", () => {
	test("carries a place and the first page's arguments, in the alphabet of base64url", () => {
		fc.assert(
			fc.property(anyGiven, anyPlace, (given, [number, word]) => {
				const cursor = writeCursor(kind, { given, place: [number, word] });
				expect(cursor).toMatch(/^[\w-]+$/);
				const alone = readCursor(kind, cursor, {});
				expect(alone.place).toEqual([Object.is(number, -0) ? 0 : number, word]);
				expect(readCursor(kind, cursor, given)).toEqual(alone);
				expect(alone.given.count).toBe(given.count);
				const words = (one: Given) => (one.words === undefined ? undefined : [one.words].flat().sort());
				expect(words(alone.given)).toEqual(words(given));
			}),
		);
	});

	test("takes the same arguments in any order and spelling", () => {
		const cursor = writeCursor(kind, { given: { words: ["b", "a"], count: 1 }, place: [1, "x"] });
		for (const same of [
			{ words: ["a", "b"], count: 1 },
			{ count: 1, order: "up", words: ["b", "a"] },
			{ count: undefined, words: undefined },
		] as const)
			expect(readCursor(kind, cursor, same).place).toEqual([1, "x"]);
		for (const other of [{ words: ["a", "b"] }, { words: ["a", "b"], count: 1, order: "down" }] as const)
			expect(() => readCursor(kind, cursor, other)).toThrow(
				expect.objectContaining({ problem: "it was made for other arguments." }),
			);
	});

	test("is refused with any one character altered, cut or added", () => {
		const cursor = writeCursor(kind, { given: { words: "née", count: 7 }, place: [12.5, "row"] });
		for (const place of cursor.split("").keys()) {
			for (const char of "Ab9_-=")
				if (cursor[place] !== char) refused(cursor.slice(0, place) + char + cursor.slice(place + 1));
			refused(cursor.slice(0, place));
		}
		for (const end of ["A", "AAAA", "=", "\n"]) refused(`${cursor}${end}`);
	});

	test("is refused by another tool of the same form", () => {
		const cursor = writeCursor(kind, { given: {}, place: [1, "x"] });
		refused(cursor, {}, { ...kind, tool: "list_others" });
	});

	test("is refused where its check is right and what it carries is not", () => {
		const loose: CursorKind<object, readonly (string | number)[]> = {
			tool: kind.tool,
			given: z.looseObject({}),
			place: z.array(z.union([z.string(), z.number()])),
			defaults: {},
		};
		const forge = (given: object, ...place: (string | number)[]) => writeCursor(loose, { given, place });
		expect(readCursor(kind, forge({ count: 2 }, 1, "x"), {})).toEqual({
			given: { count: 2 },
			place: [1, "x"],
		});
		refused(forge({ count: "2" }, 1, "x"));
		refused(forge({ colour: "red" }, 1, "x"));
		refused(forge({}, "x", 1));
		refused(forge({}, 1, "x", "y"));
		refused(forge({}));
	});

	test("fits the longest argument that there is", () => {
		const given = { words: "\u0001".repeat(2400) };
		expect(writeCursor(kind, { given, place: [1, "x".repeat(100)] }).length).toBeLessThan(maxCursorLength);
	});
});
