// Sends one HTTP request and reads its response, with upper bounds on everything.

import { pipeline, type Readable } from "node:stream";
import { rootCertificates } from "node:tls";
import { createGunzip, createInflate } from "node:zlib";
import type { Dispatcher } from "undici";
import {
	apiPeer,
	CertificateInvalid,
	ConnectionFailed,
	type Peer,
	ProxyRefused,
	type ProxyRoute,
	UnexpectedAnswer,
} from "../failures/index.ts";

/** Upper bound of a decompressed response: forty times what an answer can show. */
export const maxBodyBytes = 2 * 1024 * 1024;

const maxHeaderBytes = 32 * 1024;

export interface HttpRequest {
	readonly method: "GET" | "POST";
	readonly url: URL;
	/** Undefined: nothing is sent as one. */
	readonly key: string | undefined;
	readonly body?: unknown;
}

export interface HttpAnswer {
	readonly status: number;
	/** Lowercase names; the first value of each. */
	readonly headers: Readonly<Record<string, string>>;
	/** If the server repeats the key, it is masked. */
	readonly body: string;
}

/** Follows no redirect, does not retry, and limits bytes. */
export interface Transport {
	/**
	 * @throws the signal's reason when it aborts
	 * @throws {ConnectionFailed} {CertificateInvalid} {UnexpectedAnswer}
	 */
	exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
	close(): Promise<void>;
}

/** How production is reached. */
export interface NetworkRoute {
	/** For TLS alone, by CONNECT. */
	readonly proxy?: ProxyRoute;
	/** Certificate authorities in PEM, beside Node's own. */
	readonly authorities?: string;
	/** Variables whose certificates could not be read. */
	readonly unread?: string;
}

export interface TransportOptions {
	/** In tests, undici's own fake of the network. */
	readonly dispatcher?: Dispatcher | undefined;
	readonly network?: NetworkRoute | undefined;
	/** Who is asked; default: the API. */
	readonly peer?: Peer;
	/** Upper bound of a decompressed response; default `maxBodyBytes`. */
	readonly maxBytes?: number;
}

export function createTransport(options: TransportOptions): Transport {
	const { dispatcher, network = {}, peer = apiPeer, maxBytes = maxBodyBytes } = options;
	let agent: Dispatcher | undefined = dispatcher;
	return {
		async exchange(request, signal) {
			signal.throwIfAborted();
			// CommonJS: its exports are the module's default.
			const { default: undici } = await import("undici");
			agent ??= newAgent(undici, network);
			const used = agent;
			try {
				const response = await undici.request(request.url, {
					method: request.method,
					dispatcher: used,
					signal,
					headers: {
						accept: "application/json",
						...(request.key === undefined ? {} : { authorization: `Bearer ${request.key}` }),
						...(request.body === undefined ? {} : { "content-type": "application/json" }),
					},
					...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
				});
				const headers = firstValues(response.headers);
				const body = await readBody(response.body, headers["content-encoding"], signal, { peer, maxBytes });
				return {
					status: response.statusCode,
					headers,
					body: request.key === undefined ? body : body.replaceAll(request.key, `[hidden: ${peer.secret}]`),
				};
			} catch (error) {
				if (signal.aborted) throw signal.reason;
				const failure = connectionFailure(error, request.url.host, { ...network, peer });
				if (failure instanceof ConnectionFailed && agent === used && used !== dispatcher) {
					// Other idle connections may be dead too, for example after a sleep: the next attempt opens a new one.
					agent = undefined;
					void used.close().catch(() => {});
				}
				throw failure;
			}
		},
		async close() {
			await agent?.destroy();
		},
	};
}

/** Our signal limits every exchange; undici's own time-outs are only a fallback. */
function newAgent(undici: typeof import("undici").default, { proxy, authorities }: NetworkRoute): Dispatcher {
	const tls = authorities === undefined ? {} : { ca: [...rootCertificates, authorities] };
	const options = {
		connections: 4,
		pipelining: 1,
		keepAliveTimeout: 10_000,
		headersTimeout: 600_000,
		bodyTimeout: 600_000,
		maxHeaderSize: maxHeaderBytes,
	};
	return proxy === undefined
		? new undici.Agent({ ...options, connect: tls })
		: new undici.ProxyAgent({
				...options,
				uri: proxy.url,
				proxyTunnel: true,
				requestTls: tls,
				proxyTls: tls,
			});
}

function firstValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
	const first: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		const one = Array.isArray(value) ? value[0] : value;
		if (one !== undefined) first[name.toLowerCase()] = one;
	}
	return first;
}

/** We request no compression, but a proxy may compress anyway. The limit applies to the decompressed bytes. */
async function readBody(
	body: Readable,
	encoding: string | undefined,
	signal: AbortSignal,
	{ peer, maxBytes }: { readonly peer: Peer; readonly maxBytes: number },
): Promise<string> {
	const decoded = decode(body, encoding, peer);
	const onAbort = () => decoded.destroy();
	signal.addEventListener("abort", onAbort, { once: true });
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of decoded as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > maxBytes)
				throw new UnexpectedAnswer("too_large", `over ${maxBytes / 1024 / 1024} MiB`, peer);
			chunks.push(chunk);
		}
	} finally {
		signal.removeEventListener("abort", onAbort);
		decoded.destroy();
		body.destroy();
	}
	return Buffer.concat(chunks).toString("utf8");
}

function decode(body: Readable, encoding: string | undefined, peer: Peer): Readable {
	const decoder = decoderOf(encoding?.trim().toLowerCase(), peer);
	if (decoder === undefined) return body;
	// Errors on either side reach the reader through the decoder.
	return pipeline(body, decoder, () => {});
}

/** Each chunk takes a turn in the thread pool: few large ones reach the limit sooner. */
const decodedChunkBytes = 256 * 1024;

function decoderOf(encoding: string | undefined, peer: Peer) {
	switch (encoding) {
		case undefined:
		case "":
		case "identity":
			return undefined;
		case "gzip":
		case "x-gzip":
			return createGunzip({ chunkSize: decodedChunkBytes });
		case "deflate":
			return createInflate({ chunkSize: decodedChunkBytes });
		default:
			// Includes Brotli: it is never sent unrequested, and its decoder used 40 MB for a bomb where gzip's used 1.
			throw new UnexpectedAnswer("encoding", "its content encoding is not gzip or deflate", peer);
	}
}

/** Failures before a connection is established: the request cannot have reached the server. */
const beforeSending = new Set([
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"EADDRNOTAVAIL",
	"UND_ERR_CONNECT_TIMEOUT",
]);

/** OpenSSL's and Node's codes for a failed handshake. */
const certificateCode =
	/^(CERT_|ERR_TLS_CERT|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$|INVALID_CA|HOSTNAME_MISMATCH)/;

function connectionFailure(
	error: unknown,
	host: string,
	{ proxy, unread, peer }: NetworkRoute & { readonly peer: Peer },
): Error {
	if (error instanceof UnexpectedAnswer) return error;
	const code = codeOf(error);
	const refused = proxy === undefined ? undefined : refusedStatus(error);
	if (proxy !== undefined && refused !== undefined) return new ProxyRefused(host, proxy, refused);
	if (certificateCode.test(code)) return new CertificateInvalid(host, code, { proxy, unread }, peer);
	if (/^(Z_)/.test(code)) {
		return new UnexpectedAnswer(
			code === "Z_BUF_ERROR" ? "cut_short" : "encoding",
			code === "Z_BUF_ERROR" ? "its compressed body does not end" : "its compression is broken",
			peer,
		);
	}
	if (code === "UND_ERR_HEADERS_OVERFLOW" || code === "HPE_HEADER_OVERFLOW") {
		return new UnexpectedAnswer("too_large", `headers of over ${maxHeaderBytes / 1024} KiB`, peer);
	}
	if (code.startsWith("HPE_") || code === "HTTPParserError")
		return new UnexpectedAnswer("not_http", "it is not HTTP", peer);
	if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") {
		return new UnexpectedAnswer("cut_short", "it ended before its length", peer);
	}
	return new ConnectionFailed(host, code, !beforeSending.has(code), proxy, peer);
}

/** The status with which a proxy refused to connect; undici has it in its message alone. */
function refusedStatus(error: unknown): number | undefined {
	if (!(error instanceof Error)) return undefined;
	const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
	return status === undefined ? refusedStatus(error.cause) : Number(status);
}

/** The most specific code: several addresses of one host fail together in an AggregateError. */
function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return "unknown";
	if ("code" in error && typeof error.code === "string") return error.code;
	if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
	return error.cause === undefined ? error.name : codeOf(error.cause);
}
