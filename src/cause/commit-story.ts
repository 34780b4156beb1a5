// One commit as somebody sees it who looks for a cause: the changes near the code first, and what became of it.

import type {
	Block,
	ChangedFile,
	CodeWay,
	Commit,
	CommitFile,
	CommitHead,
	CommitLog,
	Deployment,
	DeploymentSource,
	NamedCommit,
	Spot,
} from "../codebase/index.ts";
import { InvalidArgument, nearest, quoteUntrusted } from "../text/index.ts";
import { deploymentOf, readRollouts } from "./deployed.ts";
import { nearness } from "./features.ts";
import { type FileRole, roleOfFile } from "./lines.ts";
import { namedNear } from "./named-near.ts";
import type { CauseSources, CommitSources } from "./question.ts";
import { undoings } from "./undone.ts";
import { type Touch, touchesOf } from "./where.ts";
import { dependencyWords, setsWords } from "./why.ts";

export interface CommitQuestion {
	/** The beginning of a hash, or a tag. */
	readonly commit: string;
	/** A file or folder as the commit had it. */
	readonly path?: string | undefined;
	/** The changes near the lines that raise it come first. */
	readonly code?: string | undefined;
	readonly deployments: DeploymentSource | undefined;
	/** Epoch seconds. */
	readonly now: number;
}

export interface StoryBlock extends Block {
	/** The place on the code's way that it changes. */
	readonly spot?: Spot;
}

export interface StoryFile extends CommitFile {
	/** Undefined where its lines were not read. */
	readonly blocks: readonly StoryBlock[] | undefined;
	readonly kind: ChangedFile["change"]["kind"];
	readonly isBinary: boolean;
}

export interface CommitStory {
	readonly head: CommitHead;
	/** Those under `path`, the best first. */
	readonly files: readonly StoryFile[];
	/** Lines or files are left out of the blocks. */
	readonly isCut: boolean;
	/** The commit that reverts it by its text or by its lines, then the one that reverts that, and so on. */
	readonly reverts: readonly NamedCommit[];
	/** The first deployment that carried it. */
	readonly deployment?: Deployment;
	/** Deployments are known, and its place among them. */
	readonly isPlaced: boolean;
	/** Whether lines near the code could be told: the way to a code without a raising line has none. */
	readonly raising?: number;
	/** What it sets that the way uses, where it changes no line of it: in words that quote the repository. */
	readonly near?: readonly string[];
}

/** Files whose lines are read, and their changed lines together. */
const maxRead = 60;
const maxReadLines = 6000;
/** Back to commits as old as this, deployments and lines that undo are looked for, in seconds. */
const reach = 60 * 86_400;

/** @throws {CommitUnknown} {CommitAmbiguous} {InvalidArgument} {GitFailed} */
export async function commitStory(
	sources: CauseSources & CommitSources,
	{ commit, path, code, deployments, now }: CommitQuestion,
	signal: AbortSignal,
): Promise<CommitStory> {
	const head = await sources.commit(commit, signal);
	const chosen = chosenFiles(head.files, path);
	const isRecent = head.isInHead && head.at > now - reach;
	const [log, way, named] = await Promise.all([
		isRecent ? sources.commitsSince(head.at - 3600, now, signal) : undefined,
		code === undefined ? undefined : sources.wayTo({ codes: [code], texts: [], words: [] }, signal),
		sources.revertsOf(head.id, signal),
	]);
	const known = log === undefined || "none" in log ? undefined : log;
	const inLog = known?.commits.find(({ id }) => id === head.id);
	const touches =
		known === undefined || way === undefined ? [] : (touchesOf(known.commits, way.spots).get(head.id) ?? []);
	const ranked = rankFiles(chosen, way, touches);
	const read = await sources.changesOf(head.id, toRead(ranked), signal);
	const changed = new Map(read.files.map((file) => [file.change.path, file]));
	const placed =
		known === undefined ? undefined : await placeOf(sources, head, known, inLog, deployments, signal);
	return {
		head,
		files: ranked.map((file) => storyFile(file, changed.get(file.path), way, touches)),
		isCut: read.isCut,
		reverts: named.length > 0 ? named : byLines(known, head.id),
		isPlaced: placed !== undefined,
		...(placed?.deployment === undefined ? {} : { deployment: placed.deployment }),
		...(way === undefined ? {} : { raising: way.raising }),
		...(way === undefined || inLog === undefined ? {} : { near: nearWords(inLog, way) }),
	};
}

function nearWords({ patch }: Commit, way: CodeWay): readonly string[] {
	const { sets, dependency } = namedNear(patch.files, way);
	return [
		...(sets === undefined ? [] : [setsWords(sets)]),
		...(dependency === undefined ? [] : [dependencyWords(dependency)]),
	];
}

