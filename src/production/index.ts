// The queries that the tools make of production.

export type { FilterArguments } from "./arguments.ts";
export { environmentOfCursor } from "./cursor.ts";
export { Database, TableMissing } from "./database.ts";
export type { Emptiness, UnknownValue } from "./empty.ts";
export { categoryOf, type ErrorCodeReference, errorCodeReference, errorCodes } from "./error-codes.ts";
export type { ErrorEvent } from "./events.ts";
export type { InCommon } from "./evidence/common.ts";
export type { ClientsAlone, Evidence } from "./evidence/evidence.ts";
export type { ToldEpisode } from "./evidence/told.ts";
export type { EventsAnswer, RowOfStory, Story } from "./fetch-events.ts";
export type { FixAnswer } from "./fix/ask-fix.ts";
export type { FixSide, SideEffect } from "./fix/check-fix.ts";
export { resolveInstant } from "./instant.ts";
export {
	createProduction,
	type Production,
	type RunsAnswer,
	type StatsAnswer,
} from "./production.ts";
export type { CountAsked, CountNow } from "./profiles/counts-now.ts";
export {
	maxStretches,
	type ProfileField,
	profileFields,
	type Stretch,
	type TopValue,
	type TroubleProfile,
} from "./profiles/profiles.ts";
export { createQueries, type DescribedTable, type Queries } from "./queries/queries.ts";
export type { NearestRuns } from "./runs/empty.ts";
export type { CountedRunEpisode } from "./runs/episode-counts.ts";
export type { Rates } from "./runs/overview.ts";
export type { FailedRun } from "./runs/page.ts";
export type { MessagePattern } from "./runs/patterns.ts";
export type { RelatedEvents } from "./runs/related.ts";
export type { EventShape, EventShapes } from "./shapes.ts";
export type { CodeCount, Concentration } from "./stats/concentrations.ts";
export type { Echo } from "./stats/echoes.ts";
export type { CountedEpisode } from "./stats/episode-counts.ts";
export type { OverBefore } from "./stats/lately.ts";
export type { ErrorStats, Group, TopValue as MostFrequent } from "./stats/stats.ts";
export type { Timed, Window, WindowArguments } from "./window.ts";
