// What an answer says of its own call: rate-limit waits, which are also reported while they last, and where it came from.

import { z } from "zod";
import type { Answer } from "../answer/index.ts";
import type { CallMeter, Wait } from "../source/index.ts";
import { joined, type Safe, safeFacts, safeText, secretsOnly } from "../text/index.ts";

/** The fields that report waits and another source; any data tool may have them. */
const callSchema = { waited: z.string().optional(), source: z.string().optional() };

/** @param several whether answers name their environment */
export function callSchemaOf(several: boolean): Record<string, z.ZodOptional<z.ZodString>> {
	return several ? { ...callSchema, environment: z.string().optional() } : callSchema;
}

/** The longest wait of one call, in milliseconds: parallel requests wait in parallel. */
export function waitedMs(waits: readonly Wait[]): number {
	return waits.reduce((longest, { ms }) => Math.max(longest, ms), 0);
}

/** One wait as progress text, at its beginning. */
export function describeWait(wait: Wait): string {
	return `waiting ${seconds(wait.ms)} for ${reason(wait)}`;
}

/**
 * Adds to an answer which environment it is of, that it did not come from production's API, and that its call was
 * rate-limited, so that the agent asks less.
 */
export function withCall(
	answer: Answer,
	{ environment, source, waits }: Pick<CallMeter, "environment" | "source" | "waits">,
): Answer {
	const named =
		environment === undefined ? answer : withFact(answer, { environment }, `Environment: ${environment}.`);
	const sourced = source === undefined ? named : withFact(named, { source }, source);
	const [first, ...others] = waits;
	if (first === undefined) return sourced;
	const longest = others.reduce((most, wait) => (wait.ms > most.ms ? wait : most), first);
	const waited = `Rate-limited: requests waited up to ${seconds(longest.ms)} for ${reason(longest)}. Ask fewer, broader questions for a minute.`;
	return withFact(sourced, { waited }, waited);
}

function withFact(answer: Answer, fact: Readonly<Record<string, string>>, words: string): Answer {
	return {
		...answer,
		text: joined([answer.text, safeText(words, secretsOnly)], "\n"),
		...(answer.structured === undefined ? {} : { structured: withOurs(answer.structured, fact) }),
	};
}

/** What is safe stays so beside words of ours. */
function withOurs<T extends object, F extends object>(facts: Safe<T>, ours: F): Safe<T & F> {
	return { ...facts, ...safeFacts(ours, secretsOnly) };
}

function reason({ reason, left }: Wait): string {
	if (reason === "own_budget") {
		return "this server's own budget of requests a minute (PROD_DEBUGGER_MAX_CALLS_PER_MINUTE)";
	}
	if (left === undefined || left.requests === 0) return "production's rate limit, which was used up";
	return `production's rate limit, which is nearly used up (${left.requests} of ${left.ofLimit} requests left)`;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}
