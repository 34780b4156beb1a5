// The local repository: search, syntax and history.

export type { Block, ChangedFile, DiffLine } from "./commits/commit-blocks.ts";
export { type Deployment, type DeploymentSource, isVersion } from "./commits/deployments.ts";
export { type CommitAmbiguous, CommitUnknown, findCommit } from "./commits/find-commit.ts";
export type { CommitFile, CommitHead } from "./commits/read-commit.ts";
export type { NamedCommit } from "./commits/reverts.ts";
export type { Commit, CommitLog, FileChange, Hunk, Patch } from "./commits/types.ts";
export { type AskEvents, type Events, placeKey } from "./evidence/read-evidence.ts";
export type { PathHidden, PathIgnored, PathMissing } from "./find/confine.ts";
export { fileType } from "./find/file-type.ts";
export type { FoundFile, FoundMatch, ShownLine } from "./find/page.ts";
export type { PatternInvalid } from "./find/ripgrep.ts";
export { asksForFiles, type FilesFound } from "./find-files.ts";
export type { Absence, FoundLines, HistorySearch } from "./history/absence.ts";
export type { LineCommit } from "./history/blame.ts";
export { type LineMark, marksOf } from "./history/marks.ts";
export type { LinesRead, NotText } from "./read-lines.ts";
export { commitAddress, lineAddress, type WebRepository } from "./remote.ts";
export type { SearchResult } from "./run-search.ts";
export { type CodeSearch, createCodeSearch } from "./search.ts";
export type { Role } from "./syntax/roles.ts";
export type { Sink } from "./syntax/sinks.ts";
export { languageOf, type SyntaxProblem, syntaxProblems } from "./syntax/syntax.ts";
export type { AskedFunctions } from "./trail/read-asked.ts";
export type { Trail } from "./trail/types.ts";
export type { LineRange } from "./way/line-range.ts";
export type { CodeWay, Relation, Spot, WayRequest } from "./way/types.ts";
