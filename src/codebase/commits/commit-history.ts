// The commits of a span with their changed lines: read once from git in bounded processes, then kept.

import { type Git, type GitOptions, oncePerAnswer, type RepositoryRoot } from "../../system/index.ts";
import { isSparse } from "../find/not-checked-out.ts";
import type { LoggedPatch } from "./patch-stream.ts";
import { believedTimes, broughtInBy, type LineCommit } from "./reached.ts";
import { nameOptions, patchOptions, readLog } from "./read-log.ts";
import type { Commit, CommitLog } from "./types.ts";

/** Upper bounds: commits of the first-parent line that are looked through, commits with lines that are read. */
const maxLine = 4000;
const maxPatches = 1500;
/** Of one reading of patches: git's time in milliseconds, and its output. */
const limits = { commits: maxPatches, timeoutMs: 6000, maxOutputBytes: 96 * 1024 * 1024 };
/** Characters of patches that are kept; the oldest commits lose their lines first. */
const maxKept = 24_000_000;
const listMs = 5000;

interface MainLine {
	readonly commits: readonly LineCommit[];
	readonly branch: string | undefined;
	readonly isShallow: boolean;
	readonly isSparse: boolean;
}

interface ReadSpan {
	/** Excluded; undefined for the beginning of the history. */
	readonly base: string | undefined;
	readonly head: string;
	/** Newest first. */
	readonly patches: readonly LoggedPatch[];
	readonly isPartial: boolean;
	readonly isCut: boolean;
}

/** One repository's commits. */
export class CommitHistory {
	readonly #root: RepositoryRoot;
	readonly #git: Git;
	#span: ReadSpan | undefined;
	#line:
		| { readonly head: string; readonly shallow: string; readonly commits: readonly LineCommit[] }
		| undefined;
	/** One reading at a time, so that several episodes of one answer share it. */
	#turn: Promise<unknown> = Promise.resolve();
	readonly #lineOf = oncePerAnswer((signal) => this.#mainLine(signal));

	constructor(root: RepositoryRoot, git: Git) {
		this.#root = root;
		this.#git = git;
	}

	/**
	 * The commits that reached HEAD's first-parent line at or after `from`, with those that its merges brought in.
	 *
	 * @param from epoch seconds
	 * @param now epoch seconds: commits dated later are not believed
	 */
	async since(
		from: number,
		now: number,
		signal: AbortSignal,
	): Promise<CommitLog | { readonly none: "no_git" | "no_commits" }> {
		const line = await this.#lineOf(signal);
		if ("none" in line) return line;
		const times = believedTimes(line.commits, now);
		const baseAt = line.commits.findIndex(({ id }) => (times.get(id) ?? 0) < from);
		const within = baseAt < 0 ? line.commits : line.commits.slice(0, baseAt);
		const base = line.commits[baseAt]?.id;
		const head = line.commits[0]?.id ?? "";
		const span = within.length === 0 ? undefined : await this.#read(base, head, within, signal);
		const oldest = line.commits.at(-1);
		return {
			commits: span === undefined ? [] : joinedCommits(span.patches, within, times),
			line: new Map(line.commits.map(({ id }, index) => [id, index])),
			...(line.branch === undefined ? {} : { branch: line.branch }),
			...(head === "" ? {} : { head, newestAt: times.get(head) ?? 0 }),
			...(oldest === undefined ? {} : { oldestAt: times.get(oldest.id) ?? 0 }),
			isWhole: baseAt >= 0 || (!line.isShallow && line.commits.length < maxLine),
			isShallow: line.isShallow,
			isSparse: line.isSparse,
			isPartial: span?.isPartial ?? false,
			unread: span?.isCut === true ? Math.max(0, within.length - span.patches.length) : 0,
		};
	}

	/** The line of a HEAD does not change: it is read again when HEAD moves. */
	async #mainLine(signal: AbortSignal): Promise<MainLine | { readonly none: "no_git" | "no_commits" }> {
		const options = { signal, timeoutMs: listMs, accept: [1, 128] };
		const [state, sparse] = await Promise.all([
			this.#git.run(["rev-parse", "--is-shallow-repository", "HEAD", "--abbrev-ref", "HEAD"], options),
			isSparse(this.#root, this.#git, signal),
		]);
		const [shallow = "", head = "", branch = ""] = state.stdout.toString("utf8").split("\n");
		if (shallow !== "true" && shallow !== "false") return { none: "no_git" };
		const known = this.#line;
		const commits =
			known !== undefined && known.head === head && known.shallow === shallow
				? known.commits
				: await this.#readLine(options);
		if (commits.length === 0) return { none: "no_commits" };
		this.#line = { head, shallow, commits };
		return {
			commits,
			branch: branch === "" || branch === "HEAD" ? undefined : branch,
			isShallow: shallow === "true",
			isSparse: sparse,
		};
	}

