import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, parse, resolve } from "node:path";
import { findRepositoryRoot, type RepositoryRoot, resolveRepositoryRoot } from "./system/index.ts";

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Everything that the user decides, checked. */
export interface Config {
	/** The origin and path to ask; without credentials, query or trailing slash. */
	readonly apiUrl: string;
	/** Absent: code tools work, and production's tools answer with how to set it. */
	readonly apiKey: string | undefined;
	/** Absent when the working directory is `/` or a home folder and nothing else was named. */
	readonly repository: RepositoryRoot | undefined;
	/** Of a whole tool call that asks production, in milliseconds. */
	readonly timeoutMs: number;
	readonly maxCallsPerMinute: number;
	readonly showPersonalData: boolean;
	/** Absolute. Made at its first use. */
	readonly stateFolder: string;
	readonly check:
		| { readonly command: string; readonly timeoutMs: number; readonly unsandboxed: boolean }
		| undefined;
	readonly logLevel: LogLevel;
}

/** A variable or a flag cannot be used; `message` is the one line to show. It never holds a secret. */
export class ConfigError extends Error {}

/** One setting: an environment variable, and but for the key a flag of the same name. */
export interface Setting {
	readonly name: string;
	/** One line for `--help` and the README. */
	readonly about: string;
	/** What it takes, in words. */
	readonly takes: string;
	readonly default: string;
	/** A secret has no flag, and is never repeated. */
	readonly secret?: true;
}

