// Plants one incident in a slice of a history: a raising line, a culprit or none, and decoys around them.

import { structuredPatch } from "diff";
import { apply, type Edit, loudAddition, mutate, padded, refactor } from "./suspects-edits.ts";
import { distances, type Fn, functionAround, type Graph, graphOf } from "./suspects-graph.ts";
import { raiseAt } from "./suspects-raise.ts";
import { isCode, pick, type Story, type StoryCommit, subjectFor } from "./suspects-stories.ts";
import { logUniform, type Random, randomNumbers } from "./world-random.ts";

export type CommitRole = "noise" | "culprit" | "release" | "loud" | "refactoring" | "revert";

export interface PlannedCommit extends StoryCommit {
	readonly role: CommitRole;
	/** Epoch seconds. */
	readonly at: number;
	/** On a branch that the next commit without it is merged after. */
	readonly isOnBranch: boolean;
}

export interface Incident {
	readonly source: string;
	readonly seed: number;
	readonly base: ReadonlyMap<string, string>;
	readonly baseAt: number;
	/** Oldest first. */
	readonly commits: readonly PlannedCommit[];
	readonly how: string;
	readonly code: string;
	readonly raisingFile: string;
	readonly names: readonly string[];
	readonly messages: readonly string[];
	readonly since: number;
	readonly between: readonly [number, number];
	readonly kind: "on" | "burst" | "growing" | "recurring";
	readonly until: number | undefined;
	readonly now: number;
}

const hour = 3600;
const start = 1_790_000_000;
const codes =
	"LLM_AUTH_FAILED LLM_RATE_LIMITED LLM_TIMEOUT LLM_INVALID_RESPONSE ATS_AUTH_FAILED ATS_NOT_FOUND ATS_RATE_LIMITED ATS_TIMEOUT ATS_INVALID_REQUEST SKILL_NOT_FOUND SKILL_RENDER_FAILED SCRAPE_TIMEOUT SCRAPE_BLOCKED INTEGRATION_NOT_CONNECTED INTEGRATION_TOKEN_EXPIRED NETWORK_ERROR".split(
		" ",
	);

interface Slice {
	readonly trees: readonly ReadonlyMap<string, string>[];
	readonly commits: readonly StoryCommit[];
}

/** @returns undefined where the slice offers no place for an incident */
export function plant(story: Story, seed: number): Incident | undefined {
	const random = randomNumbers(seed);
	const hasCulprit = random() >= 0.25;
	const isReal = random() < 0.5;
	const slice = sliceOf(story, 5 + Math.floor(random() * 56), random);
	if (slice === undefined) return undefined;
	const place = Math.floor(slice.commits.length * (0.2 + 0.75 * random()));
	const tree = slice.trees[place + 1] ?? slice.trees.at(-1);
	if (tree === undefined) return undefined;
	const graph = graphOf(tree);
	const starts = isReal && hasCulprit ? changedFunctions(slice, place, graph) : graph.functions;
	if (starts.length === 0) return undefined;
	const changed = pick(starts, random);
	const step = pick([0, 0, 1, 1, 1, 2, 2, 3], random);
	const reachable = [...distances(graph, changed, 3)].filter(([, distance]) => distance === step);
	if (reachable.length === 0) return undefined;
	const [raising] = pick(reachable, random);
	const code = pick(codes, random);
	const raise = raiseAt(tree, raising, code, random);
	if (raise === undefined) return undefined;
	const culprit = hasCulprit && !isReal ? culpritEdit(tree, changed, raise.edit, random) : undefined;
	if (hasCulprit && !isReal && culprit === undefined) return undefined;
	const how = !hasCulprit ? "none" : isReal ? `real ${step}` : `${culprit?.kind} ${step}`;
	return assemble({
		story,
		seed,
		slice,
		place,
		raise,
		code,
		raising,
		culprit,
		hasCulprit,
		how,
		graph,
		random,
	});
}

