// Reads what makes one production: its API, its database, the way to them, and what tells of its deployments.

import type { DeploymentSource } from "../codebase/index.ts";
import { apiKey as keySettings, readSecret, readUrl } from "./api.ts";
import { type DatabaseSetting, readDatabase } from "./database.ts";
import { readDeploymentSource } from "./deployments.ts";
import { type Network, readAuthorities, readProxy } from "./network.ts";
import type { Environment } from "./paths.ts";
import { readPath } from "./paths.ts";
import type { SettingReader } from "./reader.ts";
import { ConfigError, settings } from "./settings.ts";

export interface ProductionSettings {
	/** Origin and path; without credentials, query or trailing slash. */
	readonly apiUrl: string;
	/** Without it code tools work, and production's tools explain how to set it. */
	readonly apiKey: string | undefined;
	/** Production's database itself, if the user set it. */
	readonly database?: DatabaseSetting;
	/** A proxy, and certificate authorities of the user's own. */
	readonly network?: Network;
	/** What tells when which commit was deployed, if the user set it. */
	readonly deployments?: DeploymentSource;
}

/** The settings that it takes: those of an environment's own. */
export const productionSettings = [
	"SKILLOMATIC_API_URL",
	"SKILLOMATIC_API_KEY",
	"SKILLOMATIC_API_KEY_FILE",
	"SKILLOMATIC_DATABASE_URL",
	"SKILLOMATIC_DATABASE_TOKEN",
	"SKILLOMATIC_DATABASE_TOKEN_FILE",
	"PROD_DEBUGGER_DEPLOYMENTS",
] as const;

export async function readProduction(reader: SettingReader): Promise<ProductionSettings> {
	const { given, usable, env, cwd } = reader;
	const usual = settings.SKILLOMATIC_API_URL.default;
	const apiUrl = await usable(
		"SKILLOMATIC_API_URL",
		() => readUrl(given("SKILLOMATIC_API_URL") ?? usual),
		usual,
	);
	const keySetting = given(keySettings.name) === undefined ? keySettings.file : keySettings.name;
	const apiKey = await usable(
		keySetting,
		async () => {
			const file = given(keySettings.file);
			const path = file === undefined ? undefined : readPath(keySettings.file, file, env, cwd);
			const key = await readSecret(keySettings, given(keySettings.name), path);
			if (key !== undefined && apiUrl.startsWith("https:")) refuseOpenTls(env);
			return key;
		},
		undefined,
	);
	const proxy = await usable("HTTPS_PROXY", () => readProxy(env, apiUrl), undefined);
	const network = { ...(proxy === undefined ? {} : { proxy }), ...(await readAuthorities(env)) };
	const database = await readDatabase(reader, () => refuseOpenTls(env));
	const deployments = await usable(
		"PROD_DEBUGGER_DEPLOYMENTS",
		() => readDeploymentSource(given("PROD_DEBUGGER_DEPLOYMENTS"), env, cwd),
		undefined,
	);
	return {
		apiUrl,
		apiKey,
		...(database === undefined ? {} : { database }),
		...(Object.keys(network).length === 0 ? {} : { network }),
		...(deployments === undefined ? {} : { deployments }),
	};
}

/** @throws {ConfigError} */
function refuseOpenTls(env: Environment): void {
	if (env.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return;
	throw new ConfigError(
		"NODE_TLS_REJECT_UNAUTHORIZED is 0, so anyone on the network path could read the secrets that are sent: unset it (NODE_EXTRA_CA_CERTS adds a certificate authority of your own).",
	);
}
