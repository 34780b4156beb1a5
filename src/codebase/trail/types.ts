// Where an error code goes after the lines that raise it.

import type { FoundLines } from "../history/absence.ts";
import type { Sink } from "../syntax/sinks.ts";

/** A line that raises the code, and a table or an answer that it reaches from there. */
export interface Start {
	readonly path: string;
	readonly line: number;
	readonly sinks: readonly Sink[];
}

/** A call of a function that passes the code on. */
export interface Caller {
	/** The function that is called. */
	readonly calls: string;
	readonly path: string;
	readonly line: number;
	readonly enclosing: string | undefined;
	/** It is not called there, but given to something, such as `router.post("/runs")`. */
	readonly givenTo: string | undefined;
	/** Where the code goes from there. */
	readonly sinks: readonly Sink[];
	/** The raising lines, as `path:line`, whose code comes this way. */
	readonly origins: readonly string[];
}

/** A function that receives the code, and what its body writes. */
export interface Receiver {
	readonly name: string;
	readonly path: string;
	readonly line: number;
	readonly sinks: readonly Sink[];
}

export interface Trail {
	readonly starts: readonly Start[];
	/** The nearest first. */
	readonly callers: readonly Caller[];
	/** Callers that were found and are left out, and the names that they call. */
	readonly left: { readonly callers: number; readonly names: readonly string[] };
	readonly receivers: readonly Receiver[];
	/** Some possible callers or receivers were not searched. */
	readonly isCut: boolean;
	/** Where `error_events` is written, if no way leads there; undefined if one does. */
	readonly writers: FoundLines | undefined;
}
