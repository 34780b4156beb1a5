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
	"one_call",
	"two_calls",
	"three_calls",
	"reads",
	"reads_far",
	"shares_type",
	"sets_name",
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
const atMostZero: ReadonlySet<Name> = new Set<Name>(["lag", "order", "refactoring", "files"]);

/** A normal prior around 0 of this precision, for the sum over all incidents. */
const penalty = 0.5;
const rounds = 4000;

function fit(examples: readonly ExampleRow[]): Weights {
	const found: Record<Name, number> = { ...weights };
	// Adam (Kingma and Ba 2015): features differ a hundredfold in scale.
	const mean = new Map<Name, number>();
	const square = new Map<Name, number>();
	for (let round = 1; round <= rounds; round += 1) {
		const gradient = gradientOf(examples, found);
		const rate = 0.05 * (1 - round / (rounds + 1));
		for (const name of names) {
			const slope = (gradient.get(name) ?? 0) - (penalty * found[name]) / 1;
			const first = 0.9 * (mean.get(name) ?? 0) + 0.1 * slope;
			const second = 0.999 * (square.get(name) ?? 0) + 0.001 * slope * slope;
			mean.set(name, first);
			square.set(name, second);
			const step = first / (1 - 0.9 ** round) / (Math.sqrt(second / (1 - 0.999 ** round)) + 1e-8);
			let next = found[name] + rate * step;
			if (atLeastZero.has(name)) next = Math.max(0, next);
			if (atMostZero.has(name)) next = Math.min(0, next);
			found[name] = next;
		}
	}
	return found;
}

/** Of the log-likelihood: what is seen, less what is expected. */
function gradientOf(examples: readonly ExampleRow[], by: Weights): ReadonlyMap<Name, number> {
	const gradient = new Map<Name, number>();
	const add = (name: Name, value: number) => gradient.set(name, (gradient.get(name) ?? 0) + value);
	for (const { features, none, culprit } of examples) {
		const { each, none: ofNone } = likelihoods(features, none, by);
		for (const [index, commit] of features.entries()) {
			const residual = (index === culprit ? 1 : 0) - (each[index] ?? 0);
			if (Math.abs(residual) < 1e-9) continue;
			for (const name of featureNames) if (commit[name]) add(name, residual * (commit[name] ?? 0));
		}
		const residual = (culprit < 0 ? 1 : 0) - ofNone;
		for (const name of noneNames) add(name, residual * none[name]);
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
console.log(table([["called", "incidents", "mean called", "right"], ...calibrationOf(calibrated)]));
for (const name of names) console.log(`\t${name}: ${Number(fitted[name].toFixed(2))},`);
