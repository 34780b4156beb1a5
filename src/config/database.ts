// Reads how production's database itself is asked: its address, and a token that may only read.

import { judgeToken } from "../source/index.ts";
import { explanationOf } from "../text/index.ts";
import { databaseToken, isLoopback, readDatabaseUrl, readSecret } from "./api.ts";
import { type ProxySetting, readProxy } from "./network.ts";
import { readPath } from "./paths.ts";
import type { SettingReader } from "./reader.ts";
import { ConfigError, type SettingName } from "./settings.ts";

/** Production's database, as the user lets it be asked. */
export interface DatabaseSetting {
	/** `https:`, or `http:` on this machine; without credentials, query or trailing slash. */
	readonly url: string;
	/** It may only read. Undefined on this machine alone. */
	readonly token: string | undefined;
	/** When the token expires, epoch seconds; undefined where it never does, or there is none. */
	readonly expires?: number;
	readonly proxy?: ProxySetting;
}

/**
 * @param refuseOpenTls throws where certificates are not checked
 * @returns undefined where it is unset, or cannot be used
 */
export async function readDatabase(
	{ given, usable, env, cwd }: SettingReader,
	refuseOpenTls: () => void,
): Promise<DatabaseSetting | undefined> {
	const address = given("SKILLOMATIC_DATABASE_URL");
	const held = given(databaseToken.name);
	const file = given(databaseToken.file);
	const from = held === undefined && file !== undefined ? databaseToken.file : databaseToken.name;
	if (address === undefined) {
		if (held === undefined && file === undefined) return undefined;
		return usable(
			"SKILLOMATIC_DATABASE_URL",
			() => refuse(`${from} is set, and SKILLOMATIC_DATABASE_URL is not: set both.`),
			undefined,
		);
	}
	const url = await usable("SKILLOMATIC_DATABASE_URL", () => readDatabaseUrl(address), undefined);
	if (url === undefined) return undefined;
	const token = await usable(
		from,
		async () => {
			const path = file === undefined ? undefined : readPath(databaseToken.file, file, env, cwd);
			const secret = await readSecret(databaseToken, held, path);
			if (url.startsWith("https:")) refuseOpenTls();
			return { secret, ...checkToken(from, url, secret) };
		},
		undefined,
	);
	if (token === undefined) return undefined;
	const proxy = await usable("SKILLOMATIC_DATABASE_URL", () => readProxy(env, url), undefined);
	return {
		url,
		token: token.secret,
		...(token.expires === undefined ? {} : { expires: token.expires }),
		...(proxy === undefined ? {} : { proxy }),
	};
}

/** @throws {ConfigError} for a token that may write, and for none where one is needed */
function checkToken(
	from: SettingName,
	url: string,
	token: string | undefined,
): { readonly expires: number | undefined } {
	if (token === undefined) {
		if (isLoopback(new URL(url).hostname)) return { expires: undefined };
		return refuse(
			`${databaseToken.name} is not set: a database that is not on this machine is asked only with a token that may only read.`,
		);
	}
	const { unfit, expires } = judgeToken(token, Date.now() / 1000);
	const words = explanationOf(unfit);
	if (words !== undefined) refuse(`${from}: ${words.problem} ${words.next}`);
	return { expires };
}

function refuse(message: string): never {
	throw new ConfigError(message);
}
