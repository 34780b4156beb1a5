// The evidence on each commit, as the numbers that the model weighs.

import type { CodeWay, Commit, FileChange, Hunk, Spot } from "../codebase/index.ts";
import { isRefactoring, isSlight, looksTrivial, type Nature, natureOf, runningFiles } from "./lines.ts";
import type { FeatureName, Features } from "./model.ts";
import { changedDependency, type NameSet, onlySettings, setName } from "./named-near.ts";
import { switchedName } from "./switched.ts";
import { type Touch, touchesOf } from "./where.ts";
import { scoreWords, type WordScore, wordsOf } from "./words.ts";

/** A commit that may have done it. */
export interface Candidate {
	readonly commit: Commit;
	/** Epoch seconds: when production could have it, by what is known. */
	readonly liveAt: number;
	readonly undone?: "at_end" | "later";
}

export interface Evidence extends Candidate {
	readonly features: Features;
	/** Places of the way, the nearest first. */
	readonly touches: readonly Touch[];
	readonly words: WordScore | undefined;
	readonly natures: readonly (keyof Nature)[];
	/** A name of the way that it sets or removes. */
	readonly sets: NameSet | undefined;
	readonly dependency: string | undefined;
	readonly isSettingOnly: boolean;
	/** A file on the way, or that contains the code or a name. */
	readonly file: { readonly path: string; readonly why: "way" | "mentions" | "named" } | undefined;
}

export interface Surroundings {
	/** Every commit back to the oldest candidate, newest first: lines move by all of them. */
	readonly all: readonly Commit[];
	readonly way: CodeWay;
	/** Words of the error: codes, messages, names. */
	readonly query: readonly string[];
	readonly names: readonly string[];
	/** Epoch seconds. */
	readonly since: number;
	readonly isSlow: boolean;
	/** Runs of a skill fail, not one code. */
	readonly isOfSkill: boolean;
}

/** Most of what a commit breaks is noticed sooner. */
const lateHours = 48;

/** @param candidates newest first */
export function gatherEvidence(candidates: readonly Candidate[], around: Surroundings): readonly Evidence[] {
	const { all, way, query } = around;
	const touches = touchesOf(all, way.spots);
	const words = scoreWords(
		candidates.map(({ commit }) => commit),
		query,
	);
	const onWay = new Set(way.spots.filter(({ steps }) => steps <= 1).map(({ path }) => path));
	const folders = new Set([...onWay].map(folderOf));
	const found = candidates.map((candidate, index) => {
		const { id } = candidate.commit;
		return evidenceOf(candidate, index, {
			...around,
			touches: touches.get(id) ?? [],
			words: words.get(id),
			onWay,
			folders,
		});
	});
	const levels = found.map(({ touches: own, features }) => {
		if (own[0] !== undefined) return nearness(own[0].spot);
		return features.holds === undefined ? 0 : nearness({ relation: "holds", steps: 0 });
	});
	return found.map((evidence, index) => {
		const level = levels[index] ?? 0;
		if (level === 0) return evidence;
		const others = levels.filter((other, at) => at !== index && other >= level).length;
		// Among few commits, the share of those that are seen says little.
		const rarity = -Math.log((others + 0.5) / (found.length - 1 + 3));
		return { ...evidence, features: { ...evidence.features, rarity } };
	});
}

interface Known extends Surroundings {
	readonly touches: readonly Touch[];
	readonly words: WordScore | undefined;
	readonly onWay: ReadonlySet<string>;
	readonly folders: ReadonlySet<string>;
}

function evidenceOf(candidate: Candidate, index: number, known: Known): Evidence {
	const { commit, liveAt, undone } = candidate;
	const running = runningFiles(commit.patch);
	const touches = known.touches
		.filter(({ hunk }) => !looksTrivial(hunk) || hunk.added.length + hunk.removed.length === 0)
		.sort((one, other) => nearness(other.spot) - nearness(one.spot));
	const near: Partial<Record<FeatureName, number>> = {};
	const [best] = touches;
	if (best !== undefined) near[featureOf(best.spot)] = 1;
	for (const { spot } of touches) if (spot.relation === "read") near[featureOf(spot)] = 1;
	const sets = touches.length > 0 ? undefined : setName(running, known.way);
	// The file that bears the failing skill's name is a place where it fails.
	const isItself =
		touches.length === 0 &&
		(known.isOfSkill || known.way.raising === 0) &&
		running.some(({ path }) => bearsName(path, known.names));
	if (isItself) near.holds = 1;
	if (sets !== undefined) near[sets.isValue ? "sets_value" : "sets_name"] = 1 / Math.max(1, sets.steps);
	const natures = naturesOf(touches, sets !== undefined ? running : []);
	const dependency = changedDependency(running, known.way.packages);
	const isSettingOnly = onlySettings(running);
	const hours = Math.max(0, known.since - liveAt) / 3600;
	const file = fileNear(running, known);
	const lines = running.reduce((sum, { added, removed }) => sum + added + removed, 0);
	const isNear = touches.length > 0 || sets !== undefined || isItself;
	const nearHunks = new Set(touches.map(({ hunk }) => hunk));
	const nearLines = [...nearHunks].reduce((sum, { oldCount, newCount }) => sum + oldCount + newCount, 0);
	const flag = (holds: boolean) => (holds ? 1 : 0);
	const switched = switchedName({ commit, touches, sets, isSettingOnly });
	const changing = touches.length > 0 ? [...nearHunks] : hunksSetting(running, sets);
	return {
		...candidate,
		touches,
		words: known.words,
		natures,
		sets,
		dependency: dependency === "" ? undefined : dependency,
		isSettingOnly,
		file,
		features: {
			...near,
			switches_on: flag(switched !== undefined),
			slight: flag(changing.length > 0 && changing.every(isSlight)),
			focus: lines === 0 ? 0 : Math.min(1, nearLines / lines),
			lag: Math.log1p(hours),
			late: Math.max(0, Math.log1p(hours) - Math.log1p(lateHours)),
			slow_lag: known.isSlow ? Math.log1p(hours) : 0,
			order: Math.log1p(index),
			same_file: flag(!isNear && file?.why === "way"),
			same_folder: flag(
				!isNear && file?.why !== "way" && running.some(({ path }) => known.folders.has(folderOf(path))),
			),
			mentions: flag(running.some(({ path }) => known.way.mentioning.has(path))),
			path_names: flag(running.some(({ path }) => isNamed(path, known.names))),
			words: known.words?.score ?? 0,
			near_constant: flag(natures.includes("constant")),
			near_limit: flag(natures.includes("limit")),
			near_condition: flag(natures.includes("condition")),
			near_removal: flag(natures.includes("removal")),
			near_logic: flag(natures.includes("logic")),
			uses_dependency: flag(dependency !== undefined && dependency !== ""),
			dependency: flag(dependency === ""),
			setting: flag(isSettingOnly),
			refactoring: flag(isNear && isRefactoring(running)),
			size: Math.log1p(lines),
			files: Math.log1p(running.length),
			undone_at_end: flag(undone === "at_end"),
			undone: flag(undone === "later"),
		},
	};
}

