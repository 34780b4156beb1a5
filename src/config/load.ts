// Loads the configuration from the environment and flags, and validates all of it.
import type { DeploymentSource } from "../codebase/index.ts";
import { withheldByContract } from "../sql/index.ts";
import type { RepositoryRoot } from "../system/index.ts";
import { apiKey as keySettings, readSecret, readUrl } from "./api.ts";
import { type DatabaseSetting, readDatabase } from "./database.ts";
import { readDeploymentSource } from "./deployments.ts";
import {
	type ChosenRepository,
	defaultStateFolder,
	type NoRepository,
	readRepository,
	readStateFolder,
} from "./folders.ts";
import { type Network, readAuthorities, readProxy } from "./network.ts";
import { readPath } from "./paths.ts";
import {
	ConfigError,
	type LinkTarget,
	type LogLevel,
	linkTargets,
	logLevels,
	type SettingName,
	settings,
	wrong,
} from "./settings.ts";
import { readTestCommand } from "./test-command.ts";

/** A setting that cannot be used, and the sentence that says why. */
export interface SettingProblem {
	readonly setting: SettingName | "HTTPS_PROXY";
	readonly message: string;
}

export interface Config {
	/** Origin and path; without credentials, query or trailing slash. */
	readonly apiUrl: string;
	/** Without it code tools work, and production's tools explain how to set it. */
	readonly apiKey: string | undefined;
	/** Production's database itself, if the user set it. */
	readonly database?: DatabaseSetting;
	/** A proxy, and certificate authorities of the user's own. */
	readonly network?: Network;
	/** Absent where nothing names one that can be searched. */
	readonly repository: RepositoryRoot | undefined;
	/** Who named it: a host's roots take the place of all but the setting. */
	readonly repositoryBy?: ChosenRepository["by"];
	/** Why there is no repository, in words. */
	readonly noRepository?: string;
	/** Where each request to production is written down; absolute. */
	readonly auditLog?: string;
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
	/** How a test file is run, if the user set it. */
	readonly test?: {
		readonly words: readonly string[];
		readonly timeoutMs: number;
		readonly unsandboxed: boolean;
	};
	readonly logLevel: LogLevel;
	/** Where the report's links lead. Default `web`. */
	readonly links?: LinkTarget;
	/** What needs one of these settings answers with its sentence; the setting itself has its default here. */
	readonly problems?: readonly SettingProblem[];
}

/**
 * Reads every setting. One that cannot be used keeps nothing else from working: it is named in `problems`.
 *
 * @param env the environment; an empty value, or a host's unfilled `${…}`, counts as unset
 * @param overrides flags, which take precedence
 * @param cwd the working directory
 */
