// Fits the weights of src/cause/model.ts: `npx tsx bench/suspects-fit.ts FILE …`, files that bench/suspects.ts wrote (SUSPECTS_OUT).

import { readFileSync } from "node:fs";
import { featureNames, likelihoods, noneNames, type Weights, weights } from "../src/cause/index.ts";
import { heldOut } from "./suspects.ts";
import { calibrationOf, type ExampleRow, type Judged, table } from "./suspects-judge.ts";

const names = [...featureNames, ...noneNames];
type Name = (typeof names)[number];

/** Signs that are known: what brings a commit nearer to the error cannot speak for it less than nothing. */
const atLeastZero: ReadonlySet<Name> = new Set<Name>([
	"raises",
	"holds",
	"follows",
	"one_call",
	"two_calls",
	"three_calls",
	"reads",
	"reads_far",
	"shares_type",
	"sets_name",
	"sets_value",
	"rarity",
	"focus",
	"same_file",
	"same_folder",
	"mentions",
	"path_names",
	"words",
	"near_constant",
	"near_limit",
	"near_condition",
	"near_removal",
	"near_logic",
	"uses_dependency",
	"dependency",
	"setting",
	"undone_at_end",
	"undone",
]);
const atMostZero: ReadonlySet<Name> = new Set<Name>(["lag", "slow_lag", "order", "refactoring", "files"]);

/**
 * The mean of a normal prior: what is rare among generated incidents keeps what a person would say of it. 0 for the others.
 */
const prior: Readonly<Partial<Record<Name, number>>> = {
	raises: 1.5,
	holds: 2,
	one_call: 1.5,
	two_calls: 0.8,
	three_calls: 0.3,
	shares_type: 1.5,
	reads: 1.5,
	reads_far: 0.5,
	sets_name: 0.5,
	sets_value: 2.2,
	words: 1,
	near_constant: 0.4,
	near_limit: 0.3,
	near_condition: 0.4,
	near_removal: 0.4,
	uses_dependency: 1.5,
	dependency: 0.3,
	setting: 0.3,
	undone_at_end: 3,
	undone: 1,
};
/** Not fitted: what the generated incidents say too sharply. */
const fixed: ReadonlySet<Name> = new Set<Name>(["late"]);
/** What is nearer to the error speaks for it no less: pairs of the nearer and the farther. */
const ordered: readonly (readonly [nearer: Name, farther: Name])[] = [
	["raises", "holds"],
	["one_call", "two_calls"],
	["two_calls", "three_calls"],
	["reads", "reads_far"],
	["same_file", "same_folder"],
];
/** The prior's precision, for the sum over all incidents. */
const penalty = 2;
const rounds = 400;

/** One incident as rows of numbers: each commit's, then those of none. */
interface Dense {
	readonly rows: readonly Float64Array[];
	/** The index of what is true. */
	readonly truth: number;
}

function denseOf({ features, none, culprit }: ExampleRow): Dense {
	const rows = features.map((commit) =>
		Float64Array.from(names, (name) => (isFeature(name) ? (commit[name] ?? 0) : 0)),
	);
	rows.push(Float64Array.from(names, (name) => (isFeature(name) ? 0 : none[name])));
	return { rows, truth: culprit < 0 ? features.length : culprit };
}

function isFeature(name: Name): name is (typeof featureNames)[number] {
	return (featureNames as readonly string[]).includes(name);
}

function fit(examples: readonly ExampleRow[]): Weights {
	const dense = examples.map(denseOf);
	const found = Float64Array.from(names, (name) => weights[name]);
	// Adam (Kingma and Ba 2015): features differ a hundredfold in scale.
	const mean = new Float64Array(names.length);
	const square = new Float64Array(names.length);
	for (let round = 1; round <= rounds; round += 1) {
		const gradient = gradientOf(dense, found);
		const rate = 0.08 * (1 - round / (rounds + 1));
		for (const [at, name] of names.entries()) {
			if (fixed.has(name)) continue;
			const before = found[at] ?? 0;
			const slope = (gradient[at] ?? 0) - penalty * (before - (prior[name] ?? 0));
			const first = 0.9 * (mean[at] ?? 0) + 0.1 * slope;
			const second = 0.99 * (square[at] ?? 0) + 0.01 * slope * slope;
			mean[at] = first;
			square[at] = second;
			const step = first / (1 - 0.9 ** round) / (Math.sqrt(second / (1 - 0.99 ** round)) + 1e-8);
			let next = before + rate * step;
			if (atLeastZero.has(name)) next = Math.max(0, next);
			if (atMostZero.has(name)) next = Math.min(0, next);
			found[at] = next;
		}
		for (const [nearer, farther] of ordered) {
			const [near, far] = [names.indexOf(nearer), names.indexOf(farther)];
			const [one = 0, other = 0] = [found[near], found[far]];
			if (one < other) found[near] = found[far] = (one + other) / 2;
		}
	}
	const entries = names.map((name, at) => [name, found[at] ?? 0] as const);
	return { ...weights, ...Object.fromEntries(entries) };
}

