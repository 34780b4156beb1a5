// Serves MCP over stdin and stdout, line by line.

import { Transform, type TransformCallback } from "node:stream";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { ToolDefinition } from "../answer/index.ts";
import type { Services } from "../services.ts";
import type { Logger } from "./log.ts";
import { idNear, readLine, refusal } from "./messages.ts";
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
	const answer = (message: string) => process.stdout.write(`${message}\n`);
	const lines = new LineReader(answer, (fault) => log.warn(fault));
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
		// A terminal that is closed sends it.
		process.once("SIGHUP", () => resolve());
	});
}

const tooLong = `The message is longer than ${maxLineBytes / 1024 / 1024} MiB and was not read.`;

/** Where a request's id is looked for in a line that is not read: clients write it first or last. */
const edgeBytes = 256;

/**
 * Passes on the lines that the SDK can read, and answers the others; drops one that is too long, so that it costs
 * neither memory nor the connection.
 */
class LineReader extends Transform {
	#length = 0;
	#held: Buffer[] = [];
	#head = "";
	#tail = "";

	/**
	 * @param answer gets a JSON-RPC error, for a request that is not passed on
	 * @param warn gets what is wrong with it, for the log
	 */
	constructor(
		private readonly answer: (message: string) => void,
		private readonly warn: (fault: object) => void,
	) {
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
		if (this.#length <= maxLineBytes) this.#read(Buffer.concat(this.#held).toString("utf8"));
		else this.#refuse();
		this.#held = [];
		this.#length = 0;
		this.#tail = "";
	}

	#read(line: string): void {
		const { pass, answers } = readLine(line);
		if (pass !== undefined) this.push(`${pass}\n`);
		if (answers.length > 0) this.warn({ fault: "message_refused", count: answers.length });
		for (const message of answers) this.answer(message);
	}

	#refuse(): void {
		this.warn({ fault: "message_too_long", max_bytes: maxLineBytes });
		const id = idNear(this.#head) ?? idNear(this.#tail);
		if (id !== undefined) this.answer(refusal(id, -32_600, tooLong));
	}
}
