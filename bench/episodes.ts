// Measures the search for episodes on planted troubles: one table, every row beside its bound.
import { type CodeEpisode, type EpisodesInput, findEpisodes } from "../src/episodes/index.ts";
import { Figures, table } from "./episode-figures.ts";
import { knowableRate, matchesOf, type Truth, touches, truthAt } from "./episode-truth.ts";
import { day, hour } from "./world-climate.ts";
import { Feed } from "./world-feed.ts";
import { randomNumbers } from "./world-random.ts";
import { ask, type Reading } from "./world-reading.ts";
import type { Trouble } from "./world-troubles.ts";
import { generateWorld, type World } from "./worlds.ts";

const windows = [1, 24, 48, 72, 168, 336].map((hours) => hours * hour);
/** A third of the worlds are quiet. */
const quietShare = 3;

/** Instants at which a world is asked, each once: of several troubles that go on, the ends are one instant. */
function instants(world: World): readonly number[] {
	const random = randomNumbers(world.seed ^ 0x2545f491);
	const found = [world.end];
	for (const trouble of world.troubles) {
		const last = Math.min(trouble.to, world.end);
		found.push(trouble.from + (0.3 + 0.7 * random()) * (last - trouble.from));
		found.push(Math.min(world.end, last + (0.5 + random() ** 2 * 72) * hour));
	}
	if (world.troubles.length === 0) {
		const length = world.end - world.start;
		found.push(world.start + (6 + random() * 30) * hour, world.start + random() * length);
		const monday = Math.floor((world.start / day + 3) / 7) * 7 + 4;
		const at = (monday + 7 * Math.floor((random() * length) / (7 * day))) * day + (6 + random() * 14) * hour;
		if (at > world.start + 2 * hour && at < world.end) found.push(at);
	}
	return [...new Set(found.map((at) => Math.floor(Math.max(world.start + 2 * hour, at))))];
}

function overlapsWindow(episode: { since: number; until?: number }, from: number, now: number): boolean {
	return episode.since < now && (episode.until ?? now) > from;
}

interface Seen {
	readonly now: number;
	readonly kind: string;
	readonly ripe: boolean;
	readonly since: number;
	readonly grain: number;
	readonly isOver: boolean;
}

export function measureWorld(world: World, figures: Figures, fed: Reading): void {
	figures.worlds++;
	const feed = new Feed(world);
	const seen = new Map<Trouble, Seen[]>();
	for (const now of instants(world)) {
		const { input, episodes, milliseconds } = ask(feed, now, fed);
		figures.times.push(milliseconds);
		const truths = world.troubles.map((trouble) => truthAt(trouble, now));
		for (const truth of truths) judge(truth, episodes, now, figures, seen, world);
		quietness(world, episodes, now, figures);
		withCode(world, input, episodes, figures);
	}
	for (const [trouble, times] of seen) compareTimes(trouble, times, figures, world);
}

/** How many of the windows let through something of the trouble, each asked with and without its code. */
function windowsOf(trouble: Trouble, now: number): number {
	return 2 * windows.filter((length) => trouble.extra.some((at) => at >= now - length && at < now)).length;
}

function judge(
	truth: Truth,
	episodes: readonly CodeEpisode[],
	now: number,
	figures: Figures,
	seen: Map<Trouble, Seen[]>,
	world: World,
): void {
	const { trouble } = truth;
	const weight = windowsOf(trouble, now);
	if (!truth.isCounted || weight === 0) return;
	figures.questions += weight;
	const [match] = matchesOf(episodes, trouble, now);
	const label = labelOf(world, trouble, now, episodes);
	judgeFound(trouble, match, figures, weight, label);
	if (match === undefined) return;
	judgeKind(truth, match, figures, weight, label);
	judgeOnset(trouble, match, figures, weight, label);
	ends(truth, match, figures, weight, label);
	const list = seen.get(trouble) ?? [];
	list.push({
		now,
		kind: match.kind,
		ripe: truth.kind !== undefined,
		since: match.since,
		grain: match.grain,
		isOver: truth.isOver,
	});
	seen.set(trouble, list);
}

function labelOf(world: World, trouble: Trouble, now: number, episodes: readonly CodeEpisode[]): string {
	const told = episodes
		.filter(({ code }) => code === `CODE_${trouble.code}`)
		.map(
			(one) =>
				`${one.kind} ${iso(one.since)} [${one.between.map(iso)}]..${one.until === undefined ? "" : iso(one.until)} n ${one.count} e ${one.expected.toFixed(1)} ${JSON.stringify(one.where ?? [])}`,
		)
		.join(" | ");
	const { code, kind, factor, part, left, to, usualAtOnset, extra } = trouble;
	return `seed ${world.seed} code ${code} ${kind} ×${factor.toFixed(1)} part ${part?.dimension ?? "-"} ${part?.value ?? ""} now ${iso(now)} truth ${iso(left)}..${iso(to)} usual ${usualAtOnset.toFixed(1)} extra ${extra.length} told ${told}`;
}

function judgeFound(
	{ part }: Trouble,
	match: CodeEpisode | undefined,
	figures: Figures,
	weight: number,
	label: string,
): void {
	if (part === undefined) {
		figures.found.add(match !== undefined, weight);
		if (match !== undefined) figures.partOfWhole.add(match.where !== undefined, weight);
		if (match === undefined) figures.notes.push(`MISS ${label}`);
		return;
	}
	const where = match?.where?.[0];
	const isRight = where?.dimension === part.dimension && where.value === part.value;
	figures.foundPart.add(match !== undefined, weight);
	figures.rightPart.add(isRight, weight);
	if (!isRight) figures.notes.push(`PART ${label}`);
}

