import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LinkTarget } from "../../src/config/index.ts";
import { type Links, readLinks } from "../../src/report/links.ts";
import { collectPage, type PageData } from "../../src/report/page/data.ts";
import { renderPageMarkdown } from "../../src/report/page/markdown.ts";
import { renderPage } from "../../src/report/page/page.ts";
import { pageScript } from "../../src/report/page/page-script.ts";
import { createStoryCodebase } from "../../src/sandbox/codebase.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { countsChart } from "../../src/visual/counts-chart.ts";
import { element, toHtml } from "../../src/visual/element.ts";
import { now, type Stage, setStage } from "./stage.ts";

const run = promisify(execFile);
const signal = new AbortController().signal;

describe("the page of the story", () => {
	let folder: string;
	let stage: Stage;
	let data: PageData;
	let page: string;
	let script: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "prod-debugger-story-"));
		const code = join(folder, "skillomatic");
		await createStoryCodebase(code, { now, signal });
		const root = await resolveRepositoryRoot(code);
		stage = await setStage({ repository: { root, stateFolder: join(folder, "state") } });
		data = await collectPage(stage.services, {}, signal);
		script = await pageScript();
		page = renderPage(data, script);
	});
	afterAll(async () => {
		await stage.close();
		await rm(folder, { recursive: true, force: true });
	});

	const counted = (table: string, where: string) =>
		Number(
			stage.sandbox.database.select(
				`SELECT count(*) AS n FROM ${table} WHERE created_at >= ${now - 86_400} AND created_at < ${now} AND ${where}`,
			)[0]?.n,
		);

	test("has episodes with their suspects, a timeline a code, failing skills and findings", () => {
		const episode = data.report.episodes.find(({ code }) => code === "INTEGRATION_TOKEN_EXPIRED");
		expect(episode?.suspects.join("\n")).toContain("refactor(gmail): token cache");
		for (const part of [
			"refactor(gmail): token cache",
			'<h2 id="findings">',
			'<h2 id="now">',
			'<h2 id="organizations">',
			'<h2 id="errors">',
			'<h2 id="skills">',
		]) {
			expect(page).toContain(part);
		}
		for (const { skill } of data.skills) expect(page).toContain(skill);
		for (const finding of data.report.findings) expect(page).toContain(toHtml(finding));
	});

	test("every number is production's own", () => {
		expect(data.report.total).toBe(counted("error_events", "1"));
		expect(data.codes.length).toBeGreaterThan(10);
		for (const { code, count, counts } of data.codes) {
			expect(count).toBe(counted("error_events", `error_code = '${code}'`));
			expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
		}
		for (const [index, count] of data.counts.entries()) {
			const from = data.start + index * data.width;
			expect(count).toBe(
				counted("error_events", `created_at >= ${from} AND created_at < ${from + data.width}`),
			);
		}
		expect(data.runs).toEqual({
			runs: counted("skill_usage_logs", "1"),
			failures: counted("skill_usage_logs", "status = 'error'"),
		});
		for (const { skill, failures } of data.skills) {
			const own = `skill_id IN (SELECT id FROM skills WHERE slug = '${skill}')`;
			expect(failures).toBe(counted("skill_usage_logs", `status = 'error' AND ${own}`));
		}
	});

	test("names each organization that was hit, with its own errors", () => {
		expect(data.hit.length).toBeGreaterThan(5);
		expect(data.hit.reduce((sum, { count }) => sum + count, 0)).toBe(data.report.total);
		for (const { name, count } of data.hit) {
			const own =
				name === undefined
					? "IS NULL"
					: `= (SELECT id FROM organizations WHERE name = '${name.replaceAll("'", "''")}')`;
			expect(count).toBe(counted("error_events", `organization_id ${own}`));
		}
	});

	test("each of its own links leads somewhere, and no id stands twice", () => {
		const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
		expect(new Set(ids).size).toBe(ids.length);
		const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
		expect(targets.length).toBeGreaterThan(5);
		for (const target of targets) expect(ids).toContain(target);
	});

	test("commits and code lines lead where the setting says", async () => {
		const { config } = stage.services;
		const code = config.repository ?? "";
		await run("git", ["-C", code, "remote", "add", "origin", "git@github.com:acme/skillomatic.git"]);
		const pageWith = async (links: LinkTarget) => {
			const services = { ...stage.services, config: { ...config, links } };
			return renderPage({ ...data, links: await readLinks(services, signal) }, "");
		};
		const web = await pageWith("web");
		expect(web).toMatch(
			/href="https:\/\/github\.com\/acme\/skillomatic\/blob\/[0-9a-f]{40}\/apps\/api\/src\/integrations\/gmail\.ts#L\d+"/,
		);
		expect(web).toMatch(/href="https:\/\/github\.com\/acme\/skillomatic\/commit\/[0-9a-f]{40}">[0-9a-f]{7}</);
		expect(await pageWith("vscode")).toMatch(
			new RegExp(`href="vscode://file${code}/apps/api/src/integrations/gmail\\.ts:\\d+"`),
		);
		expect(await pageWith("none")).not.toMatch(/href="(?!#)/);
	});

	test("its Markdown begins with what is on now, links the commits, and names whom it hit", async () => {
		const links: Links = { line: () => undefined, commit: (id) => `https://github.com/a/b/commit/${id}` };
		const text = renderPageMarkdown({ ...data, links });
		const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
		expect(headings[0]).toBe("On Now");
		expect(headings).toEqual(
			expect.arrayContaining(["Error Summary", "Organizations Hit", "Failing Skills"]),
		);
		expect(text).toMatch(
			/^ {2}- \[[0-9a-f]{7}\]\(https:\/\/github\.com\/a\/b\/commit\/[0-9a-f]{40}\) refactor/m,
		);
		for (const { name = "(none named)", count } of data.hit) expect(text).toContain(`| ${name} | ${count} |`);
	});

	test("a case that is named is an issue of the page and of its Markdown, and known where its trouble goes on", async () => {
		const reported = await stage.report({
			issues: [
				{
					error_code: "INTEGRATION_TOKEN_EXPIRED",
					title: "Tokens are never refreshed",
					root_cause: "Seconds are compared with milliseconds.",
					proposed_fix: "Compare seconds.",
					location: "apps/api/src/integrations/gmail.ts:15",
				},
			],
		});
		expect(reported.isError).toBe(false);
		const cases = await stage.services.memory().all();
		expect(cases).toHaveLength(1);
		const withCase = await collectPage(stage.services, {}, signal, cases);
		const [one] = cases;
		const html = renderPage(withCase, "");
		const text = renderPageMarkdown(withCase);
		for (const words of [
			"Tokens are never refreshed",
			"Seconds are compared with milliseconds.",
			"Compare seconds.",
		]) {
			expect(html).toContain(words);
			expect(text).toContain(words);
		}
		expect(html).toContain(`Case ${one?.id}`);
		expect(html).toMatch(new RegExp(`class="known">Case ${one?.id}`));
		expect(withCase.report.episodes).toEqual(data.report.episodes);
	});

	test("commits are marked on the charts of the codes whose episodes name them", () => {
		const code = data.codes.find(({ code }) => code === "INTEGRATION_TOKEN_EXPIRED");
		const words = code?.markers.map(({ kind, words }) => `${kind}: ${words}`) ?? [];
		expect(words.join("\n")).toMatch(/^commit: [0-9a-f]{7} refactor\(gmail\): token cache$/m);
		expect(page).toContain('class="marker commit"');
	});

	test("holds one script, no address, no key, and the one script and style that its policy names", () => {
		const [document = "", ...more] = page.split(`<script>${script}</script>`);
		expect(more).toHaveLength(1);
		expect(document).not.toMatch(/<script|javascript:|https?:|url\(|@import|\son\w+=/i);
		expect(script).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg)|fetch\(|import\(|eval\(/);
		expect(page).not.toContain(stage.sandbox.keys.superAdmin);
		const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
		const hash = (text: string) => createHash("sha256").update(text).digest("base64");
		expect(page).toContain(
			`content="default-src 'none'; script-src 'sha256-${hash(script)}'; style-src 'sha256-${hash(style)}'; base-uri 'none'; form-action 'none'"`,
		);
	});
});

test("a deployment that logs no runs has its page all the same", async () => {
	const stage = await setStage({ missingTables: ["skill_usage_logs"] });
	try {
		const page = renderPage(await collectPage(stage.services, {}, signal), "");
		expect(page).toContain("This deployment has no table of runs.");
		expect(page).toContain('<h2 id="errors">');
	} finally {
		await stage.close();
	}
});

test("no text can end what it stands in, and no sign in it stays unseen", () => {
	const pieces = fc.constantFrom(
		"<",
		">",
		'"',
		"'",
		"&",
		"</p>",
		"<!--",
		"]]>",
		"\u2028",
		"\u202e",
		"\u0000",
		"x",
	);
	const text = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }).map((parts) => parts.join(""));
	fc.assert(
		fc.property(text, text, (attribute, content) => {
			const html = toHtml(element("p", { title: attribute }, content));
			const parts = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(html);
			expect(parts).not.toBeNull();
			for (const part of parts?.slice(1) ?? []) {
				expect(part).not.toMatch(/[\u2028\u2029\u202e\u0000]/);
				expect(part.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
			}
		}),
	);
});

