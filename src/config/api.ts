// Reads the API's URL and key; an error never repeats a password or the key.

import { readFile, stat } from "node:fs/promises";
import { ConfigError, settings, wrong } from "./settings.ts";

/** Loopback, by name or by number: traffic to it never leaves the machine. */
export function isLoopback(hostname: string): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

export function readUrl(value: string): string {
	const url = URL.canParse(value.trim()) ? new URL(value.trim()) : undefined;
	// An invalid URL may contain anything, a password or the key itself, so it is not repeated.
	if (url === undefined) {
		throw new ConfigError(
			`SKILLOMATIC_API_URL is not a URL: it takes ${settings.SKILLOMATIC_API_URL.takes}.`,
		);
	}
	if (url.username !== "" || url.password !== "") {
		// The value is not repeated: it contains a password.
		throw new ConfigError(
			`SKILLOMATIC_API_URL holds a user name or a password: it takes ${settings.SKILLOMATIC_API_URL.takes}.`,
		);
	}
	if (url.search !== "" || url.hash !== "")
		throw wrong("SKILLOMATIC_API_URL", `${url.origin}${url.pathname}`);
	if (url.protocol === "http:" && !isLoopback(url.hostname)) {
		throw new ConfigError(
			`SKILLOMATIC_API_URL is "${url.origin}": over plain http the API key would be sent unencrypted. Use https:// (http:// is accepted for this machine only).`,
		);
	}
	if (url.protocol !== "http:" && url.protocol !== "https:")
		throw wrong("SKILLOMATIC_API_URL", `${url.protocol}…`);
	return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

export async function readKey(
	key: string | undefined,
	file: string | undefined,
): Promise<string | undefined> {
	if (key !== undefined) return usableKey("SKILLOMATIC_API_KEY", key);
	if (file === undefined) return undefined;
	const size = await stat(file).then(
		(found) => (found.isFile() ? found.size : -1),
		() => undefined,
	);
	if (size === undefined || size < 0 || size > 4096) {
		const problem =
			size === undefined ? "cannot be read" : size < 0 ? "is not a file" : "is larger than a key";
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
