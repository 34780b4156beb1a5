// Every failure between this server and production's API.

import type { DatabaseError, QueryRefused, ServerFault, TableNotListed, UnexpectedAnswer } from "./answer.ts";
import type { BothFailed } from "./both.ts";
import type {
	CertificateInvalid,
	ConnectionFailed,
	ProxyRefused,
	Redirected,
	RouteNotFound,
} from "./connection.ts";
import type {
	NotReadOnlyThere,
	NotSkillomaticDatabase,
	TokenMissing,
	TokenRejected,
	TokenUnfit,
} from "./database.ts";
import type { KeyMissing, KeyRejected, NotSuperAdmin } from "./key.ts";
import type { BudgetUsedUp, RateLimited } from "./limits.ts";

export { DatabaseError, QueryRefused, ServerFault, TableNotListed, UnexpectedAnswer } from "./answer.ts";
export { BothFailed } from "./both.ts";
export {
	CertificateInvalid,
	ConnectionFailed,
	ProxyRefused,
	type ProxyRoute,
	Redirected,
	RouteNotFound,
} from "./connection.ts";
export {
	NotReadOnlyThere,
	NotSkillomaticDatabase,
	TokenMissing,
	TokenRejected,
	TokenUnfit,
	tokenAdvice,
} from "./database.ts";
export { KeyMissing, KeyRejected, NotSuperAdmin } from "./key.ts";
export { BudgetUsedUp, RateLimited } from "./limits.ts";
export { apiPeer, databasePeer, type Peer } from "./peer.ts";

export type SkillomaticFailure =
	| KeyMissing
	| KeyRejected
	| NotSuperAdmin
	| RouteNotFound
	| TableNotListed
	| QueryRefused
	| RateLimited
	| BudgetUsedUp
	| DatabaseError
	| ServerFault
	| Redirected
	| UnexpectedAnswer
	| ConnectionFailed
	| ProxyRefused
	| CertificateInvalid;

/** What only the database itself fails with, or with it both ways. */
export type DatabaseFailure =
	| TokenUnfit
	| TokenMissing
	| TokenRejected
	| NotSkillomaticDatabase
	| NotReadOnlyThere
	| BothFailed;
