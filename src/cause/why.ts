// Words for the evidence on one commit, the strongest first.

import type { Commit, Deployment, Spot } from "../codebase/index.ts";
import type { Evidence } from "./features.ts";
import type { Onset } from "./question.ts";

const maxReasons = 4;

/** @returns short texts, which quote paths and names of the repository */
export function whyOf(
	{ touches, words, natures, sets, dependency, file, isSettingOnly, liveAt, undone }: Evidence,
	known: {
		readonly onset: Onset;
		readonly deployment: Deployment | undefined;
		readonly undoneBy: Commit | undefined;
	},
): readonly string[] {
	const { onset, deployment, undoneBy } = known;
	const reasons: string[] = [];
	const [best] = touches;
	if (undone !== undefined && undoneBy !== undefined)
		reasons.push(`undone by ${undoneBy.id.slice(0, 7)}${undone === "at_end" ? " when it ended" : " later"}`);
	if (best !== undefined) {
		const { hunk, path, line, spot } = best;
		const verb = hunk.newCount === 0 ? "removes lines at" : "changes";
		reasons.push(`${verb} ${path}:${line}, ${placeWords(spot)}`);
	} else if (sets !== undefined) reasons.push(setsWords(sets));
	else if (file !== undefined) reasons.push(fileWords(file));
	const nature = natureWords(natures);
	if (nature !== undefined && touches.length > 0) reasons.push(nature);
	if (dependency !== undefined) reasons.push(dependencyWords(dependency));
	if (isSettingOnly) reasons.push("changes a setting and nothing else");
	if (words !== undefined && words.score > 0.1 && words.found.length > 0)
		reasons.push(`has the error's words: ${words.found.slice(0, 3).join(", ")}`);
	const by = deployment !== undefined && deployment.at === liveAt ? "deployed" : "committed";
	const version = by === "deployed" && deployment?.version !== undefined ? ` as ${deployment.version}` : "";
	const lag = onset.since - liveAt;
	reasons.splice(
		1,
		0,
		lag >= 0 ? `${by}${version} ${spanWords(lag)} before it began` : `${by}${version} as it began`,
	);
	return reasons.slice(0, maxReasons);
}

/** A setting or constant that the way reads. */
export function setsWords({ name, path }: NonNullable<Evidence["sets"]>): string {
	return `changes ${name} in ${path}, which code on the way uses`;
}

export function dependencyWords(name: string): string {
	return `changes the version of ${name}, which code on the way imports`;
}

/** How a place belongs to the way, for `changes x.ts:12, …`. */
export function placeWords({ relation, name, via, end, path }: Spot): string {
	const raised =
		end === undefined ? "the code" : end.path === path ? `line ${end.line}` : `${end.path}:${end.line}`;
	const inside = name === undefined ? "" : `in ${name}, `;
	switch (relation) {
		case "raises":
			return `${inside}which raises it`;
		case "guards":
			return `${inside}a condition of line ${end?.line ?? "?"}, which raises it`;
		case "holds":
			return `${inside}which raises it at ${raised}`;
		case "follows":
			return via === undefined
				? `${inside}below ${raised}, which raises it before`
				: `${inside}after its call of ${via} on the way to ${raised}`;
		case "called":
			return `${inside}which ${via ?? "the code there"} calls on the way to ${raised}`;
		case "calls":
			return `${inside}calling ${via ?? "it"} on the way to ${raised}`;
		case "read":
			return `${inside}which ${via ?? "the code there"} reads on the way to ${raised}`;
		case "shares":
			return `${inside}sharing a type with ${via ?? "the function"} that raises it at ${raised}`;
		case "mentions":
			return `${inside}which names the code`;
	}
}

function fileWords({ path, why }: NonNullable<Evidence["file"]>): string {
	switch (why) {
		case "way":
			return `changes other lines of ${path}, a file on the way`;
		case "mentions":
			return `changes ${path}, which names the code or its part`;
		case "named":
			return `changes ${path}, named after it`;
	}
}

function natureWords(natures: Evidence["natures"]): string | undefined {
	if (natures.includes("removal")) return "only takes code away there";
	if (natures.includes("constant")) return "changes a constant there";
	if (natures.includes("condition")) return "changes a condition there";
	return undefined;
}

/** `12 min`, `3 h`, `2 days`. */
export function spanWords(seconds: number): string {
	const minutes = Math.round(seconds / 60);
	if (minutes < 100) return `${minutes} min`;
	const hours = Math.round(seconds / 3600);
	return hours < 48 ? `${hours} h` : `${Math.round(seconds / 86_400)} days`;
}
