// Measures the judgement of fixes on simulated histories, beside two rules of thumb: tsx bench/verify.ts FIRST COUNT.
import { type FixJudgement, type FixVerdict, judgeFix } from "../src/verify/index.ts";
import { afterDays, type Planted, plantFix, type Truth, truths } from "./verify-stories.ts";

const hour = 3600;
/** Hours after the fix at which each history is asked. */
const askedHours = [0.5, 2, 8, 24, 72, 24 * afterDays];
/** What a return, or an end before the fix, must have had or lacked to be knowable. */
const knowable = 10;

interface Tally {
	yes: number;
	all: number;
}

const tallies = new Map<string, Tally>();
function add(name: string, is: boolean): void {
	const tally = tallies.get(name) ?? { yes: 0, all: 0 };
	tallies.set(name, { yes: tally.yes + (is ? 1 : 0), all: tally.all + 1 });
}

const counted = new Map<string, number>();
const isVerbose = process.argv.includes("--verbose");

function measure(planted: Planted): void {
	const { truth, fixAt } = planted;
	const answers = askedHours.map((hours) => {
		const now = Math.floor(fixAt + hours * hour);
		return { now, hours, answer: judgeFix(planted.story(now)) };
	});
	for (const { now, hours, answer } of answers) {
		const key = `${truth} ${answer.verdict}`;
		counted.set(key, (counted.get(key) ?? 0) + 1);
		for (const [rule, says] of rules(planted, now, answer)) {
			const isOn = isNotFixed(planted, now);
			if (isOn !== undefined) add(`${rule}: "fixed" where it was not`, isOn && says);
			if (isOn === true) add(`${rule}: "fixed", of answers where it was not`, says);
			if (isVerbose && isOn === true && says && rule === "verify_fix")
				console.log("FALSE", label(planted, hours, answer));
		}
	}
	const wrong = answers.some(
		({ now, answer }) => isNotFixed(planted, now) === true && answer.verdict === "fixed",
	);
	if (truth !== "fixed") add('histories with a wrong "fixed" at any of six times', wrong);
	if (truth === "fixed") atEnough(planted, answers);
	const last = answers.at(-1)?.answer.verdict;
	if (last !== undefined) add(`${truth}: right after ${afterDays} days`, rightAtLast(truth, last));
	if (isVerbose && last !== undefined && !rightAtLast(truth, last))
		console.log("LAST", label(planted, 24 * afterDays, answers.at(-1)?.answer));
}

function rightAtLast(truth: Truth, verdict: FixVerdict): boolean {
	switch (truth) {
		case "fixed":
			return verdict === "fixed";
		case "half":
			return verdict === "reduced";
		case "unfixed":
			return verdict === "unchanged";
		case "ended_before":
			return verdict === "ended_before";
		case "came_back":
			return verdict === "came_back";
	}
}

/** Undefined where it cannot be known yet. */
function isNotFixed(
	{ truth, endedAt, fixAt, backAt, extraExpected }: Planted,
	now: number,
): boolean | undefined {
	switch (truth) {
		case "fixed":
			return false;
		case "half":
		case "unfixed":
			return true;
		case "ended_before":
			return extraExpected(endedAt, fixAt) >= knowable ? true : undefined;
		case "came_back":
			if (backAt === undefined || now <= backAt) return false;
			return extraExpected(backAt, now) >= knowable ? true : undefined;
	}
}

/** Asked again at the instant that the answer named. */
function atEnough(planted: Planted, answers: readonly { now: number; answer: FixJudgement }[]): void {
	for (const { now, answer } of answers.slice(0, 2)) {
		const { enoughAt } = answer;
		if (answer.verdict !== "too_early") continue;
		add(
			"fixed: enough_at within 8 days",
			enoughAt !== undefined && enoughAt <= planted.fixAt + afterDays * 24 * hour,
		);
		if (enoughAt === undefined || enoughAt > planted.fixAt + afterDays * 24 * hour) continue;
		const later = judgeFix(planted.story(Math.max(now + 300, enoughAt)));
		add("fixed: told by enough_at", later.verdict === "fixed");
		const tail = planted.tailHours > 0 ? "with" : "without";
		add(`fixed: told by enough_at, ${tail} a tail`, later.verdict === "fixed");
		if (isVerbose && later.verdict !== "fixed")
			console.log("LATE", label(planted, (enoughAt - planted.fixAt) / hour, later));
	}
}

function rules(planted: Planted, now: number, answer: FixJudgement): readonly (readonly [string, boolean])[] {
	const { fixAt } = planted;
	const lastHour = planted.countBetween(Math.max(fixAt, now - hour), now);
	const before = planted.countBetween(fixAt - hour, fixAt);
	const isLong = now - fixAt >= hour;
	return [
		["verify_fix", answer.verdict === "fixed"],
		["zero in an hour", isLong && lastHour === 0],
		// P(X <= n) of a Poisson count at the rate of the hour before.
		["Poisson test of an hour", isLong && poissonAtMost(lastHour, before) < 0.05],
	];
}

function poissonAtMost(count: number, mean: number): number {
	let [term, sum] = [Math.exp(-mean), 0];
	for (let at = 0; at <= count; at++) {
		sum += term;
		term *= mean / (at + 1);
	}
	return sum;
}

function label(
	{ seed, truth, hasRuns, excess, tailHours }: Planted,
	hours: number,
	answer?: FixJudgement,
): string {
	return `${seed} ${truth} runs ${hasRuns} excess ${excess.toFixed(1)} tail ${tailHours.toFixed(1)} at +${hours.toFixed(1)} h: ${answer?.verdict} ${answer?.basis} n ${answer?.count} unfixed ${answer?.expectedIfUnfixed.count.toFixed(1)} fixed ${answer?.expectedIfFixed.toFixed(1)} kind ${answer?.trouble.kind} until ${answer?.trouble.until}`;
}

const [first = 1, count = 2000] = process.argv
	.slice(2)
	.filter((one) => /^\d+$/.test(one))
	.map(Number);
const begun = performance.now();
for (let seed = first; seed < first + count; seed++) measure(plantFix(seed));
console.log(
	`${count} histories, seeds ${first} to ${first + count - 1}, ${askedHours.length} times each, ${((performance.now() - begun) / 1000).toFixed(0)} s`,
);
for (const [name, { yes, all }] of [...tallies].sort(([one], [other]) => one.localeCompare(other)))
	console.log(`${name.padEnd(64)} ${yes} of ${all} (${((100 * yes) / all).toFixed(2)} %)`);
for (const truth of truths)
	console.log(
		truth.padEnd(14),
		[...counted]
			.filter(([key]) => key.startsWith(`${truth} `))
			.map(([key, n]) => `${key.slice(truth.length + 1)} ${n}`)
			.join(", "),
	);
