import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { renderSearch } from "../../src/answer/search-text.ts";
import type { SearchRequest } from "../../src/codebase/find/request.ts";
import { readSource } from "../../src/codebase/find/source.ts";
import { Failure } from "../../src/text/failure.ts";
import { describeError, writeCursor } from "../../src/text/index.ts";
import { type HostileRepository, hostileRepository, secret } from "./hostile.ts";

let repository: HostileRepository;
const signal = new AbortController().signal;

beforeAll(async () => {
	repository = await hostileRepository();
});
afterAll(() => repository.remove());

/** What an agent would read: the answer, or the error. */
async function answer(request: SearchRequest): Promise<string> {
	try {
		return renderSearch(await repository.search.search(request, signal));
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		return describeError(error) ?? "";
	}
}

const query = "TOP_SECRET|APP_FAILED";
const part = "SECRET_CONT";

/** Each asks for the secret on a way of its own; ROOT and OUTSIDE are put in when it runs. */
/** With a right check: what it carries is held to what an argument can be. */
function forged(given: object): string {
	const kind = {
		tool: "search_codebase",
		given: z.looseObject({}),
		place: z.tuple([z.int(), z.string(), z.int()]),
		defaults: {},
	};
	return writeCursor(kind, { given, place: [0, "", 0] });
}

const attempts: readonly (readonly [string, SearchRequest])[] = [
	["the whole tree", { query: part }],
	["a link to a file outside", { query: part, path: "src/link.ts" }],
	["a link to a folder outside", { query: part, path: "src/linked" }],
	["a file through a linked folder", { query: part, path: "src/linked/secret.ts" }],
	["a link to a hidden file", { query: part, path: "src/plain.txt" }],
	["a link to git's folder", { query: part, path: "gitlink" }],
	["a file through a link to git's folder", { query: part, path: "gitlink/notes.ts" }],
	["dots", { query: part, path: "../outside" }],
	["dots to a file", { query: part, path: "../outside/secret.ts" }],
	["dots inside a path", { query: part, path: "src/../../outside" }],
	["dots at the end", { query: part, path: "src/.." }],
	["an absolute path", { query: part, path: "OUTSIDE/secret.ts" }],
	["an absolute folder", { query: part, path: "OUTSIDE" }],
	["an absolute path with dots", { query: part, path: "ROOT/../outside/secret.ts" }],
	["the system's files", { query: "root", path: "/etc/passwd" }],
	["a process's environment", { query: "PATH", path: "/proc/self/environ" }],
	["a device", { query: part, path: "/dev/zero" }],
	["NUL in the path", { query: part, path: "src\0/../../outside" }],
	["NUL in the query", { query: `a\0${part}` }],
	["a line break in the path", { query: part, path: "src\n../outside" }],
	["a Windows path", { query: part, path: "..\\outside\\secret.ts" }],
	["a drive", { query: part, path: "C:\\Windows" }],
	["a drive's relative path", { query: part, path: "C:secret.ts" }],
	["a share", { query: part, path: "\\\\server\\share" }],
	["a stream", { query: part, path: ".git::$INDEX_ALLOCATION/notes.ts" }],
	["an empty path", { query: part, path: "" }],
	["blanks", { query: part, path: "  " }],
	["git's folder", { query: part, path: ".git" }],
	["git's folder in capitals", { query: part, path: ".GIT/notes.ts" }],
	["git's short name", { query: part, path: "GIT~1/notes.ts" }],
	["git's folder with a dot", { query: part, path: ".git./notes.ts" }],
	["git's folder with a hidden character", { query: part, path: ".g\u200cit/notes.ts" }],
	["an ignored folder", { query: part, path: "ignored" }],
	["an ignored file", { query: part, path: "ignored/secret.ts" }],
	["an ignored file by its name", { query: part, path: "src/debug.log" }],
	["a hidden file", { query: part, path: ".env" }],
	["a hidden file further down", { query: part, path: "config/.env.production" }],
	["a hidden file of another name", { query: part, path: "config/.env-prod" }],
	["a hidden file's copy", { query: part, path: ".env_backup" }],
	["a registry's token", { query: part, path: ".npmrc" }],
	["a private key", { query: part, path: "certs/server.pem" }],
	["a host's folder", { query: part, path: ".claude" }],
	["a pipe", { query: part, path: "src/pipe.ts" }],
	["an option as a path", { query: part, path: "--no-ignore" }],
	["an option as a query", { query: "--no-ignore" }],
	["a program before each file", { query: "--pre=MARKER" }],
	["a program as a path", { query: part, path: "--pre=MARKER" }],
	["patterns from a file", { query: "-fOUTSIDE/secret.ts" }],
	["a file of patterns as a path", { query: part, path: "-f" }],
	["a shell's substitution", { query: "$(MARKER)" }],
	["a shell's backticks", { query: "`MARKER`" }],
	["a shell's separator", { query: "x; MARKER" }],
	["a glob for ignored files", { query: part, glob: "ignored/**" }],
	["a glob for everything", { query: part, glob: "**" }],
	["a glob for hidden files", { query: part, glob: ".env*" }],
	["a negated glob", { query: part, glob: "!nothing" }],
	["a glob that leads out", { query: part, glob: "../outside/**" }],
	["a glob for git's folder", { query: part, glob: ".git/**" }],
	["a glob with braces", { query: part, glob: "{ignored,.git,src}/**" }],
	["a type", { query: part, type: "log" }],
	["every type", { query: part, type: "all" }],
	["a type that is an option", { query: part, type: "-f" }],
	["a regular expression over everything", { query, mode: "regex" }],
	["a flag inside the expression", { query: `(?s).*${part}`, mode: "regex" }],
	["a forged cursor", { cursor: forged({ query: "SECRET", path: "../outside" }) }],
	["a forged cursor with an option", { cursor: forged({ query: "x", type: "--pre=MARKER" }) }],
	["an error code in hidden files", { errorCode: "TOP_SECRET_CONTENT" }],
];