/** Of the log-likelihood: what is seen, less what is expected. */
function gradientOf(dense: readonly Dense[], by: Float64Array): Float64Array {
	const gradient = new Float64Array(by.length);
	for (const { rows, truth } of dense) {
		const scores = rows.map((row) => row.reduce((sum, value, at) => sum + value * (by[at] ?? 0), 0));
		const top = Math.max(...scores);
		const parts = scores.map((score) => Math.exp(score - top));
		const whole = parts.reduce((sum, part) => sum + part, 0);
		for (const [index, row] of rows.entries()) {
			const residual = (index === truth ? 1 : 0) - (parts[index] ?? 0) / whole;
			if (Math.abs(residual) < 1e-6) continue;
			for (let at = 0; at < row.length; at += 1)
				gradient[at] = (gradient[at] ?? 0) + residual * (row[at] ?? 0);
		}
	}
	return gradient;
}

function measure(examples: readonly ExampleRow[], by: Weights) {
	let [loss, first, third, fifth, guilty, noneRight, innocent, noneWrong] = [0, 0, 0, 0, 0, 0, 0, 0];
	for (const { features, none, culprit } of examples) {
		const { each, none: ofNone } = likelihoods(features, none, by);
		const chance = culprit < 0 ? ofNone : (each[culprit] ?? 0);
		loss -= Math.log(Math.max(1e-9, chance));
		const isNone = ofNone >= 0.5 && ofNone > Math.max(0, ...each);
		if (culprit < 0) {
			innocent += 1;
			noneRight += isNone ? 1 : 0;
			continue;
		}
		guilty += 1;
		noneWrong += isNone ? 1 : 0;
		const rank = each.filter((other) => other > chance).length + 1;
		first += rank === 1 ? 1 : 0;
		third += rank <= 3 ? 1 : 0;
		fifth += rank <= 5 ? 1 : 0;
	}
	const share = (count: number, of: number) => `${((100 * count) / Math.max(1, of)).toFixed(1)} %`;
	return [
		String(examples.length),
		(loss / examples.length).toFixed(3),
		share(first, guilty),
		share(third, guilty),
		share(fifth, guilty),
		share(noneRight, innocent),
		share(noneWrong, guilty),
	];
}

const judged = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Judged[]);
const used = judged.filter(({ source }) => !heldOut.has(source));
const unseen = judged.filter(({ source }) => heldOut.has(source));
const examples = (rows: readonly Judged[]) => rows.map(({ example }) => example);
const fitted = fit(examples(used));

/** Each source in turn judged by weights fitted to the others. */
/** How the share of right and wrong "none" moves with its threshold. */
const thresholds = [0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7].map((at) => {
	const told = used.map(({ example: { features, none, culprit } }) => ({
		isNone: likelihoods(features, none, fitted).none >= at,
		isInnocent: culprit < 0,
	}));
	const share = (isInnocent: boolean) => {
		const here = told.filter((one) => one.isInnocent === isInnocent);
		return `${((100 * here.filter(({ isNone }) => isNone).length) / Math.max(1, here.length)).toFixed(1)} %`;
	};
	return [at.toFixed(2), share(true), share(false)];
});
const crossed = [...new Set(used.map(({ source }) => source))].map((source) => {
	const by = fit(examples(used.filter((one) => one.source !== source)));
	return [`${source}, by the others`, ...measure(examples(used.filter((one) => one.source === source)), by)];
});
console.log(
	table([
		["weights", "incidents", "loss", "first", "of 3", "of 5", "none: right", "none: wrong"],
		["before, fitting set", ...measure(examples(used), weights)],
		["fitted, fitting set", ...measure(examples(used), fitted)],
		...crossed,
		...(unseen.length === 0 ? [] : [["fitted, held out", ...measure(examples(unseen), fitted)]]),
	]),
);
const calibrated = used.map((one) => {
	const { each } = likelihoods(one.example.features, one.example.none, fitted);
	const first = Math.max(0, ...each);
	return { ...one, first, isFirstRight: each.indexOf(first) === one.example.culprit };
});
console.log(table([["none from", "right", "wrong"], ...thresholds]));
console.log(table([["called", "incidents", "mean called", "right"], ...calibrationOf(calibrated)]));
for (const name of names) console.log(`\t${name}: ${Number(fitted[name].toFixed(2))},`);
