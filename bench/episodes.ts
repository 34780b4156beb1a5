// Measures the search for episodes on planted troubles: one table, every row beside its bound.
import { type CodeEpisode, type EpisodesInput, findEpisodes } from "../src/episodes/index.ts";
import { Feed } from "./world-feed.ts";
import { day, generateWorld, hour, randomNumbers, type Trouble, type World } from "./worlds.ts";

const windows = [1, 24, 48, 72, 168, 336].map((hours) => hours * hour);
/** A third of the worlds are quiet. */
const quietShare = 3;

/** What is measured only where enough of it can be known, as the table says. */
const leastExtra = 20;
const leastFactor = 5;
const knowableRate = 6;

/** A trouble at an instant: what a right answer says. */
interface Truth {
	readonly trouble: Trouble;
	readonly kind: CodeEpisode["kind"] | undefined;
	readonly isCounted: boolean;
	readonly isOver: boolean;
	/** Events an hour within it at its end, and since its end as many as would have come. */
	readonly rateAtEnd: number;
	readonly lacking: number;
}

class Share {
	hits = 0;
	of = 0;
	add(isHit: boolean, weight = 1): void {
		this.of += weight;
		if (isHit) this.hits += weight;
	}
	toString(): string {
		return this.of === 0 ? "-" : `${((100 * this.hits) / this.of).toFixed(1)} % (${this.hits} of ${this.of})`;
	}
}

export class Figures {
	questions = 0;
	worlds = 0;
	readonly found = new Share();
	readonly foundPart = new Share();
	readonly rightPart = new Share();
	readonly partOfWhole = new Share();
	readonly falseQuiet = new Share();
	readonly falseBeside = new Share();
	readonly kind = new Share();
	readonly coverage = new Share();
	readonly coverageSharp = new Share();
	readonly coverageGrowing = new Share();
	readonly same = new Share();
	readonly sameFilter = new Share();
	readonly end = new Share();
	readonly endAny = new Share();
	readonly overWhileOn = new Share();
	readonly widths: number[] = [];
	readonly times: number[] = [];
	readonly confusion = new Map<string, number>();
	readonly notes: string[] = [];
}

function truthAt(trouble: Trouble, now: number): Truth {
	const until = Math.min(trouble.to, now);
	const extra = trouble.extra.filter((at) => at < now).length;
	const isOver = trouble.to <= now;
	const rateAtEnd = trouble.usualAtEnd * trouble.factor;
	const lacking = isOver ? (rateAtEnd * (now - trouble.to)) / hour : 0;
	const reached = trouble.kind === "growing" ? grownAt(trouble, until) : trouble.factor;
	return {
		trouble,
		kind: kindAt(trouble, now, lacking),
		isCounted: extra >= leastExtra && reached >= leastFactor && now > trouble.left + hour,
		isOver,
		rateAtEnd,
		lacking,
	};
}

/** At least this, for an exponential rise; a linear one is above it. */
function grownAt({ factor, from, to, extra }: Trouble, at: number): number {
	const last = extra.at(-1) ?? to;
	return factor ** Math.min(1, (at - from) / Math.max(1, Math.min(to, last) - from));
}

/** undefined while nobody could tell. */
function kindAt(trouble: Trouble, now: number, lacking: number): Truth["kind"] {
	switch (trouble.kind) {
		case "growing":
			return now - trouble.from >= 3 * day ? "growing" : undefined;
		case "recurring": {
			const days = new Set(
				trouble.times.filter(({ to }) => to <= now).map(({ from }) => Math.floor(from / day)),
			);
			return days.size >= 3 ? "recurring" : undefined;
		}
		case "step":
			if (trouble.to > now) return "on";
			return lacking >= 12 ? "burst" : undefined;
	}
}

