// Everything that tools work with, made once from the settings.
import type { CaseMemory } from "./cases/index.ts";
import type { CodeSearch, DeploymentSource } from "./codebase/index.ts";
import { type Config, unusableFor } from "./config/index.ts";
import type { PatchProposer } from "./patch/index.ts";
import {
	createProduction,
	createQueries,
	Database,
	type Production,
	type Queries,
} from "./production/index.ts";
import { type NamedCode, Repositories } from "./repositories.ts";
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
import { type Clock, type RepositoryRoot, systemClock } from "./system/index.ts";

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
	/** The names of the repositories where there are several and none is chosen; else empty. */
	readonly repositories: readonly string[];
	/** The roots of all repositories; empty where there is none. */
	readonly roots: readonly RepositoryRoot[];
	/** The folder that the host names, below the repository's root. */
	readonly scope: string | undefined;
	/** These services with one of the repositories chosen. @param name one of `repositories` */
	inRepository(name: string): Services;
	/** The code of each repository. @throws {RepositoryUnset} */
	codebases(): readonly NamedCode[];
	/** @throws {RepositoryUnset} {RepositoryUnchosen} */
	codebase(): CodeSearch;
	/** @throws {RepositoryUnset} {RepositoryUnchosen} {SettingUnusable} */
	patches(): PatchProposer;
	/** What is known of earlier trouble; of all repositories, unless one is chosen. @throws {RepositoryUnset} {SettingUnusable} */
	memory(): CaseMemory;
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
	const inRepository = (chosen: string | undefined): Services => ({
		config,
		environments,
		clock,
		production,
		queries,
		database,
		source,
		skillomatic,
		turso,
		get repositories() {
			return chosen === undefined ? repositories.names : [];
		},
		get roots() {
			return repositories.roots;
		},
		get scope() {
			return repositories.scope(chosen);
		},
		inRepository,
		codebases: () => repositories.codebases(chosen),
		codebase: () => repositories.codebase(chosen),
		patches: () => repositories.patches(config, chosen),
		memory: () => repositories.memory(config, chosen),
		deployments() {
			const problem = unusableFor(config, "deployments");
			if (problem !== undefined) throw problem;
			return config.deployments;
		},
		takesRoots: repositories.takesRoots,
		useRoots: (folders) => repositories.useRoots(folders),
		close,
	});
	return inRepository(undefined);
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
