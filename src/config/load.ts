// Loads the configuration from the environment and flags, and validates all of it.
import type { DeploymentSource } from "../codebase/index.ts";
import { withheldByContract } from "../sql/index.ts";
import type { RepositoryRoot } from "../system/index.ts";
import { readKey, readUrl } from "./api.ts";
import { readDeploymentSource } from "./deployments.ts";
import { readRepository, readStateFolder } from "./folders.ts";
import { ConfigError, type LogLevel, logLevels, type SettingName, settings, wrong } from "./settings.ts";

export interface Config {
	/** Origin and path; without credentials, query or trailing slash. */
	readonly apiUrl: string;
	/** Without it code tools work, and production's tools explain how to set it. */
	readonly apiKey: string | undefined;
	/** Absent if none is set and the working directory is `/` or a home folder. */
	readonly repository: RepositoryRoot | undefined;
	/** What tells when which commit was deployed, if the user set it. */
	readonly deployments?: DeploymentSource;
	/** Upper bound of a whole tool call to production, in milliseconds. */
	readonly timeoutMs: number;
	readonly maxCallsPerMinute: number;
	readonly showPersonalData: boolean;
	/** Columns that agents may read though the contract does not know them: `table.column`, in lowercase. */
	readonly readableColumns: readonly string[];
	/** Absolute. Made at its first use. */
	readonly stateFolder: string;
	readonly check:
		| { readonly command: string; readonly timeoutMs: number; readonly unsandboxed: boolean }
		| undefined;
	readonly logLevel: LogLevel;
}

/**
 * @param env the environment; an empty value, or a host's unfilled `${…}`, counts as unset
 * @param overrides flags, which take precedence
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
			"NODE_TLS_REJECT_UNAUTHORIZED is 0, so anyone on the network path could read the API key: unset it (NODE_EXTRA_CA_CERTS adds a certificate authority of your own).",
		);
	}
	const repository = await readRepository(given("PROD_DEBUGGER_REPO"), cwd);
	const deployments = readDeploymentSource(given("PROD_DEBUGGER_DEPLOYMENTS"), cwd);
	const number = (name: SettingName) => readNumber(name, given(name) ?? settings[name].default);
	const flag = (name: SettingName) => readSwitch(name, given(name) ?? settings[name].default);
	const command = given("PROD_DEBUGGER_CHECK");
	const checkTimeoutMs = number("PROD_DEBUGGER_CHECK_TIMEOUT_MS");
	const unsandboxed = flag("PROD_DEBUGGER_CHECK_UNSANDBOXED");
	return {
		apiUrl,
		apiKey,
		repository,
		...(deployments === undefined ? {} : { deployments }),
		timeoutMs: number("PROD_DEBUGGER_TIMEOUT_MS"),
		maxCallsPerMinute: number("PROD_DEBUGGER_MAX_CALLS_PER_MINUTE"),
		showPersonalData: flag("PROD_DEBUGGER_SHOW_PERSONAL_DATA"),
		readableColumns: readColumns(given("PROD_DEBUGGER_READABLE_COLUMNS") ?? ""),
		stateFolder: readStateFolder(given("PROD_DEBUGGER_STATE_DIR"), env),
		check: command === undefined ? undefined : { command, timeoutMs: checkTimeoutMs, unsandboxed },
		logLevel: readLogLevel(given("PROD_DEBUGGER_LOG") ?? settings.PROD_DEBUGGER_LOG.default),
	};
}

/** A host leaves `${user_config.api_key}` unreplaced if the user left the field blank. */
function isUnfilled(value: string): boolean {
	return /^\$\{[^{}]*\}$/.test(value.trim());
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

function readColumns(value: string): readonly string[] {
	const columns = value
		.toLowerCase()
		.split(",")
		.map((column) => column.trim())
		.filter((column) => column !== "");
	for (const column of columns) {
		const [, table = "", name = ""] = /^(\w{1,64})\.(\w{1,64})$/.exec(column) ?? [];
		if (name === "" || withheldByContract(table).includes(name))
			throw wrong("PROD_DEBUGGER_READABLE_COLUMNS", column);
	}
	return columns;
}

function readLogLevel(value: string): LogLevel {
	const level = logLevels.find((known) => known === value.trim().toLowerCase());
	if (level === undefined) throw wrong("PROD_DEBUGGER_LOG", value);
	return level;
}
