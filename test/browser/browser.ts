import { type Browser, type BrowserContextOptions, chromium, type Frame, type Page } from "playwright-core";

/** Debian's own Chromium, with a profile of its own that goes with it. */
export function openBrowser(): Promise<Browser> {
	return chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}

/** A page, and all that it did which a report must not do. */
export interface Watched {
	readonly page: Page;
	/** Addresses asked for, but for the document itself. */
	readonly requests: readonly string[];
	/** What was written to the console, thrown, or reported as a violation of the policy. */
	readonly complaints: readonly string[];
}

export async function watch(
	browser: Browser,
	address: string,
	options: BrowserContextOptions = {},
): Promise<Watched> {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	const requests: string[] = [];
	const complaints: string[] = [];
	page.on("request", (request) => {
		if (request.url() !== address) requests.push(request.url());
	});
	page.on("console", (message) => complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("dialog", (dialog) => {
		complaints.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	await page.goto(address);
	return { page, requests, complaints };
}

/** A line of text as it is seen: where it is, and its contrast with what is behind it. */
export interface SeenText {
	readonly text: string;
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
	/** As WCAG 2 computes it (relative luminance), 1 to 21. */
	readonly contrast: number;
}

/** Opens all that is folded away. */
export function unfold(page: Page): Promise<void> {
	return page.evaluate(() => {
		for (const details of document.querySelectorAll("details")) details.open = true;
	});
}

/** Every line of text on the page that has a size, in HTML and in SVG. */
export function seenTexts(page: Page | Frame): Promise<readonly SeenText[]> {
	return page.evaluate(() => {
		const numbers = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
		const luminance = (colour: string) => {
			const [r = 0, g = 0, b = 0] = numbers(colour).map((part) => {
				const value = part / 255;
				return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		const ground = (from: Element): string => {
			for (let at: Element | null = from; at !== null; at = at.parentElement) {
				const colour = getComputedStyle(at).backgroundColor;
				if (numbers(colour)[3] !== 0) return colour;
			}
			return "rgb(255, 255, 255)";
		};
		const seen: SeenText[] = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
			const parent = node.parentElement;
			if (parent === null || (node.textContent ?? "").trim() === "" || parent.tagName === "title") continue;
			if (!parent.checkVisibility()) continue;
			const isSvg = parent.namespaceURI === "http://www.w3.org/2000/svg";
			const style = getComputedStyle(parent);
			const own = luminance(isSvg ? style.fill : style.color);
			const behind = luminance(ground(parent));
			const contrast = (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05);
			const range = document.createRange();
			range.selectNodeContents(node);
			for (const { left, top, right, bottom, width, height } of range.getClientRects()) {
				if (width < 1 || height < 1 || right < 0) continue;
				seen.push({ text: node.textContent ?? "", left, top, right, bottom, contrast });
			}
		}
		return seen;
	});
}

/** Pairs of lines that lie over each other by more than a pixel both ways. */
export function overlaps(texts: readonly SeenText[]): readonly string[] {
	return texts.flatMap((one, index) =>
		texts.slice(index + 1).flatMap((other) => {
			const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
			const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
			return across > 1 && down > 3 ? [`${one.text.slice(0, 40)} / ${other.text.slice(0, 40)}`] : [];
		}),
	);
}
