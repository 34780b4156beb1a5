import { cp, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { command, connect } from "./connect.ts";

const faultLine = z.object({ tool: z.string(), fault: z.string(), stack: z.array(z.string()) });

let base: string;
let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
	base = await realpath(await mkdtemp(join(tmpdir(), "source-map-")));
});
afterAll(async () => {
	await sandbox.close();
	await rm(base, { recursive: true, force: true });
});

/** The stack that is logged by a copy of dist/ without its SQL engine, which is a fault of no known kind. */
async function stackWithout(...missing: readonly string[]): Promise<readonly string[]> {
	const folder = await mkdtemp(join(base, "dist-"));
	await cp(dirname(command), folder, {
		recursive: true,
		filter: (path) => !["sqlite3.wasm", ...missing].includes(basename(path)),
	});
	const server = await connect({
		program: join(folder, basename(command)),
		env: { SKILLOMATIC_API_KEY: sandbox.keys.superAdmin, SKILLOMATIC_API_URL: sandbox.url },
	});
	let log = "";
	server.stderr?.on("data", (chunk: Buffer) => {
		log += chunk.toString("utf8");
	});
	const { isError } = await server.call("query_database", { sql: "SELECT 1 AS n" });
	await server.close();
	expect(isError, log).toBe(true);
	const lines = log.split("\n").filter((line) => line !== "");
	return lines.flatMap((line) => faultLine.safeParse(JSON.parse(line)).data?.stack ?? []);
}

test("an unknown error's stack in the log names files and lines of the sources", async () => {
	const stack = await stackWithout();
	const line = Number(/\bsrc\/system\/assets\.ts:(\d+):\d+/.exec(stack.join("\n"))?.[1]);
	// The package is not beside that copy, so that this is what throws.
	expect((await readFile("src/system/assets.ts", "utf8")).split("\n")[line - 1]).toContain(".resolve(");
	expect(stack.join("\n")).toMatch(/\bsrc\/sql\/\S+\.ts:\d+:\d+/);
	expect(stack.join("\n")).not.toContain("bundle.js");
});

test("without the map it names the bundle's places", async () => {
	const stack = await stackWithout("bundle-map.json");
	expect(stack.join("\n")).toMatch(/\bbundle\.js:\d+:\d+/);
});
