import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectPage } from "../../src/report/page/data.ts";
import { renderPage } from "../../src/report/page/page.ts";
import { pageScript } from "../../src/report/page/page-script.ts";
import { createStoryCodebase } from "../../src/sandbox/codebase.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { now, setStage } from "../report/stage.ts";
import { openBrowser, overlaps, seenTexts, unfold, watch } from "./browser.ts";
import { fillHostile, longWord } from "./hostile.ts";

let browser: Browser;
let folder: string;
const addresses = { story: "", commits: "", hostile: "", empty: "" };
const phone = { width: 390, height: 844 };
/** A4 less Chromium's own margins of 1 cm, in CSS pixels. */
const a4 = { width: 718, height: 1047 };
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function write(
	name: keyof typeof addresses,
	fill: SandboxOptions["fill"],
	repository?: NonNullable<Parameters<typeof setStage>[0]>["repository"],
): Promise<void> {
	const stage = await setStage({
		...(fill === undefined ? {} : { fill }),
		...(repository === undefined ? {} : { repository }),
	});
	try {
		const page = renderPage(
			await collectPage(stage.services, {}, new AbortController().signal),
			await pageScript(),
		);
		const file = join(folder, `${name}.html`);
		await writeFile(file, page);
		addresses[name] = pathToFileURL(file).href;
	} finally {
		await stage.close();
	}
}

/** The story with its repository, so that episodes name commits. */
async function writeWithCommits(): Promise<void> {
	const code = join(folder, "skillomatic");
	await createStoryCodebase(code, { now, signal: new AbortController().signal });
	const root = await resolveRepositoryRoot(code);
	await write("commits", "story", { root, stateFolder: join(folder, "state") });
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "prod-debugger-page-"));
	[browser] = await Promise.all([
		openBrowser(),
		write("story", "story"),
		writeWithCommits(),
		write("hostile", (db) => fillHostile(db, now)),
		write("empty", "empty"),
	]);
});
afterAll(async () => {
	await browser?.close();
	await rm(folder, { recursive: true, force: true });
});

/** Presses Tab until the focus leaves the page. */
async function walk(page: Page): Promise<{ readonly total: number; readonly faults: readonly string[] }> {
	const faults: string[] = [];
	for (let total = 0; ; total++) {
		await page.keyboard.press("Tab");
		const at = await page.evaluate(() => {
			const focused = document.activeElement;
			if (focused === null || focused === document.body) return undefined;
			const box = focused.getBoundingClientRect();
			return {
				name: `${focused.tagName} ${(focused.textContent ?? "").slice(0, 40)}`,
				outlined: getComputedStyle(focused).outlineStyle !== "none",
				inView: box.bottom > 0 && box.top < window.innerHeight && box.width > 0,
			};
		});
		if (at === undefined || total > 500) return { total, faults };
		if (!at.outlined || !at.inView) faults.push(JSON.stringify(at));
	}
}

const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

