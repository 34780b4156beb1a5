import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
	createPatchProposer,
	type Edit,
	type PatchProposer,
	type ProposedPatch,
} from "../../src/patch/propose.ts";
import type { CheckSettings } from "../../src/patch/prove/run-check.ts";
import type { TestSettings } from "../../src/patch/prove/run-test.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createGit } from "../../src/system/git.ts";
import { type RepositoryRoot, resolveRepositoryRoot } from "../../src/system/repository.ts";
import { commitAll, initialize } from "../git.ts";

/** A repository inside this one for one test, with a state folder beside it. */
export interface TestRepository {
	readonly root: RepositoryRoot;
	readonly stateFolder: string;
	readonly proposer: PatchProposer;
	/** Writes files below the root. */
	write(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
	/** The user's own git, as he would call it. */
	git(...args: readonly string[]): string;
	edit(...edits: readonly Edit[]): Promise<ProposedPatch>;
	diff(text: string): Promise<ProposedPatch>;
	remove(): Promise<void>;
}

const never = new AbortController().signal;

export interface RepositoryOptions {
	/** Default true; false leaves a plain folder. */
	readonly init?: boolean;
	readonly check?: CheckSettings;
	readonly test?: TestSettings;
	/** Where it stands; by default in a folder of its own, which goes with it. */
	readonly at?: string;
}

export async function makeRepository(
	files: Readonly<Record<string, string | Buffer>> = {},
	{ init = true, check, test, at }: RepositoryOptions = {},
): Promise<TestRepository> {
	const base = await mkdtemp(join(tmpdir(), "prod-debugger-test-"));
	const folder = at ?? join(base, "repository");
	await mkdir(folder, { recursive: true });
	const root = await resolveRepositoryRoot(folder);
	const stateFolder = join(base, "state");
	const proposer = createPatchProposer({
		root,
		git: createGit(root),
		stateFolder,
		clock: systemClock,
		...(check === undefined ? {} : { check }),
		...(test === undefined ? {} : { test }),
	});
	const title = "Mend it";
	const rationale = "It was broken.";
	const repository: TestRepository = {
		root,
		stateFolder,
		proposer,
		async write(contents) {
			for (const [path, content] of Object.entries(contents)) {
				await mkdir(dirname(join(root, path)), { recursive: true });
				await writeFile(join(root, path), content);
			}
		},
		git: (...args) => userGit(root, args),
		edit: (...edits) => proposer.propose({ title, rationale, edits }, never),
		diff: (diff) => proposer.propose({ title, rationale, diff }, never),
		remove: () => rm(base, { recursive: true, force: true }),
	};
	await repository.write(files);
	if (init) {
		initialize(root);
		commitAll(root, "first", userEnvironment(root), "--allow-empty");
	}
	return repository;
}

export function userGit(cwd: string, args: readonly string[]): string {
	return execFileSync("git", args, {
		cwd,
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
		stdio: ["ignore", "pipe", "pipe"],
		env: userEnvironment(cwd),
	});
}

export function userEnvironment(home: string): Readonly<Record<string, string>> {
	return {
		PATH: process.env.PATH ?? "",
		HOME: home,
		GIT_AUTHOR_NAME: "Test",
		GIT_AUTHOR_EMAIL: "test@example.com",
		GIT_COMMITTER_NAME: "Test",
		GIT_COMMITTER_EMAIL: "test@example.com",
	};
}
