import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { createServices, type Services } from "../../src/services.ts";
import { Failure } from "../../src/text/index.ts";
import { type Message, WatchStore, watchRound } from "../../src/watch/index.ts";
import { event, run, skill } from "../production/rows.ts";
import { randomNumbers } from "../random-numbers.ts";

const hour = 3600;
const day = 24 * hour;
/** A Monday. */
const monday = Date.parse("2026-11-16T00:00:00Z") / 1000;
const end = monday + 7 * day;
const everyHours = 6;

/** A new code, a flood that ends, a job at one hour of the day, a slow rise, a skill whose runs fail in silence. */
const planted = {
	new: { name: "SKILL_RENDER_FAILED", from: monday + 34 * hour, to: monday + 58 * hour },
	flood: { name: "ATS_TIMEOUT", from: monday + 11 * hour, to: monday + 19 * hour },
	job: { name: "ATS_RATE_LIMITED", from: monday + 3 * day + 7 * hour, to: end },
	rise: { name: "SCRAPE_TIMEOUT", from: monday + 2 * day, to: end },
	silent: { name: "email-draft", from: monday + 4 * day + 10 * hour, to: end },
};

function* moments(
	from: number,
	to: number,
	perHour: (at: number) => number,
	random: () => number,
): Generator<number> {
	for (let at = from; at < to; ) {
		// By thinning: exponential steps of the highest rate, each kept with its own rate's share.
		at += (-Math.log(1 - random()) / 60) * hour;
		if (at < to && random() < perHour(at) / 60) yield Math.floor(at);
	}
}

function rows() {
	const random = randomNumbers(22);
	const shape = (at: number) => {
		const hourOfDay = (at % day) / hour;
		const isWeekend = Math.floor(at / day + 4) % 7 === 0 || Math.floor(at / day + 4) % 7 === 6;
		return (hourOfDay > 7 && hourOfDay < 19 ? 1.6 : 0.4) * (isWeekend ? 0.35 : 1);
	};
	const events: ReturnType<typeof event>[] = [];
	const add = (code: string, from: number, to: number, perHour: (at: number) => number) => {
		for (const at of moments(from, to, perHour, random)) {
			const user = `user-${Math.floor(random() * 30)}`;
			events.push(
				event({
					id: `event-${events.length}`,
					error_code: code,
					user_id: user,
					session_id: `session-${Math.floor(at / 900)}-${user}`,
					created_at: at,
				}),
			);
		}
	};
	const history = monday - 16 * day;
	for (const [code, rate] of [
		["LLM_TIMEOUT", 6],
		["VALIDATION_ERROR", 3],
		["ATS_TIMEOUT", 1],
		["SCRAPE_TIMEOUT", 0.2],
		["ATS_RATE_LIMITED", 0.2],
	] as const)
		add(code, history, end, (at) => rate * shape(at));
	const { flood, job, rise } = planted;
	add(planted.new.name, planted.new.from, planted.new.to, () => 6);
	add(flood.name, flood.from, flood.to, () => 20);
	add(job.name, job.from, job.to, (at) => ((at - job.from) % day < hour / 3 ? 55 : 0));
	add(rise.name, rise.from, rise.to, (at) => 0.2 * 1.9 ** ((at - rise.from) / day));
	const runs = [...moments(history, end, (at) => 5 * shape(at), random)].map((at, index) => {
		const fails = random() < (at >= planted.silent.from ? 0.9 : 0.02);
		return run({
			id: `run-${index}`,
			skill_id: "skill-email-draft",
			user_id: `runner-${Math.floor(random() * 30)}`,
			status: fails ? "error" : "success",
			created_at: at,
		});
	});
	return { events, runs };
}

class Away extends Failure {
	readonly kind = "away";
	explain() {
		return { problem: "It is away.", next: "Try again." };
	}
}

interface Heard {
	readonly at: number;
	readonly message: Message;
}

let folder: string;
let sandbox: Sandbox;
let time = monday;
const heard: Heard[] = [];
const awayRounds = [3, 13];
const failures: number[] = [];
let requests = 0;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "watch-week-"));
	const { events, runs } = rows();
	sandbox = await startSandbox({
		rateLimit: 1_000_000,
		time: () => time,
		fill(database) {
			database.insert("error_events", events);
			database.insert("skills", [skill("email-draft")]);
			database.insert("skill_usage_logs", runs);
		},
	});
	await week();
}, 120_000);
afterAll(async () => {
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});

