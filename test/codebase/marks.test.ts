import { afterEach, describe, expect, test } from "vitest";
import { type Asked, askable } from "./ask.ts";

let repository: Asked | undefined;
afterEach(() => repository?.remove());

const gmail = (limit: number) =>
	[
		"export async function createDraft(client: Client, draft: Draft) {",
		"\tconst token = await client.token();",
		`\tconst expires = token.expiresAt - ${limit};`,
		"\tif (expires < Date.now()) {",
		"\t\tawait client.refresh();",
		"\t}",
		"\tconst sent = await client.send(draft);",
		"\tif (!sent.ok) throw new AppError('DRAFT_FAILED');",
		"\treturn sent;",
		"}",
		"",
	].join("\n");

async function planted(): Promise<Asked> {
	repository = await askable({ "src/gmail.ts": gmail(1) });
	repository.commit("feat: drafts", "2026-01-01T10:00:00Z");
	await repository.write({ "src/gmail.ts": gmail(1000) });
	repository.commit("refactor: expiry in milliseconds", "2026-02-03T04:05:06Z");
	return repository;
}

describe("a newer commit beside the line that matched", () => {
	test("of the function, with the lines it changed, to the second", async () => {
		const { ask } = await planted();
		for (const args of [{ error_code: "DRAFT_FAILED" }, { query: "DRAFT_FAILED" }]) {
			const answer = await ask(args);
			expect(answer).toMatch(/\^ .*in createDraft.*2026-01-01T10:00:00Z [0-9a-f]{7} feat: drafts/);
			expect(answer).toMatch(
				/newest: 2026-02-03T04:05:06Z [0-9a-f]{7} refactor: expiry in milliseconds at 3$/m,
			);
		}
	});

	test("of a function shown whole, where the signature is what matched", async () => {
		const { ask } = await planted();
		const answer = await ask({ query: "createDraft", whole_function: true });
		expect(answer).toMatch(/\^ defines; in createDraft; 2026-01-01/);
		expect(answer).toMatch(/newest: 2026-02-03T04:05:06Z .* at 3$/m);
	});

	test("is said once, however many lines it changed", async () => {
		const { ask, write, commit } = await planted();
		await write({ "src/gmail.ts": gmail(1000).replaceAll("client", "mail") });
		commit("rename", "2026-02-04T00:00:00Z");
		const answer = await ask({ error_code: "DRAFT_FAILED", whole_function: true });
		expect(answer.match(/ rename/g)).toHaveLength(1);
		expect(answer).toMatch(/newest: 2026-02-04T00:00:00Z [0-9a-f]{7} rename at 1-2, 5, 7$/m);
	});

	test("is not said where the matching line is the newest, or history is not asked for", async () => {
		const { ask } = await planted();
		expect(await ask({ query: "expiresAt" })).not.toContain("newest:");
		expect(await ask({ error_code: "DRAFT_FAILED", history: false })).not.toContain("newest:");
	});

	test("uncommitted lines come before all commits", async () => {
		const { ask, write } = await planted();
		await write({ "src/gmail.ts": gmail(1000).replace("if (expires <", "if (expires <=") });
		expect(await ask({ error_code: "DRAFT_FAILED" })).toMatch(
			/newest: not committed yet at 4\n {2}newest: 2026-02-03/,
		);
	});
});

test("tabs stay tabs, so that a line can be copied into an edit", async () => {
	const { ask } = await planted();
	expect(await ask({ query: "client.refresh" })).toContain("\n5: \t\tawait client.refresh();\n");
	expect(await ask({ query: "client.refresh", context: 0 })).toContain("gmail.ts:5: \t\tawait client");
});

describe("a function too long to be shown whole", () => {
	const long = ["export function run() {", ...Array.from({ length: 300 }, (_, at) => `\tstep(${at});`), "}"];

	test("says which lines are left, as the call that shows them", async () => {
		repository = await askable({ "a.ts": `${long.join("\n")}\n` });
		const answer = await repository.ask({ query: "step(150)", whole_function: true });
		expect(answer).toMatch(/cut: 91 lines of run; path and lines "1-91" show them/);
		expect(answer).toMatch(/cut: 91 lines of run; path and lines "212-302" show them/);
		const top = await repository.ask({ query: "run", whole_function: true });
		expect(top).toMatch(/cut: 182 lines of run; path and lines "121-302" show them/);
	});

	test("a callback belongs to the function around it; a class is shown whole from its head", async () => {
		repository = await askable({
			"a.ts":
				"export async function sync(all: Item[]) {\n  const list = await load();\n  list.forEach((item) => {\n    push(item);\n  });\n  return list;\n}\n",
			"b.ts":
				"export class Client extends Base {\n  retries = 3;\n\n  get(path: string) {\n    return this.send(path);\n  }\n}\n",
		});
		const callback = await repository.ask({ query: "push(item)", whole_function: true });
		expect(callback).toContain("2-   const list = await load();");
		expect(callback).toContain("6-   return list;");
		expect(await repository.ask({ query: "class Client", whole_function: true })).toContain(
			"5-     return this.send(path);",
		);
	});

	test("with an error code, only what raises is shown whole; a list of codes never is", async () => {
		repository = await askable({
			"a.ts": "export function f() {\n  one();\n  two();\n  three();\n  throw new Error('THE_CODE');\n}\n",
			"list.ts": `export const CODES = [\n${Array.from({ length: 30 }, (_, at) => `  'CODE_${at}X',`).join("\n")}\n  'THE_CODE',\n];\n`,
		});
		const answer = await repository.ask({ error_code: "THE_CODE", whole_function: true });
		expect(answer).toContain("2-   one();");
		expect(answer).not.toContain("CODE_29X");
		const queried = await repository.ask({ query: "THE_CODE", whole_function: true });
		expect(queried).toContain("2-   one();");
		expect(queried).not.toContain("CODE_1X");
	});
});

test("further matches of a file are said with their lines", async () => {
	repository = await askable({ "a.ts": "needle();\n\n\n\n\n".repeat(9) });
	expect(await repository.ask({ query: "needle", limit: 6 })).toContain("a.ts (+3 more at 31, 36, 41)");
});
