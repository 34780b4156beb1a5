// Refuses requests that state a protocol revision which this server does not speak.

import {
	isJSONRPCErrorResponse,
	isJSONRPCRequest,
	type JSONRPCErrorResponse,
	type JSONRPCMessage,
	PROTOCOL_VERSION_META_KEY,
	ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { nothingPersonal, safeFacts } from "../text/index.ts";
import { readable } from "./protocol-words.ts";

/** Revisions that every request states; older ones are negotiated once, by `initialize`. */
const statedRevisions: readonly string[] = ["2026-07-28"];

/**
 * The protocol requires the check on each request (revision 2026-07-28, version negotiation); the SDK checks only the
 * first request of a connection.
 */
export class RevisionCheckedStdio extends StdioServerTransport {
	/** The SDK words what it refuses by itself, and quotes the host: an unknown tool, a missing resource. */
	override send(message: JSONRPCMessage): Promise<void> {
		if (!isJSONRPCErrorResponse(message)) return super.send(message);
		return super.send({ ...message, error: safeFacts(readable(message.error), nothingPersonal) });
	}

	/** By now the SDK has set its listener. */
	override async start(): Promise<void> {
		const pass = this.onmessage;
		this.onmessage = (message) => {
			const refusal = refuse(message);
			if (refusal === undefined) pass?.(message);
			else this.send(refusal).catch((error: unknown) => this.onerror?.(error as Error));
		};
		await super.start();
	}
}

function refuse(message: JSONRPCMessage): JSONRPCErrorResponse | undefined {
	if (!isJSONRPCRequest(message)) return undefined;
	const requested = message.params?._meta?.[PROTOCOL_VERSION_META_KEY];
	if (typeof requested !== "string" || statedRevisions.includes(requested)) return undefined;
	return {
		jsonrpc: "2.0",
		id: message.id,
		error: {
			code: ProtocolErrorCode.UnsupportedProtocolVersion,
			message: `Unsupported protocol version: ${requested.slice(0, 100)}`,
			data: { supported: statedRevisions, requested: requested.slice(0, 100) },
		},
	};
}
