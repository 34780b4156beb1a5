// What a session is told unasked: only where the user wants it, once, and marked as production's words.

import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import { createLogger } from "../../src/mcp/log.ts";
import { createServer } from "../../src/mcp/server.ts";
import { tools } from "../../tools/index.ts";
import { backgroundOf, type Home, hour, makeHome, now, steady } from "../cases/stage.ts";
import type { Stage } from "../production/stage.ts";

let home: Home;
let stage: Stage;
beforeEach(async () => {
	home = await makeHome();
	stage = await home.at(now, { events: [...backgroundOf(now), ...steady(now - 5 * hour, now, 25)] });
});
afterEach(async () => {
	await stage.close();
	await home.remove();
});

interface Told {
	readonly method: string;
	readonly params?: { readonly content?: string; readonly meta?: Record<string, string> };
}

/** A session until the server's second round is done. */
async function session(watchEveryMs: number | undefined) {
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	let end = () => {};
	const ended = new Promise<void>((resolve) => {
		end = resolve;
	});
	let rounds = 0;
	const config = { ...stage.services.config, ...(watchEveryMs === undefined ? {} : { watchEveryMs }) };
	const server = createServer({ ...stage.services, config }, tools, createLogger("error"), undefined, () => {
		rounds += 1;
		if (rounds < 2) return Promise.resolve();
		end();
		return new Promise(() => {});
	});
	const client = new Client({ name: "host", version: "1" }, { versionNegotiation: { mode: "legacy" } });
	const told: Told[] = [];
	client.fallbackNotificationHandler = async (notification) => {
		told.push(notification as Told);
	};
	await Promise.all([server.connect(ours), client.connect(theirs)]);
	const capabilities = client.getServerCapabilities();
	if (watchEveryMs !== undefined) await ended;
	await client.close();
	return { told, capabilities };
}

test("off by default: nothing is declared, and nothing told", async () => {
	const { told, capabilities } = await session(undefined);
	expect(told).toEqual([]);
	expect(capabilities?.experimental).toBeUndefined();
});

test("told once, in a marked block, to one session alone", async () => {
	const { told, capabilities } = await session(300_000);
	expect(capabilities?.experimental).toEqual({ "claude/channel": {} });
	expect(told).toHaveLength(1);
	expect(told[0]?.method).toBe("notifications/claude/channel");
	const { content = "", meta } = told[0]?.params ?? {};
	expect(content).toMatch(/^Production, told unasked\./);
	expect(content).toMatch(
		/<untrusted source="production">\n2026-11-23T20:00:00Z {2}on {2}ATS_TIMEOUT .*\n<\/untrusted>$/,
	);
	expect(meta).toMatchObject({ alerts: "on" });
	expect((await session(300_000)).told).toEqual([]);
});

test.each([
	["5m", 300_000],
	["24h", 86_400_000],
	["30s", undefined],
	["25h", undefined],
	["0m", undefined],
])("PROD_DEBUGGER_CHANNEL=%s", async (value, ms) => {
	const { watchEveryMs, problems = [] } = await loadConfig({ PROD_DEBUGGER_CHANNEL: value }, {}, home.base);
	expect(watchEveryMs).toBe(ms);
	expect(problems.length).toBe(ms === undefined ? 1 : 0);
});
