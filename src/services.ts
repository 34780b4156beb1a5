import type { CodeSearch } from "./codebase/search.ts";
import type { Config } from "./config.ts";
import type { PatchProposer } from "./patch/propose.ts";
import type { Production } from "./production/production.ts";

/** Everything that a tool may call, built once and shared. What is slow to load loads at its first use. */
export interface Services {
	readonly config: Config;
	readonly production: Production;
	/** @throws {RepositoryUnset} when there is no repository to search */
	codebase(): CodeSearch;
	/** @throws {RepositoryUnset} when there is no repository to make patches for */
	patches(): PatchProposer;
	close(): Promise<void>;
}
