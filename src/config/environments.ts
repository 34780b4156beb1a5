// Reads the environments: the one that the settings name, and those of a file beside it.

import { dirname } from "node:path";
import { z } from "zod";
import { parseJson } from "../system/index.ts";
import { nearest, quoteUntrusted } from "../text/index.ts";
import { readPath } from "./paths.ts";
import { readPrivateSettings } from "./private-file.ts";
import { type ProductionSettings, productionSettings, readProduction } from "./production.ts";
import { readerOf, type SettingProblem, type SettingReader, settingIn } from "./reader.ts";
import { ConfigError } from "./settings.ts";

/** An environment's name, and where it came from. */
export interface EnvironmentName {
	readonly name: string;
	/** What the settings name is kept as it always was; what a file names is kept under its name. */
	readonly from: "settings" | "file";
}

/** One production, and what keeps it from being asked. */
export interface EnvironmentSettings extends ProductionSettings {
	/** Absent where the settings name the only one. */
	readonly environment?: EnvironmentName;
	readonly problems: readonly SettingProblem[];
}

/** What is kept of an environment of the file stands under its name; undefined where it stands as it always did. */
export function keptUnder({ environment }: Pick<EnvironmentSettings, "environment">): string | undefined {
	return environment?.from === "file" ? environment.name.toLowerCase() : undefined;
}

/** Which production it is, to a person: the environment's name, else the API's host. */
export function placeOf({
	environment,
	apiUrl,
}: Pick<EnvironmentSettings, "environment" | "apiUrl">): string {
	return environment?.name ?? new URL(apiUrl).host;
}

/** What the environment is called that the settings themselves name, where there are others. */
const ownName = "production";
const setting = "SKILLOMATIC_ENVIRONMENTS";
const most = 20;

/** The default environment comes first: the one that the settings name, else the file's first. */
export async function readEnvironments(
	reader: SettingReader,
): Promise<readonly [EnvironmentSettings, ...EnvironmentSettings[]]> {
	const own = await readProduction(reader);
	const { given, usable, env, cwd } = reader;
	const file = given(setting);
	// An address alone names none: a host's form may hold the usual one.
	const isOwn = [
		"SKILLOMATIC_API_KEY" as const,
		"SKILLOMATIC_API_KEY_FILE" as const,
		"SKILLOMATIC_DATABASE_URL" as const,
	].some((name) => given(name) !== undefined);
	const entries =
		file === undefined
			? undefined
			: await usable(setting, () => readFile(readPath(setting, file, env, cwd), isOwn), undefined);
	const alone = { ...own, problems: [...reader.problems] };
	if (file === undefined || entries === undefined) return [alone];
	const path = readPath(setting, file, env, cwd);
	const named = await Promise.all(entries.map((entry) => readEntry(entry, { env, cwd: dirname(path) })));
	const [first, ...others] = named;
	if (first === undefined) return [alone];
	if (!isOwn) {
		const problems = given("PROD_DEBUGGER_DEPLOYMENTS") === undefined ? [] : [deploymentsOfNone];
		return [{ ...first, problems: [...first.problems, ...problems] }, ...others];
	}
	return [{ ...alone, environment: { name: ownName, from: "settings" } }, ...named];
}

/** Whose deployments they are cannot be guessed. It keeps nothing from being asked. */
const deploymentsOfNone: SettingProblem = {
	setting,
	message: `PROD_DEBUGGER_DEPLOYMENTS is set outside of the file that ${setting} names, where no environment has it: set it in the file, for the one that it is of.`,
};

type Entry = readonly [name: string, values: Readonly<Record<string, string>>];

const fileSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** @throws {ConfigError} which repeats no value */
async function readFile(path: string, isOwn: boolean): Promise<readonly Entry[]> {
	const refuse = (why: string): never => {
		throw new ConfigError(`${setting} is ${JSON.stringify(path.slice(0, 200))}, ${why}`);
	};
	const found = fileSchema.safeParse(parseJson(await readPrivateSettings(setting, path)));
	if (!found.success)
		return refuse(
			'which is not JSON of names with their settings: it takes {"staging": {"SKILLOMATIC_API_URL": "https://…", "SKILLOMATIC_API_KEY_FILE": "staging.key"}}.',
		);
	const entries = Object.entries(found.data);
	if (entries.length === 0 || entries.length > most)
		return refuse(`which names ${entries.length} environments: it takes 1 to ${most}.`);
	for (const [index, [name, values]] of entries.entries()) {
		if (!/^[a-z][a-z0-9_-]{0,31}$/i.test(name))
			refuse(
				`which names an environment ${quoteUntrusted(name, 60)}: a name has up to 32 letters, digits, - and _, and begins with a letter.`,
			);
		if (isOwn && name.toLowerCase() === ownName)
			refuse(
				`which names an environment "${name}", as the one is called that SKILLOMATIC_API_KEY or SKILLOMATIC_DATABASE_URL names: rename it, or unset that setting.`,
			);
		if (entries.slice(0, index).some(([other]) => other.toLowerCase() === name.toLowerCase()))
			refuse(`which names an environment "${name}" twice: rename one.`);
		const known: readonly string[] = productionSettings;
		const other = Object.keys(values).find((key) => !known.includes(key));
		if (other !== undefined) {
			const near = nearest(other, known);
			refuse(
				`in which "${name}" has ${quoteUntrusted(other, 60)}${near === undefined ? "" : ` (did you mean ${near}?)`}: an environment takes ${known.join(", ")}.`,
			);
		}
	}
	return entries;
}

/** A path in the file begins at the file's folder. */
async function readEntry(
	[name, values]: Entry,
	{ env, cwd }: Pick<SettingReader, "env" | "cwd">,
): Promise<EnvironmentSettings> {
	const given = settingIn((key) => values[key]);
	const reader = readerOf({ given, env, cwd, where: `Environment "${name}": ` });
	const production = await readProduction(reader);
	const isAsked = given("SKILLOMATIC_API_KEY") ?? given("SKILLOMATIC_API_KEY_FILE");
	const isDatabase = given("SKILLOMATIC_DATABASE_URL") !== undefined;
	// The usual address is another environment's: its key must not go there.
	const isNowhere = given("SKILLOMATIC_API_URL") === undefined && (isAsked !== undefined || !isDatabase);
	await reader.usable(
		"SKILLOMATIC_API_URL",
		() => {
			if (isNowhere)
				throw new ConfigError(
					"SKILLOMATIC_API_URL is not set: an environment of the file has an address of its own.",
				);
			if (isAsked === undefined && !isDatabase)
				throw new ConfigError(
					"it has no key: give it SKILLOMATIC_API_KEY_FILE or SKILLOMATIC_API_KEY in the file, or SKILLOMATIC_DATABASE_URL.",
				);
		},
		undefined,
	);
	return {
		...production,
		...(isNowhere ? { apiKey: undefined } : {}),
		environment: { name, from: "file" },
		problems: reader.problems,
	};
}
