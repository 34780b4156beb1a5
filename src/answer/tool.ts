// The type of a tool: everything that tools/list says of it, and what it does.

import type { z } from "zod";
import type { Services } from "../services.ts";
import type { Safe, SafeText } from "../text/index.ts";

/** What a tool's handler gets beside its arguments. */
export interface ToolContext {
	readonly services: Services;
	/** Aborted when the host cancels, and for production's tools at the call's deadline. */
	readonly signal: AbortSignal;
	/** Reports progress of a long call; does nothing where the host did not ask for it. */
	readonly progress: (message: string) => void;
}

/** T, deeply readonly. */
type DeepReadonly<T> = T extends readonly (infer Item)[]
	? readonly DeepReadonly<Item>[]
	: T extends object
		? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
		: T;

/** What a tool with that output schema puts into `structuredContent`. */
export type Facts<Output extends z.ZodObject> = DeepReadonly<z.input<Output>>;

/** A data tool's facts (`structured`) and the same facts as Markdown; a text tool has text alone. All of it has passed the door. */
export interface Answer<Output extends z.ZodObject | undefined = z.ZodObject | undefined> {
	readonly text: SafeText;
	readonly structured?: Output extends z.ZodObject ? Safe<Facts<Output>> : undefined;
	/** For the host's own views; the model does not read it. */
	readonly meta?: Safe<Readonly<Record<string, unknown>>>;
}

export interface ToolAnnotations {
	readonly readOnlyHint: boolean;
	readonly destructiveHint: boolean;
	readonly idempotentHint: boolean;
	readonly openWorldHint: boolean;
}

export interface ToolDefinition<
	Input extends z.ZodObject = z.ZodObject,
	Output extends z.ZodObject | undefined = z.ZodObject | undefined,
> {
	readonly name: string;
	readonly title: string;
	readonly description: string;
	/** A strict object; each field described where its name does not say it. */
	readonly input: Input;
	readonly output: Output;
	/** It works in a repository: `one` has to be named where there are several; `each`: all are asked unless one is named. */
	readonly repository?: "one" | "each";
	/** Arguments that the tool no longer lists, as it lists them now. */
	readonly olderForms?: (given: unknown) => unknown;
	/** A function, since a configured check changes what propose_patch does. */
	readonly annotations: (services: Services) => ToolAnnotations;
	/** `production`: the whole call ends at `PROD_DEBUGGER_TIMEOUT_MS`. `own`: the tool limits its own work. */
	readonly deadline: "production" | "own";
	/** What it answers, in one line: the README's table is made of these. */
	readonly summary: string;
	/** A good call on the demo's production and code base, for tests and for the bench. */
	readonly example: z.input<Input>;
	/** Whether an answer to these arguments depends on the environment that is asked. Default: it does. */
	readonly ofEnvironment?: (args: Readonly<Record<string, unknown>>) => boolean;
	/** For the host, such as the view that belongs to the tool. */
	readonly meta?: Readonly<Record<string, unknown>>;
	/** A method, so that a list may hold tools of different arguments. */
	run(args: z.output<Input>, context: ToolContext): Promise<Answer<Output>>;
}

/** Keeps a definition's argument types together; the list of tools forgets them. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject | undefined>(
	definition: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
	return definition;
}

/** Reads production, changes nothing. */
export const readsProduction = (): ToolAnnotations => ({
	readOnlyHint: true,
	destructiveHint: false,
	idempotentHint: true,
	openWorldHint: true,
});

/** Reads the local repository, changes nothing. */
export const readsRepository = (): ToolAnnotations => ({ ...readsProduction(), openWorldHint: false });
