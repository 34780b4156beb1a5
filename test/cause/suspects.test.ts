import { afterEach, describe, expect, test } from "vitest";
import { type TestRepository, testRepository } from "../codebase/repository.ts";
import { askSuspects, minutesBefore, service, suspectsOf } from "./stage.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

/** The service, a day old, with innocent commits around the time. */
async function serviceRepository(): Promise<TestRepository> {
	const made = await testRepository(service);
	repository = made;
	made.commit("Begin", minutesBefore(30 * 24 * 60));
	await made.write({ "src/mail/letters.ts": service["src/mail/letters.ts"].replace("welcome", "hello") });
	made.commit("Kinder letters", minutesBefore(300));
	await made.write({ "README.md": "# The service\n" });
	made.commit("Read me", minutesBefore(200));
	return made;
}

const changed = (path: keyof typeof service, from: string, to: string) => ({
	[path]: service[path].replace(from, to),
});

describe("the commit that did it", () => {
	test.each([
		[
			"the condition of the raising line",
			changed("src/ats/client.ts", "=== 408", "!== 200"),
			"fetchCandidates",
		],
		[
			"a function that the raising one calls",
			changed("src/ats/request.ts", "size = 50", "size = 5000"),
			"request",
		],
		["a constant that it reads", changed("src/ats/settings.ts", "10000", "100"), "timeoutMs"],
	])("changed %s", async (_, change, name) => {
		const { commit, write, root } = await serviceRepository();
		await write(change);
		commit("Smaller numbers", minutesBefore(25));
		await write({ "src/mail/letters.ts": "export const letter = (name: string) => name;\n" });
		commit("Shorter letters", minutesBefore(10));
		const { facts, text } = await askSuspects(root);
		expect(facts.verdict).toMatch(/^(?:likely|possible)$/);
		const [first] = suspectsOf(facts);
		expect(first).toMatchObject({ subject: "Smaller numbers", at: minutesBefore(25).replace(".000", "") });
		expect(String(first?.why)).toContain(name);
		expect(facts.reason).toContain(String(first?.commit));
		expect(facts.ruled_out).toMatchObject({
			"only tests, documents, comments, formatting, local names or the package's version": 1,
		});
		expect(text).toContain("Smaller numbers");
		expect(facts.untrusted).toEqual(expect.arrayContaining(["suspects.rows[].subject", "reason"]));
	});

	test("is told with its changed line, of a setting in JSON as well; when it went live is not known", async () => {
		const client = service["src/ats/client.ts"]
			.replace("{ timeoutMs }", "limits")
			.replace("./settings.ts", "../../limits.json")
			.replace("timeoutMs", "limits.waitMs");
		const made = await testRepository({
			...service,
			"src/ats/client.ts": client,
			"limits.json": '{\n  "waitMs": 10000,\n  "pages": 3\n}\n',
		});
		repository = made;
		const { commit, write, root } = made;
		commit("Begin", minutesBefore(30 * 24 * 60));
		await write({ "limits.json": '{\n  "waitMs": 100,\n  "pages": 3\n}\n' });
		commit("Smaller numbers", minutesBefore(25));
		const { facts } = await askSuspects(root);
		expect(suspectsOf(facts)[0]).toMatchObject({
			subject: "Smaller numbers",
			change: 'limits.json:2: "waitMs": 10000, → "waitMs": 100,',
		});
		expect(facts.hint).toMatch(
			/^When commits went live is not known \(the user can set PROD_DEBUGGER_DEPLOYMENTS\)/,
		);
		expect(facts.untrusted).toContain("suspects.rows[].change");
	});

	test("is told with the part of a long line that differs, and from the line on that raises it", async () => {
		const { commit, write, root } = await serviceRepository();
		const query = (size: number) =>
			`	const url = path + "?sort=lastName,firstName,updatedAt,createdAt&fields=id,name,email,phone,stage,source,owner" + "&page=" + page + "&size=${size}";`;
		const request = (size: number) =>
			service["src/ats/request.ts"].replace(/\tconst url.*;/, query(size)).replace(/\tconst size.*\n/, "");
		await write({ "src/ats/request.ts": request(50) });
		commit("Sorted pages", minutesBefore(290));
		await write({ "src/ats/request.ts": request(5000) });
		commit("Larger pages", minutesBefore(25));
		const { facts } = await askSuspects(root);
		const [first] = suspectsOf(facts);
		expect(first?.subject).toBe("Larger pages");
		expect(String(first?.change)).toMatch(/size=50";.* → .*size=5000";/);

		await write({ "src/ats/client.ts": "" });
		commit("Gone", minutesBefore(24));
		await write({ "src/ats/client.ts": `// Candidates, page by page.\n${service["src/ats/client.ts"]}` });
		commit("Written anew", minutesBefore(22));
		const again = suspectsOf((await askSuspects(root)).facts).find(
			({ subject }) => subject === "Written anew",
		);
		expect(again?.change).toMatch(
			/^src\/ats\/client\.ts:\d: \(nothing\) → .*throw new AppError\("ATS_TIMEOUT", 504\);.* \(\+\d+ lines\)$/,
		);
	});

	test("changed a line on the way to a code that is put together from parts", async () => {
		const made = await testRepository({
			"src/ats/client.ts": `import { refuse } from "./refuse.ts";

export function readPage(text: string): string[] {
	const cells = text.split(";");
	if (cells.length < 4) refuse("TIMEOUT");
	return cells;
}
`,
			"src/ats/refuse.ts": `type Reason = "TIMEOUT" | "EMPTY";

export function refuse(reason: Reason): never {
	throw new AppError(\`ATS_\${reason}\`, 504);
}
`,
			"src/mail/letters.ts": service["src/mail/letters.ts"],
		});
		repository = made;
		made.commit("Begin", minutesBefore(30 * 24 * 60));
		await made.write({
			"src/ats/client.ts": `import { refuse } from "./refuse.ts";

export function readPage(text: string): string[] {
	const cells = text.split(",");
	if (cells.length < 4) refuse("TIMEOUT");
	return cells;
}
`,
		});
		made.commit("Other cells", minutesBefore(25));
		await made.write({ "src/mail/letters.ts": "export const letter = (name: string) => name;\n" });
		made.commit("Shorter letters", minutesBefore(10));
		const { facts } = await askSuspects(made.root);
		expect(facts.verdict).toBe("likely");
		const [first] = suspectsOf(facts);
		// What stands in a text is no layout.
		expect(first).toMatchObject({
			subject: "Other cells",
			change: 'src/ats/client.ts:4: const cells = text.split(";"); → const cells = text.split(",");',
		});
		expect(String(first?.why)).toContain("in readPage, which raises it at line 5");
	});

	test.each([
		["by its folder's index", "./pages/index.ts", "src/ats/pages/parts.ts"],
		["by a folder", "./pages", "src/ats/pages/deep/parts.ts"],
		["by an alias of the root", "@/lib/parts", "src/lib/parts.ts"],
		["by no statement at all", undefined, "src/lib/parts.ts"],
	])("changed a function that the raising one imports %s", async (_, from, path) => {
		const parts = (least: number) =>
			`export function partsOf(page: string) {\n\treturn page.split(",").slice(${least});\n}\n`;
		const made = await testRepository({
			"src/ats/client.ts": `${from === undefined ? "" : `import { partsOf } from "${from}";\n`}
export function readPage(page: string) {
	const parts = partsOf(page);
	if (parts.length < 4) throw new AppError("ATS_TIMEOUT");
	return parts;
}
`,
			// Uses the name and does not define it.
			"src/mail/other.ts": "export const count = (page: string) => partsOf(page).length;\n",
			"src/mail/letters.ts": service["src/mail/letters.ts"],
			[path]: parts(0),
		});
		repository = made;
		made.commit("Begin", minutesBefore(30 * 24 * 60));
		await made.write({ [path]: parts(1) });
		made.commit("Without the head", minutesBefore(25));
		await made.write({ "src/mail/letters.ts": "export const letter = (name: string) => name;\n" });
		made.commit("Shorter letters", minutesBefore(10));
		const { facts } = await askSuspects(made.root);
		const [first] = suspectsOf(facts);
		expect(first?.subject).toBe("Without the head");
		expect(String(first?.why)).toContain("partsOf");
	});

	test("runs before the error; what a caller does after the call, and calls then, comes later", async () => {
		const letters = (from: number, kept: string) => `import * as util from "./util.ts";
import { keep } from "./keep.ts";

export function write(text: string) {
	const sent = util.send(util.trim(text, ${from}));
	keep(sent);
	return ${kept};
}
`;
		const keep = (days: number) => `export function keep(sent: object) {\n\tstore(sent, ${days});\n}\n`;
		const made = await testRepository({
			"src/ats/util.ts": `export function send(text: string) {
	if (text.length > 10) throw new AppError("ATS_TIMEOUT");
	return { text };
}
export function trim(text: string, from: number) {
	return text.slice(from);
}
`,
			"src/ats/letters.ts": letters(1, "sent"),
			"src/ats/keep.ts": keep(30),
			// Names in one line, a method of the same name, and nothing to do with it.
			"src/mail/outbox.ts": "export const outbox = (socket: Socket, util: object) => socket.send(util);\n",
		});
		repository = made;
		made.commit("Begin", minutesBefore(30 * 24 * 60));
		await made.write({ "src/ats/letters.ts": letters(0, "sent") });
		made.commit("Whole letters", minutesBefore(50));
		await made.write({ "src/ats/letters.ts": letters(0, "[sent]") });
		made.commit("A list of letters", minutesBefore(40));
		await made.write({ "src/ats/keep.ts": keep(300) });
		made.commit("Keep them longer", minutesBefore(30));
		await made.write({
			"src/mail/outbox.ts": "export const outbox = (socket: Socket, util: object) => socket.send([util]);\n",
		});
		made.commit("A list in the outbox", minutesBefore(20));
		const { facts } = await askSuspects(made.root);
		const [first, ...others] = suspectsOf(facts);
		expect(first).toMatchObject({ subject: "Whole letters" });
		expect(String(first?.why)).toContain("in write, calling send on the way to");
		const whys = new Map(others.map(({ subject, why }) => [subject, String(why)]));
		expect(whys.get("A list of letters")).toContain("in write, after its call of send on the way to");
		expect([...whys.values()].join("\n")).not.toMatch(/calling send|in keep|in outbox/);
	});

	test("calls what raises it on an object that carries it, by a name that only one function has", async () => {
		const letters = (to: string) => `export function write(services: Services, text: string) {
	return services.mail.sendLetter(text, ${to});
}
`;
		const made = await testRepository({
			"src/ats/mail.ts": `export function sendLetter(text: string, to?: string) {
	if (to === undefined) throw new AppError("ATS_TIMEOUT");
	return { text, to };
}
`,
			"src/letters.ts": letters('"all"'),
			"src/services.ts":
				'import { sendLetter } from "./ats/mail.ts";\nexport const services = { mail: { sendLetter } };\n',
		});
		repository = made;
		made.commit("Begin", minutesBefore(30 * 24 * 60));
		await made.write({ "src/letters.ts": letters("undefined") });
		made.commit("To nobody", minutesBefore(25));
		const [first] = suspectsOf((await askSuspects(made.root)).facts);
		expect(first).toMatchObject({ subject: "To nobody" });
		expect(String(first?.why)).toContain("in write, calling sendLetter on the way to");
	});

	test("came in by a merge: the commit is named, and when it was merged", async () => {
		const { commit, write, git, root } = await serviceRepository();
		git("checkout", "--quiet", "-b", "side");
		await write(changed("src/ats/client.ts", "=== 408", "!== 200"));
		commit("Stricter answers", minutesBefore(3000));
		git("checkout", "--quiet", "main");
		await write({ "src/mail/letters.ts": "export const letter = (name: string) => name;\n" });
		commit("Shorter letters", minutesBefore(60));
		git("merge", "--quiet", "--no-ff", "--no-commit", "side");
		commit("Merge side", minutesBefore(20));
		const { facts } = await askSuspects(root);
		expect(suspectsOf(facts)[0]).toMatchObject({ subject: "Stricter answers" });
	});

	test("is told as ended by its revert", async () => {
		const { commit, write, git, root } = await serviceRepository();
		await write(changed("src/ats/client.ts", "=== 408", "!== 200"));
		commit("Stricter answers", minutesBefore(25));
		const culprit = git("rev-parse", "HEAD").trim();
		await write({ "src/ats/client.ts": service["src/ats/client.ts"] });
		commit(`Revert "Stricter answers"`, minutesBefore(-30));
		const { facts } = await askSuspects(root, { error_code: "ATS_TIMEOUT" }, { lasts: 1800 });
		expect(suspectsOf(facts)[0]).toMatchObject({ subject: "Stricter answers" });
		expect(facts.ended_by).toMatchObject({
			subject: `Revert "Stricter answers"`,
			undoes: culprit.slice(0, 7),
		});
		expect(facts.ruled_out).toMatchObject({ "after it began": 1 });
	});
});

