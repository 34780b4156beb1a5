// Sends one HTTP request and reads its response, with upper bounds on everything.

import { pipeline, type Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import type { Dispatcher } from "undici";
import { CertificateInvalid, ConnectionFailed, UnexpectedAnswer } from "./failures/index.ts";

/** Upper bound of a decompressed response: forty times what an answer can show. */
export const maxBodyBytes = 2 * 1024 * 1024;

const maxHeaderBytes = 32 * 1024;

export interface HttpRequest {
	readonly method: "GET" | "POST";
	readonly url: URL;
	readonly key: string;
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

/** @param dispatcher in tests, undici's own fake of the network */
export function createTransport(dispatcher?: Dispatcher): Transport {
	let agent: Dispatcher | undefined = dispatcher;
	return {
		async exchange(request, signal) {
			signal.throwIfAborted();
			// CommonJS: its exports are the module's default.
			const { default: undici } = await import("undici");
			agent ??= newAgent(undici);
			const used = agent;
			try {
				const response = await undici.request(request.url, {
					method: request.method,
					dispatcher: used,
					signal,
					headers: {
						accept: "application/json",
						authorization: `Bearer ${request.key}`,
						...(request.body === undefined ? {} : { "content-type": "application/json" }),
					},
					...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
				});
				const headers = firstValues(response.headers);
				const body = await readBody(response.body, headers["content-encoding"], signal);
				return {
					status: response.statusCode,
					headers,
					body: body.replaceAll(request.key, "[hidden: API key]"),
				};
			} catch (error) {
				if (signal.aborted) throw signal.reason;
				const failure = connectionFailure(error, request.url.host);
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
function newAgent(undici: typeof import("undici").default): Dispatcher {
	return new undici.Agent({
		connections: 4,
		pipelining: 1,
		keepAliveTimeout: 10_000,
		headersTimeout: 600_000,
		bodyTimeout: 600_000,
		maxHeaderSize: maxHeaderBytes,
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
async function readBody(body: Readable, encoding: string | undefined, signal: AbortSignal): Promise<string> {
	const decoded = decode(body, encoding);
	const onAbort = () => decoded.destroy();
	signal.addEventListener("abort", onAbort, { once: true });
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of decoded as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > maxBodyBytes)
				throw new UnexpectedAnswer("too_large", `over ${maxBodyBytes / 1024 / 1024} MiB`);
			chunks.push(chunk);
		}
	} finally {
		signal.removeEventListener("abort", onAbort);
		decoded.destroy();
		body.destroy();
	}
	return Buffer.concat(chunks).toString("utf8");
}

function decode(body: Readable, encoding: string | undefined): Readable {
	const decoder = decoderOf(encoding?.trim().toLowerCase());
	if (decoder === undefined) return body;
	// Errors on either side reach the reader through the decoder.
	return pipeline(body, decoder, () => {});
}

/** Each chunk takes a turn in the thread pool: few large ones reach the limit sooner. */
const decodedChunkBytes = 256 * 1024;

function decoderOf(encoding: string | undefined) {
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
			throw new UnexpectedAnswer("encoding", "its content encoding is not gzip or deflate");
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

function connectionFailure(error: unknown, host: string): Error {
	if (error instanceof UnexpectedAnswer) return error;
	const code = codeOf(error);
	if (certificateCode.test(code)) return new CertificateInvalid(host, code);
	if (/^(Z_)/.test(code)) {
		return new UnexpectedAnswer(
			code === "Z_BUF_ERROR" ? "cut_short" : "encoding",
			code === "Z_BUF_ERROR" ? "its compressed body does not end" : "its compression is broken",
		);
	}
	if (code === "UND_ERR_HEADERS_OVERFLOW" || code === "HPE_HEADER_OVERFLOW") {
		return new UnexpectedAnswer("too_large", `headers of over ${maxHeaderBytes / 1024} KiB`);
	}
	if (code.startsWith("HPE_") || code === "HTTPParserError")
		return new UnexpectedAnswer("not_http", "it is not HTTP");
	if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") {
		return new UnexpectedAnswer("cut_short", "it ended before its length");
	}
	return new ConnectionFailed(host, code, !beforeSending.has(code));
}

/** The most specific code: several addresses of one host fail together in an AggregateError. */
function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return "unknown";
	if ("code" in error && typeof error.code === "string") return error.code;
	if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
	return error.cause === undefined ? error.name : codeOf(error.cause);
}