describe("attempts to leave the repository, or to run something", () => {
	test.each(attempts)("%s", async (_, request) => {
		const { root, outside, marker } = repository;
		const put = (text: string | undefined) =>
			text?.replaceAll("ROOT", root).replaceAll("OUTSIDE", outside).replaceAll("MARKER", marker);
		const text = await answer({ ...request, query: put(request.query), path: put(request.path), context: 3 });
		// What was asked may be echoed.
		const asked = [put(request.query), put(request.path), request.errorCode];
		const told = asked.reduce<string>((rest, word) => (word ? rest.replaceAll(word, "") : rest), text);
		expect(told).not.toContain(secret.slice(4));
		expect(told).not.toMatch(/root:x:0|_authToken/);
		expect(told).not.toContain(outside);
		expect(text.length).toBeLessThan(48_000);
		expect(repository.hasRun()).toBe(false);
	});

	test("at least 50 were tried", () => {
		expect(attempts.length).toBeGreaterThanOrEqual(50);
	});
});

describe("what is swapped between the search and the opening", () => {
	test("a file that became a link shows nothing", async () => {
		const { root, outside } = repository;
		const path = join(root, "src/keep.ts");
		await rename(path, `${path}.old`);
		await symlink(join(outside, "secret.ts"), path);
		expect(await readSource(root, "src/keep.ts")).toBeUndefined();
		await rm(path);
		await symlink("app.ts", path);
		expect(await readSource(root, "src/keep.ts")).toBeUndefined();
		await rm(path);
		await rename(`${path}.old`, path);
	});

	test("a folder that became a link shows nothing", async () => {
		const { root, outside } = repository;
		await rename(join(root, "config"), join(root, "config.old"));
		await symlink(outside, join(root, "config"));
		expect(await readSource(root, "config/secret.ts")).toBeUndefined();
		await rm(join(root, "config"));
		await rename(join(root, "config.old"), join(root, "config"));
	});
});

describe("a repository that names programs to run", () => {
	const settings: readonly (readonly [string, string])[] = [
		["core.fsmonitor", "MARKER"],
		["core.pager", "MARKER"],
		["core.editor", "MARKER"],
		["core.sshCommand", "MARKER"],
		["core.askPass", "MARKER"],
		["core.gitProxy", "MARKER"],
		["core.alternateRefsCommand", "MARKER"],
		["core.hooksPath", "HOOKS"],
		["diff.external", "MARKER"],
		["diff.evil.command", "MARKER"],
		["diff.evil.textconv", "MARKER"],
		["filter.evil.clean", "MARKER"],
		["filter.evil.smudge", "MARKER"],
		["filter.evil.process", "MARKER"],
		["merge.evil.driver", "MARKER"],
		["gpg.program", "MARKER"],
		["log.showSignature", "true"],
		["pager.log", "MARKER"],
		["pager.blame", "MARKER"],
		["credential.helper", "!MARKER"],
		["alias.log", "!MARKER"],
		["alias.blame", "!MARKER"],
		["interactive.diffFilter", "MARKER"],
		["uploadpack.packObjectsHook", "MARKER"],
		["remote.origin.url", "ext::MARKER"],
		["remote.origin.promisor", "true"],
		["remote.origin.uploadpack", "MARKER"],
		["remote.origin.vcs", "MARKER"],
		["extensions.partialClone", "origin"],
		["protocol.allow", "always"],
		["protocol.ext.allow", "always"],
		["trailer.x.command", "MARKER"],
	];

	test("runs none of them", async () => {
		const { root, git, marker, search } = repository;
		await writeFile(join(root, ".gitattributes"), "* filter=evil diff=evil merge=evil\n");
		git("add", ".gitattributes");
		git("commit", "--quiet", "--message", "attributes");
		for (const hook of ["post-index-change", "reference-transaction", "pre-auto-gc"]) {
			await symlink(marker, join(root, ".git/hooks", hook)).catch(() => undefined);
		}
		await writeFile(
			join(root, "src/app.ts"),
			"export function run() {\n\n  throw new Error('APP_FAILED'); // TOP\n}\n",
		);
		for (const [name, value] of settings) {
			git("config", name, value.replace("MARKER", marker).replace("HOOKS", join(root, ".git/hooks")));
		}
		const found = await search.search({ errorCode: "APP_FAILED" }, signal);
		expect(found.matches).toBe(2);
		expect(renderSearch(found)).toContain("first;");
		await search.search({ query: "throw", path: "src" }, signal);
		await search.search({ errorCode: "NEVER_RAISED" }, signal);
		await search.commitsSince(0, Date.now() / 1000, signal);
		await search.changesOf((await search.commit("HEAD", signal)).id, [{ path: "src/app.ts" }], signal);
		expect(repository.hasRun()).toBe(false);
		// The trap is a real one: git as everyone runs it walks into it.
		try {
			git("status");
		} catch {
			// The marker program fails, and with it git; or git does without.
		}
		expect(repository.hasRun()).toBe(true);
	});
});
