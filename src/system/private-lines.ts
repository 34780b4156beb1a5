// Appends lines to a private file that the user named, and rotates it before it grows too large.

import {
	chmodSync,
	closeSync,
	constants,
	fstatSync,
	lstatSync,
	openSync,
	renameSync,
	writeSync,
} from "node:fs";
import { type Explanation, Failure, quoteUntrusted } from "../text/index.ts";

/** The file is rotated before a line would make it larger: `FILE` becomes `FILE.1`, and so on. */
const maxBytes = 10 * 1024 * 1024;
/** Older files that are kept. */
const keptFiles = 5;

/** The file of the audit log cannot be written. */
export class AuditLogUnusable extends Failure {
	readonly kind = "audit_log_unusable";

	/** @param why the system's error code, or our own words */
	constructor(
		readonly path: string,
		readonly why: string,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `The audit log ${quoteUntrusted(this.path, 300)} cannot be written (${this.why}), and production is not asked without it.`,
			next: "Correct PROD_DEBUGGER_AUDIT_LOG: it takes a file in an existing folder of your own.",
			by: "user",
		};
	}
}

/**
 * The file is opened for each line, so that several servers may share it and none holds on to a file that another has
 * rotated. It is created with mode 0600, and brought to it; a link is not followed.
 */
export class PrivateLines {
	constructor(readonly path: string) {}

	/** Creates the file where it is missing. @throws {AuditLogUnusable} */
	check(): void {
		this.#write("");
	}

	/** @param line without its end. @throws {AuditLogUnusable} */
	append(line: string): void {
		this.#write(`${line}\n`);
	}

	#write(text: string): void {
		try {
			if (text !== "") this.#rotate(Buffer.byteLength(text));
			const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
			const file = openSync(this.path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
			try {
				const { mode, uid } = fstatSync(file);
				if ((mode & constants.S_IFMT) !== constants.S_IFREG)
					throw new AuditLogUnusable(this.path, "it is not a regular file");
				const own = process.getuid?.();
				if (own !== undefined && uid !== own)
					throw new AuditLogUnusable(this.path, "it belongs to another user");
				if (own !== undefined && (mode & 0o077) !== 0) chmodSync(this.path, 0o600);
				if (text !== "") writeSync(file, text);
			} finally {
				closeSync(file);
			}
		} catch (error) {
			if (error instanceof AuditLogUnusable) throw error;
			throw new AuditLogUnusable(this.path, codeOf(error));
		}
	}

	#rotate(bytes: number): void {
		const there = lstatSync(this.path, { throwIfNoEntry: false });
		if (there === undefined || !there.isFile() || there.size + bytes <= maxBytes) return;
		for (let index = keptFiles - 1; index > 0; index -= 1) {
			const older = `${this.path}.${index}`;
			if (lstatSync(older, { throwIfNoEntry: false }) !== undefined)
				renameSync(older, `${this.path}.${index + 1}`);
		}
		renameSync(this.path, `${this.path}.1`);
	}
}

function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
