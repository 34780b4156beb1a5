import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { command } from "../test/e2e/connect.ts";

/** The built server, asked by as little as a host can be, so that what is timed is the server. */
export interface PlainHost {
	/** The text of the result. @throws {Error} with that text, where the tool failed */
	call(tool: string, given?: Readonly<Record<string, unknown>>): Promise<string>;
	close(): Promise<void>;
}

interface Answer {
	readonly id?: number;
	readonly result?: {
		readonly isError?: boolean;
		readonly content?: readonly { readonly text?: string }[];
	};
}

export async function openHost(env: Readonly<Record<string, string>>, cwd?: string): Promise<PlainHost> {
	const child = spawn(process.execPath, [command], {
		cwd,
		env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
		stdio: ["pipe", "pipe", "ignore"],
	});
	const closed = new Promise((resolve) => child.once("close", resolve));
	const waiting = new Map<number, (answer: Answer) => void>();
	createInterface({ input: child.stdout }).on("line", (line) => {
		const answer = JSON.parse(line) as Answer;
		if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
	});
	let last = 0;
	const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
	const ask = (method: string, params: object) => {
		last += 1;
		const id = last;
		return new Promise<Answer>((resolve) => {
			waiting.set(id, resolve);
			send({ id, method, params });
		}).finally(() => waiting.delete(id));
	};
	await ask("initialize", {
		protocolVersion: "2025-06-18",
		capabilities: {},
		clientInfo: { name: "bench", version: "1" },
	});
	send({ method: "notifications/initialized" });
	return {
		async call(tool, given = {}) {
			const { result } = await ask("tools/call", { name: tool, arguments: given });
			const text = (result?.content ?? []).map((part) => part.text ?? "").join("\n");
			if (result === undefined || result.isError === true) throw new Error(`${tool}: ${text}`);
			return text;
		},
		async close() {
			child.stdin.end();
			await closed;
		},
	};
}
