// Asks the person at the terminal: yes or no, or for a secret that is not shown.

import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Who can be asked. */
export interface Person {
	/** @param otherwise the answer to an empty line */
	agrees(question: string, otherwise: boolean): Promise<boolean>;
	/** What was typed or pasted, trimmed; it is not echoed. */
	secret(question: string): Promise<string>;
}

/** undefined where nobody is at a terminal. */
export function personAtTerminal(): Person | undefined {
	if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
	return { agrees, secret };
}

async function agrees(question: string, otherwise: boolean): Promise<boolean> {
	const answer = await typed(`${question} [${otherwise ? "Y/n" : "y/N"}] `, process.stdout);
	// The end of input agrees to nothing.
	if (answer === undefined) return false;
	return answer === "" ? otherwise : /^y(?:es)?$/i.test(answer);
}

async function secret(question: string): Promise<string> {
	process.stdout.write(question);
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const answer = await typed("", nowhere);
	process.stdout.write("\n");
	return answer ?? "";
}

/** @returns undefined at the end of input */
async function typed(prompt: string, output: NodeJS.WritableStream): Promise<string | undefined> {
	const lines = createInterface({ input: process.stdin, output, terminal: true });
	lines.once("SIGINT", () => process.exit(130));
	const ended = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
	try {
		return (await Promise.race([lines.question(prompt), ended]))?.trim();
	} finally {
		lines.close();
	}
}
