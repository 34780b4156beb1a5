// What the user decides: the settings, and the checked whole of them.

export { type Config, loadConfig } from "./load.ts";
export {
	ConfigError,
	flagOf,
	type LogLevel,
	type Setting,
	type SettingName,
	settings,
} from "./settings.ts";