/** Half of the longer of the two spans is common to both; of a recurring one, half of its times are told. */
function matchesOf(episodes: readonly CodeEpisode[], trouble: Trouble, now: number): readonly CodeEpisode[] {
	const own = episodes.filter(({ code }) => code === `CODE_${trouble.code}`);
	if (trouble.kind === "recurring") {
		const times = trouble.times.filter(({ from }) => from < now);
		const isTold = (one: CodeEpisode) =>
			times.filter((time) => one.spans.some(({ from, to }) => from < time.to && time.from < to)).length;
		const touching = own.filter((one) => isTold(one) > 0);
		const told = touching.reduce((sum, one) => sum + isTold(one), 0);
		return 2 * told >= times.length ? touching.sort((one, other) => isTold(other) - isTold(one)) : [];
	}
	return own.filter((episode) => {
		const until = Math.min(trouble.to, now);
		const to = episode.until ?? now;
		const common = Math.min(to, until) - Math.max(episode.since, trouble.left);
		return 2 * common >= Math.max(to - episode.since, until - trouble.left);
	});
}

function touches(episode: CodeEpisode, trouble: Trouble, now: number): boolean {
	return (
		episode.code === `CODE_${trouble.code}` &&
		episode.since < Math.min(trouble.to, now) + hour &&
		(episode.until ?? now) > trouble.from - hour
	);
}

/** Instants at which a world is asked. */
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
	return found.map((at) => Math.floor(Math.max(world.start + 2 * hour, at)));
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

