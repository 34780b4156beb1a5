import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskAddresses } from "../../../src/text/addresses.ts";
import { maskPersonal } from "../../../src/text/personal.ts";
import { safeText } from "../../../src/text/safe.ts";
import { findSecret, maskSecrets } from "../../../src/text/secrets.ts";
import { visible } from "../../../src/text/untrusted.ts";
import { nearMisses, notAddresses, notPersons } from "./near-misses.ts";
import { addresses, named, persons, tokens } from "./secret-examples.ts";

/** What stands around a secret in rows, logs, code and URLs. */
const places: readonly (readonly [before: string, after: string])[] = [
	["", ""],
	["call failed with ", " and gave up"],
	['{"error":"', '"}'],
	["key=", "&next=1"],
	["(", ")."],
	["`", "`"],
	["line\n", "\nline"],
	["\\n", "\\n"],
	["x,", ",y"],
	["KEY_", " "],
	["a%3D", "%26b"],
	["\u001b[31m", "\u001b[0m"],
];

/** The longest run of a secret's own characters that is still seen. */
function seenOf(secret: string, text: string): string {
	for (let from = 0; from + 9 <= secret.length; from += 1) {
		const part = secret.slice(from, from + 9);
		if (text.includes(part)) return part;
	}
	return "";
}

describe("secrets", () => {
	test("there are at least 60 shapes and 60 near misses", () => {
		expect(Object.keys(tokens).length + named.length).toBeGreaterThan(120);
		expect(nearMisses.length).toBeGreaterThan(60);
	});

	test.each(Object.entries(tokens))("%s: nothing of it is seen, wherever it stands", (_, secret) => {
		for (const [before, after] of places) {
			const text = `${before}${secret}${after}`;
			const masked = maskSecrets(text);
			expect({ text, seen: seenOf(secret, masked) }).toEqual({ text, seen: "" });
			expect(masked).toContain("[hidden: ");
			expect(findSecret(`first\n${secret}`)?.line).toBe(2);
		}
	});

	test.each(named)("%s: its value is not seen", (text, secret) => {
		for (const whole of [text, `at 20:00 ${text} (retried)`, `x\n${text}\ny`]) {
			expect(maskSecrets(whole)).not.toContain(secret);
			expect(maskSecrets(whole)).toContain("[hidden: ");
		}
		expect(findSecret(text)).toBeDefined();
	});

	test.each(["Slack bot", "GitHub, classic", "Anthropic", "bcrypt", "SendGrid", "JSON web token"])(
		"%s: also in the letter case of a query's upper() and lower()",
		(kind) => {
			const secret = tokens[kind] ?? "";
			for (const text of [secret.toUpperCase(), secret.toLowerCase()]) {
				expect(maskSecrets(`x ${text} y`)).toMatch(/^x \[hidden: [^\]]+\] y$/);
			}
		},
	);

	test("what names a value stays", () => {
		expect(maskSecrets("DB_PASSWORD=correct1horse retry=3")).toBe(
			"DB_PASSWORD=[hidden: secret value] retry=3",
		);
		expect(maskSecrets("postgres://admin:s3cretpass@db/x")).toBe(
			"postgres://admin:[hidden: password in a URL]@db/x",
		);
	});

	test.each(nearMisses)("%s stays readable", (text) => {
		for (const whole of [text, `at 20:00 ${text} (retried)`, `x\n${text}\ny`]) {
			expect(maskSecrets(whole)).toBe(whole);
			expect(findSecret(whole)).toBeUndefined();
		}
	});

	test("what is masked once stays as it is", () => {
		const piece = fc.oneof(
			fc.constantFrom(...Object.values(tokens), ...named.map(([text]) => text), ...nearMisses),
			fc.constantFrom(
				"password=",
				"token: ",
				"://",
				":",
				"@",
				'"',
				"Bearer ",
				"Basic ",
				"cookie: a=",
				"\n",
				"?sig=",
			),
			fc.string({ maxLength: 12 }),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 6 }), fc.constantFrom("", " ", "="), (pieces, between) => {
				const once = maskSecrets(pieces.join(between));
				expect(maskSecrets(once)).toBe(once);
				expect(maskPersonal(maskPersonal(once))).toBe(maskPersonal(once));
			}),
			{ numRuns: 2000 },
		);
	});
});

describe("e-mail addresses", () => {
	test.each(addresses)("%s", (text, shown) => {
		expect(maskAddresses(text)).toBe(shown);
		expect(maskAddresses(`mail ${text} again`)).toBe(`mail ${shown} again`);
	});

	test.each(notAddresses)("%s stays readable", (text) => {
		expect(maskAddresses(text)).toBe(text);
	});
});

describe("what else tells who somebody is", () => {
	test.each(persons)("%s", (text, shown) => {
		expect(maskPersonal(text)).toBe(shown);
		expect(maskPersonal(`x ${text} again`)).toBe(`x ${shown} again`);
	});

	test.each([...notPersons, ...nearMisses, ...notAddresses])("%s stays readable", (text) => {
		expect(maskPersonal(text)).toBe(text);
	});
});

test("what the door does not look at would not be masked", () => {
	const piece = fc.oneof(
		fc.constantFrom(...Object.values(tokens)),
		fc.constantFrom(...Object.values(tokens).map((secret) => secret.toUpperCase())),
		fc.stringMatching(/^[A-Za-z0-9_-]{0,20}$/),
		fc.stringMatching(/^[A-Z]{1,19}(_[A-Z]{1,19}){1,6}$/),
		fc.uuid(),
	);
	fc.assert(
		fc.property(piece, fc.nat(200), fc.nat(60), (text, from, length) => {
			const part = text.slice(from % (text.length + 1)).slice(0, length);
			expect(safeText(part, { showPersonalData: false })).toBe(visible(maskPersonal(maskSecrets(part))));
		}),
		{ numRuns: 5000 },
	);
});
