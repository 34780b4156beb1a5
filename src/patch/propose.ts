// Proposes patches: makes and checks each, and keeps it under an id.

import { isUtf8 } from "node:buffer";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, type Git, once, placeOfState, type RepositoryRoot, Scratch } from "../system/index.ts";
import { type AppliedPatch, patchInHead } from "./applied/in-head.ts";
import { refuseAddedSecrets } from "./apply/added-secrets.ts";
import { readEndingSettings } from "./apply/attributes.ts";
import { maxLines } from "./apply/changes.ts";
import type { Change } from "./apply/checked-diff.ts";
import { flagsOf } from "./apply/flags.ts";
import { howToApply } from "./apply/how-to-apply.ts";
import { type FileNow, stillApplies } from "./apply/still-applies.ts";
import { readAgain } from "./apply/targets.ts";
import { PatchRefused } from "./failures/index.ts";
import { type MadePatch, makePatch, type PatchedRepository } from "./make.ts";
import { type CheckOutcome, type CheckSettings, runCheck } from "./prove/run-check.ts";
import { runTest, type TestOutcome, type TestSettings, testFiles } from "./prove/run-test.ts";
import type { SyntaxCheck } from "./prove/syntax.ts";
import { type DiffSection, readSections } from "./read/diff-sections.ts";
import { type PatchRequest, readFileRequests } from "./read/request.ts";
import { undo } from "./revert/undo.ts";
import { hashOf, type KeptPatch, type ListedPatch, PatchStore, patchId } from "./store.ts";

export type { Edit, PatchRequest } from "./read/request.ts";

export interface TouchedFile {
	readonly path: string;
	readonly change: "changed" | "new" | "deleted";
	readonly added: number;
	readonly removed: number;
	/** Why a reviewer should take a second look. */
	readonly flags: readonly string[];
}

export interface ProposedPatch {
	readonly id: string;
	/** Nothing is masked; in UTF-8, whatever the files are in. */
	readonly diff: string;
	/** The diff is what stands in the file, byte for byte. */
	readonly exact: boolean;
	/** Where the diff is kept, outside the work tree. */
	readonly file: string;
	/** The command that applies it, without the file's name. */
	readonly apply: string;
	readonly files: readonly TouchedFile[];
	readonly checks: {
		readonly syntax: SyntaxCheck;
		readonly test: TestOutcome;
		readonly command: CheckOutcome;
	};
	readonly notes: readonly string[];
}

export interface ReadPatch extends KeptPatch {
	readonly diff: string;
	/** Where it is kept, and the command that applies it, without the file's name. */
	readonly file: string;
	readonly apply: string;
	/** False where a file is not in UTF-8: only the kept file applies. */
	readonly exact: boolean;
	/** Its files have changed since it was made. */
	readonly stale: boolean;
	/** git applies it to the files as they are now. */
	readonly applies: boolean;
}

export interface PatchProposer {
	/**
	 * Makes one diff of the request, proves it and keeps it. Nothing in the repository is written.
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
	/** What is kept for this repository, in no order. @throws {StateFolderUnusable} */
	list(): Promise<readonly ListedPatch[]>;
	/** Whether HEAD has it, by content. @throws {PatchUnknown} {StateFolderUnusable} {GitFailed} */
	inHead(id: string, signal: AbortSignal): Promise<AppliedPatch>;
}

export interface ProposerOptions {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly stateFolder: string;
	/** The environment's name, where its patches are kept under it. */
	readonly keptFor?: string | undefined;
	/** Other environments keep patches of their own. Default false. */
	readonly isOneOfSeveral?: boolean;
	readonly clock: Clock;
	/** Patches that were made for another repository are unknown. Default false. */
	readonly onlyOwn?: boolean;
	/** The user's own check; without one no code is run. */
	readonly check?: CheckSettings;
	/** The user's own command for test files. */
	readonly test?: TestSettings;
}

export function createPatchProposer(options: ProposerOptions): PatchProposer {
	const { root, git, stateFolder, keptFor, isOneOfSeveral, clock, onlyOwn } = options;
	const name = keptFor === undefined ? "patches" : `patches-${keptFor}`;
	const state = once(async () => {
		const { folder, notLasting } = await placeOfState(stateFolder, name, root);
		const store = new PatchStore(folder, root, clock, { name, isOneOfSeveral, onlyOwn });
		return { store, scratch: new Scratch(folder, root), notLasting };
	});
	const repository = { root, git, readEndings: once(() => readEndingSettings(root)) };
	const { check, test } = options;
	const dependencies = async () => ({ root, git, ...(await state()), check, test });
	return {
		async propose(request, signal, progress = () => {}) {
			const requests = readFileRequests(request);
			const needed = await dependencies();
			return needed.scratch.withThen(
				async (folder) =>
					request.revert === undefined
						? makePatch(requests, repository, folder, signal)
						: undoCommit(request.revert, repository, folder, signal),
				(made) => keepPatch(request, made, needed, signal, progress),
			);
		},
		read: async (id, signal) => readPatch(id, await dependencies(), signal),
		list: () => new PatchStore(stateFolder, root, clock, { name }).list(),
		inHead: async (id, signal) =>
			patchInHead(git, (await (await dependencies()).store.read(id)).diff.toString("utf8"), signal),
	};
}