function judgeKind(truth: Truth, match: CodeEpisode, figures: Figures, weight: number, label: string): void {
	if (truth.kind === undefined) return;
	figures.kind.add(match.kind === truth.kind, weight);
	if (match.kind === truth.kind) return;
	const key = `${truth.kind} told as ${match.kind}`;
	figures.confusion.set(key, (figures.confusion.get(key) ?? 0) + weight);
	figures.notes.push(`KIND ${key} ${label}`);
}

function judgeOnset(
	trouble: Trouble,
	match: CodeEpisode,
	figures: Figures,
	weight: number,
	label: string,
): void {
	const [earliest, latest] = match.between;
	const isCovered = earliest <= trouble.left && trouble.left <= latest;
	(trouble.kind === "growing" ? figures.coverageGrowing : figures.coverage).add(isCovered, weight);
	if (!isCovered) figures.notes.push(`COVER ${trouble.left > latest ? "late" : "early"} ${label}`);
	if (trouble.kind !== "step" || trouble.factor < 10 || trouble.usualAtOnset < knowableRate) return;
	figures.widths.push(...Array.from({ length: weight }, () => (latest - earliest) / 60));
	figures.coverageSharp.add(isCovered, weight);
}

function ends(truth: Truth, match: CodeEpisode, figures: Figures, weight: number, label: string): void {
	const { trouble, isOver } = truth;
	if (!isOver) {
		if (trouble.kind === "recurring" && match.kind !== "recurring") return;
		figures.overWhileOn.add(match.until !== undefined, weight);
		if (match.until !== undefined) figures.notes.push(`OVER ${label}`);
		return;
	}
	if (trouble.kind === "recurring") return;
	const isTold = match.until !== undefined && Math.abs(match.until - trouble.to) <= 30 * 60;
	if (truth.lacking >= 12) figures.endAny.add(isTold, weight);
	if (truth.lacking >= 12 && truth.rateAtEnd >= knowableRate) {
		figures.end.add(isTold, weight);
		if (!isTold) figures.notes.push(`END rate ${truth.rateAtEnd.toFixed(1)} ${label}`);
	}
}

function compareTimes(trouble: Trouble, times: readonly Seen[], figures: Figures, world: World): void {
	for (const [index, one] of times.entries()) {
		for (const other of times.slice(index + 1)) {
			if (!one.ripe || !other.ripe) continue;
			const isKind = one.kind === other.kind || (trouble.kind === "step" && one.isOver !== other.isOver);
			const isSame = isKind && Math.abs(one.since - other.since) <= Math.max(one.grain, other.grain);
			figures.same.add(isSame);
			if (trouble.kind === "growing") figures.sameGrowing.add(isSame);
			if (!isSame) {
				figures.notes.push(
					`SAME seed ${world.seed} ${trouble.kind} ×${trouble.factor.toFixed(1)} usual ${trouble.usualAtOnset.toFixed(1)} ${iso(one.now)} ${one.kind} ${iso(one.since)} / ${iso(other.now)} ${other.kind} ${iso(other.since)} truth ${iso(trouble.left)}..${iso(trouble.to)}`,
				);
			}
		}
	}
}

function quietness(world: World, episodes: readonly CodeEpisode[], now: number, figures: Figures): void {
	const strange = episodes.filter(
		(episode) => !world.troubles.some((trouble) => touches(episode, trouble, now)),
	);
	for (const length of windows) {
		if (now - length < world.start - length / 2) continue;
		const isFalse = strange.some((episode) => overlapsWindow(episode, now - length, now));
		if (world.troubles.length === 0) {
			figures.questions++;
			figures.falseQuiet.add(isFalse);
		} else figures.falseBeside.add(isFalse);
	}
	for (const one of strange) {
		figures.notes.push(
			`FALSE seed ${world.seed} quiet ${world.troubles.length === 0} days ${((world.end - world.start) / day).toFixed(0)} now ${iso(now)} start ${iso(world.start)}: ${one.code} ${one.kind} ${iso(one.since)}..${one.until === undefined ? "" : iso(one.until)} n ${one.count} e ${one.expected.toFixed(2)} ${JSON.stringify(one.where ?? [])} log ${one.logChance.toFixed(1)} before ${one.daysBefore.toFixed(1)}`,
		);
	}
}

/** The same instant asked for one code alone. */
function withCode(
	world: World,
	input: EpisodesInput,
	episodes: readonly CodeEpisode[],
	figures: Figures,
): void {
	const code = `CODE_${world.troubles[0]?.code ?? world.seed % 10}`;
	const alone = findEpisodes({ ...input, only: [code] });
	const same = JSON.stringify(alone) === JSON.stringify(episodes.filter((one) => one.code === code));
	figures.sameFilter.add(same);
}

function iso(seconds: number): string {
	return new Date(seconds * 1000).toISOString().slice(5, 16);
}

const [worlds = "60", seed = "1", notes = "", fed = "production", retried = ""] = process.argv.slice(2);
const figures = new Figures();
for (let index = 0; index < Number(worlds); index++) {
	const own = Number(seed) + index;
	const world = generateWorld({ seed: own, quiet: own % quietShare === 0, retried: retried === "retried" });
	measureWorld(world, figures, fed === "fine" ? fed : "production");
}
console.log(`seeds ${seed} to ${Number(seed) + Number(worlds) - 1}: ${table(figures)}`);
for (const note of figures.notes) if (notes !== "" && note.startsWith(notes.toUpperCase())) console.log(note);
if (notes === "all") for (const note of figures.notes) console.log(note);