describe("the page stays by itself", () => {
	test.each(["story", "hostile", "empty"] as const)(
		"%s: no request, no complaint, nothing runs",
		async (name) => {
			const { page, requests, complaints } = await watch(browser, addresses[name]);
			await unfold(page);
			expect(requests).toEqual([]);
			expect(complaints).toEqual([]);
			expect(await page.evaluate(() => (window as { __ran?: unknown }).__ran)).toBeUndefined();
			expect(
				await page
					.locator(
						"script ~ script, img, iframe, object, link, style:not(head > style), body [style]:not(.tip)",
					)
					.count(),
			).toBe(0);
			await page.context().close();
		},
	);

	test("hostile texts are there, word for word", async () => {
		const { page } = await watch(browser, addresses.hostile);
		const words = await page.evaluate(() => document.body.textContent);
		expect(words).toContain(`<script>window.__ran = 2</script>`);
		expect(words).toContain(`"><svg onload="window.__ran = 3"><style>*{display:none}</style>`);
		expect(words).toContain("\\u{202e}txet\\u{200b}");
		expect(words).toContain(longWord.slice(0, 100));
		await page.context().close();
	});

	test("its policy stops what would get into it: scripts, handlers, styles, images, frames, requests", async () => {
		const seen: string[] = [];
		const server: Server = createServer((request, response) => {
			seen.push(request.url ?? "");
			response.end("window.__ran = 1");
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const { page } = await watch(browser, addresses.story);
		const outcome = await page.evaluate(async (origin) => {
			const violated = new Set<string>();
			document.addEventListener("securitypolicyviolation", (event) => violated.add(event.effectiveDirective));
			const add = (name: string, attributes: Record<string, string>, content = "") => {
				const added = document.createElement(name);
				for (const [key, value] of Object.entries(attributes)) added.setAttribute(key, value);
				added.textContent = content;
				document.body.append(added);
			};
			add("script", { src: `${origin}/script` });
			add("script", {}, "window.__ran = 2");
			add("img", { src: `${origin}/image`, onerror: "window.__ran = 3" });
			add("style", {}, "body { background-image: none; color: rgb(1, 2, 3); }");
			add("link", { rel: "stylesheet", href: `${origin}/style` });
			add("iframe", { src: `${origin}/frame` });
			await fetch(`${origin}/fetch`).catch(() => undefined);
			await new Promise((resolve) => setTimeout(resolve, 200));
			return {
				violated: [...violated].sort(),
				ran: (window as { __ran?: unknown }).__ran,
				colour: getComputedStyle(document.body).color,
			};
		}, origin);
		await page.context().close();
		await new Promise((resolve) => server.close(resolve));
		expect(seen).toEqual([]);
		expect(outcome.ran).toBeUndefined();
		expect(outcome.colour).not.toBe("rgb(1, 2, 3)");
		expect(outcome.violated).toEqual(
			expect.arrayContaining(["connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"]),
		);
	});
});

describe("it can be read", () => {
	test.each([
		["story", "light", { width: 1200, height: 900 }],
		["story", "dark", phone],
		["hostile", "light", phone],
		["hostile", "dark", { width: 1200, height: 900 }],
		["empty", "light", phone],
	] as const)(
		"%s, %s, %o: nothing wider than the screen, nothing over another, words stand out",
		async (name, colorScheme, viewport) => {
			const { page } = await watch(browser, addresses[name], { viewport, colorScheme });
			expect(await widthOf(page)).toBe(viewport.width);
			const texts = await seenTexts(page);
			expect(texts.length).toBeGreaterThan(10);
			expect(texts.filter(({ right }) => right > viewport.width)).toEqual([]);
			expect(overlaps(texts)).toEqual([]);
			expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
			const dark = colorScheme === "dark";
			const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
			expect(ground).toBe(dark ? "rgb(16, 20, 24)" : "rgb(255, 255, 255)");
			await page.context().close();
		},
	);

	test("with the numbers open, on a phone too", async () => {
		const { page } = await watch(browser, addresses.story, { viewport: phone });
		await unfold(page);
		expect(await widthOf(page)).toBe(phone.width);
		expect(overlaps(await seenTexts(page))).toEqual([]);
		await page.context().close();
	});

	test("by keyboard: first the way to the errors, then every link, chart and button once, each where it can be seen", async () => {
		const { page } = await watch(browser, addresses.story);
		await page.keyboard.press("Tab");
		expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the errors");
		await page.keyboard.press("Enter");
		expect(await page.evaluate(() => location.hash)).toBe("#errors");
		await page.goto(addresses.story);
		const { total, faults } = await walk(page);
		expect(faults).toEqual([]);
		const focusable = page.locator("a[href], button, summary, svg.plot").filter({ visible: true });
		expect(total).toBe(await focusable.count());
		expect(total).toBeGreaterThan(60);
		await page.context().close();
	});

	test("by axe-core: nothing serious, light, dark and with all parts open", async () => {
		for (const [name, options] of [
			["story", { colorScheme: "light" }],
			["story", { colorScheme: "dark", viewport: phone }],
			["hostile", { colorScheme: "light" }],
		] as const) {
			const { page } = await watch(browser, addresses[name], options);
			await unfold(page);
			// The page's policy refuses a script element; what the browser evaluates itself is not one.
			await page.evaluate(axeSource);
			const found = await page.evaluate(async () => {
				const { axe } = window as unknown as {
					axe: {
						run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
					};
				};
				const { violations } = await axe.run();
				return violations.map(({ id, impact, nodes }) => `${impact}: ${id} ${nodes[0]?.html.slice(0, 120)}`);
			});
			expect(found.filter((line) => /^(?:serious|critical)/.test(line))).toEqual([]);
			await page.context().close();
		}
	});

	test("by a screen reader: one heading, sections with names, charts told in a sentence", async () => {
		const { page } = await watch(browser, addresses.story);
		expect(await page.locator("h1").count()).toBe(1);
		expect(await page.locator("html").getAttribute("lang")).toBe("en");
		for (const section of await page.locator("section").all()) {
			const id = await section.getAttribute("aria-labelledby");
			expect(await page.locator(`h2#${id}`).count()).toBe(1);
		}
		const labels = await page
			.locator("svg[role=img]")
			.evaluateAll((charts) => charts.map((chart) => chart.getAttribute("aria-label") ?? ""));
		expect(labels.length).toBeGreaterThan(10);
		for (const label of labels)
			expect(label).toMatch(/: [\d,]+ in all, at most [\d,]+ in a bucket, .+ UTC\.$/);
		await page.context().close();
	});

	test("on paper: dark on white even from a dark screen, nothing to click, whole rows", async () => {
		const { page } = await watch(browser, addresses.story, { colorScheme: "dark", viewport: a4 });
		await page.emulateMedia({ media: "print" });
		expect(await widthOf(page)).toBe(a4.width);
		expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
			"rgb(255, 255, 255)",
		);
		expect(await page.locator("summary:visible, .skip:visible, .tools:visible").count()).toBe(0);
		const texts = await seenTexts(page);
		expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
		expect(overlaps(texts)).toEqual([]);
		const rows = await page
			.locator(".codes > li")
			.evaluateAll((items) => items.map((item) => getComputedStyle(item).breakInside));
		expect(new Set(rows)).toEqual(new Set(["avoid"]));
		const paper = await page.pdf({ format: "A4" });
		expect(paper.subarray(0, 5).toString()).toBe("%PDF-");
		await page.context().close();
	});
});

describe("it answers to its reader", () => {
	test("a bucket's value under the mouse, under a finger, and by arrow keys", async () => {
		const { page } = await watch(browser, addresses.story, {
			hasTouch: true,
			timezoneId: "America/New_York",
		});
		const plot = page.locator(".codes > li svg.plot").first();
		const counts = ((await plot.getAttribute("data-counts")) ?? "").split(" ").map(Number);
		/** Of the line that is seen. */
		const told = async () => {
			const line = await page.locator(".tip:visible > div").first().textContent();
			return Number(/UTC: ([\d,]+)$/.exec(line ?? "")?.[1]?.replaceAll(",", ""));
		};
		await plot.scrollIntoViewIfNeeded();
		const box = await plot.boundingBox();
		if (box === null) throw new Error("no chart");
		const middleOf = (index: number) => box.x + (box.width * (index + 0.5)) / counts.length;
		await page.mouse.move(middleOf(3), box.y + 10);
		expect(await told()).toBe(counts[3]);
		expect(await page.locator(".tip").textContent()).toContain("your time");
		await page.touchscreen.tap(middleOf(5), box.y + 10);
		expect(await told()).toBe(counts[5]);
		await plot.focus();
		await page.keyboard.press("Home");
		expect(await told()).toBe(counts[0]);
		await page.keyboard.press("ArrowRight");
		expect(await told()).toBe(counts[1]);
		await page.keyboard.press("End");
		expect(await told()).toBe(counts.at(-1));
		await page.keyboard.press("Escape");
		expect(await page.locator(".tip").isVisible()).toBe(false);
		await page.context().close();
	});

	test("a commit's mark is told with its bucket", async () => {
		const { page } = await watch(browser, addresses.commits);
		const mark = page.locator(".whole svg.marker").first();
		const plot = page.locator(".whole svg.plot");
		await plot.scrollIntoViewIfNeeded();
		const box = await plot.boundingBox();
		if (box === null) throw new Error("no chart");
		const share = Number.parseFloat((await mark.getAttribute("x")) ?? "") / 100;
		await page.mouse.move(box.x + box.width * share, box.y + 60);
		expect(await page.locator(".tip").textContent()).toMatch(/[0-9a-f]{7} refactor\(gmail\): token cache/);
		await page.context().close();
	});

	test("the reader's own time stands beside UTC, and only where it differs", async () => {
		const far = await watch(browser, addresses.story, { timezoneId: "Asia/Tokyo" });
		expect(await far.page.locator(".which").textContent()).toContain(
			"23 Nov 20:00 UTC (24 Nov 05:00, your time)",
		);
		expect(await far.page.locator(".zone").textContent()).toContain("Asia/Tokyo");
		await far.page.context().close();
		const here = await watch(browser, addresses.story, { timezoneId: "UTC" });
		expect(await here.page.locator("main").textContent()).not.toContain("your time");
		await here.page.context().close();
	});

	test("a table sorts by the heading that is pressed, up and down", async () => {
		const { page } = await watch(browser, addresses.story);
		const table = page.locator("table[aria-labelledby=organizations]");
		const column = (index: number) =>
			table
				.locator("tbody tr")
				.evaluateAll((rows, at) => rows.map((row) => row.children[at]?.textContent ?? ""), index);
		await table.getByRole("button", { name: "Organization" }).click();
		await table.getByRole("button", { name: "Organization" }).click();
		const names = await column(0);
		expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other)));
		await table.getByRole("button", { name: "Errors" }).focus();
		await page.keyboard.press("Enter");
		const counts = (await column(1)).map(Number);
		expect(counts).toEqual([...counts].sort((one, other) => other - one));
		expect(await table.locator("th[aria-sort]").count()).toBe(1);
		await page.context().close();
	});

	test("a query is copied, and a table is handed on as CSV without formulas", async () => {
		const { page } = await watch(browser, addresses.hostile, {
			permissions: ["clipboard-read", "clipboard-write"],
			acceptDownloads: true,
		});
		await unfold(page);
		const part = page.locator(".codes > li .copyable").first();
		await part.getByRole("button", { name: "Copy query" }).click();
		const copied = await page.evaluate(() => navigator.clipboard.readText());
		expect(copied).toBe(await part.locator("code").textContent());
		expect(copied).toMatch(/^SELECT .+\nFROM error_events\n/);
		const download = page.waitForEvent("download");
		await page
			.locator("[data-export=organizations] + .tools")
			.getByRole("button", { name: "Download CSV" })
			.click();
		const csv = await readFile((await (await download).path()) ?? "", "utf8");
		const lines = csv.trimEnd().split("\r\n");
		expect(lines[0]).toBe("Organization,Errors,Share,Users,Before");
		expect(lines).toHaveLength(1 + (await page.locator("[data-export=organizations] tbody tr").count()));
		for (const line of lines) expect(line).not.toMatch(/^"?[=+@-]/);
		await page.context().close();
	});
});

test("without script it reads as well, and the bars of each code add up to its count", async () => {
	const { page } = await watch(browser, addresses.story, { javaScriptEnabled: false });
	expect(await page.locator("button, .tip").count()).toBe(0);
	await page.context().close();
	const html = await readFile(new URL(addresses.story), "utf8");
	const items = html.split('<li id="code-').slice(1);
	expect(items.length).toBeGreaterThan(10);
	for (const item of items) {
		const number = (text = "") => Number(text.replaceAll(",", ""));
		const count = number(/class="count">([\d,]+)</.exec(item)?.[1]);
		const drawn = [...item.matchAll(/<rect class="bar[^>]* height="([\d.]+)"><title>[^<]*: ([\d,]+)</g)];
		const bars = drawn.map(([, , bar]) => number(bar));
		expect(bars.reduce((sum, bar) => sum + bar, 0)).toBe(count);
		const heights = drawn.map(([, height]) => Number(height));
		const peak = Math.max(...bars);
		for (const [index, bar] of bars.entries()) {
			const share = (heights[index] ?? 0) / (heights[bars.indexOf(peak)] ?? 1);
			expect(Math.abs(share - bar / peak)).toBeLessThan(0.06);
		}
	}
});
