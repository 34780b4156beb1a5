// SQL that is safe to send: the guard, and the pieces that our own queries are made of.

export type { AgentSelect } from "./agent-check.ts";
export type { CheckedSelect } from "./checked-select.ts";
export { DeploymentLacks, FormRefused, type SqlFailure } from "./failures/index.ts";
export { createGuard, type Guard } from "./guard.ts";
export type { MirrorColumn, MirrorTable } from "./mirror/catalog.ts";
export { contractTables } from "./mirror/contract.ts";
export { type WithheldAs, withheldByContract } from "./mirror/withheld.ts";
export { countRows, schemaTables, tableInfo } from "./schema-statements.ts";
export {
	contains,
	forbiddenWords,
	integer,
	join,
	name,
	number,
	type Sql,
	sql,
	startsWith,
	text,
} from "./sql.ts";
export { blankLiterals } from "./text/blanked.ts";
export { allSources, opening, type Place, parse } from "./text/structure.ts";
export { is, nameOf } from "./text/tokens.ts";
export {
	epochSeconds,
	instant,
	secondsOf,
	storageOf,
	storedInstant,
	type TimeStorage,
	TimeStorageUnknown,
} from "./time.ts";
