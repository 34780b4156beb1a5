import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectPage } from "../../src/report/page/data.ts";
import { renderPage } from "../../src/report/page/page.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import { now, setStage } from "../report/stage.ts";
import { openBrowser, overlaps, seenTexts, unfold, watch } from "./browser.ts";
import { fillHostile, longWord } from "./hostile.ts";

let browser: Browser;
let folder: string;
const addresses = { story: "", hostile: "", empty: "" };
const phone = { width: 390, height: 844 };

async function write(name: keyof typeof addresses, fill: SandboxOptions["fill"]): Promise<void> {
	const stage = await setStage(fill === undefined ? {} : { fill });
	try {
		const page = renderPage(await collectPage(stage.services, {}, new AbortController().signal));
		const file = join(folder, `${name}.html`);
		await writeFile(file, page);
		addresses[name] = pathToFileURL(file).href;
	} finally {
		await stage.close();
	}
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "prod-debugger-page-"));
	[browser] = await Promise.all([
		openBrowser(),
		write("story", "story"),
		write("hostile", (db) => fillHostile(db, now)),
		write("empty", "empty"),
	]);
});
afterAll(async () => {
	await browser?.close();
	await rm(folder, { recursive: true, force: true });
});

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
				await page.locator("script, img, iframe, object, link, style:not(head > style), [style]").count(),
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

	test("by keyboard: first the way to the errors, then one code's numbers after the other, each where it can be seen", async () => {
		const { page } = await watch(browser, addresses.story);
		await page.keyboard.press("Tab");
		expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the errors");
		await page.keyboard.press("Enter");
		expect(await page.evaluate(() => location.hash)).toBe("#errors");
		for (let index = 0; index < 4; index++) {
			await page.keyboard.press("Tab");
			await page.keyboard.press("Enter");
			const focused = await page.evaluate(() => {
				const at = document.activeElement;
				const box = at?.getBoundingClientRect();
				return {
					name: at?.tagName,
					open: at?.parentElement?.hasAttribute("open"),
					outlined: at !== null && getComputedStyle(at).outlineStyle !== "none",
					inView: box !== undefined && box.top >= -1 && box.bottom <= window.innerHeight + 1,
				};
			});
			expect(focused).toEqual({ name: "SUMMARY", open: true, outlined: true, inView: true });
		}
		await page.context().close();
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
		for (const label of labels) expect(label).toMatch(/: \d+ in all, at most \d+ in a bucket, .+ UTC\.$/);
		await page.context().close();
	});

	test("on paper: dark on white even from a dark screen, nothing to click, whole rows", async () => {
		const { page } = await watch(browser, addresses.story, { colorScheme: "dark" });
		await page.emulateMedia({ media: "print" });
		expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
			"rgb(255, 255, 255)",
		);
		expect(await page.locator("summary:visible, .skip:visible").count()).toBe(0);
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

test("the bars of each code add up to its count", async () => {
	const { page } = await watch(browser, addresses.story);
	const codes = await page.locator(".codes > li").evaluateAll((items) =>
		items.map((item) => ({
			count: Number(item.querySelector(".count")?.textContent),
			bars: [...item.querySelectorAll("rect.bar title")].map((title) =>
				Number(/: (\d+)$/.exec(title.textContent ?? "")?.[1]),
			),
			heights: [...item.querySelectorAll("rect.bar")].map((bar) => Number(bar.getAttribute("height"))),
		})),
	);
	expect(codes.length).toBeGreaterThan(10);
	for (const { count, bars, heights } of codes) {
		expect(bars.reduce((sum, bar) => sum + bar, 0)).toBe(count);
		const peak = Math.max(...bars);
		for (const [index, bar] of bars.entries()) {
			const share = (heights[index] ?? 0) / (heights[bars.indexOf(peak)] ?? 1);
			expect(Math.abs(share - bar / peak)).toBeLessThan(0.06);
		}
	}
	await page.context().close();
});