function sliceOf(story: Story, length: number, random: Random): Slice | undefined {
	const room = story.commits.length - length;
	if (room < 0) return undefined;
	const from = Math.floor(random() * (room + 1));
	let tree: ReadonlyMap<string, string> = story.base;
	for (const commit of story.commits.slice(0, from)) tree = after(tree, commit);
	const commits = story.commits.slice(from, from + length);
	const trees = [tree];
	for (const commit of commits) {
		tree = after(tree, commit);
		trees.push(tree);
	}
	return { trees, commits };
}

function after(tree: ReadonlyMap<string, string>, { changes }: StoryCommit): ReadonlyMap<string, string> {
	const next = new Map(tree);
	for (const [path, text] of changes) {
		if (text === null) next.delete(path);
		else next.set(path, text);
	}
	return next;
}

/** Functions that a real commit changed in code that runs. */
function changedFunctions({ trees, commits }: Slice, place: number, graph: Graph): readonly Fn[] {
	const before = trees[place];
	const files = [...(commits[place]?.changes ?? [])].filter(([path, text]) => isCode(path) && text !== null);
	if (before === undefined || files.length === 0 || files.length > 4) return [];
	const found = new Set<Fn>();
	for (const [path, text] of files) {
		const old = before.get(path);
		if (old === undefined || text === null) continue;
		for (const hunk of structuredPatch(path, path, old, text, "", "", { context: 0 }).hunks) {
			for (const [offset, line] of hunk.lines.filter((one) => !one.startsWith("-")).entries()) {
				if (!line.startsWith("+") || /^\+\s*(?:$|\/\/|\*|\/\*|#)/.test(line)) continue;
				const fn = functionAround(graph.functions, path, hunk.newStart - 1 + offset);
				if (fn !== undefined) found.add(fn);
			}
		}
	}
	return [...found];
}

/** One in six changes a setting or a constant that the function reads, or a dependency. */
function culpritEdit(
	tree: ReadonlyMap<string, string>,
	fn: Fn,
	raise: Edit,
	random: Random,
): Edit | undefined {
	const text = tree.get(fn.path);
	if (text === undefined) return undefined;
	const raised = fn.path === raise.path ? (apply(text, raise) ?? text) : text;
	if (random() < 0.16) {
		const edit = random() < 0.7 ? constantEdit(raised, fn, random) : dependencyEdit(tree, fn, random);
		if (edit !== undefined) return edit;
	}
	const grown = { ...fn, to: fn.to + raised.split("\n").length - text.split("\n").length };
	const edit = mutate(raised, grown, random);
	return edit === undefined || edit.old === raise.now ? edit : padded(edit, random);
}

function constantEdit(text: string, fn: Fn, random: Random): Edit | undefined {
	const lines = text.split("\n");
	const body = lines.slice(fn.from, fn.to + 1).join("\n");
	const constants = lines.flatMap((line, index) => {
		const name =
			/^(?:export )?(?:const|let|var) (\w{3,}) = .*\d/.exec(line)?.[1] ??
			/^\s{0,4}(\w{3,}): \d+,?$/.exec(line)?.[1];
		return name !== undefined && body.includes(name) ? [index] : [];
	});
	if (constants.length === 0) return undefined;
	const at = pick(constants, random);
	return mutate(text, { ...fn, from: at - 1, to: at + 1 }, random);
}

function dependencyEdit(tree: ReadonlyMap<string, string>, fn: Fn, random: Random): Edit | undefined {
	const text = tree.get("package.json");
	if (text === undefined) return undefined;
	const code = tree.get(fn.path) ?? "";
	const lines = text.split("\n");
	const used = lines.flatMap((line, index) => {
		const [, name, version] = /^\s*"([@\w./-]+)": "[\^~]?(\d+)\.\d+\.\d+",?$/.exec(line) ?? [];
		return name !== undefined && version !== undefined && new RegExp(`["']${name}["'/]`).test(code)
			? [index]
			: [];
	});
	if (used.length === 0) return undefined;
	const at = pick(used, random);
	const line = (lines[at] ?? "").replace(/(\d+)\.\d+\.\d+/, (_, major) => `${Number(major) + 1}.0.0`);
	return { path: "package.json", old: lines[at] ?? "", now: line, kind: "dependency" };
}

interface Parts {
	readonly story: Story;
	readonly seed: number;
	readonly slice: Slice;
	readonly place: number;
	readonly raise: { readonly edit: Edit; readonly message: string | undefined };
	readonly code: string;
	readonly raising: Fn;
	readonly culprit: Edit | undefined;
	readonly hasCulprit: boolean;
	readonly how: string;
	readonly graph: Graph;
	readonly random: Random;
}

interface Draft {
	readonly subject: string;
	readonly role: CommitRole;
	/** Of the story; its files' texts. */
	readonly story?: StoryCommit;
	readonly edits: readonly Edit[];
	readonly undoes?: Edit;
}

function assemble(parts: Parts): Incident | undefined {
	const { story, seed, slice, place, raise, code, raising, hasCulprit, how, random } = parts;
	const drafts = draftsOf(parts);
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
	const ended = withRevert(drafts, times, { parts, until, since, random });
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
	const name = raising.path.replace(/^.*\//, "").replace(/\.\w+$/, "");
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
	const tidy = random() < 0.5 ? refactor(raising.path, broken, graph.functions, random) : undefined;
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

/** Each commit's files: the story's text with every edit that still stands. */
function render(
	base: ReadonlyMap<string, string>,
	raise: Edit,
	drafts: readonly Draft[],
	times: readonly number[],
	hasCulprit: boolean,
	now: number,
	random: Random,
): readonly PlannedCommit[] | undefined {
	let tree = base;
	let standing: Edit[] = [raise];
	const shown = new Map(base);
	const raised = apply(base.get(raise.path) ?? "", raise);
	if (raised === undefined) return undefined;
	shown.set(raise.path, raised);
	const commits: PlannedCommit[] = [];
	let branchLeft = 0;
	for (const [index, draft] of drafts.entries()) {
		const at = times[index] ?? start;
		if (at > now) break;
		if (draft.story !== undefined) tree = after(tree, draft.story);
		standing = [...standing.filter((edit) => edit !== draft.undoes), ...draft.edits];
		const paths = new Set([
			...(draft.story?.changes.keys() ?? []),
			...draft.edits.map(({ path }) => path),
			...(draft.undoes === undefined ? [] : [draft.undoes.path]),
		]);
		const changes = new Map<string, string | null>();
		for (const path of paths) {
			let text = tree.get(path);
			for (const edit of standing.filter((one) => one.path === path)) {
				if (text === undefined) return undefined;
				const next: string | undefined = apply(text, edit);
				// The error and its cause must not be lost; what else does not fit any more is dropped.
				if (next === undefined && (edit === raise || draft.edits.includes(edit) || isCulprit(edit, drafts)))
					return undefined;
				if (next === undefined) standing = standing.filter((one) => one !== edit);
				else text = next;
			}
			if (shown.get(path) === text) continue;
			changes.set(path, text ?? null);
			if (text === undefined) shown.delete(path);
			else shown.set(path, text);
		}
		if (changes.size === 0) {
			if (draft.role === "culprit") return undefined;
			continue;
		}
		if (branchLeft === 0 && random() < 0.06) branchLeft = 1 + Math.floor(random() * 3);
		const isOnBranch = branchLeft > 0;
		// A culprit is merged as soon as it is made: it must be live before the onset.
		if (isOnBranch) branchLeft = draft.role === "culprit" ? 0 : branchLeft - 1;
		commits.push({ subject: draft.subject, changes, role: draft.role, at, isOnBranch });
	}
	return hasCulprit && !commits.some(({ role }) => role === "culprit") ? undefined : commits;
}

function isCulprit(edit: Edit, drafts: readonly Draft[]): boolean {
	return drafts.some(({ role, edits }) => role === "culprit" && edits.includes(edit));
}
