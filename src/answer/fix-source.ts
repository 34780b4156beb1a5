// What is known of a fix itself, as facts: the commit, whether HEAD has it, since when production does.

import type { DeployedFix } from "../cause/index.ts";
import type { AppliedPatch } from "../patch/index.ts";
import { isoInstant, visibleLine } from "../text/index.ts";
import { shortHash } from "./suspects.ts";

const maxName = 120;
const mostPaths = 3;

export interface FixSource {
	readonly facts: Readonly<Record<string, string | boolean>>;
	readonly findings: readonly string[];
	readonly untrusted: readonly string[];
	/** Missing where production does not have it. Epoch seconds. */
	readonly deployedAt?: number;
}

export function givenFix(deployedAt: number): FixSource {
	const facts = { deployed_at: isoInstant(deployedAt), how_known: "given" };
	return { facts, findings: [], untrusted: [], deployedAt };
}

/** @param now epoch seconds */
export function commitFix(fix: DeployedFix, now: number): FixSource {
	const { id, subject, isInHead, deployedAt, how, version, revertedBy } = fix;
	const isLive = deployedAt !== undefined && deployedAt < now;
	const name = shortHash(id);
	return {
		facts: {
			commit: name,
			subject: visibleLine(subject.slice(0, maxName)),
			in_head: isInHead,
			...(isLive ? { deployed_at: isoInstant(deployedAt) } : {}),
			how_known: howWords(how, version),
		},
		findings: [
			...(isInHead ? [] : [`${name} is not in HEAD: it was not merged, or another branch is checked out.`]),
			...(isInHead && !isLive ? [`${name} is in HEAD, and in no deployment yet.`] : []),
			...(revertedBy === undefined
				? []
				: [`${name} was reverted by ${shortHash(revertedBy.id)} of ${isoInstant(revertedBy.at)}.`]),
		],
		untrusted: ["fix.subject", ...(version === undefined ? [] : ["fix.how_known"])],
		...(isLive ? { deployedAt } : {}),
	};
}

/** @param carried the deployment of the commit that brought it in; undefined where HEAD does not have it */
export function patchFix(patch: AppliedPatch, carried: FixSource | undefined): FixSource {
	const isThere = patch.state !== "not" && patch.state !== "reverted";
	const source = carried ?? { facts: {}, findings: [], untrusted: [] };
	const { deployedAt, ...rest } = source;
	return {
		...rest,
		facts: { ...source.facts, in_head: isThere, patch: patch.state },
		findings: [...patchWords(patch), ...source.findings],
		untrusted: [...source.untrusted, ...(patch.differs.length === 0 ? [] : ["findings"])],
		...(isThere && deployedAt !== undefined ? { deployedAt } : {}),
	};
}

function patchWords({ state, changes, there, differs, commit }: AppliedPatch): readonly string[] {
	const paths = differs.slice(0, mostPaths).map((path) => visibleLine(path.slice(0, maxName)));
	const where = `${paths.join(", ")}${differs.length > paths.length ? ` and ${differs.length - paths.length} more` : ""}`;
	switch (state) {
		case "whole":
			return ["HEAD has the whole patch."];
		case "edited":
			return [
				`HEAD has the patch, edited: ${there} of its ${changes} changes as proposed; ${where} differs.`,
			];
		case "part":
			return [`HEAD has a part of the patch, ${there} of its ${changes} changes as proposed: see ${where}.`];
		case "reverted":
			return [
				`HEAD had the patch; ${commit === undefined ? "a later commit" : shortHash(commit)} took it out.`,
			];
		case "not":
			return ["HEAD does not have the patch: it was not applied, or in another way."];
	}
}

function howWords(how: DeployedFix["how"], version: string | undefined): string {
	if (how === "commit_time") return "the commit's own time: no deployment is known";
	return version === undefined ? "deployment" : `deployment ${visibleLine(version.slice(0, maxName))}`;
}
