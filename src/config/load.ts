// Loads the configuration from the environment and flags, and validates all of it.
import { withheldByContract } from "../sql/index.ts";
import { isStateInside, type RepositoryRoot } from "../system/index.ts";
import { type EnvironmentName, type EnvironmentSettings, readEnvironments } from "./environments.ts";
import { defaultStateFolder, type NoRepository, readStateFolder } from "./folders.ts";
import { readPath } from "./paths.ts";
import type { ProductionSettings } from "./production.ts";
import { readerOf, type SettingProblem, settingIn } from "./reader.ts";
import { type ChosenRepositories, type NamedRepository, readRepositories } from "./repositories.ts";
import {
	type LinkTarget,
	type LogLevel,
	linkTargets,
	logLevels,
	type SettingName,
	settings,
	wrong,
} from "./settings.ts";
import { readTestCommand } from "./test-command.ts";

export interface Config extends ProductionSettings {
	/** Its name; absent where the settings name the only environment. */
	readonly environment?: EnvironmentName;
	/** The environments beside this one, which is the default. */
	readonly others?: readonly Config[];
	/** The first of them. Absent where nothing names one that can be searched. */
	readonly repository: RepositoryRoot | undefined;
	/** All of them, with their names. Without it there is `repository` alone. */
	readonly repositories?: readonly NamedRepository[];
	/** Who named them: a host's roots take the place of all but the setting's. */
	readonly repositoryBy?: ChosenRepositories["by"];
	/** Why there is no repository, in words. */
	readonly noRepository?: string;
	/** Of several repositories one holds the state folder, in which nothing can be kept then. */
	readonly stateInRepository?: true;
	/** Where each request to production is written down; absolute. */
	readonly auditLog?: string;
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
	/** How often a session is told what is new, in milliseconds, if the user wants it. */
	readonly watchEveryMs?: number;
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
	const given = settingIn((name) => overrides[name] ?? env[name]);
	const { usable, problems } = readerOf({ given, env, cwd });
	/** The setting's value, or its default where there is none that can be used. */
	const value = <T>(name: SettingName, read: (value: string) => T) =>
		usable(name, () => read(given(name) ?? settings[name].default), read(settings[name].default));
	const number = (name: SettingName) => value(name, (text) => readNumber(name, text));
	const oneOf = <T extends string>(name: SettingName, known: readonly T[]) =>
		value(name, (text) => readOneOf(name, known, text));
	const flag = (name: SettingName) => value(name, (text) => readSwitch(name, text));

	const chosen = await usable<ChosenRepositories | NoRepository>(
		"PROD_DEBUGGER_REPO",
		() => readRepositories(given("PROD_DEBUGGER_REPO"), env, cwd),
		{ why: "PROD_DEBUGGER_REPO cannot be used" },
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
	const stateFolder = await usable(
		"PROD_DEBUGGER_STATE_DIR",
		() => readStateFolder(given("PROD_DEBUGGER_STATE_DIR"), env),
		defaultStateFolder(env),
	);
	const channel = given("PROD_DEBUGGER_CHANNEL");
	const watchEveryMs = await usable(
		"PROD_DEBUGGER_CHANNEL",
		() => (channel === undefined ? undefined : readEvery("PROD_DEBUGGER_CHANNEL", channel)),
		undefined,
	);
	const roots = "all" in chosen ? chosen.all.map(({ root }) => root) : [];
	const shared = {
		...repositoryOf(chosen),
		...(auditLog === undefined ? {} : { auditLog }),
		timeoutMs: await number("PROD_DEBUGGER_TIMEOUT_MS"),
		maxCallsPerMinute: await number("PROD_DEBUGGER_MAX_CALLS_PER_MINUTE"),
		showPersonalData: await flag("PROD_DEBUGGER_SHOW_PERSONAL_DATA"),
		readableColumns: await usable(
			"PROD_DEBUGGER_READABLE_COLUMNS",
			() => readColumns(given("PROD_DEBUGGER_READABLE_COLUMNS") ?? ""),
			[],
		),
		stateFolder,
		...(roots.length > 1 && (await isStateInside(stateFolder, roots))
			? { stateInRepository: true as const }
			: {}),
		check: command === undefined ? undefined : { command, timeoutMs: checkTimeoutMs, unsandboxed },
		...(testWords === undefined
			? {}
			: { test: { words: testWords, timeoutMs: checkTimeoutMs, unsandboxed } }),
		...(watchEveryMs === undefined ? {} : { watchEveryMs }),
		links: await oneOf("PROD_DEBUGGER_LINKS", linkTargets),
		logLevel: await oneOf("PROD_DEBUGGER_LOG", logLevels),
	};
	const whole = ({ problems: own, ...environment }: EnvironmentSettings): Config => {
		const all = [...own, ...problems];
		return { ...environment, ...shared, ...(all.length === 0 ? {} : { problems: all }) };
	};
	const [first, ...others] = await readEnvironments(readerOf({ given, env, cwd }));
	return { ...whole(first), ...(others.length === 0 ? {} : { others: others.map(whole) }) };
}

function repositoryOf(
	chosen: ChosenRepositories | NoRepository,
): Pick<Config, "repository" | "repositories" | "repositoryBy" | "noRepository"> {
	return "all" in chosen
		? { repository: chosen.all[0]?.root, repositories: chosen.all, repositoryBy: chosen.by }
		: { repository: undefined, noRepository: chosen.why };
}

function readNumber(name: SettingName, value: string): number {
	const [low = 0, high = 0] = (settings[name].takes.match(/\d+/g) ?? []).map(Number);
	const number = /^\d{1,9}$/.test(value.trim()) ? Number(value) : Number.NaN;
	if (!(number >= low && number <= high)) throw wrong(name, value);
	return number;
}

/** @returns milliseconds */
function readEvery(name: SettingName, value: string): number {
	const [, count, unit] = /^(\d{1,4})([mh])$/.exec(value.trim()) ?? [];
	const minutes = Number(count) * (unit === "h" ? 60 : 1);
	if (count === undefined || minutes < 1 || minutes > 24 * 60) throw wrong(name, value);
	return minutes * 60_000;
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