describe("no commit did it", () => {
	test("where only what does not run changed, by the syntax tree", async () => {
		const version = { "package.json": '{\n  "name": "service",\n  "version": "1.0.0"\n}\n' };
		const made = await testRepository({ ...service, ...version });
		repository = made;
		made.commit("Begin", minutesBefore(30 * 24 * 60));
		await made.write({ "test/ats.test.ts": "test('client', () => { expect(1).toBe(1); });\n" });
		made.commit("Test more", minutesBefore(50));
		await made.write(changed("src/ats/client.ts", "	if (answer", "	// 408 is a time-out\n\tif (answer"));
		made.commit("Say why", minutesBefore(40));
		await made.write({
			"src/ats/client.ts": service["src/ats/client.ts"].replace(
				"if (answer.status === 408) {",
				"// 408 is a time-out\n\tif (\n\t\tanswer.status === 408\n\t) {",
			),
		});
		made.commit("Format", minutesBefore(30));
		await made.write({ "package.json": '{\n  "name": "service",\n  "version": "1.0.1"\n}\n' });
		made.commit("Release 1.0.1", minutesBefore(28));
		await made.write({
			"src/ats/client.ts": service["src/ats/client.ts"].replaceAll(/\banswer\b/g, "response"),
		});
		made.commit("A better name", minutesBefore(25));
		const { facts } = await askSuspects(made.root);
		expect(facts).toMatchObject({
			verdict: "no_commit_explains_it",
			ruled_out: { "only tests, documents, comments, formatting, local names or the package's version": 5 },
		});
		expect(facts.suspects.rows).toEqual([]);
		expect(facts.reason).toContain("providers, data, traffic");
	});

	test("where nothing near the code changed", async () => {
		const { root } = await serviceRepository();
		const { facts } = await askSuspects(root);
		expect(facts.verdict).toBe("no_commit_explains_it");
		expect(facts.none_pct).toBeGreaterThan(50);
	});

	test("where nothing stands out and no instant is given", async () => {
		const { root } = await serviceRepository();
		const { facts } = await askSuspects(root, { error_code: "ATS_TIMEOUT" }, { quiet: true });
		expect(facts.episode).toBeUndefined();
		expect(facts.hint).toContain("since_about");
	});
});