test("bars are as high as their counts, stand where their time is, and stay inside", () => {
	const bars = fc.array(fc.oneof(fc.constant(0), fc.nat(1_000_000)), { minLength: 1, maxLength: 200 });
	fc.assert(
		fc.property(bars, fc.constantFrom(300, 900, 3600, 21_600, 86_400), (counts, width) => {
			const start = 1_795_377_600;
			const html = toHtml(countsChart({ start, width, counts }, { label: "x", height: 100 }));
			const drawn = [
				...html.matchAll(
					/<rect class="bar" x="([\d.]+)%" width="([\d.]+)%" y="([\d.]+)" height="([\d.]+)"><title>[^<]*: ([\d,]+)<\/title>/g,
				),
			].map(([, x, wide, y, height, count]) => ({
				x: Number(x),
				wide: Number(wide),
				y: Number(y),
				height: Number(height),
				count: Number(count?.replaceAll(",", "")),
			}));
			const there = counts.flatMap((count, index) => (count === 0 ? [] : [{ count, index }]));
			expect(drawn.map(({ count }) => count)).toEqual(there.map(({ count }) => count));
			const tallest = Math.max(0, ...drawn.map(({ height }) => height));
			const peak = Math.max(0, ...counts);
			for (const [place, bar] of drawn.entries()) {
				const index = there[place]?.index ?? 0;
				expect(bar.x).toBeGreaterThanOrEqual((100 * index) / counts.length - 0.01);
				expect(bar.x + bar.wide).toBeLessThanOrEqual((100 * (index + 1)) / counts.length + 0.02);
				expect(bar.y).toBeGreaterThanOrEqual(0);
				expect(bar.y + bar.height).toBeCloseTo(108, 1);
				expect(Math.abs(bar.height - Math.max(1, (tallest * bar.count) / peak))).toBeLessThan(0.1);
			}
		}),
		{ numRuns: 50 },
	);
});
