// Access to the machine: processes, confined paths, git, clock, deadlines, state folder.

export { type AssetName, assetPath, assetSources, readBuilt } from "./assets.ts";
export { type Clock, systemClock } from "./clock.ts";
export {
	isGitInternal,
	openConfined,
	type PathProblem,
	PathRefused,
	relativePath,
	resolveConfined,
} from "./confined-file.ts";
export {
	carryDeadline,
	DeadlineExceeded,
	endDeadline,
	pause,
	remainingMs,
	withDeadline,
} from "./deadline.ts";
export { createGit, type Git, GitFailed, type GitOptions, readUserSetting } from "./git.ts";
export { unquoteGitName } from "./git-name.ts";
export { isHiddenFile } from "./hidden-files.ts";
export { keepNewest, parseJson } from "./kept-files.ts";
export { once, oncePer, oncePerAnswer } from "./once.ts";
export { AuditLogUnusable, PrivateLines } from "./private-lines.ts";
export { type ProcessNotStarted, type ProcessResult, runProcess } from "./process.ts";
export { findProgram, ProgramMissing, type ProgramPath, resolveProgram } from "./programs.ts";
export { FileNotRead, readNamed } from "./read-file.ts";
export { Records } from "./records.ts";
export {
	findGitRoot,
	findRepositoryRoot,
	isInside,
	type RepositoryRoot,
	RepositoryUnchosen,
	RepositoryUnset,
	resolveRepositoryRoot,
	SettingUnusable,
} from "./repository.ts";
export { RipgrepBroken, refuseForeignExit, workingRipgrep } from "./ripgrep-program.ts";
export { findSandbox, type NoSandbox, runUnsandboxed, type SandboxState } from "./sandboxed-process.ts";
export { Scratch } from "./scratch.ts";
export { shellQuoted } from "./shell-quoted.ts";
export { sourceStack } from "./source-map.ts";
export { compileSqlite, instantiateSqlite } from "./sqlite-engine.ts";
export {
	findStateFolder,
	isStateInside,
	openStateFolder,
	placeOfState,
	privateNames,
	readPrivate,
	readPrivateBytes,
	StateFolderUnusable,
	writePrivate,
} from "./state-folder.ts";
export { version } from "./version.ts";
export { checkTarget, type FileNotWritten, type FileProblem, writeWhole } from "./write-file.ts";
