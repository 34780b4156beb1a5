// The repositories that tools work on: the user's, or those that the host names once it is connected.

import { type CaseMemory, JoinedMemory, Memory } from "./cases/index.ts";
import { type CodeSearch, createCodeSearch } from "./codebase/index.ts";
import {
	type Config,
	hostRepositories,
	keptUnder,
	type NamedRepository,
	unusableFor,
} from "./config/index.ts";
import { createPatchProposer, type PatchProposer } from "./patch/index.ts";
import {
	type Clock,
	createGit,
	isStateInside,
	type RepositoryRoot,
	RepositoryUnchosen,
	RepositoryUnset,
	StateFolderUnusable,
} from "./system/index.ts";

/** The code of one repository. */
export interface NamedCode {
	/** Undefined where there is one repository. */
	readonly repo: string | undefined;
	readonly code: CodeSearch;
}

/** Everything that belongs to one repository is made once, at its first use; patches and cases for each environment. */
class Repository {
	#code: CodeSearch | undefined;
	readonly #patches = new Map<string, PatchProposer>();
	readonly #memories = new Map<string, Memory>();

	constructor(
		readonly root: RepositoryRoot,
		private readonly clock: Clock,
	) {}

	get code(): CodeSearch {
		this.#code ??= createCodeSearch({ root: this.root, git: createGit(this.root) });
		return this.#code;
	}

	/**
	 * @param of `onlyOwn`: a patch that was made for another repository is unknown here; `isOneOfSeveral`: other
	 *   environments keep patches of their own
	 */
	patches(
		config: Config,
		of: { readonly onlyOwn: boolean; readonly isOneOfSeveral: boolean },
	): PatchProposer {
		const { stateFolder, check, test } = config;
		const keptFor = keptUnder(config);
		const key = `${keptFor ?? ""} ${of.onlyOwn}`;
		const made =
			this.#patches.get(key) ??
			createPatchProposer({
				root: this.root,
				git: createGit(this.root),
				stateFolder,
				keptFor,
				clock: this.clock,
				...of,
				...(check === undefined ? {} : { check }),
				...(test === undefined ? {} : { test }),
			});
		this.#patches.set(key, made);
		return made;
	}

	memory(config: Config): Memory {
		const { stateFolder, apiUrl } = config;
		const keptFor = keptUnder(config);
		const key = keptFor ?? "";
		const made = this.#memories.get(key) ?? new Memory({ stateFolder, root: this.root, apiUrl, keptFor });
		this.#memories.set(key, made);
		return made;
	}
}

export class Repositories {
	/** Whether a host's roots are wanted: the user has named no repository. */
	readonly takesRoots: boolean;
	#all: readonly NamedRepository[];
	#why: string | undefined;
	/** The state folder lies in one of them: what is kept for another would be written there. */
	#holdsState: boolean;
	readonly #made = new Map<RepositoryRoot, Repository>();

	constructor(
		private readonly config: Config,
		private readonly clock: Clock,
	) {
		const { repository, repositories } = config;
		this.#all = repositories ?? (repository === undefined ? [] : [{ name: "repo", root: repository }]);
		this.#why = config.noRepository;
		this.#holdsState = config.stateInRepository === true;
		this.takesRoots = config.repositoryBy !== "setting" && unusableFor(config, "repository") === undefined;
	}

	/** Folders that cannot be searched leave what was chosen without them. */
	async useRoots(folders: readonly string[]): Promise<void> {
		if (!this.takesRoots || folders.length === 0) return;
		const found = await hostRepositories(folders);
		if ("why" in found) {
			this.#why = [found.why, this.config.noRepository].filter((why) => why !== undefined).join("; ");
			return;
		}
		this.#holdsState = await isStateInside(
			this.config.stateFolder,
			found.all.map(({ root }) => root),
		);
		this.#all = found.all;
	}

	/** Where there are several; else empty. */
	get names(): readonly string[] {
		return this.#all.length > 1 ? this.#all.map(({ name }) => name) : [];
	}

	get roots(): readonly RepositoryRoot[] {
		return this.#all.map(({ root }) => root);
	}

	/** All of them, or the one. @throws {RepositoryUnset} for a name that is not among them */
	of(name: string | undefined): readonly NamedRepository[] {
		const chosen = name === undefined ? this.#all : this.#all.filter((one) => one.name === name);
		const problem = unusableFor(this.config, "repository");
		if (problem !== undefined) throw problem;
		if (chosen.length === 0) throw new RepositoryUnset(this.#why);
		return chosen;
	}

	/** The folder that the host names, of the chosen repository or the only one. */
	scope(name: string | undefined): string | undefined {
		const chosen = name === undefined ? this.#all : this.#all.filter((one) => one.name === name);
		return chosen.length === 1 ? chosen[0]?.scope : undefined;
	}

	codebases(name: string | undefined): readonly NamedCode[] {
		const all = this.of(name);
		return all.map((one) => ({
			repo: all.length > 1 ? one.name : undefined,
			code: this.#repository(one.root).code,
		}));
	}

	codebase(name: string | undefined): CodeSearch {
		return this.#repository(this.#one(name).root).code;
	}

	patches(config: Config, name: string | undefined): PatchProposer {
		const { root } = this.#one(name);
		this.#refuseState(config, "patches");
		return this.#repository(root).patches(config, {
			onlyOwn: this.#all.length > 1,
			isOneOfSeveral: this.config.others !== undefined,
		});
	}

	memory(config: Config, name: string | undefined): CaseMemory {
		const all = this.of(name);
		this.#refuseState(config, "memory");
		const [first, ...others] = all.map(({ name: repo, root }) => ({
			repo,
			memory: this.#repository(root).memory(config),
		}));
		if (first === undefined) throw new RepositoryUnset(this.#why);
		return others.length === 0 ? first.memory : new JoinedMemory([first, ...others]);
	}

	/** @throws {RepositoryUnchosen} */
	#one(name: string | undefined): NamedRepository {
		const [first, ...others] = this.of(name);
		if (first === undefined) throw new RepositoryUnset(this.#why);
		if (others.length > 0) throw new RepositoryUnchosen(this.names);
		return first;
	}

	#repository(root: RepositoryRoot): Repository {
		const made = this.#made.get(root) ?? new Repository(root, this.clock);
		this.#made.set(root, made);
		return made;
	}

	#refuseState(config: Config, part: "patches" | "memory"): void {
		const problem = unusableFor(config, part);
		if (problem !== undefined) throw problem;
		if (this.#holdsState && this.#all.length > 1)
			throw new StateFolderUnusable(this.config.stateFolder, "inside_repository");
	}
}
