// Everything that the guard refuses a query for.

import type { PlanUnbounded } from "./cost.ts";
import type { FormRefused } from "./form-refused.ts";
import type { ColumnWithheld, FunctionLacking, NameUnknown, QuotedTextUnclear } from "./names.ts";
import type { NotOneSelect, SqlInvalid, SqlTextRefused } from "./not-sql.ts";
import type { CannotBeSent, DeploymentLacks, OwnQueryUnsound } from "./sending.ts";

export { PlanUnbounded } from "./cost.ts";
export { FormRefused } from "./form-refused.ts";
export { ColumnWithheld, FunctionLacking, NameUnknown, QuotedTextUnclear } from "./names.ts";
export { NotOneSelect, SqlInvalid, SqlTextRefused } from "./not-sql.ts";
export { CannotBeSent, DeploymentLacks, OwnQueryUnsound } from "./sending.ts";

export type SqlFailure =
	| SqlTextRefused
	| NotOneSelect
	| SqlInvalid
	| NameUnknown
	| QuotedTextUnclear
	| FunctionLacking
	| ColumnWithheld
	| FormRefused
	| PlanUnbounded
	| CannotBeSent
	| DeploymentLacks
	| OwnQueryUnsound;