	async #readLine(options: GitOptions): Promise<readonly LineCommit[]> {
		const { stdout } = await this.#git.run(
			[
				"log",
				"--first-parent",
				`--max-count=${maxLine}`,
				"--no-color",
				"--no-show-signature",
				"--format=%H %ct %P",
				"HEAD",
				"--",
			],
			options,
		);
		return stdout
			.toString("utf8")
			.split("\n")
			.flatMap((row) => {
				const [id = "", at = "", ...parents] = row.split(" ");
				return id === "" ? [] : [{ id, at: Number(at), parents: parents.filter((one) => one !== "") }];
			});
	}

	#read(
		base: string | undefined,
		head: string,
		within: readonly LineCommit[],
		signal: AbortSignal,
	): Promise<ReadSpan> {
		const reading = this.#turn.then(() => this.#readNext(base, head, within, signal));
		this.#turn = reading.catch(() => undefined);
		return reading;
	}

	/** What is known already is not read again: the newer and the older piece alone. */
	async #readNext(
		base: string | undefined,
		head: string,
		within: readonly LineCommit[],
		signal: AbortSignal,
	): Promise<ReadSpan> {
		signal.throwIfAborted();
		const known = this.#span;
		const span =
			known === undefined || !within.some(({ id }) => id === known.head)
				? await this.#readPiece(base, head, signal)
				: await this.#extend(known, base, head, within, signal);
		this.#span = bounded(span);
		return this.#span;
	}

	async #extend(
		known: ReadSpan,
		base: string | undefined,
		head: string,
		within: readonly LineCommit[],
		signal: AbortSignal,
	): Promise<ReadSpan> {
		const newer = known.head === head ? undefined : await this.#readPiece(known.head, head, signal);
		const isOlder = known.base !== undefined && within.some(({ id }) => id === known.base);
		const older =
			isOlder && known.base !== undefined ? await this.#readPiece(base, known.base, signal) : undefined;
		return {
			base: isOlder ? base : known.base,
			head,
			patches: [...(newer?.patches ?? []), ...known.patches, ...(older?.patches ?? [])],
			isPartial: [newer, known, older].some((piece) => piece?.isPartial === true),
			isCut: [newer, known, older].some((piece) => piece?.isCut === true),
		};
	}

	async #readPiece(base: string | undefined, head: string, signal: AbortSignal): Promise<ReadSpan> {
		const range = [head, ...(base === undefined ? [] : [`^${base}`])];
		const whole = await readLog(this.#git, patchOptions, range, limits, signal);
		if (whole.end === "whole") return { base, head, ...whole, isPartial: false };
		// What git printed before it failed counts; of the rest, the names of the files where they can be had.
		const names = await readLog(this.#git, nameOptions, range, limits, signal);
		const read = new Map(whole.patches.map((patch) => [patch.id, patch]));
		const patches = names.patches.map((named) => {
			const known = read.get(named.id);
			if (known !== undefined) return known;
			return { ...named, patch: { ...named.patch, isMissing: true } };
		});
		return {
			base,
			head,
			patches: patches.length < whole.patches.length ? whole.patches : patches,
			isPartial: true,
			isCut: whole.isCut || names.isCut,
		};
	}
}

/** The oldest commits lose their lines where all together are too long to keep. */
function bounded(span: ReadSpan): ReadSpan {
	let kept = 0;
	const patches = span.patches.map((logged) => {
		kept += logged.size;
		if (kept <= maxKept || logged.size === 0) return logged;
		const files = logged.patch.files.map((file) => ({
			...file,
			hunks: file.hunks.map((hunk) => ({ ...hunk, removed: [], added: [] })),
		}));
		return { ...logged, size: 0, patch: { ...logged.patch, files, isCut: true } };
	});
	return { ...span, patches };
}

function joinedCommits(
	patches: readonly LoggedPatch[],
	within: readonly LineCommit[],
	times: ReadonlyMap<string, number>,
): readonly Commit[] {
	const by = broughtInBy(within, new Map(patches.map(({ id, parents }) => [id, parents])));
	const onLine = new Map(within.map(({ id }, index) => [id, index]));
	const commits = patches.flatMap((logged): Commit[] => {
		const { id, at, subject, reverts, tags, patch } = logged;
		const merge = onLine.has(id) ? undefined : by.get(id);
		if (merge === undefined && !onLine.has(id)) return [];
		const reachedAt = times.get(merge ?? id) ?? at;
		return [
			{
				id,
				at,
				reachedAt,
				...(merge === undefined ? {} : { mergedBy: merge }),
				position: onLine.get(merge ?? id) ?? 0,
				subject,
				reverts,
				tags,
				patch,
			},
		];
	});
	return commits.sort((one, other) => one.position - other.position);
}
