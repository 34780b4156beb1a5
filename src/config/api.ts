// Where the API is, and the key to it: neither a password nor the key is ever repeated in an error.
import { readFile, stat } from "node:fs/promises";
import { ConfigError, settings, wrong } from "./settings.ts";

/** Loopback, by name or by number: traffic to it never leaves the machine. */
function isLoopback(hostname: string): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

export function readUrl(value: string): string {
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
