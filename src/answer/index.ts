// What an agent reads: a renderer for each tool, tables, hints, facts.

export {
	codeArgument,
	cursorArgument,
	filterArguments,
	listMark,
	previousWindowSchema,
	searchedCode,
	windowArguments,
	windowSchema,
} from "./arguments.ts";
export { casesSchema, casesTable, wholeCase } from "./case-facts.ts";
export { caseName, caseText, renderCase } from "./case-page.ts";
export { boundWords, caseLine, episodeLines, historyWords, knownLine } from "./case-words.ts";
export { chartData } from "./chart.ts";
export { eventsOf } from "./code-events.ts";
export { type AskedCommit, renderCommit } from "./commit-text.ts";
export { emptyHint, latelyHint } from "./empty-hint.ts";
export {
	episodeFacts,
	episodeSchema,
	episodesNote,
	runEpisodeFacts,
	runEpisodeSchema,
} from "./episode-facts.ts";
export { renderErrorCode, renderErrorCodes } from "./error-code-page.ts";
export { eventsHint } from "./events-hint.ts";
export { fittedAnswer, significant, windowFacts } from "./facts.ts";
export { renderFiles } from "./files-text.ts";
export {
	episodeWords,
	hourWords,
	minuteWords,
	runEpisodeWords,
	type Show,
	whereWords,
} from "./findings/episode-words.ts";
export { findFindings } from "./findings/findings.ts";
export { mostWords } from "./findings/most.ts";
export { runFindings } from "./findings/run-findings.ts";
export { withoutLine } from "./findings/unraised.ts";
export { fixFacts, fixSchema } from "./fix-facts.ts";
export { commitFix, type FixSource, givenFix, patchFix } from "./fix-source.ts";
export { inWhichever } from "./in-whichever.ts";
export { knownOfCode } from "./known-code.ts";
export { renderLines } from "./lines-text.ts";
export { renderPatchHead } from "./patch-page.ts";
export { renderPatch } from "./patch-text.ts";
export { queryAnswer } from "./query-answer.ts";
export { runsHint } from "./runs-hint.ts";
export { type OneSearch, searchRepositories, searchScope } from "./search-repositories.ts";
export { renderSearch } from "./search-text.ts";
export {
	causeReason,
	deploymentsSchema,
	endedBySchema,
	foreignSuspectColumns,
	gapWords,
	namedHash,
	ruledOutFacts,
	shortHash,
	suspectList,
	suspectTable,
} from "./suspects.ts";
export { makeTable, pagedSchema, type TableRow, tableSchema, untrustedFields, untrustedOf } from "./table.ts";
export {
	type Answer,
	defineTool,
	readsProduction,
	readsRepository,
	type ToolContext,
	type ToolDefinition,
} from "./tool.ts";
