// Plants one incident in a slice of a history: a raising line, a culprit or none, and decoys around them.

import { changedFunctions, culpritEdit, type Slice, sliceOf } from "./suspects-culprit.ts";
import { apply, type Edit, loudAddition, mutate, padded, refactor } from "./suspects-edits.ts";
import { type Fn, functionsIn, type Graph, graphOf, routes } from "./suspects-graph.ts";
import type { Draft, Incident } from "./suspects-incident.ts";
import { type Raise, raiseAt } from "./suspects-raise.ts";
import { render } from "./suspects-render.ts";
import { pick, type Story, subjectFor } from "./suspects-stories.ts";
import { logUniform, type Random, randomNumbers } from "./world-random.ts";

const hour = 3600;
const start = 1_790_000_000;
const codes =
	"LLM_AUTH_FAILED LLM_RATE_LIMITED LLM_TIMEOUT LLM_INVALID_RESPONSE ATS_AUTH_FAILED ATS_NOT_FOUND ATS_RATE_LIMITED ATS_TIMEOUT ATS_INVALID_REQUEST SKILL_NOT_FOUND SKILL_RENDER_FAILED SCRAPE_TIMEOUT SCRAPE_BLOCKED INTEGRATION_NOT_CONNECTED INTEGRATION_TOKEN_EXPIRED NETWORK_ERROR".split(
		" ",
	);
/** @returns undefined where the slice offers no place for an incident */
export function plant(story: Story, seed: number, hasCulprit: boolean): Incident | undefined {
	const random = randomNumbers(seed);
	const isReal = random() < 0.5;
	const slice = sliceOf(story, 5 + Math.floor(random() * 56), random);
	if (slice === undefined) return undefined;
	const place = Math.floor(slice.commits.length * (0.2 + 0.75 * random()));
	const tree = slice.trees[place + 1] ?? slice.trees.at(-1);
	if (tree === undefined) return undefined;
	const graph = graphOf(tree);
	const starts =
		isReal && hasCulprit
			? changedFunctions(slice, place, graph)
			: graph.functions.map((fn) => ({ fn, line: fn.from + Math.floor(0.8 * random() * (fn.to - fn.from)) }));
	if (starts.length === 0) return undefined;
	const { fn: changed, line } = pick(starts, random);
	const step = pick([0, 0, 1, 1, 1, 2, 2, 3], random);
	const reachable = [...routes(graph, changed, 3)].filter(([, { distance }]) => distance === step);
	if (reachable.length === 0) return undefined;
	const [raising, route] = pick(reachable, random);
	const code = pick(codes, random);
	// What broke is reached first: the error comes after the call of it, or after the line that changed.
	if (isReal && hasCulprit && route.until !== undefined && line > route.until) return undefined;
	const reached =
		route.way === "up" ? graph.linesOfCall(raising, route.via)[0] : step === 0 ? line : undefined;
	const raise = raiseAt(tree, raising, code, random, reached);
	if (raise === undefined) return undefined;
	const until = step === 0 ? raise.at : route.until === undefined ? undefined : route.until + 1;
	const culprit = hasCulprit && !isReal ? culpritEdit(tree, changed, raise, until, random) : undefined;
	if (hasCulprit && !isReal && culprit === undefined) return undefined;
	if (culprit !== undefined && route.way === "down" && leavesCall(culprit, graph.calls(changed)))
		return undefined;
	const how = !hasCulprit ? "none" : isReal ? `real ${step}` : `${culprit?.kind} ${step}`;
	return assemble({
		story,
		seed,
		slice,
		place,
		raise,
		code,
		raising,
		entry: hasCulprit && route.way === "down" ? changed : undefined,
		culprit,
		hasCulprit,
		how,
		graph,
		random,
	});
}

/** Whether the call that leads to the error may be dropped, or come before the change. */
function leavesCall({ kind, old }: Edit, called: readonly Fn[]): boolean {
	return /^(?:drop_line|new_condition)$/.test(kind) && called.some(({ name }) => old.includes(`${name}(`));
}

