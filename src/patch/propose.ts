import type { Clock } from "../system/clock.ts";
import type { Git } from "../system/git.ts";
import type { RepositoryRoot } from "../system/repository.ts";
import { Scratch } from "../system/scratch.ts";
import { refuseAddedSecrets } from "./added-secrets.ts";
import { type EndingSettings, foretellAttributes, readAttributes, readEndingSettings } from "./attributes.ts";
import { type CheckOutcome, type CheckSettings, runCheck } from "./check/run-check.ts";
import { type Change, layCopies, makeCheckedDiff } from "./checked-diff.ts";
import { type DiffSection, readSections } from "./diff-sections.ts";
import { PatchRefused } from "./errors.ts";
import { flagsOf } from "./flags.ts";
import { fulfil } from "./fulfil.ts";
import { howToApply } from "./how-to-apply.ts";
import { type PatchRequest, readWishes, type Wish } from "./request.ts";
import { type FileNow, stillApplies } from "./still-applies.ts";
import { hashOf, type KeptPatch, PatchStore, patchId } from "./store.ts";
import { checkSyntax, type SyntaxCheck } from "./syntax.ts";
import { readAgain, readTargets, type Target } from "./targets.ts";

export type { Edit, PatchRequest } from "./request.ts";

export interface TouchedFile {
	readonly path: string;
	readonly change: "changed" | "new" | "deleted";
	readonly added: number;
	readonly removed: number;
	/** Why a reviewer should look twice. */
	readonly flags: readonly string[];
}

export interface ProposedPatch {
	readonly id: string;
	/** Exact: bytes that a reader may need masked stand in it as they are. */
	readonly diff: string;
	/** Where the diff is kept, outside the work tree. */
	readonly file: string;
	/** The command that applies it, without the file's name. */
	readonly apply: string;
	readonly files: readonly TouchedFile[];
	readonly checks: { readonly syntax: SyntaxCheck; readonly command: CheckOutcome };
	readonly notes: readonly string[];
}

export interface ReadPatch extends KeptPatch {
	readonly diff: string;
	/** Files that it was made for have changed since. */
	readonly stale: boolean;
	/** git takes it on the files as they are now. */
	readonly applies: boolean;
}

export interface PatchProposer {
	/**
	 * Makes one diff of what is asked for, proves it and keeps it. Nothing in the repository is written.
	 *
	 * @param progress told before work that may take seconds
	 * @throws {EditRefused} {PatchRefused} {InvalidArgument} {StateFolderUnusable}
	 */
	propose(
		request: PatchRequest,
		signal: AbortSignal,
		progress?: (message: string) => void,
	): Promise<ProposedPatch>;
	/** @throws {PatchUnknown} {StateFolderUnusable} */
	read(id: string, signal: AbortSignal): Promise<ReadPatch>;
}

const maxFiles = 50;
/** Lines added and removed. */
const maxLines = 5000;

export function createPatchProposer(options: {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly stateFolder: string;
	readonly clock: Clock;
	/** The user's own check; without one no code is run. */
	readonly check?: CheckSettings;
}): PatchProposer {
	const { root, git, stateFolder, clock, check } = options;
	const store = new PatchStore(stateFolder, root, clock);
	const scratch = new Scratch(stateFolder, root);
	let endings: Promise<EndingSettings> | undefined;

	async function checkCommand(
		request: PatchRequest,
		changes: readonly Change[],
		signal: AbortSignal,
		progress: (message: string) => void,
	): Promise<CheckOutcome> {
		if (check === undefined) return { status: "not_set" };
		if (request.check === false) return { status: "not_asked" };
		return runCheck(check, changes, { root, git, scratch, signal, progress });
	}

	return {
		async propose(request, signal, progress = () => {}) {
			const { changes, notes } = await readChanges(root, git, readWishes(request), signal);
			const { diff, foretold } = await scratch.with(async (folder) => {
				const copies = await layCopies(folder, changes);
				endings ??= readEndingSettings(root);
				const [made, attributes, settings] = await Promise.all([
					makeCheckedDiff(copies, git, signal),
					readAttributes(root, changes, git, signal),
					endings,
				]);
				return { diff: made, foretold: await foretellAttributes(copies, attributes, settings, git, signal) };
			});
			const sections = readSections(diff);
			const lines = sections.reduce((sum, { added, removed }) => sum + added + removed, 0);
			if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
			refuseAddedSecrets(sections, changes);
			const syntax = await checkSyntax(changes, signal);
			const command = await checkCommand(request, changes, signal, progress);
			const id = patchId(diff);
			const { title, rationale, errorCode } = request;
			const file = await store.keep(id, diff, {
				title,
				rationale,
				...(errorCode === undefined ? {} : { errorCode }),
				files: Object.fromEntries(changes.map(({ path, before }) => [path, hashOf(before)])),
			});
			return {
				id,
				diff,
				file,
				apply: await howToApply(root),
				files: changes.map((change) => touched(change, sections)),
				checks: { syntax, command },
				notes: [...notes, ...foretold],
			};
		},

		async read(id, signal) {
			const kept = await store.read(id);
			const files: FileNow[] = [];
			for (const path of Object.keys(kept.files)) {
				signal.throwIfAborted();
				files.push({ path, content: await readAgain(root, path) });
			}
			const stale = files.some(({ path, content }) => hashOf(content) !== kept.files[path]);
			const applies = !stale || (await stillApplies(kept.diff, files, { git, scratch, signal }));
			return { ...kept, stale, applies };
		},
	};
}

