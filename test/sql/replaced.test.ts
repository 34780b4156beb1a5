import fc from "fast-check";
import { expect, test } from "vitest";
import { replaced } from "../../src/sql/text/replaced.ts";
import { parse } from "../../src/sql/text/structure.ts";
import { tokenize } from "../../src/sql/text/tokens.ts";

/** Of each kind of token, and some that would be one with their neighbour. */
const pieces = fc.constantFrom(
	..."a main x X'41' \"q\" [b] `c` 'it''s' 1 .5 1e3 0x1F ?1 :v . , ( ) - > = | || ->> * / /*c*/ ; <".split(
		" ",
	),
	" ",
	"\n",
	"-- line\n",
);
const replacements = fc.constantFrom("", "'text'", '"a"."b", "a"."c"', "word", "7");

/** White space that a piece leaves behind beside other white space may be a token of its own. */
function meant(tokens: readonly { readonly text: string }[]): readonly string[] {
	return tokens.map(({ text }) => text).filter((text) => text.trim() !== "");
}

test("what is replaced is cut up as the whole text would be, and the rest stays", () => {
	fc.assert(
		fc.property(
			fc.array(pieces, { maxLength: 12 }),
			fc.array(fc.tuple(fc.nat({ max: 11 }), replacements), { maxLength: 4 }),
			(texts, changes) => {
				const parsed = parse(texts.join(""));
				const written = replaced(parsed, new Map(changes));
				expect(meant(written.tokens)).toEqual(meant(tokenize(written.text)));
				expect(replaced(parsed, new Map()).text).toBe(parsed.text);
			},
		),
		{ numRuns: 3000 },
	);
});

test("what is left out leaves its neighbours apart", () => {
	const parsed = parse("FROM a main.b, main.c");
	const places = parsed.tokens.flatMap(({ text }, index) => (text === "main" || text === "." ? [index] : []));
	expect(replaced(parsed, new Map(places.map((index) => [index, ""]))).text).toBe("FROM a b, c");
	expect(replaced(parse("1-x-2"), new Map([[2, ""]])).text).toBe("1- -2");
	expect(replaced(parse("'a'\"b\""), new Map([[1, "'b'"]])).text).toBe("'a' 'b'");
});
