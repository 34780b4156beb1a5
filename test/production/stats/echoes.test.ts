// A client's own report of what a server refused: told as its echo, and only where chance does not explain it.
import { afterEach, describe, expect, test } from "vitest";
import { errorStats } from "../../../tools/error_stats.ts";
import { randomNumbers } from "../../random-numbers.ts";
import { event, type Fields, rowStage } from "../rows.ts";
import { worldNow as now } from "../world.ts";

const day = 86_400;
const stage = rowStage();
afterEach(stage.close);

const refused = { error_code: "INTEGRATION_TOKEN_EXPIRED", provider: "gmail", http_status: 401 };
const bare = { error_code: "NETWORK_ERROR", http_status: 0 };

/** Forty sessions of a day; each may add events of its own around an instant. */
async function findingsOf(session: (at: number, random: () => number) => readonly Fields[]) {
	const random = randomNumbers(5);
	const rows = Array.from({ length: 40 }, (_, index) =>
		session(now - 600 - Math.floor(random() * (day - 1200)), random).map((fields) => ({
			session_id: `session-${index}`,
			user_id: `user-${index % 12}`,
			...fields,
		})),
	).flat();
	await stage.open({ error_events: rows.map((fields, index) => event({ id: `event-${index}`, ...fields })) });
	const { facts } = await stage.ask(errorStats);
	return facts.findings.filter((finding) => finding.includes("an echo of"));
}

describe("an echo", () => {
	test("follows its refusal within seconds, in the same session", async () => {
		const findings = await findingsOf((at, random) => [
			{ ...refused, created_at: at },
			{ ...bare, created_at: at + Math.floor(random() * 4) },
			...(random() < 0.2 ? [{ ...bare, created_at: at + 400 }] : []),
		]);
		expect(findings).toHaveLength(1);
		expect(findings[0]).toMatch(
			/NETWORK_ERROR.* an echo of INTEGRATION_TOKEN_EXPIRED: 4\d of its [45]\d newest events came within 5 s after one, in the same session/,
		);
	});

	test("is told where the question asks for it alone", async () => {
		await findingsOf((at) => [
			{ ...refused, created_at: at },
			{ ...bare, created_at: at + 2 },
		]);
		const { facts } = await stage.ask(errorStats, { error_code: "NETWORK_ERROR" });
		expect(facts.findings.join(" ")).toContain("an echo of INTEGRATION_TOKEN_EXPIRED: 40 of its 40");
	});

	test.each<readonly [string, (at: number, random: () => number) => readonly Fields[]]>([
		[
			"both come in the same sessions, at any time",
			(at, random) => [
				{ ...refused, created_at: at },
				{ ...bare, created_at: at + Math.floor(random() * 600) - 300 },
			],
		],
		[
			"it comes first",
			(at) => [
				{ ...bare, created_at: at },
				{ ...refused, created_at: at + 3 },
			],
		],
		[
			"it tells a provider and a status of its own",
			(at) => [
				{ ...refused, created_at: at },
				{ error_code: "ATS_TIMEOUT", provider: "greenhouse", http_status: 504, created_at: at + 2 },
			],
		],
		[
			"sessions loop, so that one is always near",
			(at) => [
				...Array.from({ length: 30 }, (_, turn) => ({ ...refused, created_at: at + 3 * turn })),
				{ ...bare, created_at: at + 45 },
			],
		],
		[
			"it follows in another session",
			(at) => [
				{ ...refused, created_at: at },
				{ ...bare, created_at: at + 2, session_id: `other-${at}` },
			],
		],
		[
			"few of them follow",
			(at, random) => [
				{ ...refused, created_at: at },
				{ ...bare, created_at: random() < 0.4 ? at + 2 : at + 200 },
			],
		],
	])("is not told where %s", async (_, session) => {
		expect(await findingsOf(session)).toEqual([]);
	});
});