/** In folders of its own: git's objects must not stand among the copies of the files. */
async function undoCommit(
	commit: string,
	repository: PatchedRepository,
	folder: string,
	signal: AbortSignal,
): Promise<MadePatch> {
	const [objects, copies] = [join(folder, "objects"), join(folder, "copies")];
	for (const part of [objects, copies]) await mkdir(part);
	const { requests, notes } = await undo(commit, { ...repository, folder: objects, signal });
	const made = await makePatch(requests, repository, copies, signal);
	return { ...made, notes: [...notes, ...made.notes] };
}

/** Dependencies for keeping, checking and reading patches. */
interface Dependencies {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly store: PatchStore;
	readonly scratch: Scratch;
	/** Why patches are kept for the life of this process alone. */
	readonly notLasting: string | undefined;
	readonly check: CheckSettings | undefined;
	readonly test: TestSettings | undefined;
}

/** Refuses a diff that is too long or adds a secret, runs the user's check, and keeps the diff. */
async function keepPatch(
	request: PatchRequest,
	{ changes, notes, syntax, diff, bytes }: MadePatch,
	dependencies: Dependencies,
	signal: AbortSignal,
	progress: (message: string) => void,
): Promise<ProposedPatch> {
	const sections = readSections(diff);
	const lines = sections.reduce((sum, { added, removed }) => sum + added + removed, 0);
	if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
	refuseAddedSecrets(sections, changes);
	const test = await proveByTest(request, changes, dependencies, signal, progress);
	const command = await checkCommand(request, changes, dependencies, signal, progress);
	const id = patchId(bytes);
	const { title, rationale, errorCode } = request;
	const file = await dependencies.store.keep(id, bytes, {
		title,
		rationale,
		...(errorCode === undefined ? {} : { errorCode }),
		...proofKept(test, command),
		files: Object.fromEntries(changes.map(({ path, before }) => [path, hashOf(before)])),
	});
	return {
		id,
		diff,
		exact: Buffer.from(diff).equals(bytes),
		file,
		apply: await howToApply(dependencies.root),
		files: changes.map((change) => touched(change, sections)),
		checks: { syntax, test, command },
		notes: dependencies.notLasting === undefined ? notes : [...notes, dependencies.notLasting],
	};
}

/** What the kept record says of the runs. */
function proofKept(test: TestOutcome, check: CheckOutcome): Pick<KeptPatch, "proof" | "check"> {
	const proof = test.status === "ran" ? { proof: { verdict: test.verdict, files: [...test.files] } } : {};
	if (check.status !== "ran") return proof;
	const isOld = check.after.end === "failed" && check.before?.end === "failed";
	return { ...proof, check: isOld ? "failed_before_too" : check.after.end };
}

async function proveByTest(
	{ test: named = [] }: PatchRequest,
	changes: readonly Change[],
	{ root, git, scratch, test }: Dependencies,
	signal: AbortSignal,
	progress: (message: string) => void,
): Promise<TestOutcome> {
	const files = await testFiles(root, [...new Set(named)], changes);
	if (files.length === 0) return { status: test === undefined ? "not_asked" : "not_named" };
	if (test === undefined) return { status: "not_set" };
	return runTest(test, files, changes, { root, git, scratch, signal, progress });
}

async function checkCommand(
	request: PatchRequest,
	changes: readonly Change[],
	{ root, git, scratch, check }: Dependencies,
	signal: AbortSignal,
	progress: (message: string) => void,
): Promise<CheckOutcome> {
	if (check === undefined) return { status: "not_set" };
	if (request.check === false) return { status: "not_asked" };
	return runCheck(check, changes, { root, git, scratch, signal, progress });
}

async function readPatch(
	id: string,
	{ root, git, store, scratch }: Dependencies,
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
	const diff = kept.diff.toString("utf8");
	const apply = await howToApply(root);
	return { ...kept, diff, apply, exact: isUtf8(kept.diff) && !kept.diff.includes(0), stale, applies };
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
