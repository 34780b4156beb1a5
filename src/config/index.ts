// The user's settings, and the validated configuration made from them.

export { type Config, loadConfig } from "./load.ts";
export {
	ConfigError,
	flagOf,
	type LogLevel,
	type Setting,
	type SettingName,
	settings,
} from "./settings.ts";
