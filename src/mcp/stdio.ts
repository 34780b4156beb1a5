// Serves MCP over stdin and stdout, and drops messages that are too long.

import { Transform, type TransformCallback } from "node:stream";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { ToolDefinition } from "../answer/index.ts";
import type { Services } from "../services.ts";
import type { Logger } from "./log.ts";
import { RevisionCheckedStdio } from "./revisions.ts";
import { CallCounter, createServer } from "./server.ts";

/** Upper bound of a message, in bytes: far above a patch of fifty files. */
const maxLineBytes = 8 * 1024 * 1024;

/** How long running calls may go on after the host has closed stdin. The whole exit stays under 2 s. */
const graceMs = 1000;

/**
 * Serves MCP over stdin and stdout until the host goes away.
 *
 * @param tools what the host may call
 * @returns the exit code
 */
export async function serve(
	services: Services,
	tools: readonly ToolDefinition[],
	log: Logger,
): Promise<number> {
	const lines = new LineLimit((id) => {
		log.warn({ fault: "message_too_long", max_bytes: maxLineBytes });
		if (id !== undefined) process.stdout.write(`${tooLong(id)}\n`);
	});
	const calls = new CallCounter();
	const handle = serveStdio(() => createServer(services, tools, log, calls), {
		transport: new RevisionCheckedStdio(lines, process.stdout, { maxBufferSize: 2 * maxLineBytes }),
		onerror: (error) => log.warn({ fault: "protocol", message: error.message.slice(0, 200) }),
	});
	process.stdin.pipe(lines, { end: false });
	// Each answer that a slow host has not read yet adds a listener.
	process.stdout.setMaxListeners(0);
	await hostGone(calls);
	await handle.close();
	return 0;
}

/** Resolves when the host has closed a pipe or sent a signal; after end of input, when running calls are done. */
function hostGone(calls: CallCounter): Promise<void> {
	return new Promise((resolve) => {
		process.stdin.once("end", () => {
			setTimeout(resolve, graceMs).unref();
			// The last lines are still being read.
			setTimeout(() => calls.whenIdle(() => setImmediate(resolve)), 50);
		});
		process.stdin.once("error", () => resolve());
		// Further writes fail as well, until the exit.
		process.stdout.on("error", () => resolve());
		process.once("SIGTERM", () => resolve());
		process.once("SIGINT", () => resolve());
	});
}

function tooLong(id: string): string {
	const message = `The message is longer than ${maxLineBytes / 1024 / 1024} MiB and was not read.`;
	return `{"jsonrpc":"2.0","id":${id},"error":{"code":-32600,"message":"${message}"}}`;
}

/** Where a request's id is looked for in a line that is not read: clients write it first or last. */
const edgeBytes = 256;

/** Passes whole lines on and drops one that is too long, so that it costs neither memory nor the connection. */
class LineLimit extends Transform {
	#length = 0;
	#held: Buffer[] = [];
	#head = "";
	#tail = "";

	/** @param onDropped gets the request's id as JSON, where it could be found */
	constructor(private readonly onDropped: (id: string | undefined) => void) {
		super();
	}

	override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		let from = 0;
		while (from < chunk.length) {
			const end = chunk.indexOf(0x0a, from);
			this.#take(chunk.subarray(from, end === -1 ? chunk.length : end + 1));
			if (end === -1) break;
			this.#endLine();
			from = end + 1;
		}
		done();
	}

	#take(part: Buffer): void {
		this.#length += part.length;
		if (this.#length <= maxLineBytes) {
			this.#held.push(part);
			return;
		}
		if (this.#held.length > 0) {
			this.#head = Buffer.concat(this.#held).subarray(0, edgeBytes).toString("latin1");
			this.#held = [];
		}
		this.#tail = (this.#tail + part.subarray(-edgeBytes).toString("latin1")).slice(-edgeBytes);
	}

	#endLine(): void {
		if (this.#length <= maxLineBytes) this.push(Buffer.concat(this.#held));
		else this.onDropped(idIn(this.#head) ?? idIn(this.#tail));
		this.#held = [];
		this.#length = 0;
		this.#tail = "";
	}
}

function idIn(edge: string): string | undefined {
	return /"id"\s{0,4}:\s{0,4}(\d{1,15}|"[\w.-]{1,100}")/.exec(edge)?.[1];
}
