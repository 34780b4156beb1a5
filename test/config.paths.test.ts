// Paths as people and hosts write them.
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { readPath, workspaceFolders } from "../src/config/paths.ts";

const at = (value: string, env = {}) => readPath("PROD_DEBUGGER_REPO", value, env, "/srv/here");

describe("a path", () => {
	test.each([
		"~/code",
		"$HOME/code",
		"${HOME}/code",
		"${env:HOME}/code",
		"${userHome}/code",
		'"~/code"',
		" ~/code ",
	])("in the home folder: %s", (value) => {
		expect(at(value)).toBe(join(homedir(), "code"));
	});

	test.each([
		[pathToFileURL('/srv/it\'s a "ß" path').href, '/srv/it\'s a "ß" path'],
		["'/srv/one'", "/srv/one"],
		["../one", "/srv/one"],
		["/srv/one/", "/srv/one"],
	])("%s", (value, path) => {
		expect(at(value)).toBe(path);
	});
});

test("the folders that a host names, in each form of a list", () => {
	const listed = (value: string) => workspaceFolders({ WORKSPACE_FOLDER_PATHS: value });
	const both = ["/srv/one", "/srv/two"];
	expect(listed("/srv/one,/srv/two")).toEqual(both);
	expect(listed("/srv/one:/srv/two")).toEqual(both);
	expect(listed(JSON.stringify(both))).toEqual(both);
	expect(workspaceFolders({ CLAUDE_PROJECT_DIR: "/srv/one", WORKSPACE_FOLDER_PATHS: "/srv/two" })).toEqual(
		both,
	);
});
