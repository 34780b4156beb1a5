// Every setting, described once: its name, its values, its default.

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** `web`: the page of the repository's remote, where it is a known service; `vscode`: the file on this machine. */
export const linkTargets = ["web", "vscode", "none"] as const;
export type LinkTarget = (typeof linkTargets)[number];

/** A variable or flag is invalid; `message` is the one line to show. It never contains a secret. */
export class ConfigError extends Error {}

/** One setting: an environment variable and, except for a secret, a flag of the same name. */
export interface Setting {
	readonly name: string;
	/** One line for `--help` and the README. */
	readonly about: string;
	/** Its valid values, in words. */
	readonly takes: string;
	readonly default: string;
	/** A secret has no flag, and is never repeated. */
	readonly secret?: true;
}

export const settings = {
	SKILLOMATIC_API_KEY: {
		name: "SKILLOMATIC_API_KEY",
		about: "the API key of a super admin",
		takes: "a key on one line, without spaces",
		default: "unset: code tools work, production tools say how to set it",
		secret: true,
	},
	SKILLOMATIC_API_KEY_FILE: {
		name: "SKILLOMATIC_API_KEY_FILE",
		about: "a file that holds the key instead",
		takes: "the path of a file that holds a key on one line",
		default: "unset",
	},
	SKILLOMATIC_API_URL: {
		name: "SKILLOMATIC_API_URL",
		about: "the API's URL, with or without its path",
		takes: "an https:// address (http:// only on this machine itself) without a user name, query or fragment",
		default: "https://api.skillomatic.technology",
	},
	SKILLOMATIC_DATABASE_URL: {
		name: "SKILLOMATIC_DATABASE_URL",
		about: "production's database itself, asked when the API is down, or always where no API key is set",
		takes:
			"a libsql:// or https:// address (http:// only on this machine itself) without a user name, query or fragment",
		default: "unset: only the API is asked",
	},
	SKILLOMATIC_DATABASE_TOKEN: {
		name: "SKILLOMATIC_DATABASE_TOKEN",
		about: "a token that may only read that database",
		takes: "a token of turso db tokens create NAME --read-only",
		default: "unset",
		secret: true,
	},
	SKILLOMATIC_DATABASE_TOKEN_FILE: {
		name: "SKILLOMATIC_DATABASE_TOKEN_FILE",
		about: "a file that holds the token instead",
		takes: "the path of a file that holds a token on one line",
		default: "unset",
	},
	SKILLOMATIC_ENVIRONMENTS: {
		name: "SKILLOMATIC_ENVIRONMENTS",
		about: "a file of further environments, such as staging beside production",
		takes:
			"the path of a JSON file that only you can read: each name with settings of its own, SKILLOMATIC_API_URL and SKILLOMATIC_API_KEY_FILE among them",
		default: "unset: one production is asked",
	},
	PROD_DEBUGGER_REPO: {
		name: "PROD_DEBUGGER_REPO",
		about: "the local repository to search and to make patches for, or several by their names",
		takes: "the path of a folder, or names and paths such as web=/path,worker=/path",
		default:
			"the host's roots, else the git root of the working directory; never /, a home or a system folder",
	},
	PROD_DEBUGGER_DEPLOYMENTS: {
		name: "PROD_DEBUGGER_DEPLOYMENTS",
		about: "what tells when which commit was deployed",
		takes:
			"tags:GLOB, branch:NAME (when the remote branch moved here) or file:PATH (a line of JSON each: at, commit, version)",
		default: "unset: tags that look like versions shift what is likely, and rule nothing out",
	},
	PROD_DEBUGGER_TIMEOUT_MS: {
		name: "PROD_DEBUGGER_TIMEOUT_MS",
		about: "time limit of a call to production, in milliseconds",
		takes: "a whole number from 1000 to 600000",
		default: "15000",
	},
	PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: {
		name: "PROD_DEBUGGER_MAX_CALLS_PER_MINUTE",
		about: "how many requests a minute this server may send to production",
		takes: "a whole number from 1 to 1000",
		default: "60",
	},
	PROD_DEBUGGER_SHOW_PERSONAL_DATA: {
		name: "PROD_DEBUGGER_SHOW_PERSONAL_DATA",
		about: "1 lets agents read personal columns, and addresses, phone numbers and names in texts",
		takes: "0 or 1",
		default: "0",
	},
	PROD_DEBUGGER_READABLE_COLUMNS: {
		name: "PROD_DEBUGGER_READABLE_COLUMNS",
		about: "columns that your deployment added and agents may read, though they could hold a secret",
		takes:
			"names such as users.plan,users.locale (not the secrets and personal data that Skillomatic itself has)",
		default: "unset",
	},
	PROD_DEBUGGER_AUDIT_LOG: {
		name: "PROD_DEBUGGER_AUDIT_LOG",
		about: "a file in which each request to production is written down, with its SQL and without values",
		takes: "the path of a file in an existing folder; it is rotated at 10 MB",
		default: "unset: nothing is written",
	},
	PROD_DEBUGGER_STATE_DIR: {
		name: "PROD_DEBUGGER_STATE_DIR",
		about: "where patches, cases and what a watch told are kept",
		takes: "the absolute path of a folder outside the repository",
		default: "the platform's state folder",
	},
	PROD_DEBUGGER_CHECK: {
		name: "PROD_DEBUGGER_CHECK",
		about: "your own command to check a patch with, in a sandboxed copy",
		takes: "a command line, such as npm run typecheck",
		default: "unset: no code is run",
	},
	PROD_DEBUGGER_TEST: {
		name: "PROD_DEBUGGER_TEST",
		about: "your own command to run test files with, so that a test proves a patch, in sandboxed copies",
		takes:
			"a command without shell syntax in which {files} stands for the files, such as node --test {files}",
		default: "unset: no test is run",
	},
	PROD_DEBUGGER_CHECK_TIMEOUT_MS: {
		name: "PROD_DEBUGGER_CHECK_TIMEOUT_MS",
		about: "time limit of your check, and of each run of a test, in milliseconds",
		takes: "a whole number from 1000 to 3600000",
		default: "120000",
	},
	PROD_DEBUGGER_CHECK_UNSANDBOXED: {
		name: "PROD_DEBUGGER_CHECK_UNSANDBOXED",
		about:
			"1 runs your check and tests where no sandbox is available: they run code that the agent wrote, as you",
		takes: "0 or 1",
		default: "0",
	},
	PROD_DEBUGGER_CHANNEL: {
		name: "PROD_DEBUGGER_CHANNEL",
		about:
			"how often production is asked for what is new, to tell it unasked in a session (Claude Code's channels)",
		takes: "minutes or hours from 1m to 24h, such as 5m",
		default: "unset: nothing is told unasked",
	},
	PROD_DEBUGGER_LINKS: {
		name: "PROD_DEBUGGER_LINKS",
		about: "where the report's links to code lines and commits lead",
		takes: `one of ${linkTargets.join(", ")}`,
		default: "web",
	},
	PROD_DEBUGGER_LOG: {
		name: "PROD_DEBUGGER_LOG",
		about: "how much is logged on stderr",
		takes: `one of ${logLevels.join(", ")}`,
		default: "warn",
	},
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** `PROD_DEBUGGER_TIMEOUT_MS` is `--prod-debugger-timeout-ms`. */
export function flagOf(setting: SettingName): string {
	return setting.toLowerCase().replaceAll("_", "-");
}

/** @param held shown, shortened: never a secret */
export function wrong(name: SettingName, held: string): ConfigError {
	const shown = held.length > 120 ? `${held.slice(0, 120)}…` : held;
	return new ConfigError(`${name} is ${JSON.stringify(shown)}: it takes ${settings[name].takes}.`);
}
