// The troubles that are planted in generated productions: steps, what recurs, what grows.
import type { Dimension } from "../src/episodes/index.ts";
import { type Climate, day, hour, type Rate, sessions } from "./world-climate.ts";
import { drawPart } from "./world-parts.ts";
import { logUniform, type Random } from "./world-random.ts";

/** From this code on, events have parts. */
export const firstWithParts = 5;

export type TroubleKind = "step" | "recurring" | "growing";

/** What was planted in one code. */
export interface Trouble {
	readonly code: number;
	readonly kind: TroubleKind;
	/** Epoch seconds; of a recurring one, the beginning of its first time and the end of its last. */
	readonly from: number;
	/** Excluded; may lie beyond the world's end: it goes on. */
	readonly to: number;
	readonly factor: number;
	readonly part: { readonly dimension: Dimension; readonly value: string } | undefined;
	/** Times of a recurring one. */
	readonly times: readonly { readonly from: number; readonly to: number }[];
	/** Events that would not have been there without it, in order. */
	readonly extra: readonly number[];
	/** Of a growing one: when it was half as much again as usual; else `from`. */
	readonly left: number;
	/** Events an hour as usual, of its code or part, at the onset and at the end. */
	readonly usualAtOnset: number;
	readonly usualAtEnd: number;
}

interface Place {
	readonly code: number;
	/** The last of all codes. */
	readonly last: number;
	readonly usual: Rate;
	readonly climate: Climate;
	readonly start: number;
	readonly end: number;
	readonly isShort: boolean;
}

export function plant(place: Place, random: Random): Trouble {
	const { code, climate, end, usual } = place;
	const part = code >= firstWithParts && random() < 0.5 ? drawPart(random, code === place.last) : undefined;
	const share = part?.share ?? 1;
	const rate: Rate = (at) => usual(at) * share;
	const factor = logUniform(3, 30, random);
	const earliest = place.start + (place.isShort ? 0.4 : 0.12) * (end - place.start);
	const kinds: readonly TroubleKind[] = ["step", "step", "step", "recurring", "growing"];
	const kind = kinds[Math.floor(random() * kinds.length)] ?? "step";
	const made = shapes[kind]({ earliest, end, factor, rate, perSession: climate.eventsPerSession }, random);
	return {
		code,
		kind,
		part: part === undefined ? undefined : { dimension: part.dimension, value: part.value },
		...made,
		factor: kind === "recurring" ? realFactor(made, rate) : factor,
		extra: made.extra.sort((one, other) => one - other),
		usualAtOnset: rate(made.from) * hour,
		usualAtEnd: rate(Math.min(made.to, end)) * hour,
	};
}

/** What came of a job that fails so many times whatever is usual at its hour. */
function realFactor({ times, extra }: Made, rate: Rate): number {
	const usual = times.reduce((sum, { from, to }) => sum + rate((from + to) / 2) * (to - from), 0);
	return 1 + extra.length / Math.max(usual, 1e-9);
}

interface Course {
	readonly earliest: number;
	readonly end: number;
	readonly factor: number;
	readonly rate: Rate;
	readonly perSession: number;
}

type Made = Pick<Trouble, "from" | "to" | "times" | "left"> & { extra: number[] };

const shapes: Readonly<Record<TroubleKind, (course: Course, random: Random) => Made>> = {
	step: ({ earliest, end, factor, rate, perSession }, random) => {
		const length = logUniform(0.25 * hour, 6 * day, random);
		const from = Math.floor(earliest + random() * (end - earliest - 0.25 * hour));
		const to = Math.floor(from + length);
		const extra = sessions((at) => (factor - 1) * rate(at), from, Math.min(to, end), perSession, random);
		return { from, to, left: from, times: [{ from, to }], extra };
	},
	growing: ({ earliest, end, factor, rate, perSession }, random) => {
		const length = Math.min((4 + random() * 8) * day, end - earliest);
		const isOn = random() < 0.7;
		const from = Math.floor(
			isOn ? end - length * (0.6 + 0.4 * random()) : earliest + random() * (end - earliest - length),
		);
		const to = Math.floor(from + length);
		const isLinear = random() < 0.5;
		const rise = (at: number) => {
			const part = Math.min(1, (at - from) / length);
			return isLinear ? (factor - 1) * part : factor ** part - 1;
		};
		const extra = sessions((at) => rise(at) * rate(at), from, Math.min(to, end), perSession, random);
		const left = from + length * (isLinear ? 0.5 / (factor - 1) : Math.log(1.5) / Math.log(factor));
		return { from, to, left: Math.floor(left), times: [{ from, to }], extra };
	},
	recurring: ({ earliest, end, factor, rate, perSession }, random) => {
		const firstDay = Math.floor((earliest + random() * Math.max(0, end - earliest - 3 * day)) / day);
		const days = 3 + Math.floor(random() * 10);
		const hours = Array.from({ length: random() < 0.5 ? 1 : 2 }, () => random() * 24 * hour);
		const length = (5 + random() * 40) * 60;
		const weekdaysOnly = random() < 0.3;
		const times = Array.from({ length: days }, (_, index) => firstDay + index)
			.filter((one) => !weekdaysOnly || ((one + 4) % 7 !== 0 && (one + 4) % 7 !== 6))
			.flatMap((one) => hours.map((at) => Math.floor(one * day + at)))
			.filter((from) => from >= earliest)
			.sort((one, other) => one - other)
			.map((from) => ({ from, to: Math.floor(from + length) }));
		// A job fails as often whatever the hour: no less than six times a run, however quiet the code.
		const each = Math.max(6, (factor - 1) * rate(earliest) * length);
		const extra = times
			.filter(({ from }) => from < end)
			.flatMap(({ from, to }) => sessions(() => each / length, from, Math.min(to, end), perSession, random));
		const last = times.at(-1)?.to ?? earliest;
		const from = times[0]?.from ?? earliest;
		return { from, to: last, left: from, times, extra };
	},
};
