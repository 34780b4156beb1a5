// What a report and a check of a fix leave behind. An answer stands whether or not it could be kept.

import type { AskedEpisode } from "../cause/index.ts";
import type { Stretch } from "../production/index.ts";
import { RepositoryUnset } from "../system/index.ts";
import { describeError, Failure, freeText } from "../text/index.ts";
import type { Case } from "./case.ts";
import type { Report, Verification } from "./changes.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { type Identified, identify } from "./identify.ts";
import type { CaseMemory } from "./joined-memory.ts";
import { type KnownSources, stretchOf } from "./known.ts";
import type { Remembered } from "./memory.ts";

const maxCause = 1500;
const maxLine = 200;

/** An issue of a report, with what the server knows of it. */
export interface KeptIssue {
	readonly of: Fingerprint["of"];
	readonly name: string;
	/** Those of the code or skill in the report's window; which of them is meant, its words say. */
	readonly episodes: readonly (AskedEpisode & { readonly suspect?: string })[];
	/** Of the window, if no episode was found. */
	readonly stretch: Stretch;
	readonly count: number;
	readonly patch?: string;
	readonly words: {
		readonly title?: string | undefined;
		readonly cause: string;
		readonly fix: string;
		readonly location?: string | undefined;
		readonly evidence: readonly string[];
	};
}

/** What was kept of each issue, in their order; or why nothing was, if a repository is set to keep it for. */
export interface KeptReport {
	readonly cases: readonly (Remembered | undefined)[];
	readonly note?: string;
}

/** @param at epoch seconds */
export async function rememberIssues(
	sources: KnownSources,
	issues: readonly KeptIssue[],
	at: number,
	signal: AbortSignal,
): Promise<KeptReport> {
	return orNote<KeptReport>({ cases: [] }, signal, async () => {
		if (issues.length === 0) return { cases: [] };
		const memory = sources.memory();
		const meant = issues.map(meantEpisode);
		const stretches = issues.map(({ stretch }, index) => {
			const episode = meant[index];
			return episode === undefined ? stretch : stretchOf(episode);
		});
		const found = await identify(sources.production, stretches, signal);
		const cases: Remembered[] = [];
		for (const [index, issue] of issues.entries()) {
			const { of, name } = issue;
			const report = await reportOf(memory, issue, { asked: meant[index], identified: found[index], at });
			cases.push(await memory.report(found[index]?.trouble ?? { of, name }, report));
		}
		return { cases };
	});
}

async function reportOf(
	memory: CaseMemory,
	{ words, count, patch }: KeptIssue,
	{
		asked,
		identified,
		at,
	}: {
		readonly asked: KeptIssue["episodes"][number] | undefined;
		readonly identified: Identified | undefined;
		readonly at: number;
	},
): Promise<Report> {
	const plain = (text: string, length: number) => freeText(text, length, false);
	const { title, cause, fix, location } = words;
	const episode = asked?.episode;
	return {
		at,
		standing: episode === undefined ? undefined : { ...episode, lastSeen: identified?.lastSeen ?? at },
		count: episode?.count ?? count,
		lastSeen: identified?.lastSeen,
		location: await memory.checkedLocation(location),
		suspect: asked?.suspect,
		patch,
		told: {
			at,
			...(title === undefined ? {} : { title: plain(title, maxLine) }),
			cause: plain(cause, maxCause),
			fix: plain(fix, maxCause),
			...(location === undefined ? {} : { location: plain(location, maxLine) }),
		},
	};
}

/** Of several episodes the one whose part and onset the issue names; else the first, which is the strongest. */
function meantEpisode({ episodes, words }: KeptIssue): KeptIssue["episodes"][number] | undefined {
	const { title = "", cause, fix, location = "", evidence } = words;
	const text = [title, cause, fix, location, ...evidence].join("\n").toLowerCase();
	const score = (asked: AskedEpisode) => {
		const parts = asked.of === "skill" ? [] : (asked.episode.where ?? []);
		const named = parts.filter(({ value }) => value !== "" && text.includes(value.toLowerCase())).length;
		const onset = new Date(asked.episode.since * 1000).toISOString().slice(0, 16).toLowerCase();
		return 2 * named + (text.includes(onset) ? 3 : 0);
	};
	return [...episodes].sort((one, other) => score(other) - score(one))[0];
}

export interface KeptFix {
	readonly of: Fingerprint["of"];
	readonly name: string;
	/** The trouble before the fix; undefined where none stood out. */
	readonly stretch?: Stretch;
	readonly verification: Verification;
}

/** The case, or why it was not kept; neither where it is of no known trouble. */
export interface KeptCase {
	readonly kept?: Case;
	readonly note?: string;
}

export async function rememberFix(
	sources: KnownSources,
	{ of, name, stretch, verification }: KeptFix,
	signal: AbortSignal,
): Promise<KeptCase> {
	return orNote<KeptCase>({}, signal, async () => {
		const memory = sources.memory();
		const stretches = stretch === undefined ? [] : [stretch];
		const [found] = await identify(sources.production, stretches, signal);
		const remembered = await memory.verify({ of, name }, found?.trouble, verification);
		return remembered === undefined ? {} : { kept: remembered.after };
	});
}

/** A patch for a code. @returns why it was not kept with the cases */
export async function rememberPatch(
	{ memory }: Pick<KnownSources, "memory">,
	{ code, patch, at }: { readonly code: string; readonly patch: string; readonly at: number },
	signal: AbortSignal,
): Promise<string | undefined> {
	const { note } = await orNote<KeptCase>({}, signal, async () => {
		await memory().propose(code, patch, at);
		return {};
	});
	return note;
}

async function orNote<T extends object>(
	otherwise: T,
	signal: AbortSignal,
	work: () => Promise<T & { readonly note?: string }>,
): Promise<T & { readonly note?: string }> {
	try {
		return await work();
	} catch (error) {
		signal.throwIfAborted();
		if (!(error instanceof Failure)) throw error;
		if (error instanceof RepositoryUnset) return otherwise;
		return { ...otherwise, note: `Not kept as a case: ${describeError(error) ?? "it failed."}` };
	}
}