interface Parts {
	readonly story: Story;
	readonly seed: number;
	readonly slice: Slice;
	readonly place: number;
	readonly raise: Raise;
	readonly code: string;
	readonly raising: Fn;
	/** The function through which the error comes, where only one leads to it. */
	readonly entry: Fn | undefined;
	readonly culprit: Edit | undefined;
	readonly hasCulprit: boolean;
	readonly how: string;
	readonly graph: Graph;
	readonly random: Random;
}
function assemble(incident: Parts): Incident | undefined {
	const { story, seed, slice, place, raise, code, raising, entry, hasCulprit, how, graph, random } = incident;
	const drafts = draftsOf(incident);
	const at = drafts.findIndex(({ role }) => role === "culprit");
	const gap = logUniform(0.3, 8, random) * hour;
	const times: number[] = [];
	let time = start;
	for (const _ of drafts) {
		time += 60 + -Math.log(1 - random()) * gap;
		times.push(Math.floor(time));
	}
	const isSlow = random() < 0.12;
	const lag = logUniform(5 / 60, isSlow ? 96 : 48, random) * hour;
	const since = Math.floor((times[at < 0 ? place : at] ?? start) + lag);
	const live = times[at < 0 ? place : at] ?? start;
	const decoys = drafts.flatMap(({ role }, index) =>
		/^(?:release|loud|refactoring)$/.test(role) ? [index] : [],
	);
	// Decoys come between the culprit and the onset.
	for (const [order, index] of decoys.entries()) {
		if ((times[index] ?? 0) >= since - 60)
			times[index] = Math.floor(live + ((order + 1) / (decoys.length + 1)) * lag);
	}
	const early = Math.floor(logUniform(60, isSlow ? 6 * hour : 1800, random));
	const between = [since - early, since + Math.floor(logUniform(60, 1200, random))] as const;
	const isOver = random() < 0.35;
	const until = isOver ? since + Math.floor(logUniform(1, 30, random) * hour) : undefined;
	const ended = withRevert(drafts, times, { parts: incident, until, since, random });
	const now = Math.max(until ?? 0, since + Math.floor(logUniform(0.5, 24, random) * hour)) + 600;
	const commits = render(
		slice.trees[0] ?? new Map(),
		raise.edit,
		ended.drafts,
		ended.times,
		hasCulprit,
		now,
		random,
	);
	if (commits === undefined) return undefined;
	const base = new Map(slice.trees[0]);
	const raisingText = base.get(raise.edit.path);
	const planted = raisingText === undefined ? undefined : apply(raisingText, raise.edit);
	if (planted === undefined) return undefined;
	base.set(raise.edit.path, planted);
	// Where a caller broke, the error comes through it alone; else by any that leads there.
	const parts = [raising, ...graph.callers(raising)];
	const part = entry ?? pick(parts, random);
	const name = part.path.replace(/^.*\//, "").replace(/\.\w+$/, "");
	return {
		source: story.name,
		seed,
		base,
		baseAt: start - 30 * 24 * hour,
		commits,
		how,
		code,
		raisingFile: raising.path,
		names: random() < 0.4 ? [name] : random() < 0.5 ? ["greenhouse", "sync_candidates"] : [],
		messages: raise.message !== undefined && random() < 0.4 ? [raise.message] : [],
		since,
		between,
		kind: isSlow ? (random() < 0.5 ? "growing" : "recurring") : isOver ? "burst" : "on",
		until,
		now,
	};
}

function draftsOf({ slice, place, culprit, hasCulprit, raise, raising, graph, random }: Parts): Draft[] {
	const tree = slice.trees[place + 1] ?? new Map<string, string>();
	const drafts: Draft[] = slice.commits.map((commit, index) => ({
		subject: commit.subject,
		role: hasCulprit && culprit === undefined && index === place ? "culprit" : "noise",
		story: commit,
		edits: [],
	}));
	let at = place;
	if (culprit !== undefined) {
		const isMixed = random() < 0.25;
		const own = drafts[place];
		if (isMixed && own?.story !== undefined && !own.story.changes.has(culprit.path))
			drafts[place] = { ...own, role: "culprit", edits: [culprit] };
		else {
			at = place + 1;
			drafts.splice(at, 0, { subject: subjectFor(culprit.path, random), role: "culprit", edits: [culprit] });
		}
	}
	const others = graph.functions.filter((fn) => fn.path !== raising.path);
	// Innocent changes of the same make, anywhere.
	const count = Math.floor(random() * 0.5 * slice.commits.length);
	for (let index = 0; index < count; index += 1) {
		if (others.length === 0) break;
		const fn = pick(others, random);
		const edit = mutate(tree.get(fn.path) ?? "", fn, random);
		if (edit === undefined || edit.path === culprit?.path) continue;
		const where = Math.floor(random() * (drafts.length + 1));
		if (where <= at) at += 1;
		drafts.splice(where, 0, {
			subject: subjectFor(fn.path, random),
			role: "noise",
			edits: [padded(edit, random)],
		});
	}
	const decoys: Draft[] = [];
	const raised = apply(tree.get(raising.path) ?? "", raise.edit) ?? "";
	const broken = culprit?.path === raising.path ? (apply(raised, culprit) ?? raised) : raised;
	const tidy =
		random() < 0.5 ? refactor(raising.path, broken, functionsIn(raising.path, broken), random) : undefined;
	if (tidy !== undefined)
		decoys.push({ subject: subjectFor(raising.path, random), role: "refactoring", edits: [tidy] });
	const loudPath = others.length > 0 ? pick(others, random).path : undefined;
	const loud =
		random() < 0.5 && loudPath !== undefined
			? loudAddition(loudPath, tree.get(loudPath) ?? "", random)
			: undefined;
	if (loud !== undefined)
		decoys.push({ subject: subjectFor(loud.path, random), role: "loud", edits: [loud] });
	const version = /"version": "([^"]+)"/.exec(tree.get("package.json") ?? "")?.[1];
	if (random() < 0.5 && version !== undefined)
		decoys.push({
			subject: `Release ${version}-${drafts.length}`,
			role: "release",
			edits: [
				{
					path: "package.json",
					old: `"version": "${version}"`,
					now: `"version": "${version}-${drafts.length}"`,
					kind: "release",
				},
			],
		});
	drafts.splice(at + 1, 0, ...decoys);
	return drafts;
}