describe("of two commits that come as near", () => {
	const gateway = (limit: number) => `const limit = ${limit};

export async function offer(amount: number) {
	if (amount < limit) throw new AppError("ATS_TIMEOUT", 400);
	return amount;
}
`;

	test("the one in the file that bears the provider's name comes first, though it is older", async () => {
		const made = await testRepository({
			"src/ats/greenhouse.ts": gateway(20),
			"src/ats/lever.ts": gateway(20),
			"src/ats/ashby.ts": gateway(20),
		});
		repository = made;
		made.commit("Begin", minutesBefore(30 * 24 * 60));
		await made.write({ "src/ats/greenhouse.ts": gateway(2000) });
		made.commit("Larger amounts", minutesBefore(600));
		await made.write({ "src/ats/lever.ts": gateway(2000) });
		made.commit("Larger amounts of lever", minutesBefore(20));
		const { facts } = await askSuspects(made.root);
		expect(facts.episode).toMatchObject({ where: "provider greenhouse" });
		expect(facts.verdict).toBe("likely");
		expect(suspectsOf(facts)[0]).toMatchObject({ subject: "Larger amounts" });
	});

	test("the one that turns on what raises comes first, long after that was written", async () => {
		const flags = (isOn: boolean) => `{\n  "dark": true,\n  "fastPages": ${isOn}\n}\n`;
		const made = await testRepository({
			"src/ats/client.ts": `import flags from "../../flags.json";

export async function fetchCandidates(page: number) {
	if (flags.fastPages) return fastPage(page);
	return page;
}

function fastPage(page: number) {
	if (page >= 0) throw new AppError("ATS_TIMEOUT", 504);
	return page;
}
`,
			"flags.json": flags(false),
		});
		repository = made;
		made.commit("Begin", minutesBefore(30 * 24 * 60));
		await made.write({ "flags.json": flags(true) });
		made.commit("Fast pages", minutesBefore(20 * 60));
		await made.write({ "package.json": '{ "name": "service", "devDependencies": { "x": "1.2.0" } }\n' });
		made.commit("A newer tool", minutesBefore(30));
		const { facts } = await askSuspects(made.root);
		expect(facts.verdict).not.toBe("no_commit_explains_it");
		expect(suspectsOf(facts)[0]).toMatchObject({ subject: "Fast pages" });
	});

	test("the one that changes a number is likelier where it changes much", async () => {
		const likelihoods: number[] = [];
		for (const value of ["12000", "100"]) {
			const { commit, write, root, remove } = await serviceRepository();
			await write(changed("src/ats/request.ts", "path + ", "path.slice(1) + "));
			commit("Shorter paths", minutesBefore(60));
			await write(changed("src/ats/settings.ts", "10000", value));
			commit("Another limit", minutesBefore(25));
			const { facts } = await askSuspects(root);
			const found = suspectsOf(facts).find(({ subject }) => subject === "Another limit");
			likelihoods.push(Number(found?.likelihood_pct));
			await remove();
		}
		const [little = 0, much = 0] = likelihoods;
		expect(little).toBeGreaterThan(0);
		expect(much).toBeGreaterThan(little + 10);
	});
});

