// A fault of this server itself: what the log keeps of it, under an id that the agent is given.

import { randomBytes } from "node:crypto";
import { sourceStack } from "../system/index.ts";
import { Failure } from "../text/index.ts";

/** What the log holds of an internal error. */
export interface InternalError {
	/** 8 hex digits, the same in the agent's answer and in the log. */
	readonly id: string;
	/** The error's name, or a wordless failure's kind. */
	readonly fault: string;
	/** Where it happened, innermost first. */
	readonly stack: readonly string[];
}

/** Names an internal error. Its own message may quote a row or a file, so it stays out. */
export function internalError(error: unknown): InternalError {
	return { id: randomBytes(4).toString("hex"), fault: faultOf(error), stack: stackOf(error) };
}

function faultOf(error: unknown): string {
	if (error instanceof Failure) return `failure without words: ${error.kind}`;
	return error instanceof Error ? error.name : typeof error;
}

function stackOf(error: unknown): readonly string[] {
	const lines = error instanceof Error ? sourceStack(error.stack ?? "").split("\n") : [];
	return lines.filter((line) => /^ {4}at /.test(line)).map((line) => line.trim());
}
