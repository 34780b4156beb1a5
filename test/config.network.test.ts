// Which proxy the environment names for an address, and for which it names none.
import { expect, test } from "vitest";
import { readProxy } from "../src/config/network.ts";

const proxy = "http://proxy.example.test:3128";
const to = (env: Record<string, string>, url = "https://api.example.test") => readProxy(env, url);

test.each(["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])(
	"named by %s",
	(name) => {
		expect(to({ [name]: proxy })).toEqual({ url: `${proxy}/`, shown: proxy, by: name });
	},
);

test("the one for TLS wins, lower case first", () => {
	const others = { HTTPS_PROXY: "b.test", http_proxy: "c.test", all_proxy: "d.test" };
	expect(to({ ...others, https_proxy: "a.test" })?.by).toBe("https_proxy");
	expect(to(others)?.by).toBe("HTTPS_PROXY");
	expect(to({ ...others, HTTPS_PROXY: " " })?.by).toBe("http_proxy");
});

test.each([
	["NO_PROXY", "api.example.test"],
	["no_proxy", ".example.test"],
	["NO_PROXY", "example.test"],
	["no_proxy", "*.example.test"],
	["NO_PROXY", "x, api.example.test:443"],
	["NO_PROXY", "x API.EXAMPLE.TEST"],
	["no_proxy", "*"],
])("none with %s=%s", (name, entry) => {
	expect(to({ HTTPS_PROXY: proxy, [name]: entry })).toBeUndefined();
});

test.each(["ample.test", "api.example.test:8443", "other.test", ",", ""])(
	"NO_PROXY=%s is another",
	(entry) => {
		expect(to({ HTTPS_PROXY: proxy, NO_PROXY: entry })).toBeDefined();
	},
);

test.each(["https://127.0.0.1:8443", "https://localhost", "https://[::1]:1", "http://api.example.test"])(
	"none for %s",
	(url) => {
		expect(to({ HTTPS_PROXY: proxy }, url)).toBeUndefined();
	},
);