describe("what the caller knows", () => {
	test("an instant in place of an episode", async () => {
		const { commit, write, root } = await serviceRepository();
		await write(changed("src/ats/client.ts", "=== 408", "!== 200"));
		commit("Stricter answers", minutesBefore(25));
		const args = { error_code: "ATS_TIMEOUT", since_about: minutesBefore(0) };
		const { facts } = await askSuspects(root, args, { quiet: true });
		expect(facts.episode).toBeUndefined();
		expect(suspectsOf(facts)[0]).toMatchObject({ subject: "Stricter answers" });
	});

	test("an instant without a zone is refused", async () => {
		const { root } = await serviceRepository();
		await expect(askSuspects(root, { since_about: "2026-11-23T19:00:00" })).rejects.toThrow("zone");
	});

	test("deployments that are told rule out what they did not carry; tags by default do not", async () => {
		const { commit, write, git, root } = await serviceRepository();
		await write(changed("src/ats/request.ts", "size = 50", "size = 5000"));
		commit("Larger pages", minutesBefore(90));
		git("tag", "v1.2.0");
		await write(changed("src/ats/client.ts", "=== 408", "!== 200"));
		commit("Stricter answers", minutesBefore(25));
		const byDefault = await askSuspects(root);
		expect(suspectsOf(byDefault.facts).map(({ subject }) => subject)).toContain("Stricter answers");
		const { facts } = await askSuspects(root, undefined, { env: { by: "tags", glob: "v*" } });
		expect(suspectsOf(facts)[0]).toMatchObject({ subject: "Larger pages" });
		expect(suspectsOf(facts).map(({ subject }) => subject)).not.toContain("Stricter answers");
		expect(facts.ruled_out).toMatchObject({ "in no deployment before it began": 1 });
		expect(facts.deployments).toMatchObject({ by: "tags", count: 1 });
	});
});
