// Reads how production is reached: a proxy, and certificate authorities of the user's own.

import { readFile } from "node:fs/promises";
import { isLoopback } from "./api.ts";
import type { Environment } from "./paths.ts";
import { ConfigError } from "./settings.ts";

/** A proxy for TLS, by CONNECT. */
export interface ProxySetting {
	/** With its user and password: never shown. */
	readonly url: string;
	/** Without them. */
	readonly shown: string;
	/** The variable that names it. */
	readonly by: string;
}

/** How production is reached. */
export interface Network {
	readonly proxy?: ProxySetting;
	/** All authorities that SSL_CERT_FILE and NODE_EXTRA_CA_CERTS name, in PEM, beside those of Node itself. */
	readonly authorities?: string;
	/** What of these could not be read, for the words of a certificate's failure. */
	readonly unread?: string;
}

/** In the order in which they count; a program that only knows HTTP_PROXY for all is common. */
const proxyNames = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * The proxy for an address; none for this machine itself and for plain http, since the key would travel in clear.
 *
 * @throws {ConfigError} which repeats neither user nor password
 */
export function readProxy(env: Environment, apiUrl: string): ProxySetting | undefined {
	const url = new URL(apiUrl);
	if (url.protocol !== "https:" || isLoopback(url.hostname) || isExcepted(env, url)) return undefined;
	const by = proxyNames.find((name) => (env[name] ?? "").trim() !== "");
	if (by === undefined) return undefined;
	const given = (env[by] ?? "").trim();
	const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
	const proxy = URL.canParse(text) ? new URL(text) : undefined;
	if (proxy === undefined || proxy.hostname === "") {
		throw new ConfigError(`${by} is not a URL: it takes a proxy's, such as http://proxy.example.com:3128.`);
	}
	if (proxy.protocol !== "http:" && proxy.protocol !== "https:") {
		throw new ConfigError(
			`${by} names a proxy of the kind ${proxy.protocol.slice(0, 20)}//, and only http:// and https:// proxies are used. NO_PROXY=${url.hostname} goes without.`,
		);
	}
	return { url: proxy.href, shown: `${proxy.protocol}//${proxy.host}`, by };
}

/** NO_PROXY: names with commas or spaces between; each stands for itself and what is below it, `*` for all. */
function isExcepted(env: Environment, url: URL): boolean {
	const port = url.port === "" ? "443" : url.port;
	const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, "");
	return (env.no_proxy ?? env.NO_PROXY ?? "")
		.toLowerCase()
		.split(/[\s,]+/)
		.some((entry) => {
			if (entry === "*") return true;
			const [, name = "", only] = /^\[?(?:\*?\.)?(.+?)\]?(?::(\d{1,5}))?$/.exec(entry) ?? [];
			if (name === "" || (only !== undefined && only !== port)) return false;
			return host === name || host.endsWith(`.${name}`);
		});
}

/** Node reads NODE_EXTRA_CA_CERTS itself; beside SSL_CERT_FILE, which it does not read, both are given to TLS. */
export async function readAuthorities(env: Environment): Promise<Pick<Network, "authorities" | "unread">> {
	const own = (env.SSL_CERT_FILE ?? "").trim();
	if (own === "") return {};
	const read: string[] = [];
	const unread: string[] = [];
	for (const name of ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]) {
		const path = (env[name] ?? "").trim();
		const text = path === "" ? "" : await readFile(path, "utf8").catch(() => undefined);
		if (text?.includes("-----BEGIN CERTIFICATE-----") === true) read.push(text);
		else if (path !== "") unread.push(name);
	}
	return {
		...(read.length === 0 ? {} : { authorities: read.join("\n") }),
		...(unread.length === 0 ? {} : { unread: unread.join(" and ") }),
	};
}
