import { z } from "zod";
import type { Answer } from "../answer/index.ts";
import type { Wait } from "../source/index.ts";

/** The field of a data tool's answer that tells of waits; every such tool may have it. */
export const waitsSchema = { waited: z.string().optional() };

/** The longest wait of one call, in whole milliseconds: requests that go out side by side wait side by side. */
export function waitedMs(waits: readonly Wait[]): number {
	return waits.reduce((longest, { ms }) => Math.max(longest, ms), 0);
}

/** One wait, at its beginning, as a host shows it. */
export function describeWait(wait: Wait): string {
	return `waiting ${seconds(wait.ms)} for ${reason(wait)}`;
}

/** Tells the agent that its call was held back, and by what, so that it asks less. */
export function withWaits(answer: Answer, waits: readonly Wait[]): Answer {
	const [first, ...others] = waits;
	if (first === undefined) return answer;
	const longest = others.reduce((most, wait) => (wait.ms > most.ms ? wait : most), first);
	const waited = `Slowed down: requests waited up to ${seconds(longest.ms)} for ${reason(longest)}. Ask fewer, broader questions for a minute.`;
	return {
		...answer,
		text: `${answer.text}\n${waited}`,
		...(answer.structured === undefined ? {} : { structured: { ...answer.structured, waited } }),
	};
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
