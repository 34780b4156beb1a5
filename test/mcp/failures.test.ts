// Every failure, thrown by a tool: what the agent reads, and what the log holds.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineTool, readsRepository } from "../../src/answer/index.ts";
import { CasesRefused } from "../../src/cases/exchange.ts";
import { TooManyCases } from "../../src/cases/memory.ts";
import { AlertNotTaken } from "../../src/cli/watch.ts";
import { CommitAmbiguous, CommitUnknown } from "../../src/codebase/commits/find-commit.ts";
import { PathHidden, PathIgnored, PathMissing } from "../../src/codebase/find/confine.ts";
import { PatternInvalid } from "../../src/codebase/find/ripgrep.ts";
import { NotText } from "../../src/codebase/read-lines.ts";
import { loadConfig } from "../../src/config/index.ts";
import { createLogger } from "../../src/mcp/log.ts";
import { createServer } from "../../src/mcp/server.ts";
import * as patch from "../../src/patch/failures/index.ts";
import { TableMissing } from "../../src/production/database.ts";
import { createServices } from "../../src/services.ts";
import * as skillomatic from "../../src/source/failures/index.ts";
import * as sql from "../../src/sql/failures/index.ts";
import { TimeStorageUnknown } from "../../src/sql/time.ts";
import { PathRefused } from "../../src/system/confined-file.ts";
import { GitFailed } from "../../src/system/git.ts";
import * as system from "../../src/system/index.ts";
import { ProcessNotStarted } from "../../src/system/process.ts";
import { FileNotWritten } from "../../src/system/write-file.ts";
import { describeError, type Explanation, Failure, InvalidArgument } from "../../src/text/index.ts";

/** One of each class. A new class is added here; the first test says so. */
const thrown: Readonly<Record<string, Failure>> = {
	AlertNotTaken: new AlertNotTaken("/usr/local/bin/page", "ended with exit code 1"),
	InvalidArgument: new InvalidArgument("limit", "it is 0, and 1 to 200 are accepted.", "Give 20."),
	RepositoryUnset: new system.RepositoryUnset(),
	RepositoryUnchosen: new system.RepositoryUnchosen(["web", "worker"]),
	RipgrepBroken: new system.RipgrepBroken("it ended with code 127"),
	SettingUnusable: new system.SettingUnusable("PROD_DEBUGGER_TIMEOUT_MS: it is not a number."),
	AuditLogUnusable: new system.AuditLogUnusable("/tmp/audit.jsonl", "ENOSPC"),
	DeadlineExceeded: new system.DeadlineExceeded(15_000),
	FileNotRead: new system.FileNotRead("/tmp/cases.json", "missing"),
	CasesRefused: new CasesRefused("wrong", "cases.3.status"),
	TooManyCases: new TooManyCases(400, 120),
	FileNotWritten: new FileNotWritten("/tmp/report.html", "no_folder"),
	GitFailed: new GitFailed("log", "exited", "fatal: bad object HEAD\n"),
	PathRefused: new PathRefused("../x", "outside"),
	ProcessNotStarted: new ProcessNotStarted("/usr/bin/git", "EAGAIN"),
	ProgramMissing: new system.ProgramMissing("git"),
	StateFolderUnusable: new system.StateFolderUnusable("/tmp/state", "link"),
	TimeStorageUnknown: new TimeStorageUnknown("error_events"),
	TableMissing: new TableMissing("error_events"),
	PathHidden: new PathHidden(".env"),
	CommitAmbiguous: new CommitAmbiguous("abcd", [`abcd${"0".repeat(36)}`, `abcd${"1".repeat(36)}`]),
	CommitUnknown: new CommitUnknown("abcd", "not_here_shallow"),
	PathIgnored: new PathIgnored("dist"),
	PathMissing: new PathMissing("src/ap.ts", "src/app.ts"),
	NotText: new NotText("logo.png"),
	PatternInvalid: new PatternInvalid("unclosed group", 4),
	EditRefused: new patch.EditRefused("src/app.ts", "edits[0]", { kind: "none", nearest: undefined }),
	PatchRefused: new patch.PatchRefused("hidden", ".env"),
	PatchUnknown: new patch.PatchUnknown("0123abcd"),
	RevertConflicts: new patch.RevertConflicts("a1b2c3d", [
		{
			path: "src/app.ts",
			kind: "contents",
			lines: [{ from: 3, to: 5 }],
			since: [{ commit: "b2c3d4e", subject: "Wait longer" }],
			dirty: false,
		},
	]),
	KeyMissing: new skillomatic.KeyMissing(),
	KeyRejected: new skillomatic.KeyRejected(),
	NotSuperAdmin: new skillomatic.NotSuperAdmin(),
	RouteNotFound: new skillomatic.RouteNotFound(["https://api.example.com/v1"]),
	TableNotListed: new skillomatic.TableNotListed("Unknown table: x"),
	QueryRefused: new skillomatic.QueryRefused("Forbidden keyword: DROP"),
	RateLimited: new skillomatic.RateLimited(12),
	BudgetUsedUp: new skillomatic.BudgetUsedUp(60, 12),
	DatabaseError: new skillomatic.DatabaseError("no such column: x"),
	ServerFault: new skillomatic.ServerFault(502),
	Redirected: new skillomatic.Redirected(302, "https://login.example.com/"),
	UnexpectedAnswer: new skillomatic.UnexpectedAnswer("html", "text/html"),
	ConnectionFailed: new skillomatic.ConnectionFailed("api.example.com", "ECONNREFUSED", false),
	ProxyRefused: new skillomatic.ProxyRefused(
		"api.example.com",
		{ url: "http://u:p@proxy:3128", shown: "http://proxy:3128", by: "HTTPS_PROXY" },
		407,
	),
	CertificateInvalid: new skillomatic.CertificateInvalid("api.example.com", "CERT_HAS_EXPIRED"),
	TokenUnfit: new skillomatic.TokenUnfit({ is: "not_read_only", held: '"rw"' }),
	TokenMissing: new skillomatic.TokenMissing(),
	TokenRejected: new skillomatic.TokenRejected(401),
	NotSkillomaticDatabase: new skillomatic.NotSkillomaticDatabase("db.example.com", "other_tables"),
	BothFailed: new skillomatic.BothFailed(
		new skillomatic.ServerFault(503),
		new skillomatic.TokenRejected(401),
	),
	NotReadOnlyThere: new skillomatic.NotReadOnlyThere(),
	SqlTextRefused: new sql.SqlTextRefused("empty", ""),
	NotOneSelect: new sql.NotOneSelect("not_select", "DELETE"),
	SqlInvalid: new sql.SqlInvalid('near "FORM": syntax error'),
	NameUnknown: new sql.NameUnknown("column", "error_cod", "error_code", ["error_code", "id"]),
	FunctionLacking: new sql.FunctionLacking("mod", "3.40.1", "x % y"),
	QuotedTextUnclear: new sql.QuotedTextUnclear("error_cod", "error_code"),
	ColumnWithheld: new sql.ColumnWithheld("users", "email", "personal", ["id"]),
	FormRefused: new sql.FormRefused("natural_join", ""),
	PlanUnbounded: new sql.PlanUnbounded({ seconds: 400, bytes: 1e9, scans: ["error_events"], allowance: 1 }),
	CannotBeSent: new sql.CannotBeSent("drop"),
	OwnQueryUnsound: new sql.OwnQueryUnsound("it reads users.email"),
	DeploymentLacks: new sql.DeploymentLacks("column", "error_events.provider"),
};

