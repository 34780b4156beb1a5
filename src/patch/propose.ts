// Proposes patches: each is made, checked, and kept under an id by which it is read again.
import { type Clock, type Git, once, type RepositoryRoot, Scratch } from "../system/index.ts";
import { refuseAddedSecrets } from "./apply/added-secrets.ts";
import { readEndingSettings } from "./apply/attributes.ts";
import { maxLines } from "./apply/changes.ts";
import type { Change } from "./apply/checked-diff.ts";
import { flagsOf } from "./apply/flags.ts";
import { howToApply } from "./apply/how-to-apply.ts";
import { type FileNow, stillApplies } from "./apply/still-applies.ts";
import { readAgain } from "./apply/targets.ts";
import { PatchRefused } from "./failures/index.ts";
import { type MadePatch, makePatch } from "./make.ts";
import { type CheckOutcome, type CheckSettings, runCheck } from "./prove/run-check.ts";
import type { SyntaxCheck } from "./prove/syntax.ts";
import { type DiffSection, readSections } from "./read/diff-sections.ts";
import { type PatchRequest, readWishes } from "./read/request.ts";
import { hashOf, type KeptPatch, PatchStore, patchId } from "./store.ts";

export type { Edit, PatchRequest } from "./read/request.ts";

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
	 * @param progress called before work that may take seconds
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

export interface ProposerOptions {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly stateFolder: string;
	readonly clock: Clock;
	/** The user's own check; without one no code is run. */
	readonly check?: CheckSettings;
}

export function createPatchProposer(options: ProposerOptions): PatchProposer {
	const { root, git, stateFolder, clock } = options;
	const store = new PatchStore(stateFolder, root, clock);
	const scratch = new Scratch(stateFolder, root);
	const repository = { root, git, readEndings: once(() => readEndingSettings(root)) };
	const means = { root, git, store, scratch, check: options.check };
	return {
		async propose(request, signal, progress = () => {}) {
			const wishes = readWishes(request);
			return scratch.withThen(
				(folder) => makePatch(wishes, repository, folder, signal),
				(made) => keepPatch(request, made, means, signal, progress),
			);
		},
		read: (id, signal) => readPatch(id, means, signal),
	};
}

/** What patches are kept, checked and read again with. */
interface Means {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly store: PatchStore;
	readonly scratch: Scratch;
	readonly check: CheckSettings | undefined;
}

/** Lets a diff pass that is not too long and adds no secret, has the user's check look at it, and keeps it. */
async function keepPatch(
	request: PatchRequest,
	{ changes, notes, syntax, diff }: MadePatch,
	means: Means,
	signal: AbortSignal,
	progress: (message: string) => void,
): Promise<ProposedPatch> {
	const sections = readSections(diff);
	const lines = sections.reduce((sum, { added, removed }) => sum + added + removed, 0);
	if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
	refuseAddedSecrets(sections, changes);
	const command = await checkCommand(request, changes, means, signal, progress);
	const id = patchId(diff);
	const { title, rationale, errorCode } = request;
	const file = await means.store.keep(id, diff, {
		title,
		rationale,
		...(errorCode === undefined ? {} : { errorCode }),
		files: Object.fromEntries(changes.map(({ path, before }) => [path, hashOf(before)])),
	});
	return {
		id,
		diff,
		file,
		apply: await howToApply(means.root),
		files: changes.map((change) => touched(change, sections)),
		checks: { syntax, command },
		notes,
	};
}

async function checkCommand(
	request: PatchRequest,
	changes: readonly Change[],
	{ root, git, scratch, check }: Means,
	signal: AbortSignal,
	progress: (message: string) => void,
): Promise<CheckOutcome> {
	if (check === undefined) return { status: "not_set" };
	if (request.check === false) return { status: "not_asked" };
	return runCheck(check, changes, { root, git, scratch, signal, progress });
}

async function readPatch(
	id: string,
	{ root, git, store, scratch }: Means,
	signal: AbortSignal,
): Promise<ReadPatch> {
	const kept = await store.read(id);
	const files: FileNow[] = [];
	for (const path of Object.keys(kept.files)) {
		signal.throwIfAborted();
		files.push({ path, content: await readAgain(root, path) });
	}
	const stale = files.some(({ path, content }) => hashOf(content) !== kept.files[path]);
	const applies = !stale || (await stillApplies(kept.diff, files, { git, scratch, signal }));
	return { ...kept, stale, applies };
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
