import { describe, expect, test } from "vitest";
import { maskAddresses } from "../../src/text/addresses.ts";
import { findSecret, maskSecrets } from "../../src/text/secrets.ts";

// Put together here, so that no scanner takes this file for a leak.
const shaped = {
	"Skillomatic key": `sk_${"live"}_${"a1b2c3d4".repeat(4)}`,
	"API key": `sk-${"ant-api03-"}${"Ab3".repeat(10)}`,
	"GitHub token": `gh${"p"}_${"A1b2".repeat(9)}`,
	"AWS access key": `AKI${"A"}${"ABCDEFGHIJKLMNOP"}`,
	"JSON web token": `ey${"J"}hbGciOiJIUzI1NiJ9.${"eyJzdWIiOiIxMjM0"}.${"c2lnbmF0dXJl"}`,
	"bearer token": `Bearer ${"abcdefghij".repeat(3)}`,
	"password in a URL": "postgres://admin:s3cretpass@db.example.com/x",
	"private key": `-----BEGIN RSA ${"PRIVATE"} KEY-----`,
	"secret value": `clientSecret: "${"z9".repeat(12)}"`,
};

describe("what is shaped like a secret", () => {
	test.each(Object.entries(shaped))("%s is hidden and found", (kind, secret) => {
		expect(maskSecrets(`before ${secret} after`)).toContain(`[hidden: ${kind}]`);
		expect(findSecret(`one\ntwo ${secret}`)).toEqual({ kind, line: 2 });
	});

	test.each([
		["\n", ""],
		["\\n", ""],
		["\n+", ""],
		["\n", "cut off"],
	])("a private key is hidden with its body, lines parted by %j %s", (between, end) => {
		const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
		const kind = ["PRIVATE", "KEY"].join(" ");
		const lines = [`-----BEGIN ${kind}-----`, line, line, "c2hvcnQ=", `-----END ${kind}-----`];
		const key = (end === "" ? lines : lines.slice(0, -2)).join(between);
		const masked = maskSecrets(`before ${key}${end === "" ? " after" : ""}`);
		expect(masked).toBe(`before [hidden: private key]${end === "" ? " after" : ""}`);
	});

	test("words after a key's first line are no key", () => {
		const first = `-----BEGIN ${["PRIVATE", "KEY"].join(" ")}-----`;
		expect(maskSecrets(`${first} is missing in the file`)).toBe(
			"[hidden: private key] is missing in the file",
		);
	});

	test.each([
		"const token = readToken();",
		"LLM_RATE_LIMITED",
		"sk_live is the prefix",
		"a1b2c3d4-0000",
		"risk-management-and-more-words",
	])("%j is left alone", (text) => {
		expect(maskSecrets(text)).toBe(text);
		expect(findSecret(text)).toBeUndefined();
	});

	test("addresses are masked in free text", () => {
		expect(maskAddresses("mail jane.doe@acme.com, bob@x.co.uk!")).toBe("mail j…@acme.com, b…@x.co.uk!");
		expect(maskAddresses("user@localhost and @decorator")).toBe("user@localhost and @decorator");
	});

	test("hostile text takes linear time", () => {
		const long = `${"a".repeat(200_000)}@${"b.".repeat(100_000)}`;
		expect(maskAddresses(maskSecrets(long)).length).toBeGreaterThan(0);
	});
});