/** @throws {InvalidArgument} where the commit changed nothing there */
function chosenFiles(files: readonly CommitFile[], path: string | undefined): readonly CommitFile[] {
	if (path === undefined) return files;
	const asked = path.replace(/^\.\//, "").replace(/\/+$/, "");
	const holds = (file: string) => asked === "." || file === asked || file.startsWith(`${asked}/`);
	const chosen = files.filter(
		({ path: now, oldPath }) => holds(now) || (oldPath !== undefined && holds(oldPath)),
	);
	if (chosen.length > 0 || files.length === 0) return chosen;
	const known = files.slice(0, 1000).map((file) => file.path);
	const near = nearest(asked, [...new Set(known.flatMap((file) => [file, ...foldersOf(file)]))]);
	throw new InvalidArgument(
		"path",
		`the commit changed nothing at ${quoteUntrusted(asked, 120)}.`,
		near === undefined ? "Leave path out to see its files." : `Did you mean ${quoteUntrusted(near, 160)}?`,
	);
}

function foldersOf(path: string): readonly string[] {
	const parts = path.split("/");
	return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

const roleOrder: readonly FileRole[] = ["code", "settings", "dependencies", "other", "test", "docs", "lock"];

/** Near the code first, then code, settings and dependencies, tests, documents, lock files. */
function rankFiles(
	files: readonly CommitFile[],
	way: CodeWay | undefined,
	touches: readonly Touch[],
): readonly CommitFile[] {
	const onWay = new Set(way?.spots.map(({ path }) => path));
	const score = ({ path }: CommitFile) => {
		const near = touches.filter((touch) => touch.path === path).map(({ spot }) => nearness(spot));
		if (near.length > 0) return 100 + Math.max(...near);
		if (onWay.has(path)) return 50;
		return (way?.mentioning.has(path) === true ? 20 : 10) - roleOrder.indexOf(roleOfFile(path));
	};
	return files
		.map((file) => ({ file, of: score(file) }))
		.sort((one, other) => other.of - one.of)
		.map(({ file }) => file);
}

function toRead(files: readonly CommitFile[]): readonly CommitFile[] {
	let lines = 0;
	return files.slice(0, maxRead).filter(({ counts = { added: 0, removed: 0 } }, index) => {
		lines += counts.added + counts.removed;
		return index === 0 || lines <= maxReadLines;
	});
}

function storyFile(
	file: CommitFile,
	changed: ChangedFile | undefined,
	way: CodeWay | undefined,
	touches: readonly Touch[],
): StoryFile {
	return {
		...file,
		kind: changed?.change.kind ?? "changed",
		isBinary: changed?.change.isBinary ?? file.counts === undefined,
		blocks: changed?.blocks.map((block) => {
			const spot = spotOf(file.path, block, way, touches);
			return spot === undefined ? block : { ...block, spot };
		}),
	};
}

/** By the lines that it changes; where they have moved too far to be followed, by the function's name. */
function spotOf(
	path: string,
	block: Block,
	way: CodeWay | undefined,
	touches: readonly Touch[],
): Spot | undefined {
	const touched = touches.filter(
		(touch) =>
			touch.path === path &&
			block.hunks.some(
				({ newStart, newCount }) => newStart === touch.hunk.newStart && newCount === touch.hunk.newCount,
			),
	);
	const name = block.enclosing?.split(/[.>]/).at(-1)?.trim();
	const named = (way?.spots ?? []).filter(
		(spot) => spot.path === path && name !== undefined && spot.name === name,
	);
	const spots = touched.length > 0 ? touched.map(({ spot }) => spot) : named;
	return [...spots].sort((one, other) => nearness(other) - nearness(one))[0];
}

async function placeOf(
	sources: CauseSources,
	{ id }: CommitHead,
	log: CommitLog,
	inLog: Commit | undefined,
	deployments: DeploymentSource | undefined,
	signal: AbortSignal,
): Promise<{ readonly deployment: Deployment | undefined } | undefined> {
	const rollouts = await readRollouts(sources, deployments, log, signal);
	if (rollouts === undefined) return undefined;
	// A merge has no patch of its own in the log, but a place on the line.
	const position = inLog?.position ?? log.line.get(id);
	if (position === undefined) return undefined;
	const reachedAt = inLog?.reachedAt ?? 0;
	return { deployment: deploymentOf({ position, reachedAt }, rollouts) };
}

function byLines(log: CommitLog | undefined, id: string): readonly NamedCommit[] {
	const by = log === undefined ? undefined : undoings(log.commits).get(id);
	return by === undefined ? [] : [{ id: by.id, at: by.at, subject: by.subject }];
}
