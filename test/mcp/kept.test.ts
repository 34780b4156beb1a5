// What resources/list names of what is kept, and what reading one shows.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "../../src/mcp/log.ts";
import { createServer } from "../../src/mcp/server.ts";
import { debugReport } from "../../tools/debug_report.ts";
import { tools } from "../../tools/index.ts";
import { proposePatch } from "../../tools/propose_patch.ts";
import { type Home, makeHome, now } from "../cases/stage.ts";
import { answerOf } from "../production/call.ts";
import type { Stage } from "../production/stage.ts";

let home: Home;
let stage: Stage;
let client: Client;

beforeEach(async () => {
	home = await makeHome();
	stage = await home.at(now, {});
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	await createServer(stage.services, tools, createLogger("error")).connect(ours);
	client = new Client({ name: "host", version: "1" });
	await client.connect(theirs);
});
afterEach(async () => {
	await client.close();
	await stage.close();
	await home.remove();
});

const isKept = ({ uri }: { readonly uri: string }) => /^(?:patch|case|report):/.test(uri);

async function read(uri: string): Promise<string> {
	const { contents } = await client.readResource({ uri });
	return contents.map((one) => ("text" in one ? one.text : "")).join();
}

test("nothing is kept at first, and listing makes no folder", async () => {
	expect((await client.listResources()).resources.filter(isKept)).toEqual([]);
	await expect(readdir(home.stateFolder)).rejects.toThrow();
});

test("a patch, its case and the report by readable names, each readable", async () => {
	await answerOf(stage.services, proposePatch, {
		title: "Wait longer\u202e",
		rationale: "r",
		error_code: "ATS_TIMEOUT",
		edits: [{ path: "src/gmail.ts", old_text: "504", new_text: "503" }],
	});
	const report = await answerOf(stage.services, debugReport, {
		issues: [{ error_code: "ATS_TIMEOUT", root_cause: "A short pause.", proposed_fix: "Wait." }],
	});
	const kept = (await client.listResources()).resources.filter(isKept);
	expect(kept.map(({ name }) => name).sort()).toEqual([
		expect.stringMatching(/^Case: ATS_TIMEOUT.*, (?:open|patched)$/),
		...(kept.length === 4 ? [expect.stringMatching(/^Case: ATS_TIMEOUT/)] : []),
		"Patch: Wait longer\\u{202e}",
		"Report of 2026-11-23T20:00:00Z: 0 errors, ATS_TIMEOUT",
	]);
	const uri = (start: string) => kept.find((one) => one.uri.startsWith(start))?.uri ?? "";
	const cases = await Promise.all(
		kept
			.filter(isKept)
			.filter(({ uri }) => uri.startsWith("case:"))
			.map((one) => read(one.uri)),
	);
	expect(cases.join()).toContain("  cause  A short pause.");
	expect(cases[0]).toMatch(/^Untrusted text/);
	expect(await read(uri("report:"))).toBe("answer" in report ? report.answer.text : "");
	expect(await read(uri("patch:"))).toContain("+\tthrow new AppError");
	await expect(read("case://00000000")).rejects.toThrow();
	await expect(read("report://../../etc")).rejects.toThrow();
});

test("many come page by page, each once", async () => {
	await answerOf(stage.services, proposePatch, {
		title: "t",
		rationale: "r",
		edits: [{ path: "new.md", content: "x\n" }],
	});
	const folder = join(home.stateFolder, "patches");
	const [record = ""] = (await readdir(folder)).filter((name) => name.endsWith(".json"));
	const text = await readFile(join(folder, record), "utf8");
	for (let index = 0; index < 119; index++)
		await writeFile(join(folder, `${String(index).padStart(16, "0")}.json`), text, { mode: 0o600 });
	const seen: string[] = [];
	const sizes: number[] = [];
	let cursor: string | undefined;
	do {
		const page = await client.request({
			method: "resources/list",
			params: cursor === undefined ? {} : { cursor },
		});
		const kept = page.resources.filter(isKept);
		sizes.push(kept.length);
		seen.push(...kept.map(({ uri }) => uri));
		cursor = page.nextCursor;
	} while (cursor !== undefined);
	expect(sizes).toEqual([50, 50, 20]);
	expect(new Set(seen).size).toBe(120);
});
