// Measures a watch: false alarms a week on quiet worlds, and what is told of planted troubles, how often and how late.
import type { CodeEpisode } from "../src/episodes/index.ts";
import type { Alert, Standing } from "../src/watch/round.ts";
import { secondsOf } from "../src/watch/round.ts";
import type { WatchState } from "../src/watch/state.ts";
import { tell } from "../src/watch/tell.ts";
import { matchesOf } from "./episode-truth.ts";
import { day, hour } from "./world-climate.ts";
import { Feed } from "./world-feed.ts";
import { ask } from "./world-reading.ts";
import { generateWorld, type World } from "./worlds.ts";

const [worlds = "6", seed = "1", minutes = "60", length = "7"] = process.argv.slice(2);
const every = Number(minutes) * 60;
const look = Number(length) * day;

interface Alarm {
	readonly now: number;
	readonly alerts: readonly Alert[];
	readonly episode: CodeEpisode | undefined;
	readonly name: string;
}

function standingOf(episode: CodeEpisode, now: number): Standing & { readonly episode: CodeEpisode } {
	const { code, where = [], spans, expected, until, ...rest } = episode;
	return {
		...rest,
		episode,
		of: "code",
		names: [code],
		parts: where.map(({ dimension, value }) => `${dimension} ${value}`),
		...(until === undefined ? {} : { until }),
		isBack: false,
		exposure: expected,
		seconds: secondsOf(spans.map(({ from, to }) => ({ from, to: Math.min(to, now) }))),
	};
}

/** The rounds of a world's last days. */
function watched(world: World): readonly Alarm[] {
	const feed = new Feed(world);
	const alarms: Alarm[] = [];
	let state: WatchState | undefined;
	for (let now = Math.max(world.start + 2 * hour, world.end - look); now <= world.end; now += every) {
		const { episodes } = ask(feed, Math.floor(now), "production");
		const near = episodes.filter(
			({ spans, until }) => until === undefined || spans.some(({ to }) => to > now - day),
		);
		const troubles = near.map((episode) => standingOf(episode, now));
		const round = { now, historyFrom: world.start, troubles, newCodes: [], limits: [] };
		const isFirst = state === undefined;
		const outcome = tell(state, round);
		state = outcome.state;
		for (const { alerts, about } of outcome.told) {
			const trouble = about.of === "trouble" ? troubles.find((one) => one === about.trouble) : undefined;
			const name = about.of === "gone" ? `gone ${about.known.names[0]}` : (trouble?.names[0] ?? "");
			// What stood before the watch began is no alarm of these days.
			if (!isFirst) alarms.push({ now, alerts, episode: trouble?.episode, name });
		}
	}
	return alarms;
}

const iso = (at: number) => new Date(at * 1000).toISOString().slice(5, 16);
let [weeks, falseAlarms, weeksBeside, falseBeside] = [0, 0, 0, 0];
const first: number[] = [];
let [planted, told, toldOnce] = [0, 0, 0];
for (let index = 0; index < Number(worlds); index++) {
	const own = Number(seed) + index;
	const world = generateWorld({ seed: own, quiet: own % 3 !== 0 });
	const alarms = watched(world);
	const from = Math.max(world.start, world.end - look);
	const isOf = ({ episode, name, now }: Alarm) =>
		world.troubles.some(
			(trouble) =>
				name.endsWith(`CODE_${trouble.code}`) &&
				(episode === undefined || matchesOf([episode], trouble, now).length > 0),
		);
	const strange = alarms.filter((alarm) => !isOf(alarm));
	const span = (world.end - from) / (7 * day);
	if (world.troubles.length === 0) [weeks, falseAlarms] = [weeks + span, falseAlarms + strange.length];
	else [weeksBeside, falseBeside] = [weeksBeside + span, falseBeside + strange.length];
	for (const trouble of world.troubles.filter((one) => one.from >= from + every)) {
		const own = alarms.filter(
			({ name, now }) => name.endsWith(`CODE_${trouble.code}`) && now >= trouble.from,
		);
		planted++;
		const opening = own.filter(({ alerts }) => !alerts.includes("over") && !alerts.includes("worse"));
		if (opening.length > 0) told++;
		if (opening.length === 1) toldOnce++;
		if (opening[0] !== undefined) first.push(opening[0].now - trouble.from);
		console.log(
			`  seed ${own} CODE_${trouble.code} ${trouble.kind} x${trouble.factor.toFixed(1)} extra ${trouble.extra.length} ${iso(trouble.from)} to ${iso(trouble.to)}: ${own.map(({ now, alerts }) => `${iso(now)} ${alerts.join("+")}`).join(", ")}`,
		);
	}
	for (const { now, alerts, name } of strange)
		console.log(`  seed ${own} false: ${iso(now)} ${alerts.join("+")} ${name}`);
}
const rate = (count: number, of: number) => (of === 0 ? "-" : (count / of).toFixed(2));
console.log(
	`seeds ${seed} to ${Number(seed) + Number(worlds) - 1}, a round every ${minutes} min: quiet ${weeks.toFixed(1)} weeks, ${falseAlarms} false alarms, ${rate(falseAlarms, weeks)} a week; beside troubles ${weeksBeside.toFixed(1)} weeks, ${falseBeside}, ${rate(falseBeside, weeksBeside)} a week; planted ${planted}, told ${told}, opened once ${toldOnce}; median wait ${first.length === 0 ? "-" : Math.round((first.toSorted((a, b) => a - b)[Math.floor(first.length / 2)] ?? 0) / 60)} min`,
);