/** A subclass that words nothing: JavaScript cannot refuse it, as the compiler does. */
class Wordless extends Failure {
	readonly kind = "wordless";

	explain(): Explanation {
		return { problem: "", next: "" };
	}
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of open.splice(0)) await close();
});

/** A server with one tool, which throws. */
async function callThrowing(error: unknown) {
	const lines: string[] = [];
	const log = createLogger("info", { write: (line: string) => void lines.push(line) });
	const services = createServices(await loadConfig({}, {}, process.cwd()));
	const failing = defineTool({
		name: "failing",
		title: "Fails",
		description: "Fails.",
		summary: "fails",
		example: {},
		input: z.strictObject({}),
		output: undefined,
		annotations: readsRepository,
		deadline: "own",
		run: () => Promise.reject(error),
	});
	const client = new Client({ name: "prod-debugger-test", version: "1.0.0" });
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	await createServer(services, [failing], log).connect(theirs);
	await client.connect(ours);
	open.push(async () => {
		await client.close();
		await services.close();
	});
	const { content, isError } = await client.callTool({ name: "failing", arguments: {} });
	const text = content.map((part) => ("text" in part ? part.text : "")).join("\n");
	return { text, isError, log: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

test("each class that extends Failure is thrown here", async () => {
	const files = await readdir("src", { recursive: true });
	const sources = await Promise.all(
		files.filter((file) => file.endsWith(".ts")).map((file) => readFile(join("src", file), "utf8")),
	);
	const classes = sources.flatMap((source) =>
		[...source.matchAll(/class (\w+) extends Failure\b/g)].map(([, name]) => name),
	);
	expect(classes.sort()).toEqual(Object.keys(thrown).sort());
});

describe("a failure carries its own sentence", () => {
	test.for(Object.entries(thrown))("%s", async ([name, failure]) => {
		const { text, isError, log } = await callThrowing(failure);
		expect(isError).toBe(true);
		expect(text).toBe(describeError(failure));
		// A problem of several words, and whole sentences.
		expect(text).toMatch(/\w+ \w+ \w+.*[.?)]$/s);
		expect(text).not.toMatch(/undefined|\[object|NaN/);
		expect(failure.constructor.name).toBe(name);
		const says = text.replace(/"[^"]*"/g, '"…"');
		expect(log).toMatchObject([{ tool: "failing", outcome: "failed", failure: failure.kind, says }]);
	});

	test("a secret that a failure quotes is masked in both", async () => {
		const key = "sk_live_0123456789abcdef0123456789abcdef";
		const { text, log } = await callThrowing(new skillomatic.ConnectionFailed("h", key, false));
		expect(text + JSON.stringify(log)).not.toContain(key);
	});
});

describe("what is not worded", () => {
	test.for([
		["an unknown error", new TypeError("row holds secret-row-content"), "TypeError"],
		["a failure without words", new Wordless(), "failure without words: wordless"],
		["a thrown text", "secret-row-content", "string"],
	] as const)("%s is an internal error with an id", async ([, error, fault]) => {
		const { text, isError, log } = await callThrowing(error);
		const [, id] = /\(id ([0-9a-f]{8})\)/.exec(text) ?? [];
		expect(isError).toBe(true);
		expect(text).toMatch(/^failing failed with an internal error of prod-debugger-mcp \(id [0-9a-f]{8}\)\. /);
		expect(log).toMatchObject([
			{ level: "info", outcome: "internal_error", id },
			{ level: "error", tool: "failing", id, fault },
		]);
		expect(text + JSON.stringify(log)).not.toContain("secret-row-content");
	});

	test("the stack in the log names file and line", async () => {
		const { log } = await callThrowing(new RangeError("x"));
		expect(log[1]?.stack).toContainEqual(expect.stringMatching(/failures\.test\.ts:\d+:\d+/));
	});
});
