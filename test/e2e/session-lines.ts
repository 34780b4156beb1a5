// One session with the built command, written and read line by line, as no client would.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { command } from "./connect.ts";

export interface LineSession {
	/** The answers that a line must have, and any beyond them before the answer to a request sent after it. */
	answersTo(line: string, expected: number): Promise<readonly unknown[]>;
	/** Ends the input, and waits for the process. */
	end(): Promise<void>;
}

/** @param initialize the session's first line */
export function startSession(initialize: string): LineSession {
	const child = spawn(process.execPath, [command], {
		env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" },
		stdio: ["pipe", "pipe", "ignore"],
	});
	const exited = once(child, "exit");
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	let count = 0;
	const answersTo = async (line: string, expected: number) => {
		count += 1;
		const last = `after-${count}`;
		child.stdin.write(`${line}\n${JSON.stringify({ jsonrpc: "2.0", id: last, method: "ping" })}\n`);
		const answers: unknown[] = [];
		let isOver = false;
		while (!isOver || answers.length < expected) {
			const { value, done } = await lines.next();
			if (done === true) throw new Error(`the session ended at: ${line.slice(0, 200)}`);
			const answer: unknown = JSON.parse(value);
			if (isAnswerTo(answer, last)) isOver = true;
			else answers.push(answer);
		}
		return answers;
	};
	const ready = answersTo(initialize, 1);
	return {
		async answersTo(line, expected) {
			await ready;
			return answersTo(line, expected);
		},
		async end() {
			child.stdin.end();
			await exited;
		},
	};
}

function isAnswerTo(answer: unknown, id: string): boolean {
	return typeof answer === "object" && answer !== null && "id" in answer && answer.id === id;
}
