// The user's settings, and the validated configuration made from them.

export type { DatabaseSetting } from "./database.ts";
export { type EnvironmentName, keptUnder, placeOf } from "./environments.ts";
export { type Config, loadConfig } from "./load.ts";
export { pathOfUrl } from "./paths.ts";
export { whatGitDoes } from "./private-file.ts";
export { asksProduction, unusableFor } from "./problems.ts";
export type { SettingProblem } from "./reader.ts";
export { hostRepositories, type NamedRepository } from "./repositories.ts";
export {
	ConfigError,
	flagOf,
	type LinkTarget,
	type LogLevel,
	type Setting,
	type SettingName,
	settings,
} from "./settings.ts";