export async function loadConfig(
	env: Readonly<Record<string, string | undefined>>,
	overrides: Readonly<Partial<Record<SettingName, string>>>,
	cwd: string,
): Promise<Config> {
	const problems: SettingProblem[] = [];
	const given = (name: SettingName) => {
		const value = overrides[name] ?? env[name];
		return value === undefined || value.trim() === "" || isUnfilled(value) ? undefined : value;
	};
	const usable = async <T>(
		setting: SettingProblem["setting"],
		read: () => T | Promise<T>,
		otherwise: T,
	): Promise<T> => {
		try {
			return await read();
		} catch (error) {
			if (!(error instanceof ConfigError)) throw error;
			problems.push({ setting, message: error.message });
			return otherwise;
		}
	};
	/** The setting's value, or its default where there is none that can be used. */
	const value = <T>(name: SettingName, read: (value: string) => T) =>
		usable(name, () => read(given(name) ?? settings[name].default), read(settings[name].default));
	const number = (name: SettingName) => value(name, (text) => readNumber(name, text));
	const oneOf = <T extends string>(name: SettingName, known: readonly T[]) =>
		value(name, (text) => readOneOf(name, known, text));
	const flag = (name: SettingName) => value(name, (text) => readSwitch(name, text));

	const apiUrl = await value("SKILLOMATIC_API_URL", readUrl);
	const keySetting =
		given("SKILLOMATIC_API_KEY") === undefined ? "SKILLOMATIC_API_KEY_FILE" : "SKILLOMATIC_API_KEY";
	const apiKey = await usable(
		keySetting,
		async () => {
			const file = given("SKILLOMATIC_API_KEY_FILE");
			const path = file === undefined ? undefined : readPath("SKILLOMATIC_API_KEY_FILE", file, env, cwd);
			const key = await readSecret(keySettings, given("SKILLOMATIC_API_KEY"), path);
			if (key !== undefined && apiUrl.startsWith("https:")) refuseOpenTls(env);
			return key;
		},
		undefined,
	);
	const proxy = await usable("HTTPS_PROXY", () => readProxy(env, apiUrl), undefined);
	const network = { ...(proxy === undefined ? {} : { proxy }), ...(await readAuthorities(env)) };
	const database = await readDatabase({ given, usable, env, cwd }, () => refuseOpenTls(env));
	const chosen = await usable<ChosenRepository | NoRepository>(
		"PROD_DEBUGGER_REPO",
		() => readRepository(given("PROD_DEBUGGER_REPO"), env, cwd),
		{ why: "PROD_DEBUGGER_REPO cannot be used" },
	);
	const deployments = await usable(
		"PROD_DEBUGGER_DEPLOYMENTS",
		() => readDeploymentSource(given("PROD_DEBUGGER_DEPLOYMENTS"), env, cwd),
		undefined,
	);
	const audit = given("PROD_DEBUGGER_AUDIT_LOG");
	const auditLog = await usable(
		"PROD_DEBUGGER_AUDIT_LOG",
		() => (audit === undefined ? undefined : readPath("PROD_DEBUGGER_AUDIT_LOG", audit, env, cwd)),
		undefined,
	);
	const command = given("PROD_DEBUGGER_CHECK");
	const checkTimeoutMs = await number("PROD_DEBUGGER_CHECK_TIMEOUT_MS");
	const unsandboxed = await flag("PROD_DEBUGGER_CHECK_UNSANDBOXED");
	const testWords = await usable(
		"PROD_DEBUGGER_TEST",
		() => readTestCommand(given("PROD_DEBUGGER_TEST")),
		undefined,
	);
	return {
		apiUrl,
		apiKey,
		...(database === undefined ? {} : { database }),
		...(Object.keys(network).length === 0 ? {} : { network }),
		...repositoryOf(chosen),
		...(deployments === undefined ? {} : { deployments }),
		...(auditLog === undefined ? {} : { auditLog }),
		timeoutMs: await number("PROD_DEBUGGER_TIMEOUT_MS"),
		maxCallsPerMinute: await number("PROD_DEBUGGER_MAX_CALLS_PER_MINUTE"),
		showPersonalData: await flag("PROD_DEBUGGER_SHOW_PERSONAL_DATA"),
		readableColumns: await usable(
			"PROD_DEBUGGER_READABLE_COLUMNS",
			() => readColumns(given("PROD_DEBUGGER_READABLE_COLUMNS") ?? ""),
			[],
		),
		stateFolder: await usable(
			"PROD_DEBUGGER_STATE_DIR",
			() => readStateFolder(given("PROD_DEBUGGER_STATE_DIR"), env),
			defaultStateFolder(env),
		),
		check: command === undefined ? undefined : { command, timeoutMs: checkTimeoutMs, unsandboxed },
		...(testWords === undefined
			? {}
			: { test: { words: testWords, timeoutMs: checkTimeoutMs, unsandboxed } }),
		links: await oneOf("PROD_DEBUGGER_LINKS", linkTargets),
		logLevel: await oneOf("PROD_DEBUGGER_LOG", logLevels),
		...(problems.length === 0 ? {} : { problems }),
	};
}

function repositoryOf(
	chosen: ChosenRepository | NoRepository,
): Pick<Config, "repository" | "repositoryBy" | "noRepository"> {
	return "root" in chosen
		? { repository: chosen.root, repositoryBy: chosen.by }
		: { repository: undefined, noRepository: chosen.why };
}

/** @throws {ConfigError} */
function refuseOpenTls(env: Readonly<Record<string, string | undefined>>): void {
	if (env.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return;
	throw new ConfigError(
		"NODE_TLS_REJECT_UNAUTHORIZED is 0, so anyone on the network path could read the secrets that are sent: unset it (NODE_EXTRA_CA_CERTS adds a certificate authority of your own).",
	);
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

function readOneOf<T extends string>(name: SettingName, known: readonly T[], value: string): T {
	const one = known.find((word) => word === value.trim().toLowerCase());
	if (one === undefined) throw wrong(name, value);
	return one;
}