/** Every setting, described once. */
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
		about: "where the API answers, with or without its path",
		takes: "an https:// address (http:// only on this machine itself) without a user name, query or fragment",
		default: "https://api.skillomatic.technology",
	},
	PROD_DEBUGGER_REPO: {
		name: "PROD_DEBUGGER_REPO",
		about: "the local repository to search and to make patches for",
		takes: "the path of a folder",
		default: "the git root of the working directory, unless that is / or a home folder",
	},
	PROD_DEBUGGER_TIMEOUT_MS: {
		name: "PROD_DEBUGGER_TIMEOUT_MS",
		about: "the longest that a call which asks production may take, in milliseconds",
		takes: "a whole number from 1000 to 600000",
		default: "15000",
	},
	PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: {
		name: "PROD_DEBUGGER_MAX_CALLS_PER_MINUTE",
		about: "the most requests a minute that this server makes of production",
		takes: "a whole number from 1 to 1000",
		default: "60",
	},
	PROD_DEBUGGER_SHOW_PERSONAL_DATA: {
		name: "PROD_DEBUGGER_SHOW_PERSONAL_DATA",
		about: "1 lets agents read personal columns and whole e-mail addresses",
		takes: "0 or 1",
		default: "0",
	},
	PROD_DEBUGGER_STATE_DIR: {
		name: "PROD_DEBUGGER_STATE_DIR",
		about: "where proposed patches are kept",
		takes: "the absolute path of a folder outside the repository",
		default: "the platform's state folder",
	},
	PROD_DEBUGGER_CHECK: {
		name: "PROD_DEBUGGER_CHECK",
		about: "your own command that a patch is checked with, in a sandboxed copy",
		takes: "a command line, such as npm run typecheck",
		default: "unset: no code is run",
	},
	PROD_DEBUGGER_CHECK_TIMEOUT_MS: {
		name: "PROD_DEBUGGER_CHECK_TIMEOUT_MS",
		about: "the longest that your check may run, in milliseconds",
		takes: "a whole number from 1000 to 3600000",
		default: "120000",
	},
	PROD_DEBUGGER_CHECK_UNSANDBOXED: {
		name: "PROD_DEBUGGER_CHECK_UNSANDBOXED",
		about: "1 runs your check where there is no sandbox: it runs code that the agent wrote, as you",
		takes: "0 or 1",
		default: "0",
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

/**
 * Checks every setting.
 *
 * @param env the environment; a value that is empty, or a host's unfilled `${…}`, counts as unset
 * @param overrides flags, which win
 * @param cwd the working directory
 * @throws {ConfigError}
 */
export async function loadConfig(
	env: Readonly<Record<string, string | undefined>>,
	overrides: Readonly<Partial<Record<SettingName, string>>>,
	cwd: string,
): Promise<Config> {
	const given = (name: SettingName) => {
		const value = overrides[name] ?? env[name];
		return value === undefined || value.trim() === "" || isUnfilled(value) ? undefined : value;
	};
	const apiUrl = readUrl(given("SKILLOMATIC_API_URL") ?? settings.SKILLOMATIC_API_URL.default);
	const apiKey = await readKey(given("SKILLOMATIC_API_KEY"), given("SKILLOMATIC_API_KEY_FILE"));
	if (apiKey !== undefined && apiUrl.startsWith("https:") && env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
		throw new ConfigError(
			"NODE_TLS_REJECT_UNAUTHORIZED is 0, so anyone in between could read the API key: unset it (NODE_EXTRA_CA_CERTS adds a certificate authority of your own).",
		);
	}
	const repository = await readRepository(given("PROD_DEBUGGER_REPO"), cwd);
	const number = (name: SettingName) => readNumber(name, given(name) ?? settings[name].default);
	const flag = (name: SettingName) => readSwitch(name, given(name) ?? settings[name].default);
	const command = given("PROD_DEBUGGER_CHECK");
	const checkTimeoutMs = number("PROD_DEBUGGER_CHECK_TIMEOUT_MS");
	const unsandboxed = flag("PROD_DEBUGGER_CHECK_UNSANDBOXED");
	return {
		apiUrl,
		apiKey,
		repository,
		timeoutMs: number("PROD_DEBUGGER_TIMEOUT_MS"),
		maxCallsPerMinute: number("PROD_DEBUGGER_MAX_CALLS_PER_MINUTE"),
		showPersonalData: flag("PROD_DEBUGGER_SHOW_PERSONAL_DATA"),
		stateFolder: readStateFolder(given("PROD_DEBUGGER_STATE_DIR"), env),
		check: command === undefined ? undefined : { command, timeoutMs: checkTimeoutMs, unsandboxed },
		logLevel: readLogLevel(given("PROD_DEBUGGER_LOG") ?? settings.PROD_DEBUGGER_LOG.default),
	};
}

/** A host leaves `${user_config.api_key}` as it stands when the user left the field blank. */
function isUnfilled(value: string): boolean {
	return /^\$\{[^{}]*\}$/.test(value.trim());
}

function wrong(name: SettingName, held: string): ConfigError {
	const shown = held.length > 120 ? `${held.slice(0, 120)}…` : held;
	return new ConfigError(`${name} is ${JSON.stringify(shown)}: it takes ${settings[name].takes}.`);
}

function readNumber(name: SettingName, value: string): number {
	const [low = 0, high = 0] = (settings[name].takes.match(/\d+/g) ?? []).map(Number);
	const number = /^\d{1,9}$/.test(value.trim()) ? Number(value) : Number.NaN;
	if (!(number >= low && number <= high)) throw wrong(name, value);
	return number;
}

function readSwitch(name: SettingName, value: string): boolean {
	// Hosts write a checkbox as true and false.
	if (["1", "true"].includes(value.trim())) return true;
	if (["0", "false"].includes(value.trim())) return false;
	throw wrong(name, value);
}

function readLogLevel(value: string): LogLevel {
	const level = logLevels.find((known) => known === value.trim().toLowerCase());
	if (level === undefined) throw wrong("PROD_DEBUGGER_LOG", value);
	return level;
}

/** Loopback, by name or by number: traffic to it never leaves the machine. */
function isLoopback(hostname: string): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readUrl(value: string): string {
	const url = URL.canParse(value.trim()) ? new URL(value.trim()) : undefined;
	// What cannot be read may hold anything, a password or the key itself, and is not repeated.
	if (url === undefined) {
		throw new ConfigError(
			`SKILLOMATIC_API_URL is no address: it takes ${settings.SKILLOMATIC_API_URL.takes}.`,
		);
	}
	if (url.username !== "" || url.password !== "") {
		// What it held is not repeated: a password stands in it.
		throw new ConfigError(
			`SKILLOMATIC_API_URL holds a user name or a password: it takes ${settings.SKILLOMATIC_API_URL.takes}.`,
		);
	}
	if (url.search !== "" || url.hash !== "")
		throw wrong("SKILLOMATIC_API_URL", `${url.origin}${url.pathname}`);
	if (url.protocol === "http:" && !isLoopback(url.hostname)) {
		throw new ConfigError(
			`SKILLOMATIC_API_URL is "${url.origin}": over plain http the API key would travel in the clear. Use https:// (http:// is taken for this machine itself only).`,
		);
	}
	if (url.protocol !== "http:" && url.protocol !== "https:")
		throw wrong("SKILLOMATIC_API_URL", `${url.protocol}…`);
	return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

async function readKey(key: string | undefined, file: string | undefined): Promise<string | undefined> {
	if (key !== undefined) return usableKey("SKILLOMATIC_API_KEY", key);
	if (file === undefined) return undefined;
	const size = await stat(file).then(
		(found) => (found.isFile() ? found.size : -1),
		() => undefined,
	);
	if (size === undefined || size < 0 || size > 4096) {
		const problem = size === undefined ? "cannot be read" : size < 0 ? "is no file" : "is larger than a key";
		throw new ConfigError(
			`SKILLOMATIC_API_KEY_FILE is ${JSON.stringify(file)}, which ${problem}: it takes ${settings.SKILLOMATIC_API_KEY_FILE.takes}.`,
		);
	}
	const held = await readFile(file, "utf8").catch(() => {
		throw new ConfigError(
			`SKILLOMATIC_API_KEY_FILE is ${JSON.stringify(file)}, which cannot be read: check its permissions.`,
		);
	});
	if (held.trim() === "") {
		throw new ConfigError(
			`SKILLOMATIC_API_KEY_FILE is ${JSON.stringify(file)}, which is empty: write the key into it.`,
		);
	}
	return usableKey("SKILLOMATIC_API_KEY_FILE", held);
}

/** A header takes visible ASCII only. The value itself is never repeated. */
function usableKey(name: "SKILLOMATIC_API_KEY" | "SKILLOMATIC_API_KEY_FILE", value: string): string {
	const key = value.trim().replace(/^Bearer +/i, "");
	if (/^[\x21-\x7e]{1,512}$/.test(key)) return key;
	throw new ConfigError(
		`${name} holds ${key.length} characters with a space, a line break or a character outside ASCII among them, or too many: it takes a key on one line, without spaces.`,
	);
}

async function readRepository(named: string | undefined, cwd: string): Promise<RepositoryRoot | undefined> {
	if (named !== undefined) {
		const folder = resolve(cwd, named);
		const found = await stat(folder).catch(() => undefined);
		if (found?.isDirectory() !== true) throw wrong("PROD_DEBUGGER_REPO", named);
		return resolveRepositoryRoot(folder);
	}
	const root = await findRepositoryRoot(cwd);
	return (await isTooWide(root)) ? undefined : root;
}

/** `/`, a home folder, or a folder of home folders: searched only when the user says so in so many words. */
async function isTooWide(folder: string): Promise<boolean> {
	const home = await findHome();
	return folder === parse(folder).root || folder === home || folder === dirname(home);
}

async function findHome(): Promise<string> {
	return resolveRepositoryRoot(homedir()).catch(() => homedir());
}

function readStateFolder(
	named: string | undefined,
	env: Readonly<Record<string, string | undefined>>,
): string {
	if (named !== undefined) {
		if (!isAbsolute(named)) throw wrong("PROD_DEBUGGER_STATE_DIR", named);
		return resolve(named);
	}
	const own = "prod-debugger-mcp";
	if (process.platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), own);
	if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", own);
	// The XDG base directory specification takes absolute paths only.
	const xdg = env.XDG_STATE_HOME;
	return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".local", "state"), own);
}
