import {
	isJSONRPCRequest,
	type JSONRPCErrorResponse,
	type JSONRPCMessage,
	PROTOCOL_VERSION_META_KEY,
	ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

/** The revisions that requests state one by one; older ones are settled by `initialize` and stated no more. */
const statedRevisions: readonly string[] = ["2026-07-28"];

/**
 * A connection that refuses every request which states a revision that is not spoken here. The protocol asks it of
 * each request (revision 2026-07-28, version negotiation); the SDK looks at the first of a connection only.
 */
export class RevisionCheckedStdio extends StdioServerTransport {
	/** The SDK has set its listener by then. */
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
