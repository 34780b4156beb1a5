// Production is unreachable, or not safely reachable.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";
import { apiPeer, type Peer } from "./peer.ts";

/** The proxy that requests go through. */
export interface ProxyRoute {
	/** With its user and password: never shown. */
	readonly url: string;
	readonly shown: string;
	/** The variable that names it. */
	readonly by: string;
}

function through(proxy: ProxyRoute | undefined): string {
	return proxy === undefined ? "" : ` through the proxy ${quoteUntrusted(proxy.shown, 200)} (${proxy.by})`;
}

/** No connection was made, or it broke. */
export class ConnectionFailed extends Failure {
	readonly kind = "connection_failed";

	/**
	 * @param code the system's error code, such as ECONNREFUSED
	 * @param sent whether the request may have reached the server
	 */
	constructor(
		readonly host: string,
		readonly code: string,
		readonly sent: boolean,
		readonly proxy?: ProxyRoute,
		readonly peer: Peer = apiPeer,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `No connection to ${this.host}${through(this.proxy)} (${this.code}${connectionHint(this.code)}).`,
			next:
				this.proxy === undefined
					? `Check the network (a proxy, a VPN) and ${this.peer.setting}, then try again.`
					: `Check ${this.proxy.by}, or set NO_PROXY to ${this.host} to go without it, then try again.`,
			by: "user",
		};
	}
}

/** The proxy answered, and does not connect to production. */
export class ProxyRefused extends Failure {
	readonly kind = "proxy_refused";

	constructor(
		readonly host: string,
		readonly proxy: ProxyRoute,
		readonly status: number,
	) {
		super();
	}

	explain(): Explanation {
		const needsLogin = this.status === 407;
		return {
			problem: `The proxy ${quoteUntrusted(this.proxy.shown, 200)} (${this.proxy.by}) does not connect to ${this.host}: it answered HTTP ${this.status}${needsLogin ? ", and asks for a user and a password" : ""}.`,
			next: needsLogin
				? `Set ${this.proxy.by} to http://USER:PASSWORD@… (they are never shown).`
				: `Allow ${this.host} there, or set NO_PROXY to it to go without the proxy.`,
			by: "user",
		};
	}
}

/** The server's certificate is not valid. */
export class CertificateInvalid extends Failure {
	readonly kind = "certificate_invalid";

	constructor(
		readonly host: string,
		readonly code: string,
		readonly route: {
			readonly proxy?: ProxyRoute | undefined;
			/** Variables whose certificates could not be read. */
			readonly unread?: string | undefined;
		} = {},
		readonly peer: Peer = apiPeer,
	) {
		super();
	}

	explain(): Explanation {
		const { proxy, unread } = this.route;
		return {
			problem: `The certificate of ${this.host}${through(proxy)} is not valid (${this.code}${certificateHint(this.code)}), so the ${this.peer.secret} was not sent.`,
			next:
				unread === undefined
					? "Name the authority in NODE_EXTRA_CA_CERTS, if a company proxy signs with its own."
					: `Correct ${unread}: no certificate could be read from it.`,
			by: "user",
		};
	}
}

/** 404 at every prefix: not Skillomatic, or a wrong URL. */
export class RouteNotFound extends Failure {
	readonly kind = "route_not_found";

	/** @param path of SKILLOMATIC_API_URL, where it has one */
	constructor(
		readonly tried: readonly string[],
		readonly path = "",
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Nothing answers the database API at ${this.tried.join(" or ")} (404): the URL's host or path is wrong.`,
			next:
				this.path === ""
					? "Check SKILLOMATIC_API_URL: its host."
					: `Leave the path ${quoteUntrusted(this.path, 100)} out of SKILLOMATIC_API_URL: the API's own path is found without it.`,
			by: "user",
		};
	}
}

/** 30x: never followed, since that would send the key. */
export class Redirected extends Failure {
	readonly kind = "redirected";

	/** @param target origin and path of where it was sent, without query; undefined when not named */
	constructor(
		readonly status: number,
		readonly target: string | undefined,
		readonly peer: Peer = apiPeer,
	) {
		super();
	}

	explain(): Explanation {
		const target = this.target === undefined ? "an address it did not name" : quoteUntrusted(this.target);
		return {
			problem: `${this.peer.name} answered with a redirect (HTTP ${this.status}) to ${target}, which is not followed, since that would send the ${this.peer.secret}.`,
			next: `Check ${this.peer.setting}: its host, and its path if it has one.`,
			by: "user",
		};
	}
}

/** The meaning of an error code, appended to it. */
function connectionHint(code: string): string {
	switch (code) {
		case "ECONNREFUSED":
			return ": nothing listens there";
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return ": the host's name cannot be resolved";
		case "ECONNRESET":
		case "UND_ERR_SOCKET":
		case "EPIPE":
			return ": the connection broke";
		case "UND_ERR_CONNECT_TIMEOUT":
		case "ETIMEDOUT":
			return ": it does not answer";
		default:
			return "";
	}
}

function certificateHint(code: string): string {
	switch (code) {
		case "CERT_HAS_EXPIRED":
			return ": it has expired";
		case "CERT_NOT_YET_VALID":
			return ": it is not valid yet; check this machine's clock";
		case "ERR_TLS_CERT_ALTNAME_INVALID":
		case "HOSTNAME_MISMATCH":
			return ": it belongs to another host";
		case "DEPTH_ZERO_SELF_SIGNED_CERT":
		case "SELF_SIGNED_CERT_IN_CHAIN":
			return ": it is self-signed";
		case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
		case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
			return ": its issuer is not known here";
		case "EPROTO":
		case "ERR_SSL_WRONG_VERSION_NUMBER":
			return ": it does not speak TLS";
		default:
			return "";
	}
}