function open(): Services {
	return createServices(
		{
			apiUrl: sandbox.url,
			apiKey: sandbox.keys.superAdmin,
			repository: undefined,
			timeoutMs: 30_000,
			maxCallsPerMinute: 1_000_000,
			showPersonalData: false,
			readableColumns: [],
			stateFolder: folder,
			check: undefined,
			logLevel: "error",
		},
		{ now: () => time * 1000 },
	);
}

/** Every seventh round is another process; the one before it was killed before it could tell what it had kept. */
async function week(): Promise<void> {
	let services = open();
	for (let round = 0; monday + round * everyHours * hour <= end; round++) {
		time = monday + round * everyHours * hour;
		if (round % 7 === 0) {
			await services.close();
			services = open();
		}
		const store = new WatchStore({
			stateFolder: folder,
			root: undefined,
			apiUrl: "https://production.example.com",
		});
		const isKilled = round % 7 === 6;
		// Away in the middle of the flood, and at a round that nothing happens in.
		const isAway = awayRounds.includes(round);
		const asked = isAway ? { ...services, production: awayFrom(services) } : services;
		sandbox.forgetRequests();
		const telling = watchRound(
			{
				services: asked,
				store,
				limits: [],
				async tell(message) {
					if (isKilled) throw new Away();
					heard.push({ at: time, message });
				},
			},
			new AbortController().signal,
		);
		await telling.catch((error: unknown) => {
			if (!(error instanceof Away)) throw error;
			if (isAway) failures.push(round);
		});
		requests = Math.max(requests, sandbox.requests.length);
	}
	await services.close();
}

function awayFrom({ production }: Services): Services["production"] {
	const away: Services["production"] = Object.create(production);
	away.errorStats = () => Promise.reject(new Away());
	return away;
}

const toldOf = (name: string) =>
	heard
		.filter(({ message }) => message.facts.error_code === name || message.facts.skill === name)
		.map(({ at, message }) => ({ at, alerts: message.alerts.join("+") }));

describe("a week of a production with five troubles, restarts, and an API that is away", () => {
	test("tells each once, and its end once", () => {
		expect(toldOf("ATS_TIMEOUT").map(({ alerts }) => alerts)).toEqual(["on", "over"]);
		expect(toldOf("SKILL_RENDER_FAILED").map(({ alerts }) => alerts)).toEqual(["on+new", "over"]);
		// Which of the two a slow rise is cannot be known on its first days.
		expect(["on", "growing"]).toContain(
			toldOf("SCRAPE_TIMEOUT")
				.map(({ alerts }) => alerts)
				.join(),
		);
		expect(toldOf("email-draft").map(({ alerts }) => alerts)).toEqual(["on"]);
	});

	test("tells what recurs as such once it is known, and no day of it after that", () => {
		const told = toldOf("ATS_RATE_LIMITED").map(({ alerts }) => alerts);
		expect(told.at(-1)).toBe("recurring");
		expect(told.slice(0, -1)).toEqual(Array.from({ length: told.length - 1 }, () => "burst"));
		expect(told.length).toBeLessThanOrEqual(3);
	});

	test("tells nothing else, and nothing under one id twice", () => {
		const names = heard.map(({ message }) => String(message.facts.error_code ?? message.facts.skill));
		const codes = Object.values(planted).map(({ name }) => name);
		expect([...new Set(names)].sort()).toEqual(codes.sort());
		const ids = heard.map(({ message }) => message.id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test("tells a sudden one within two rounds", () => {
		for (const { name, from } of [planted.new, planted.flood, planted.silent, planted.job]) {
			const [first] = toldOf(name);
			expect(first?.at, name).toBeLessThanOrEqual(from + 2 * everyHours * hour);
		}
	});

	test("fails while production is away, and stays within the budget of requests", () => {
		expect(failures).toEqual(awayRounds);
		expect(requests).toBeLessThan(60);
	});
});