/** The hunks that set a name of the way. */
function hunksSetting(files: readonly FileChange[], sets: NameSet | undefined): readonly Hunk[] {
	if (sets === undefined) return [];
	const { name, path } = sets;
	const isOf = ({ removed, added }: Hunk) => [...removed, ...added].some((line) => line.includes(name));
	return files.flatMap((file) => (file.path === path ? file.hunks.filter(isOf) : []));
}

/** Larger is nearer to the raising line. */
export function nearness({ relation, steps }: Pick<Spot, "relation" | "steps">): number {
	if (relation === "raises" || relation === "guards") return 10;
	if (relation === "holds") return 9;
	// It runs too late, unless by what it leaves behind.
	if (relation === "follows") return 3;
	if (relation === "mentions" || relation === "shares") return 5;
	return 8 - 2 * steps + (relation === "read" ? 0.5 : 0);
}

function featureOf({ relation, steps }: Spot): FeatureName {
	switch (relation) {
		case "raises":
		case "guards":
			return "raises";
		case "holds":
			return "holds";
		case "follows":
			return "follows";
		case "read":
			return steps <= 1 ? "reads" : "reads_far";
		case "mentions":
			return "two_calls";
		case "shares":
			return "shares_type";
		case "called":
		case "calls":
			return steps <= 1 ? "one_call" : steps === 2 ? "two_calls" : "three_calls";
	}
}

const natureNames = ["constant", "limit", "condition", "removal", "logic"] as const;

function naturesOf(touches: readonly Touch[], files: readonly FileChange[]): readonly (keyof Nature)[] {
	const hunks =
		touches.length > 0
			? [...new Set(touches.map(({ hunk }) => hunk))]
			: files.flatMap((file) => file.hunks).slice(0, 50);
	const natures = hunks.slice(0, 100).map(natureOf);
	return natureNames.filter((name) => natures.some((nature) => nature[name]));
}

function fileNear(files: readonly FileChange[], { onWay, way, names }: Known): Evidence["file"] {
	const of = (test: (path: string) => boolean) => files.find(({ path }) => test(path))?.path;
	const path = of((one) => onWay.has(one));
	if (path !== undefined) return { path, why: "way" };
	const mentioning = of((one) => way.mentioning.has(one));
	if (mentioning !== undefined) return { path: mentioning, why: "mentions" };
	const named = of((one) => isNamed(one, names));
	return named === undefined ? undefined : { path: named, why: "named" };
}

/** `google-calendar`, `googleCalendar` and `google_calendar` are equal; all words of a name stand in the path. */
function isNamed(path: string, names: readonly string[]): boolean {
	const there = new Set(wordsOf(path));
	return names.some((name) => {
		const words = wordsOf(name);
		return words.length > 0 && words.every((word) => there.has(word));
	});
}

const commonParts = /^(?:index|main|skill|skills|service|handler|handlers|run|job|worker|client|provider)$/;

/** The file, or its folder, is named after one of them and nothing else: `skills/candidate-search.ts`, `candidate-search/SKILL.md`. */
export function bearsName(path: string, names: readonly string[]): boolean {
	const parts = path.split("/");
	const file = (parts.at(-1) ?? "").replace(/\.\w{1,5}$/, "");
	const own = (text: string) =>
		wordsOf(text)
			.filter((word) => !commonParts.test(word))
			.join(" ");
	const base = own(file);
	const named = base === "" ? own(parts.at(-2) ?? "") : base;
	return named !== "" && names.some((name) => own(name) === named);
}

function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf("/") + 1);
}
