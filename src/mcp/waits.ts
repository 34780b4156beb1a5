// Reports rate-limit waits: to the host while they last, to the agent in the answer.

import { z } from "zod";
import type { Answer } from "../answer/index.ts";
import type { Wait } from "../source/index.ts";
import { joined, type Safe, safeFacts, safeText, secretsOnly } from "../text/index.ts";

/** The field that reports waits; any data tool may have it. */
export const waitsSchema = { waited: z.string().optional() };

/** The longest wait of one call, in milliseconds: parallel requests wait in parallel. */
export function waitedMs(waits: readonly Wait[]): number {
	return waits.reduce((longest, { ms }) => Math.max(longest, ms), 0);
}

/** One wait as progress text, at its beginning. */
export function describeWait(wait: Wait): string {
	return `waiting ${seconds(wait.ms)} for ${reason(wait)}`;
}

/** Adds to an answer that its call was rate-limited, and by what, so that the agent asks less. */
export function withWaits(answer: Answer, waits: readonly Wait[]): Answer {
	const [first, ...others] = waits;
	if (first === undefined) return answer;
	const longest = others.reduce((most, wait) => (wait.ms > most.ms ? wait : most), first);
	const waited = `Rate-limited: requests waited up to ${seconds(longest.ms)} for ${reason(longest)}. Ask fewer, broader questions for a minute.`;
	return {
		...answer,
		text: joined([answer.text, safeText(waited, secretsOnly)], "\n"),
		...(answer.structured === undefined ? {} : { structured: withWaited(answer.structured, waited) }),
	};
}

/** What is safe stays so beside words of ours. */
function withWaited<T extends object>(facts: Safe<T>, waited: string): Safe<T & { readonly waited: string }> {
	return { ...facts, ...safeFacts({ waited }, secretsOnly) };
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