export function measureWorld(world: World, figures: Figures, feed: (world: World) => Feed): void {
	figures.worlds++;
	const fed = feed(world);
	const seen = new Map<Trouble, Seen[]>();
	for (const now of instants(world)) {
		const input = fed.at(now);
		const begun = process.cpuUsage();
		const episodes = findEpisodes(input);
		figures.times.push(process.cpuUsage(begun).user / 1000);
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
	if (!truth.isCounted) return;
	const weight = windowsOf(trouble, now);
	if (weight === 0) return;
	figures.questions += weight;
	const matches = matchesOf(episodes, trouble, now);
	const [match] = matches;
	const where = match?.where?.[0];
	const isRight =
		trouble.part !== undefined &&
		where?.dimension === trouble.part.dimension &&
		where.value === trouble.part.value;
	const label = `seed ${world.seed} code ${trouble.code} ${trouble.kind} ×${trouble.factor.toFixed(1)} part ${trouble.part?.dimension ?? "-"} now ${iso(now)} truth ${iso(trouble.left)}..${iso(trouble.to)}`;
	const told = episodes
		.filter(({ code }) => code === `CODE_${trouble.code}`)
		.map(
			(one) =>
				`${one.kind} ${iso(one.since)} [${one.between.map(iso)}]..${one.until === undefined ? "" : iso(one.until)} n ${one.count} e ${one.expected.toFixed(1)} ${JSON.stringify(one.where ?? [])}`,
		)
		.join(" | ");
	if (trouble.part === undefined) {
		figures.found.add(match !== undefined, weight);
		if (match !== undefined) figures.partOfWhole.add(match.where !== undefined, weight);
		if (match === undefined) figures.notes.push(`MISS ${label} extra ${trouble.extra.length} told ${told}`);
	} else {
		figures.foundPart.add(match !== undefined, weight);
		figures.rightPart.add(isRight, weight);
		if (!isRight)
			figures.notes.push(
				`PART ${label} ${trouble.part.value} usual ${trouble.usualAtOnset.toFixed(1)} extra ${trouble.extra.length} told ${told}`,
			);
	}
	if (match === undefined) return;
	if (truth.kind !== undefined) {
		figures.kind.add(match.kind === truth.kind, weight);
		if (match.kind !== truth.kind) {
			const key = `${truth.kind} told as ${match.kind}`;
			figures.confusion.set(key, (figures.confusion.get(key) ?? 0) + weight);
			figures.notes.push(`KIND ${key} ${label} told ${told}`);
		}
	}
	const [earliest, latest] = match.between;
	const isCovered = earliest <= trouble.left && trouble.left <= latest;
	(trouble.kind === "growing" ? figures.coverageGrowing : figures.coverage).add(isCovered, weight);
	if (!isCovered)
		figures.notes.push(
			`COVER ${trouble.left > latest ? "late" : "early"} ${label} usual ${trouble.usualAtOnset.toFixed(1)} told ${told}`,
		);
	if (trouble.kind === "step" && trouble.factor >= 10 && trouble.usualAtOnset >= knowableRate) {
		figures.widths.push(...Array.from({ length: weight }, () => (latest - earliest) / 60));
		figures.coverageSharp.add(isCovered, weight);
	}
	ends(truth, match, figures, weight, `${label} told ${told}`);
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

function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function table(figures: Figures): string {
	const coverage = new Share();
	for (const one of [figures.coverage, figures.coverageGrowing]) {
		coverage.hits += one.hits;
		coverage.of += one.of;
	}
	const rows: readonly (readonly [string, string, string])[] = [
		["troubles of 5 × or more and 20 or more extra events: found", ">= 96 %", `${figures.found}`],
		["troubles in one part, of the same size: found", "", `${figures.foundPart}`],
		["troubles in one part: found, with the right part", ">= 90 %", `${figures.rightPart}`],
		["troubles of a whole code told as of a part", "", `${figures.partOfWhole}`],
		["quiet questions with a false episode", "<= 1 %", `${figures.falseQuiet}`],
		["questions with a false episode beside a trouble", "", `${figures.falseBeside}`],
		["kind right, where it can be known", ">= 95 %", `${figures.kind}`],
		["onset interval holds the true onset (nominal 90 %)", "87 to 97 %", `${coverage}`],
		["- of steps and recurring ones", "", `${figures.coverage}`],
		["- of growing ones", "", `${figures.coverageGrowing}`],
		["- of sharp ones (10 ×, usual 6 an hour or more)", "", `${figures.coverageSharp}`],
		[
			"their interval's median width",
			"<= 20 min",
			`${median(figures.widths).toFixed(1)} min (${figures.widths.length})`,
		],
		["asked at different times: same kind, onsets within a bucket", ">= 99 %", `${figures.same}`],
		["asked with a code alone: the same answer", "", `${figures.sameFilter}`],
		["over, 6 an hour or more: end told within 30 min", ">= 95 %", `${figures.end}`],
		["over, any rate: end told within 30 min", "", `${figures.endAny}`],
		["told over while on", "<= 1 %", `${figures.overWhileOn}`],
		[
			"milliseconds, median and most",
			"<= 50",
			`${median(figures.times).toFixed(0)}, ${Math.max(...figures.times).toFixed(0)}`,
		],
	];
	return [
		`${figures.questions} questions on ${figures.worlds} worlds`,
		"",
		"| figure | bound | measured |",
		"|---|---|---|",
		...rows.map((row) => `| ${row.join(" | ")} |`),
		"",
		...[...figures.confusion].map(([key, count]) => `${key}: ${count}`),
	].join("\n");
}

const [worlds = "60", seed = "1", notes = "", fed = "fine"] = process.argv.slice(2);
const partsFed = fed === "none" || fed === "hours" ? fed : "fine";
const figures = new Figures();
for (let index = 0; index < Number(worlds); index++) {
	const own = Number(seed) + index;
	const world = generateWorld({ seed: own, quiet: own % quietShare === 0 });
	measureWorld(world, figures, (one) => new Feed(one, { parts: partsFed }));
}
console.log(`seeds ${seed} to ${Number(seed) + Number(worlds) - 1}: ${table(figures)}`);
for (const note of figures.notes) if (notes !== "" && note.startsWith(notes.toUpperCase())) console.log(note);
if (notes === "all") for (const note of figures.notes) console.log(note);
