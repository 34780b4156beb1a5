import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildView } from "../../scripts/view.ts";
import { createStoryCodebase } from "../../src/sandbox/codebase.ts";
import type { Services } from "../../src/services.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { type ChartData, chartKey } from "../../src/visual/chart-data.ts";
import { errorStats } from "../../tools/error_stats.ts";
import { now, setStage } from "../report/stage.ts";
import { openBrowser, overlaps, seenTexts } from "./browser.ts";
import { type FakeHost, openHost } from "./host.ts";
import { fillHostile } from "./hostile.ts";

type Result = Readonly<Record<string, unknown>>;

let browser: Browser;
let html: string;
let folder: string;
const results: Record<"story" | "commits" | "bySkill" | "hostile" | "empty", Result> = {
	story: {},
	commits: {},
	bySkill: {},
	hostile: {},
	empty: {},
};

/** A result as the host has it. */
async function call(services: Services, args: Readonly<Record<string, unknown>>): Promise<Result> {
	const context = { services, signal: new AbortController().signal, progress: () => {} };
	const { text, structured, meta } = await errorStats.run(errorStats.input.parse(args), context);
	return { content: [{ type: "text", text }], structuredContent: structured, _meta: meta };
}

beforeAll(async () => {
	const root = fileURLToPath(new URL("../..", import.meta.url));
	[browser, html] = await Promise.all([openBrowser(), buildView(root, "0.0.0-test")]);
	const story = await setStage();
	results.story = await call(story.services, {});
	results.bySkill = await call(story.services, { group_by: ["skill"] });
	await story.close();
	folder = await mkdtemp(join(tmpdir(), "prod-debugger-view-"));
	const code = join(folder, "skillomatic");
	await createStoryCodebase(code, { now, signal: new AbortController().signal });
	const repository = { root: await resolveRepositoryRoot(code), stateFolder: join(folder, "state") };
	const commits = await setStage({ repository });
	results.commits = await call(commits.services, {});
	await commits.close();
	const hostile = await setStage({ fill: (db) => fillHostile(db, now) });
	results.hostile = await call(hostile.services, { group_by: ["skill", "provider"] });
	await hostile.close();
	const empty = await setStage({ fill: "empty" });
	results.empty = await call(empty.services, {});
	await empty.close();
});
afterAll(async () => {
	await browser?.close();
	await rm(folder, { recursive: true, force: true });
});

const dataOf = (result: Result): ChartData =>
	(result._meta as Record<string, ChartData>)[chartKey] as ChartData;

async function show(host: FakeHost, result: Result): Promise<void> {
	await host.send({ method: "ui/notifications/tool-input", params: { arguments: {} } });
	await host.send({ method: "ui/notifications/tool-result", params: result });
	await host.view().waitForFunction(() => !document.body.textContent?.startsWith("Waiting"));
}

const barsOf = (host: FakeHost) =>
	host
		.view()
		.locator("rect.bar title")
		.evaluateAll((titles) =>
			titles.map((title) => Number(/: ([\d,]+)$/.exec(title.textContent ?? "")?.[1]?.replaceAll(",", ""))),
		);
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

