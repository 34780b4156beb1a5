// Runs one tool call, from raw arguments to a result; errors become readable sentences.

import type { ServerContext } from "@modelcontextprotocol/server";
import type PQueue from "p-queue";
import type { Answer, ToolContext, ToolDefinition } from "../answer/index.ts";
import type { Services } from "../services.ts";
import { type RequestTrace, startMeter, type Wait } from "../source/index.ts";
import { endDeadline, withDeadline } from "../system/index.ts";
import {
	describeError,
	Failure,
	fits,
	nothingPersonal,
	type SafeText,
	safeText,
	secretsOnly,
} from "../text/index.ts";
import { failureIn, meantEnvironment, withoutEnvironments } from "./environments.ts";
import { internalError } from "./internal-error.ts";
import { type Logger, requestFacts } from "./log.ts";
import type { SafeResult } from "./outlet.ts";
import { readArguments } from "./read-arguments.ts";
import { describeWait, waitedMs, withCall } from "./waits.ts";
import { chosenRepository } from "./which-repository.ts";

/** How often a long call reports progress, in milliseconds. */
const progressMs = 2000;

/** What all calls of a connection share. */
export interface Shared {
	readonly services: Services;
	readonly log: Logger;
	/** Limits how many calls run at once. */
	readonly queue: PQueue;
}

/** Never throws: a failure becomes a result with an explanation. */
export async function callTool(
	tool: ToolDefinition,
	args: unknown,
	context: ServerContext,
	shared: Shared,
): Promise<SafeResult> {
	const { services, log, queue } = shared;
	const host = context.mcpReq.signal;
	// Time spent in the queue counts too.
	const signal = withDeadline(
		host,
		tool.deadline === "production" ? services.config.timeoutMs : Number.POSITIVE_INFINITY,
	);
	const progress = progressOf(context);
	const meter = meterOf(tool.name, signal, progress, log);
	const stopReminder = remindOfWork(progress, () => meter.roundTrips);
	const report = reporter(tool.name, log, meter);
	// What a tool of the repository quotes is code, and as little changed as code is.
	const shown = tool.annotations(services).openWorldHint ? services.config : secretsOnly;
	const say = (words: string) => safeText(words, shown);
	try {
		const read = readArguments(tool, args, services.repositories);
		if ("refused" in read) {
			report("invalid_arguments");
			return failed(say([read.refused, withoutEnvironments(services, args) ?? ""].join(" ").trim()));
		}
		const meant = meantEnvironment(tool, read.args, services);
		if (meant.environment !== undefined) meter.environment = meant.environment;
		const chosen = chosenRepository(tool, meant.args, meant.services);
		const run = () => tool.run(chosen.args, { services: chosen.services, signal, progress });
		const answer = await queue.add(run, { signal });
		report("ok");
		return succeeded(withCall(answer, meter));
	} catch (error) {
		const sayOfIt = (words: string) => say(failureIn(services, meter.environment, words));
		return explained(error, tool.name, host, { report, log, say: sayOfIt });
	} finally {
		stopReminder();
		endDeadline(signal);
	}
}

/** Counts the call's requests, reports waits to the host and, at level `debug`, logs each request. */
function meterOf(tool: string, signal: AbortSignal, progress: ToolContext["progress"], log: Logger): Meter {
	const onRequest = (trace: RequestTrace) => log.debug({ tool, ...requestFacts(trace) });
	const onWait = (wait: Wait) => {
		log.debug({ tool, waits_ms: wait.ms, for: wait.reason });
		progress(describeWait(wait));
	};
	return startMeter(signal, onWait, log.isLevelEnabled("debug") ? onRequest : undefined, tool);
}

type Meter = ReturnType<typeof startMeter>;
type Say = (words: string) => SafeText;
type Report = (outcome: string, more?: object) => void;

/** One line of the log at the end of a call: what it took, how it ended. */
function reporter(tool: string, log: Logger, meter: Meter): Report {
	const started = performance.now();
	return (outcome, more = {}) =>
		log.info({
			tool,
			ms: Math.round(performance.now() - started),
			round_trips: meter.roundTrips,
			...(meter.environment === undefined ? {} : { environment: meter.environment }),
			...(meter.waits.length === 0 ? {} : { waited_ms: waitedMs(meter.waits) }),
			outcome,
			...more,
		});
}

/** Reports every other second that the call is still working. @returns a function that stops it */
function remindOfWork(progress: ToolContext["progress"], roundTrips: () => number): () => void {
	const started = performance.now();
	const working = setInterval(() => {
		const seconds = Math.round((performance.now() - started) / 1000);
		progress(`still working after ${seconds} s, ${roundTrips()} requests to production so far`);
	}, progressMs);
	working.unref();
	return () => clearInterval(working);
}

/** The result of a call that threw: a failure's explanation, a cancellation, or an internal error with its id. */
function explained(
	error: unknown,
	tool: string,
	host: AbortSignal,
	{ report, log, say }: { readonly report: Report; readonly log: Logger; readonly say: Say },
): SafeResult {
	const described = describeError(error);
	if (described !== undefined) {
		const words = say(described);
		report("failed", {
			failure: error instanceof Failure ? error.kind : "unknown",
			says: withoutQuotes(words),
		});
		return failed(words);
	}
	if (host.aborted) {
		report("cancelled");
		return failed(say("The call was cancelled."));
	}
	const internal = internalError(error);
	report("internal_error", { id: internal.id });
	log.error({ tool, ...internal });
	return failed(
		say(
			`${tool} failed with an internal error of prod-debugger-mcp (id ${internal.id}). Try other arguments; if it persists, ask the user to report it with the lines of the server's log (stderr) that have this id.`,
		),
	);
}

/** A failure's sentence quotes rows and arguments in quotation marks; a log holds neither. */
function withoutQuotes(words: string): string {
	return words.replace(/"[^"]*(?:"|$)/g, '"…"');
}

function succeeded(answer: Answer): SafeResult {
	if (!fits(answer.text) && answer.structured === undefined) {
		return failed(
			safeText(
				"The answer is too large to be useful: ask for less of it (a smaller limit, less context, a narrower path).",
				secretsOnly,
			),
		);
	}
	return answer;
}

function failed(text: SafeText): SafeResult {
	return { text, isError: true };
}

/** Progress goes out only where the host asked for it, by a token. */
function progressOf(context: ServerContext): ToolContext["progress"] {
	const token = context.mcpReq._meta?.progressToken;
	if (token === undefined) return () => {};
	let progress = 0;
	return (message) => {
		progress += 1;
		const shown: SafeText = safeText(message, nothingPersonal);
		void context.mcpReq
			.notify({
				method: "notifications/progress",
				params: { progressToken: token, progress, message: shown },
			})
			.catch(() => {});
	};
}
