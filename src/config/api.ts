// Reads the addresses of production and the secrets for them; an error never repeats a password or a secret.

import { readFile, stat } from "node:fs/promises";
import { ConfigError, type SettingName, settings, wrong } from "./settings.ts";

/** Loopback, by name or by number: traffic to it never leaves the machine. */
export function isLoopback(hostname: string): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

type AddressSetting = "SKILLOMATIC_API_URL" | "SKILLOMATIC_DATABASE_URL";

/** What is sent to an address and must not be seen on the way. */
const sentTo: Readonly<Record<AddressSetting, string>> = {
	SKILLOMATIC_API_URL: "the API key",
	SKILLOMATIC_DATABASE_URL: "the database token",
};

export function readUrl(value: string): string {
	return readAddress("SKILLOMATIC_API_URL", value);
}

/** `libsql://` stands for `https://`, as in Turso's own clients. */
export function readDatabaseUrl(value: string): string {
	return readAddress("SKILLOMATIC_DATABASE_URL", value.trim().replace(/^libsql:\/\//i, "https://"));
}

function readAddress(name: AddressSetting, value: string): string {
	const { takes } = settings[name];
	const url = URL.canParse(value.trim()) ? new URL(value.trim()) : undefined;
	// An invalid URL may contain anything, a password or the key itself, so it is not repeated.
	if (url === undefined) throw new ConfigError(`${name} is not a URL: it takes ${takes}.`);
	if (url.username !== "" || url.password !== "") {
		// The value is not repeated: it contains a password.
		throw new ConfigError(`${name} holds a user name or a password: it takes ${takes}.`);
	}
	if (url.search !== "" || url.hash !== "") throw wrong(name, `${url.origin}${url.pathname}`);
	if (url.protocol === "http:" && !isLoopback(url.hostname)) {
		throw new ConfigError(
			`${name} is "${url.origin}": over plain http ${sentTo[name]} would be sent unencrypted. Use https:// (http:// is accepted for this machine only).`,
		);
	}
	if (url.protocol !== "http:" && url.protocol !== "https:") throw wrong(name, `${url.protocol}…`);
	return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** The names of a secret's settings, and what it is called. */
export type SecretSetting =
	| { readonly name: "SKILLOMATIC_API_KEY"; readonly file: "SKILLOMATIC_API_KEY_FILE"; readonly is: "key" }
	| {
			readonly name: "SKILLOMATIC_DATABASE_TOKEN";
			readonly file: "SKILLOMATIC_DATABASE_TOKEN_FILE";
			readonly is: "token";
	  };

export const apiKey: SecretSetting = {
	name: "SKILLOMATIC_API_KEY",
	file: "SKILLOMATIC_API_KEY_FILE",
	is: "key",
};
export const databaseToken: SecretSetting = {
	name: "SKILLOMATIC_DATABASE_TOKEN",
	file: "SKILLOMATIC_DATABASE_TOKEN_FILE",
	is: "token",
};

/** In bytes: a token with many grants is longer than a key. */
const maxLength = { key: 512, token: 4000 } as const;

/** @param path of the file that holds it, where it is in a file */
export async function readSecret(
	setting: SecretSetting,
	value: string | undefined,
	path: string | undefined,
): Promise<string | undefined> {
	if (value !== undefined) return usable(setting, setting.name, value);
	if (path === undefined) return undefined;
	const shown = `${setting.file} is ${JSON.stringify(path)}`;
	const size = await stat(path).then(
		(found) => (found.isFile() ? found.size : -1),
		() => undefined,
	);
	if (size === undefined || size < 0 || size > 4096) {
		const problem =
			size === undefined ? "cannot be read" : size < 0 ? "is not a file" : `is larger than a ${setting.is}`;
		throw new ConfigError(`${shown}, which ${problem}: it takes ${settings[setting.file].takes}.`);
	}
	const held = await readFile(path, "utf8").catch(() => {
		throw new ConfigError(`${shown}, which cannot be read: check its permissions.`);
	});
	if (held.trim() === "") throw new ConfigError(`${shown}, which is empty: write the ${setting.is} into it.`);
	return usable(setting, setting.file, held);
}

/** A header takes visible ASCII only. The value itself is never repeated. */
function usable({ is }: SecretSetting, name: SettingName, value: string): string {
	const secret = value.trim().replace(/^Bearer +/i, "");
	if (/^[\x21-\x7e]+$/.test(secret) && secret.length <= maxLength[is]) return secret;
	throw new ConfigError(
		`${name} holds ${secret.length} characters with a space, a line break or a character outside ASCII among them, or too many: it takes a ${is} on one line, without spaces.`,
	);
}
