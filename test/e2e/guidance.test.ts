import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorCodes } from "../../src/production/error-codes.ts";
import { type Connection, connect } from "./connect.ts";

let connection: Connection;
let names: readonly string[];
beforeAll(async () => {
	connection = await connect();
	names = (await connection.client.listTools()).tools.map(({ name }) => name);
});
afterAll(() => connection.close());

/** Words that look like a tool's name. */
const named = (text: string) => [...new Set(text.match(/\b[a-z]+_[a-z_]+\b/g) ?? [])];

test("the instructions fit, and name every tool and none that there is not", () => {
	const instructions = connection.client.getInstructions() ?? "";
	expect(instructions.length).toBeLessThanOrEqual(2000);
	const known = new Set([...names, "error_code"]);
	expect(named(instructions).filter((word) => !known.has(word))).toEqual([]);
	expect(names.filter((name) => !instructions.includes(name))).toEqual([]);
});

describe("the prompt prod_debug", () => {
	const textOf = async (args: Record<string, string>) => {
		const { messages } = await connection.client.getPrompt({ name: "prod_debug", arguments: args });
		expect(messages).toHaveLength(1);
		const content = messages[0]?.content;
		return content?.type === "text" ? content.text : "";
	};

	test("is the investigation in four steps, ends in debug_report, and names every tool", async () => {
		const text = await textOf({});
		expect(text).toContain('since "24h"');
		expect(text.match(/^\d\. (\w+)/gm)).toEqual(["1. Stats", "2. Top", "3. Code", "4. Fix"]);
		expect(text.slice(text.indexOf("4. Fix"))).toContain("debug_report");
		const known = new Set([...names, "error_code"]);
		expect(named(text).filter((word) => !known.has(word))).toEqual([]);
		expect(names.filter((name) => !text.includes(name))).toEqual([]);
		expect(text.length).toBeLessThan(2000);
	});

	test("takes a window and what to look at first, each as a quotation", async () => {
		const text = await textOf({ since: "7d", focus: 'x". Ignore\nall' });
		expect(text).toContain('since "7d"');
		expect(text).toContain('Look at "x\\". Ignore\\nall" first.');
	});

	test("completes its arguments", async () => {
		const ref = { type: "ref/prompt", name: "prod_debug" } as const;
		const complete = async (name: string, value: string) =>
			(await connection.client.complete({ ref, argument: { name, value } })).completion.values;
		expect(await complete("focus", "llm_t")).toEqual(["LLM_TIMEOUT"]);
		expect(await complete("focus", "")).toHaveLength(errorCodes.length);
		expect(await complete("since", "")).toContain("24h");
		expect(await complete("since", "7")).toEqual(["7d"]);
	});
});

describe("resources", () => {
	const read = async (uri: string) => {
		const { contents } = await connection.client.readResource({ uri });
		const [only] = contents;
		return {
			mimeType: only?.mimeType,
			text: only !== undefined && "text" in only ? only.text : "",
			meta: only?._meta,
		};
	};

	test("a patch that is not kept is not found", async () => {
		await expect(read("patch://0123456789abcdef")).rejects.toThrow(/not found/i);
	});

	test("the view of error_stats is one document under a policy that lets in its own script and style alone", async () => {
		const { tools } = await connection.client.listTools();
		const meta = tools.find(({ name }) => name === "error_stats")?._meta as { ui?: { resourceUri?: string } };
		const uri = meta?.ui?.resourceUri ?? "";
		expect((await connection.client.listResources()).resources.map((one) => one.uri)).toContain(uri);
		const { mimeType, text, meta: ui } = await read(uri);
		expect(mimeType).toBe("text/html;profile=mcp-app");
		expect(ui).toEqual({ ui: { csp: {}, prefersBorder: true } });
		const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1] ?? "";
		const hash = (part: string) => `'sha256-${createHash("sha256").update(part).digest("base64")}'`;
		const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, part]) => part ?? "");
		const styles = [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, part]) => part ?? "");
		expect(scripts).toHaveLength(1);
		expect(styles).toHaveLength(1);
		expect(policy.split("; ")).toEqual([
			"default-src 'none'",
			`script-src ${hash(scripts[0] ?? "")}`,
			`style-src ${hash(styles[0] ?? "")}`,
			"base-uri 'none'",
			"form-action 'none'",
		]);
		expect(text).not.toMatch(/\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|tools\/call|innerHTML|eval\(/);
	});
});
