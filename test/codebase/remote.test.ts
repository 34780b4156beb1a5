import { describe, expect, test } from "vitest";
import { commitAddress, lineAddress, webAddress } from "../../src/codebase/remote.ts";

describe("where a remote is on the web", () => {
	test.each([
		["git@github.com:acme/app.git", "https://github.com/acme/app", "github"],
		["https://github.com/acme/app", "https://github.com/acme/app", "github"],
		["https://user:secret@github.com/acme/app.git", "https://github.com/acme/app", "github"],
		["ssh://git@github.example.com:2222/acme/app.git", "https://github.example.com/acme/app", "github"],
		["https://gitlab.com/group/sub/app.git", "https://gitlab.com/group/sub/app", "gitlab"],
		["git@bitbucket.org:acme/app.git", "https://bitbucket.org/acme/app", "bitbucket"],
	])("%s", (address, url, form) => {
		expect(webAddress(address)).toEqual({ url, form });
	});

	test.each([
		"",
		"/srv/git/app.git",
		"../app",
		"https://example.com/acme/app",
		"https://github.com/app",
		"https://github.com/../../x",
		"javascript:alert(1)//github.com/acme/app",
		'https://github.com/a"b/c',
		"https://notgithub.com/acme/app",
		"C:\\work\\app",
	])("%j has none that is known", (address) => {
		expect(webAddress(address)?.url ?? "none").toMatch(/^none$/);
	});

	test("lines and commits have the addresses of their service", () => {
		const at = (form: "github" | "gitlab" | "bitbucket") => ({ url: "https://h/o/r", form, head: "abc" });
		expect(lineAddress(at("github"), "a b/é#.ts", 7)).toBe("https://h/o/r/blob/abc/a%20b/%C3%A9%23.ts#L7");
		expect(lineAddress(at("gitlab"), "a.ts", 7)).toBe("https://h/o/r/-/blob/abc/a.ts#L7");
		expect(lineAddress(at("bitbucket"), "a.ts", 7)).toBe("https://h/o/r/src/abc/a.ts#lines-7");
		expect(commitAddress(at("github"), "d0")).toBe("https://h/o/r/commit/d0");
		expect(commitAddress(at("gitlab"), "d0")).toBe("https://h/o/r/-/commit/d0");
		expect(commitAddress(at("bitbucket"), "d0")).toBe("https://h/o/r/commits/d0");
	});
});