/** What the wishes make of the files, in memory. */
async function readChanges(
	root: RepositoryRoot,
	git: Git,
	wishes: readonly Wish[],
	signal: AbortSignal,
): Promise<{ readonly changes: readonly Change[]; readonly notes: readonly string[] }> {
	if (wishes.length === 0) throw new PatchRefused("no_change", undefined);
	if (wishes.length > maxFiles) throw new PatchRefused("too_many_files", undefined, `${wishes.length}`);
	refuseTooLong(wishes);
	const sources = wishes.flatMap((wish) => (wish.kind === "copy" ? [wish.from] : []));
	const targets = await readTargets(
		root,
		git,
		wishes.map(({ path }) => path),
		signal,
	);
	const read = new Map<string, Target>();
	for (const path of new Set(sources)) {
		const [source] = await readTargets(root, git, [path], signal);
		if (source !== undefined) read.set(path, source);
	}
	refuseNested(targets, wishes);
	const changes: Change[] = [];
	const notes: string[] = [];
	for (const [index, wish] of wishes.entries()) {
		signal.throwIfAborted();
		const target = targets[index];
		if (target === undefined) continue;
		const source = wish.kind === "copy" ? read.get(wish.from) : undefined;
		const { after, executable, notes: more } = fulfil(wish, target, source);
		notes.push(...more.map((note) => `${target.path}: ${note}`));
		const { path, content: before } = target;
		const same = after === undefined ? before === undefined : before?.equals(after) === true;
		if (!same) changes.push({ path, before, after, executable });
	}
	if (changes.length === 0) throw new PatchRefused("no_change", undefined);
	return { changes, notes };
}

/** Before any work on a diff that is too long. */
function refuseTooLong(wishes: readonly Wish[]): void {
	const hunks = wishes.flatMap((wish) => ("hunks" in wish ? wish.hunks : []));
	const lines = hunks.reduce((sum, { ops }) => sum + ops.filter(({ op }) => op !== "keep").length, 0);
	if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
	if (hunks.length > maxLines) {
		throw new PatchRefused("no_diff", undefined, `it has ${hunks.length} hunks, and ${maxLines} is the most`);
	}
}

/** A name cannot be a file and a folder at once. */
function refuseNested(targets: readonly Target[], wishes: readonly Wish[]): void {
	const made = new Set(
		targets.filter((_, index) => wishes[index]?.kind !== "delete").map(({ path }) => path),
	);
	for (const path of made) {
		for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
			if (made.has(path.slice(0, at))) throw new PatchRefused("not_a_file", path.slice(0, at));
		}
	}
}

function touched(change: Change, sections: readonly DiffSection[]): TouchedFile {
	const { path, before, after, executable } = change;
	const section = sections.find((one) => one.path === path);
	return {
		path,
		change: before === undefined ? "new" : after === undefined ? "deleted" : "changed",
		added: section?.added ?? 0,
		removed: section?.removed ?? 0,
		flags: [
			...flagsOf(path),
			...(before === undefined && executable ? ["a new file that can be executed"] : []),
		],
	};
}