/** Half of the incidents that are over and had a culprit ended by its revert; a few other commits are reverted as well. */
function withRevert(
	drafts: readonly Draft[],
	times: readonly number[],
	{ parts, until, since, random }: { parts: Parts; until: number | undefined; since: number; random: Random },
): { readonly drafts: readonly Draft[]; readonly times: readonly number[] } {
	const noise = drafts.filter(({ role, edits }) => role === "noise" && edits.length === 1);
	const isReverted = until !== undefined && parts.culprit !== undefined && random() < 0.5;
	const innocent = !isReverted && noise.length > 0 && random() < 0.08 ? pick(noise, random) : undefined;
	const undone = isReverted ? drafts.find(({ role }) => role === "culprit") : innocent;
	const edit = undone?.edits[0];
	if (undone === undefined || edit === undefined || undone.story !== undefined) return { drafts, times };
	const at = isReverted
		? (until ?? since) - Math.floor(random() * 900)
		: since + Math.floor(random() * 12 * hour);
	const subject = random() < 0.7 ? `Revert "${undone.subject}"` : subjectFor(edit.path, random);
	const later = times.findIndex((time) => time > at);
	const where = later < 0 ? drafts.length : later;
	if (where <= drafts.indexOf(undone)) return { drafts, times };
	const revert: Draft = { subject, role: "revert", edits: [], undoes: edit };
	return {
		drafts: [...drafts.slice(0, where), revert, ...drafts.slice(where)],
		times: [...times.slice(0, where), at, ...times.slice(where)],
	};
}
