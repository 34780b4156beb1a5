// Everything that tools work with, made once from the settings.
import { type CodeSearch, createCodeSearch } from "./codebase/index.ts";
import type { Config } from "./config/index.ts";
import { createPatchProposer, type PatchProposer } from "./patch/index.ts";
import {
	createProduction,
	createQueries,
	Database,
	type Production,
	type Queries,
} from "./production/index.ts";
import { createSkillomatic, type Skillomatic } from "./source/index.ts";
import { createGuard } from "./sql/index.ts";
import { type Clock, createGit, RepositoryUnset, systemClock } from "./system/index.ts";

/** Everything that a tool may call, built once and shared. What is slow to load loads at its first use. */
export interface Services {
	readonly config: Config;
	readonly clock: Clock;
	readonly production: Production;
	/** What an agent asks in its own SQL, and what there is to ask. */
	readonly queries: Queries;
	/** Our own SELECTs; `doctor` asks it how time is stored. */
	readonly database: Database;
	readonly skillomatic: Skillomatic;
	/** @throws {RepositoryUnset} */
	codebase(): CodeSearch;
	/** @throws {RepositoryUnset} */
	patches(): PatchProposer;
	close(): Promise<void>;
}

/** @param clock what time it is; in tests it stands still */
export function createServices(config: Config, clock: Clock = systemClock): Services {
	const skillomatic = createSkillomatic({
		apiUrl: config.apiUrl,
		apiKey: config.apiKey,
		callsPerMinute: config.maxCallsPerMinute,
		clock,
	});
	const guard = createGuard(
		{
			tables: (signal) => skillomatic.tables({ signal }),
			columns: (table, signal) => skillomatic.columns(table, { signal }),
			rowCounts: (signal) => skillomatic.stats({ signal }),
			ask: async (select, signal) => (await skillomatic.query(select, { signal })).rows,
		},
		{ showPersonalData: config.showPersonalData, readableColumns: config.readableColumns, clock },
	);
	const database = new Database(guard, skillomatic, clock);
	const production = createProduction({ database, clock });
	const queries = createQueries({ guard, skillomatic, database });
	const root = config.repository;
	const git = root === undefined ? undefined : createGit(root);
	let codebase: CodeSearch | undefined;
	let patches: PatchProposer | undefined;
	return {
		config,
		clock,
		production,
		queries,
		database,
		skillomatic,
		codebase() {
			if (root === undefined || git === undefined) throw new RepositoryUnset();
			codebase ??= createCodeSearch({ root, git });
			return codebase;
		},
		patches() {
			if (root === undefined || git === undefined) throw new RepositoryUnset();
			patches ??= createPatchProposer({
				root,
				git,
				stateFolder: config.stateFolder,
				clock,
				...(config.check === undefined ? {} : { check: config.check }),
			});
			return patches;
		},
		close: () => skillomatic.close(),
	};
}
