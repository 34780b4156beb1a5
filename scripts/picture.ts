// Writes docs/report.png: the beginning of the demo's HTML report, for the README.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";

/** The instant of docs/demo-transcript.md, so that the README's picture and excerpt have the same numbers. */
const now = "2026-11-25T15:00:00Z";
/** GitHub shows a README's picture about 840 pixels wide: at 1000, text of 14 pixels is still readable there. */
const width = 1000;
/** Sharp on high-density screens, and the file stays small. */
const scale = 1;
const maxBytes = 200_000;
/** What is left out above the first line, in pixels. */
const margin = 16;

const root = join(fileURLToPath(import.meta.url), "..", "..");

/** Cards of what is on now that the README shows. */
const cards = 2;

/** The part that the README shows: from the top to the first code's timeline, without what is alike in between. */
async function wantedPart(page: Page) {
	await page.locator("[aria-labelledby=findings]").evaluateAll((found) => {
		for (const one of found) one.remove();
	});
	await page.locator("[aria-labelledby=now] .card").evaluateAll((all, kept) => {
		for (const one of all.slice(kept)) one.remove();
	}, cards);
	const last = await page.locator(".codes > li").first().boundingBox();
	if (last === null) throw new Error("the report has no code");
	return { x: 0, y: margin, width, height: last.y + last.height - margin };
}

async function picture(address: string): Promise<Buffer> {
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		// Greyscale antialiasing: half the bytes.
		args: ["--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--hide-scrollbars"],
	});
	try {
		const page = await browser.newPage({ viewport: { width, height: 900 }, deviceScaleFactor: scale });
		await page.goto(address);
		return await page.screenshot({ fullPage: true, clip: await wantedPart(page) });
	} finally {
		await browser.close();
	}
}

const folder = await mkdtemp(join(tmpdir(), "picture-"));
try {
	const html = join(folder, "report.html");
	const command = [join(root, "dist", "prod-debugger-mcp.js"), "report", "--demo-now", now, "--html", html];
	execFileSync(process.execPath, command, { stdio: ["ignore", "ignore", "pipe"] });
	const png = await picture(pathToFileURL(html).href);
	if (png.length > maxBytes) throw new Error(`the picture has ${png.length} bytes, over ${maxBytes}`);
	await writeFile(join(root, "docs", "report.png"), png);
	process.stdout.write(`docs/report.png (${Math.ceil(png.length / 1000)} kB)\n`);
} finally {
	await rm(folder, { recursive: true, force: true });
}
