// The command `watch`: tells what is new, worse, over or back, once each.

import { ConfigError, keptUnder, placeOf } from "../config/index.ts";
import type { Services } from "../services.ts";
import { type ProgramPath, pause, resolveProgram, runProcess } from "../system/index.ts";
import { type Explanation, explanationOf, Failure, quoteUntrusted, visibleLine } from "../text/index.ts";
import { type Message, type Watching, WatchStore, watchRound } from "../watch/index.ts";
import { UsageError } from "./usage-error.ts";
import type { WatchFlags } from "./watch-flags.ts";

export interface WatchArguments extends WatchFlags {
	readonly json: boolean;
}

const withoutKey =
	"No API key is set, so there is no production to watch. Set SKILLOMATIC_API_KEY to a super admin's key, or SKILLOMATIC_API_KEY_FILE to a file that holds one. To see a watch without a key: prod-debugger-mcp watch --once --demo";

const execMs = 30_000;
const maxExecBytes = 64 * 1024;
/** Of the user's environment: what a program needs that notifies. Neither the key nor the token. */
const passedOn = ["PATH", "HOME", "USER", "LANG", "DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

/** The user's program did not take an alert. */
export class AlertNotTaken extends Failure {
	readonly kind = "alert_not_taken";

	constructor(
		readonly program: string,
		readonly how: string,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `${quoteUntrusted(this.program)} ${this.how}: the alert is kept.`,
			next: "It is told again in the next round.",
		};
	}
}

/** What a watch does beside asking: tests and benches have a clock of their own. */
export interface WatchDoors {
	/** Until the next round. */
	readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Resolves when the line is out of this process. */
	readonly print: (line: string) => Promise<void>;
	/** What is no alert, for a person. */
	readonly note: (words: string) => void;
}

const processDoors: WatchDoors = { wait: pause, print, note };

/**
 * @returns the exit code: with `once` 1 where something told is among `failOn`, 3 where production could not be asked
 * @throws {ConfigError} without a key, and for a program that is not there
 */
export async function runWatch(
	services: Services,
	asked: WatchArguments,
	doors: WatchDoors = processDoors,
): Promise<number> {
	const { config } = services;
	if (config.apiKey === undefined && config.database === undefined) throw new ConfigError(withoutKey);
	const program = asked.exec === undefined ? undefined : await programOf(asked.exec);
	const stop = new AbortController();
	const end = () => stop.abort();
	process.once("SIGINT", end).once("SIGTERM", end);
	const watching: Watching = {
		services,
		store: new WatchStore({
			stateFolder: config.stateFolder,
			root: config.repository,
			apiUrl: config.apiUrl,
			keptFor: keptUnder(config),
		}),
		limits: asked.limits,
		async tell(message) {
			// The line comes last: an alert that the program did not take is told again.
			if (program !== undefined) await handOver(program, message, stop.signal);
			await doors.print(asked.json ? JSON.stringify(message.facts) : message.line);
		},
	};
	try {
		return asked.once
			? await once(watching, asked, { ...doors, signal: stop.signal })
			: await keepOn(watching, asked, { ...doors, signal: stop.signal });
	} finally {
		process.off("SIGINT", end).off("SIGTERM", end);
	}
}

type Running = WatchDoors & { readonly signal: AbortSignal };

async function once(
	watching: Watching,
	{ failOn }: WatchArguments,
	{ note, signal }: Running,
): Promise<number> {
	try {
		const told = await watchRound(watching, signal);
		return told.some(({ alerts }) => alerts.some((alert) => failOn.includes(alert))) ? 1 : 0;
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		note(wordsOf(error));
		return 3;
	}
}

/** What fails is said once, and asked again: a service outlives an API that is away. */
async function keepOn(
	watching: Watching,
	{ everyMs }: WatchArguments,
	{ wait, note, signal }: Running,
): Promise<number> {
	note(
		`watching ${visibleLine(placeOf(watching.services.config))}, every ${everyMs / 60_000} min; end with Ctrl-C`,
	);
	let trouble: string | undefined;
	while (!signal.aborted) {
		try {
			await watchRound(watching, signal);
			if (trouble !== undefined) note("answered again");
			trouble = undefined;
		} catch (error) {
			if (signal.aborted) break;
			if (!(error instanceof Failure)) throw error;
			const words = wordsOf(error);
			if (words !== trouble) note(`${words} Trying again every ${everyMs / 60_000} min.`);
			trouble = words;
		}
		await wait(everyMs, signal).catch(() => {});
	}
	return 0;
}

function wordsOf(error: Failure): string {
	const { problem, next } = explanationOf(error) ?? error.explain();
	return `${problem} ${next}`.trim();
}

function note(words: string): void {
	process.stderr.write(`prod-debugger-mcp: ${words}\n`);
}

async function programOf(given: string): Promise<ProgramPath> {
	const program = await resolveProgram(given);
	if (program !== undefined) return program;
	throw new UsageError(`--exec is ${quoteUntrusted(given)}: there is no such program. See --help.`);
}

async function handOver(program: ProgramPath, { facts }: Message, signal: AbortSignal): Promise<void> {
	const { end, exitCode } = await runProcess({
		program,
		args: [],
		cwd: process.cwd(),
		input: `${JSON.stringify(facts)}\n`,
		env: Object.fromEntries(
			passedOn.flatMap((name) => {
				const value = process.env[name];
				return value === undefined ? [] : [[name, value]];
			}),
		),
		signal,
		timeoutMs: execMs,
		maxOutputBytes: maxExecBytes,
	});
	if (end === "timed_out") throw new AlertNotTaken(program, `did not end within ${execMs / 1000} s`);
	if (end === "output_limit") throw new AlertNotTaken(program, "wrote too much");
	if (exitCode !== 0) throw new AlertNotTaken(program, `ended with exit code ${exitCode ?? "none"}`);
}

/** Resolves when the line is out of this process. */
function print(line: string): Promise<void> {
	return new Promise((resolve, reject) => {
		process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
	});
}
