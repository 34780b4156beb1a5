import { afterEach, describe, expect, test } from "vitest";
import { type Asked, askable } from "./ask.ts";

let repository: Asked | undefined;
afterEach(() => repository?.remove());

/** What the answer says one step down, without hashes. */
async function asked(
	files: Record<string, string>,
	changed?: Record<string, string>,
): Promise<readonly string[]> {
	repository = await askable(files);
	repository.commit("first", "2026-01-01T00:00:00Z");
	if (changed !== undefined) {
		await repository.write(changed);
		repository.commit("the change", "2026-02-03T04:05:06Z");
	}
	const answer = await repository.ask({ error_code: "THE_CODE" });
	return [...answer.matchAll(/^ {2}it calls (.*)$/gm)].map(([, words = ""]) =>
		words.replace(/ [0-9a-f]{7}/, ""),
	);
}

const http = (limit: number) =>
	`export class HttpClient {\n  async get(path: string) {\n    return fetch(path, { signal: AbortSignal.timeout(${limit}) });\n  }\n}\n`;

describe("one step down from a raising line", () => {
	test("the method that the try called, by the field's class, with its newest commit", async () => {
		const gmail =
			"import { HttpClient } from './http.js';\nexport class Gmail {\n  constructor(private readonly client: HttpClient) {}\n  async draft() {\n    try {\n      return await this.client.get('/draft');\n    } catch (error) {\n      throw new AppError('THE_CODE');\n    }\n  }\n}\n";
		expect(
			await asked({ "src/gmail.ts": gmail, "src/http.ts": http(30000) }, { "src/http.ts": http(30) }),
		).toEqual(["HttpClient.get (src/http.ts:2-4); newest: 2026-02-03T04:05:06Z the change at 3"]);
	});

	test("the function that the condition asked, and what made the variable in it", async () => {
		const files = {
			"src/range.ts": "export function dayRange(zone: string) {\n  return { from: 0, to: 1 };\n}\n",
			"src/rows.ts": "export async function readRows(from: number, to: number) {\n  return [];\n}\n",
			"src/briefing.ts":
				"import { dayRange } from './range';\nimport { readRows } from './rows';\nimport { loggedIn } from './session';\nexport async function brief(user: User) {\n  if (!loggedIn(user)) {\n    throw new AppError('OTHER_CODE');\n  }\n  const { from, to } = dayRange(user.zone);\n  const rows = await readRows(from, to);\n  if (rows.length === 0) throw new AppError('THE_CODE');\n}\n",
			"src/session.ts": "export const loggedIn = (user: User) => user.session > 0;\n",
		};
		expect(await asked(files)).toEqual([
			"readRows (src/rows.ts:1-3); newest: at 1-3",
			"dayRange (src/range.ts:1-3); newest: at 1-3",
		]);
		expect(await repository?.ask({ error_code: "OTHER_CODE" })).toContain(
			"it calls loggedIn (src/session.ts:1-1)",
		);
	});

	test("through a re-export and a default export, in a promise's catch, before an early exit", async () => {
		const files = {
			"src/lib/index.ts": "export { default as send } from './send';\n",
			"src/lib/send.ts": "export default async function post() {\n  return 1;\n}\n",
			"src/a.ts":
				"import { send } from './lib';\nexport function a() {\n  return send().catch(() => {\n    throw new AppError('THE_CODE');\n  });\n}\n",
			"src/b.ts":
				"import { send } from './lib';\nexport function b() {\n  if (send()) return 1;\n  throw new AppError('THE_CODE');\n}\n",
		};
		expect(await asked(files)).toEqual([
			"post (src/lib/send.ts:1-3); newest: at 1-3",
			"post (src/lib/send.ts:1-3); newest: at 1-3",
		]);
	});

	test("what makes the parameter that the condition depends on", async () => {
		const cache = (factor: number) =>
			`export async function freshToken(token: Token): Promise<Token> {\n  return token.expiresAt * ${factor} < Date.now() ? refresh(token) : token;\n}\n`;
		const draft =
			"export async function draft(token: Token) {\n  const response = await fetch(url, { headers: { a: token.accessToken } });\n  if (response.status === 401) throw new AppError('THE_CODE');\n}\n";
		await asked({ "src/gmail.ts": cache(1) + draft }, { "src/gmail.ts": cache(1000) + draft });
		expect(await repository?.ask({ error_code: "THE_CODE" })).toMatch(
			/^ {2}its Token may come from freshToken \(src\/gmail\.ts:1-3\); newest: 2026-02-03T04:05:06Z [0-9a-f]{7} the change at 2$/m,
		);
	});

	test("Python's try", async () => {
		const files = {
			"app/client.py": "def fetch_rows(day):\n    return []\n",
			"app/job.py":
				'from .client import fetch_rows\n\ndef run(day):\n    try:\n        fetch_rows(day)\n    except TimeoutError:\n        raise AppError("THE_CODE")\n',
		};
		expect(await asked(files)).toEqual(["fetch_rows (app/client.py:1-2); newest: at 1-2"]);
	});

	test("nothing where only what other packages define is called, and no history where none is wanted", async () => {
		expect(
			await asked({
				"src/a.ts":
					"import { send } from 'mailer';\nexport function a() {\n  if (!send()) throw new AppError('THE_CODE');\n}\n",
			}),
		).toEqual([]);
		await repository?.write({
			"src/a.ts":
				"const send = () => 1;\nexport function a() {\n  if (!send()) throw new AppError('THE_CODE');\n}\n",
		});
		expect(await repository?.ask({ error_code: "THE_CODE", history: false })).toMatch(
			/it calls send \(src\/a\.ts:1-1\)$/m,
		);
	});
});

test("a code put together from parts: the place that passes the part", async () => {
	repository = await askable({
		"src/fail.ts": "export const fail = (reason: string) => new AppError(`GMAIL_${reason}`);\n",
		"src/send.ts":
			"import { fail } from './fail';\nexport function send(status: number) {\n  if (status === 429) throw fail('RATE_LIMITED');\n}\n",
	});
	expect(await repository.ask({ error_code: "GMAIL_RATE_LIMITED" })).toMatch(
		/# built from parts, perhaps\nsrc\/fail\.ts:1 .*\n# where such a part stands\nsrc\/send\.ts:3 if \(status === 429\) throw fail\('RATE_LIMITED'\);/,
	);
});
