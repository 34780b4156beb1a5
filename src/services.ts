// Everything that tools work with, made once from the settings.
import { Memory } from "./cases/index.ts";
import { type CodeSearch, createCodeSearch, type DeploymentSource } from "./codebase/index.ts";
import { type Config, firstUsable, keptUnder, unusableFor } from "./config/index.ts";
import { createPatchProposer, type PatchProposer } from "./patch/index.ts";
import {
	createProduction,
	createQueries,
	Database,
	type Production,
	type Queries,
} from "./production/index.ts";
import {
	AuditLog,
	createSkillomatic,
	createSource,
	createTurso,
	type Skillomatic,
	type Source,
	type Turso,
} from "./source/index.ts";
import { createGuard } from "./sql/index.ts";
import { type Clock, createGit, type RepositoryRoot, RepositoryUnset, systemClock } from "./system/index.ts";

/** Everything that a tool may call, built once and shared. What is slow to load loads at its first use. */
export interface Services {
	/** Of this environment. */
	readonly config: Config;
	/** All environments, the default first; this one alone where no others are configured. */
	readonly environments: readonly Services[];
	readonly clock: Clock;
	readonly production: Production;
	/** What an agent asks in its own SQL, and what there is to ask. */
	readonly queries: Queries;
	/** Our own SELECTs; `doctor` asks it how time is stored. */
	readonly database: Database;
	/** Production by whichever way it answers. */
	readonly source: Source;
	/** Its API alone; `doctor` checks it. */
	readonly skillomatic: Skillomatic;
	/** Its database alone, if the user has set it. */
	readonly turso: Turso | undefined;
	/** @throws {RepositoryUnset} */
	codebase(): CodeSearch;
	/** @throws {RepositoryUnset} */
	patches(): PatchProposer;
	/** What is known of earlier trouble. @throws {RepositoryUnset} {SettingUnusable} */
	memory(): Memory;
	/** What tells of deployments. @throws {SettingUnusable} */
	deployments(): DeploymentSource | undefined;
	/** Whether a host's roots are wanted: the user has named no repository. */
	readonly takesRoots: boolean;
	/** A host's roots, which take the place of a repository that the user has not named. Absolute paths. */
	useRoots(folders: readonly string[]): Promise<void>;
	/** Of all environments. */
	close(): Promise<void>;
}

/** What environments share: nothing of production. */
interface Shared {
	readonly clock: Clock;
	readonly repositories: Repositories;
	readonly audit: AuditLog | undefined;
	readonly environments: readonly Services[];
	close(): Promise<void>;
}

/**
 * @param clock what time it is; in tests it stands still
 * @returns the default environment's
 */
export function createServices(config: Config, clock: Clock = systemClock): Services {
	const audit = config.auditLog === undefined ? undefined : new AuditLog(config.auditLog, clock);
	const environments: Services[] = [];
	const ways: Source[] = [];
	const shared: Shared = {
		clock,
		repositories: new Repositories(config, clock),
		audit,
		environments,
		async close() {
			await Promise.all(ways.map((way) => way.close()));
		},
	};
	const services = createEnvironment(config, shared, ways);
	environments.push(
		services,
		...(config.others ?? []).map((other) => createEnvironment(other, shared, ways)),
	);
	return services;
}

/** @param ways gets each way to production, to be closed */
function createEnvironment(
	config: Config,
	{ clock, repositories, audit: log, environments, close }: Shared,
	ways: Source[],
): Services {
	const { environment } = config;
	const audit = environment === undefined ? log : log?.of(environment.name);
	const skillomatic = createSkillomatic({
		apiUrl: config.apiUrl,
		apiKey: config.apiKey,
		callsPerMinute: config.maxCallsPerMinute,
		clock,
		unusable: unusableFor(config, "production"),
		network: config.network,
		audit,
	});
	const turso = createDatabase(config, clock, audit);
	const api = config.apiKey === undefined && turso !== undefined ? undefined : skillomatic;
	const source = createSource({ api, database: turso, clock });
	const guard = createGuard(
		{
			tables: (signal) => source.tables({ signal }),
			columns: (table, signal) => source.columns(table, { signal }),
			rowCounts: (signal) => source.stats({ signal }),
			ask: async (select, signal) => (await source.query(select, { signal })).rows,
		},
		{
			showPersonalData: config.showPersonalData,
			readableColumns: config.readableColumns,
			clock,
			wordFilter: api !== undefined,
		},
	);
	const database = new Database(guard, source, clock);
	const production = createProduction({ database, clock, environment: environment?.name });
	const queries = createQueries({ guard, source, database });
	ways.push(skillomatic, ...(turso === undefined ? [] : [turso]));
	return {
		config,
		environments,
		clock,
		production,
		queries,
		database,
		source,
		skillomatic,
		turso,
		codebase: () => repositories.codebase(),
		patches: () => repositories.patches(config),
		memory: () => repositories.memory(config),
		deployments() {
			const problem = unusableFor(config, "deployments");
			if (problem !== undefined) throw problem;
			return config.deployments;
		},
		takesRoots: repositories.takesRoots,
		useRoots: (folders) => repositories.useRoots(folders),
		close,
	};
}