describe("in a host", () => {
	test("shakes hands, draws what the result carries, tells its size, and asks for nothing else", async () => {
		const host = await openHost(browser, html);
		await show(host, results.story);
		const data = dataOf(results.story);
		expect(sum(await barsOf(host))).toBe(data.total);
		expect(await host.view().locator("button").count()).toBeGreaterThan(5);
		await host
			.view()
			.waitForFunction(
				() => document.documentElement.scrollHeight <= window.innerHeight && window.innerHeight !== 300,
			);
		const messages = await host.messages();
		expect(messages[0]).toMatchObject({
			jsonrpc: "2.0",
			method: "ui/initialize",
			params: {
				protocolVersion: "2026-01-26",
				appInfo: { name: "prod-debugger-error-stats", version: "0.0.0-test" },
			},
		});
		expect(new Set(messages.map(({ method }) => method))).toEqual(
			new Set(["ui/initialize", "ui/notifications/initialized", "ui/notifications/size-changed"]),
		);
		expect(host.requests).toEqual([]);
		expect(host.complaints).toEqual([]);
		await host.page.context().close();
	});

	test("shows one code alone when its button is pressed, by keyboard too, and all of them again", async () => {
		const host = await openHost(browser, html);
		await show(host, results.story);
		const data = dataOf(results.story);
		const second = data.codes[1];
		await host.view().locator("button").nth(2).focus();
		await host.page.keyboard.press("Enter");
		expect(sum(await barsOf(host))).toBe(sum(second?.counts ?? []));
		expect(await host.view().locator("button[aria-pressed=true]").textContent()).toContain(second?.code);
		expect(await host.view().evaluate(() => document.activeElement?.getAttribute("aria-pressed"))).toBe(
			"true",
		);
		await host.view().locator("button").first().click();
		expect(sum(await barsOf(host))).toBe(data.total);
		await host.page.context().close();
	});

	test.each([
		["taken", "Asked"],
		["refused", "The host did not take the question"],
	] as const)("asks about the chosen code where the host takes messages (%s)", async (message, said) => {
		const host = await openHost(browser, html, { message });
		await show(host, results.story);
		const ask = host.view().getByRole("button", { name: "Ask about this code" });
		expect(await ask.count()).toBe(0);
		await host.view().locator("button").nth(1).click();
		const code = dataOf(results.story).codes[0]?.code ?? "";
		await ask.click();
		await host.view().getByRole("button", { name: said }).waitFor();
		const sent = (await host.messages()).filter(({ method }) => method === "ui/message");
		expect(sent).toHaveLength(1);
		expect(sent[0]?.params).toEqual({
			role: "user",
			content: [{ type: "text", text: expect.stringContaining(`Look into ${code} in production`) }],
		});
		await host.page.context().close();
	});

	test("asks nothing where the host takes no messages, and never with a client's own text", async () => {
		const silent = await openHost(browser, html);
		await show(silent, results.story);
		await silent.view().locator("button").nth(1).click();
		expect(await silent.view().locator("[data-ask]").count()).toBe(0);
		await silent.page.context().close();
		const host = await openHost(browser, html, { message: "taken" });
		await show(host, results.hostile);
		for (let index = 1; index < (await host.view().locator(".choice button").count()); index++) {
			await host.view().locator(".choice button").nth(index).click();
			expect(await host.view().locator("[data-ask]").count()).toBe(0);
		}
		await host.page.context().close();
	});

	test("marks the commits that episodes name, and says the findings that they do not", async () => {
		const host = await openHost(browser, html);
		await show(host, results.commits);
		const data = dataOf(results.commits);
		expect(data.marks.map(({ words }) => words).join("\n")).toMatch(
			/[0-9a-f]{7} refactor\(gmail\): token cache/,
		);
		const inWindow = data.marks.filter(
			({ at }) => at >= data.start && at <= data.start + data.width * data.counts.length,
		);
		expect(inWindow.length).toBeGreaterThan(0);
		expect(await host.view().locator("svg.marker").count()).toBe(inWindow.length);
		const told = data.episodes.map(({ words }) => words);
		const found = await host.view().locator(".findings li").allTextContents();
		expect(found.length).toBeGreaterThan(0);
		for (const words of found) {
			expect(data.findings).toContain(words);
			expect(told).not.toContain(words);
		}
		await host.page.context().close();
	});

	test("other groupings stand in a table, with the share of each", async () => {
		const host = await openHost(browser, html);
		await show(host, results.bySkill);
		const data = dataOf(results.bySkill);
		const rows = await host
			.view()
			.locator("tbody tr")
			.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
		expect(rows[0]?.[0]).toBe(data.groups[0]?.name);
		expect(sum(rows.map((row) => Number(row[1]?.replaceAll(",", ""))))).toBe(data.total);
		await host.page.context().close();
	});

	test("hostile texts are text, and a window that is not the host is not heard", async () => {
		const host = await openHost(browser, html);
		await show(host, results.hostile);
		expect(await host.view().locator("img, iframe, a, body script ~ script").count()).toBe(0);
		expect(await host.view().evaluate(() => (window as { __ran?: unknown }).__ran)).toBeUndefined();
		expect(await host.view().locator("body").textContent()).toContain("<script>window.__ran = 2</script>");
		const before = await host.view().locator("body").innerHTML();
		await host.page.evaluate(
			(forged) => {
				const stranger = document.createElement("iframe");
				document.body.append(stranger);
				const script = stranger.contentDocument?.createElement("script");
				if (script === undefined) throw new Error("no frame");
				script.textContent = `parent.frames[0].postMessage(${JSON.stringify(forged).replaceAll("<", "\\u003c")}, "*")`;
				stranger.contentDocument?.body.append(script);
			},
			{ jsonrpc: "2.0", method: "ui/notifications/tool-result", params: results.story },
		);
		await host.send({ id: 7, method: "ping" });
		await host.page.waitForFunction(() =>
			(window as unknown as { messages: { id?: number }[] }).messages.some(({ id }) => id === 7),
		);
		expect(await host.view().locator("body").innerHTML()).toBe(before);
		expect(host.requests).toEqual([]);
		await host.page.context().close();
	});

	test("says so when there is nothing to draw, or what it got is not ours", async () => {
		const host = await openHost(browser, html);
		const said = async (params: Result) => {
			await host.send({ method: "ui/notifications/tool-result", params });
			await host.send({ id: 9, method: "ping" });
			return host.view().locator("body").textContent();
		};
		expect(await said({ content: [] })).toBe("There is nothing to draw.");
		expect(await said({ content: [], isError: true })).toBe("The call failed; the answer says why.");
		const data = dataOf(results.story);
		for (const wrong of [
			{ ...data, counts: ["<img>"] },
			{ ...data, width: 0 },
			{ ...data, start: Number.MAX_VALUE },
			{ ...data, codes: [{ code: 1, counts: [] }] },
			{ ...data, groups: "all" },
			{ ...data, counts: new Array(5000).fill(1) },
		]) {
			expect(await said({ _meta: { [chartKey]: wrong } })).toBe("There is nothing to draw.");
		}
		expect(await said(results.empty)).toContain("0 errors");
		await host.send({ method: "ui/notifications/tool-cancelled", params: { reason: "x" } });
		await host.send({ id: 11, method: "ui/resource-teardown", params: {} });
		await host.page.waitForFunction(() =>
			(window as unknown as { messages: { id?: number }[] }).messages.some(({ id }) => id === 11),
		);
		expect(await host.view().locator("body").textContent()).toBe("The call was cancelled.");
		expect(host.complaints).toEqual([]);
		await host.page.context().close();
	});

	test.each([
		["light", 720],
		["dark", 390],
	] as const)("%s as the host has it, at %i pixels: all of it can be read", async (theme, width) => {
		const other = theme === "dark" ? "light" : "dark";
		for (const result of [results.story, results.hostile]) {
			const host = await openHost(browser, html, {
				theme,
				colorScheme: other,
				viewport: { width, height: 800 },
			});
			await show(host, result);
			const ground = await host.view().evaluate(() => getComputedStyle(document.body).backgroundColor);
			expect(ground).toBe(theme === "dark" ? "rgb(16, 20, 24)" : "rgb(255, 255, 255)");
			expect(await host.view().evaluate(() => document.documentElement.scrollWidth)).toBe(width);
			await host.view().waitForFunction(() => document.documentElement.scrollHeight <= window.innerHeight);
			const texts = await seenTexts(host.view());
			expect(texts.length).toBeGreaterThan(5);
			expect(overlaps(texts)).toEqual([]);
			expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
			await host.page.context().close();
		}
	});
});

test("the model does not pay for the view's data: they stand in _meta alone", () => {
	const { _meta, ...read } = results.story;
	expect(JSON.stringify(read)).not.toContain(chartKey);
	expect(Object.keys(_meta as object)).toEqual([chartKey]);
	expect(dataOf(results.story).codes.length).toBeGreaterThan(5);
	for (const { counts } of dataOf(results.story).codes) {
		expect(counts.length).toBe(dataOf(results.story).counts.length);
	}
});
