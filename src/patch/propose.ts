import { type Clock, type Git, once, type RepositoryRoot, Scratch } from "../system/index.ts";
import { refuseAddedSecrets } from "./apply/added-secrets.ts";
import { foretellAttributes, readAttributes, readEndingSettings } from "./apply/attributes.ts";
import { maxLines, pathsOf, readChanges, refuseWrongNumber } from "./apply/changes.ts";
import { type Change, layCopies, makeCheckedDiff } from "./apply/checked-diff.ts";
import { flagsOf } from "./apply/flags.ts";
import { readIndex } from "./apply/git-index.ts";
import { howToApply } from "./apply/how-to-apply.ts";
import { type FileNow, stillApplies } from "./apply/still-applies.ts";
import { readAgain, refuseIgnored } from "./apply/targets.ts";
import { PatchRefused } from "./failures/index.ts";
import { type CheckOutcome, type CheckSettings, runCheck } from "./prove/run-check.ts";
import { checkSyntax, type SyntaxCheck } from "./prove/syntax.ts";
import { type DiffSection, readSections } from "./read/diff-sections.ts";
import { type PatchRequest, readWishes, type Wish } from "./read/request.ts";
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

/** A patch before it is kept. */
interface MadePatch {
	readonly changes: readonly Change[];
	readonly notes: readonly string[];
	readonly syntax: SyntaxCheck;
	readonly diff: string;
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
	const endings = once(() => readEndingSettings(root));

	/**
	 * The changes in memory, their syntax, and their checked diff. git is asked what it ignores while it makes the diff:
	 * to start a program costs more than anything else here. What it ignores is refused whatever else is wrong with the
	 * patch, so that no other error tells what stands in it.
	 */
	async function makePatch(wishes: readonly Wish[], folder: string, signal: AbortSignal): Promise<MadePatch> {
		refuseWrongNumber(wishes);
		const { targets, sources } = await pathsOf(root, wishes);
		const index = await readIndex(root);
		const permission = () => refuseIgnored(root, index, git, [...targets, ...sources.values()], signal);
		const { changes, notes } = await readChanges(root, wishes, targets, sources, signal).catch(
			async (error: unknown) => {
				await permission();
				throw error;
			},
		);
		const copies = await layCopies(folder, changes);
		const made = Promise.all([
			makeCheckedDiff(copies, git, signal),
			readAttributes(root, changes, index, git, signal),
			endings(),
			checkSyntax(changes, signal),
		]);
		const [permitted, parts] = await Promise.allSettled([permission(), made]);
		if (permitted.status === "rejected") throw permitted.reason;
		if (parts.status === "rejected") throw parts.reason;
		const [diff, attributes, settings, syntax] = parts.value;
		const foretold = await foretellAttributes(copies, attributes, settings, git, signal);
		return { changes, notes: [...notes, ...foretold], syntax, diff };
	}

	/** Lets a diff pass that is not too long and adds no secret, has the user's check look at it, and keeps it. */
	async function keepPatch(
		request: PatchRequest,
		{ changes, notes, syntax, diff }: MadePatch,
		signal: AbortSignal,
		progress: (message: string) => void,
	): Promise<ProposedPatch> {
		const sections = readSections(diff);
		const lines = sections.reduce((sum, { added, removed }) => sum + added + removed, 0);
		if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
		refuseAddedSecrets(sections, changes);
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
			notes,
		};
	}

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
			const wishes = readWishes(request);
			return scratch.withThen(
				(folder) => makePatch(wishes, folder, signal),
				(made) => keepPatch(request, made, signal, progress),
			);
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