/** Production's database itself; where its settings cannot be used, one that answers with why. */
function createDatabase(config: Config, clock: Clock, audit: AuditLog | undefined): Turso | undefined {
	const { database, problems = [] } = config;
	if (database === undefined && !problems.some(({ setting }) => setting.startsWith("SKILLOMATIC_DATABASE_")))
		return undefined;
	const { authorities, unread } = config.network ?? {};
	return createTurso({
		url: database?.url ?? "https://unset.invalid",
		token: database?.token,
		callsPerMinute: config.maxCallsPerMinute,
		clock,
		unusable: unusableFor(config, "database"),
		audit,
		network: {
			...(database?.proxy === undefined ? {} : { proxy: database.proxy }),
			...(authorities === undefined ? {} : { authorities }),
			...(unread === undefined ? {} : { unread }),
		},
	});
}

/** The repository that tools work on: the user's, or the one that the host names once it is connected. */
class Repositories {
	readonly takesRoots: boolean;
	#root: RepositoryRoot | undefined;
	#why: string | undefined;
	readonly #searches = new Map<RepositoryRoot, CodeSearch>();
	/** Of an environment. */
	readonly #proposers = new Map<string, PatchProposer>();
	readonly #memories = new Map<string, Memory>();

	constructor(
		private readonly config: Config,
		private readonly clock: Clock,
	) {
		this.#root = config.repository;
		this.#why = config.noRepository;
		this.takesRoots = config.repositoryBy !== "setting" && unusableFor(config, "repository") === undefined;
	}

	/** Folders that cannot be searched leave what was chosen without them. */
	async useRoots(folders: readonly string[]): Promise<void> {
		if (!this.takesRoots || folders.length === 0) return;
		const found = await firstUsable(folders);
		if ("root" in found) this.#root = found.root;
		else this.#why = [found.why, this.config.noRepository].filter((why) => why !== undefined).join("; ");
	}

	codebase(): CodeSearch {
		const root = this.#repository();
		const search = this.#searches.get(root) ?? createCodeSearch({ root, git: createGit(root) });
		this.#searches.set(root, search);
		return search;
	}

	patches(config: Config): PatchProposer {
		const root = this.#repository();
		const problem = unusableFor(config, "patches");
		if (problem !== undefined) throw problem;
		const { stateFolder, check, test } = config;
		const keptFor = keptUnder(config);
		const key = `${root}\0${keptFor ?? ""}`;
		const proposer =
			this.#proposers.get(key) ??
			createPatchProposer({
				root,
				git: createGit(root),
				stateFolder,
				keptFor,
				isOneOfSeveral: this.config.others !== undefined,
				clock: this.clock,
				...(check === undefined ? {} : { check }),
				...(test === undefined ? {} : { test }),
			});
		this.#proposers.set(key, proposer);
		return proposer;
	}

	memory(config: Config): Memory {
		const root = this.#repository();
		const problem = unusableFor(config, "memory");
		if (problem !== undefined) throw problem;
		const { stateFolder, apiUrl } = config;
		const keptFor = keptUnder(config);
		const key = `${root}\0${keptFor ?? ""}`;
		const memory = this.#memories.get(key) ?? new Memory({ stateFolder, root, apiUrl, keptFor });
		this.#memories.set(key, memory);
		return memory;
	}

	#repository(): RepositoryRoot {
		const problem = unusableFor(this.config, "repository");
		if (problem !== undefined) throw problem;
		if (this.#root === undefined) throw new RepositoryUnset(this.#why);
		return this.#root;
	}
}
