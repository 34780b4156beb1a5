// Tells a sandbox that was not made from a command that failed in one.

import { randomBytes } from "node:crypto";

/** The shell says the sign, if there is one, and then becomes the words as they are, or reads the user's line. */
export function shellArguments(command: string | readonly string[], sign?: string): readonly string[] {
	const begin = sign === undefined ? "exec 2>&1" : `exec 2>&1\necho ${sign}`;
	if (typeof command === "string") return ["-c", `${begin}\n${command}`];
	return ["-c", `${begin}\nexec "$@"`, "sh", ...command];
}

/**
 * A line that is printed inside the sandbox before the command starts. A sandbox that cannot be made (inside another
 * one, or where a folder cannot be mounted) ends as a failing command does, and only the missing line tells the two apart.
 */
export class SignFromWithin {
	readonly text = randomBytes(12).toString("hex");
	isSeen = false;
	#early = Buffer.alloc(0);

	constructor(private readonly onOutput: (chunk: Buffer) => void) {}

	read(chunk: Buffer): void {
		if (this.isSeen) {
			this.onOutput(chunk);
			return;
		}
		this.#early = Buffer.concat([this.#early, chunk]);
		const line = `${this.text}\n`;
		if (this.#early.length < line.length) return;
		this.isSeen = this.#early.subarray(0, line.length).toString("latin1") === line;
		if (this.isSeen && this.#early.length > line.length) this.onOutput(this.#early.subarray(line.length));
	}
}
