import { spawn } from "node:child_process";
import { type Explanation, Failure } from "../text/index.ts";
import type { ProgramPath } from "./programs.ts";

/** How a process came to its end. `stopped` is by our own reader, which had enough. */
export type ProcessEnd = "exited" | "stopped" | "timed_out" | "output_limit";

export interface ProcessRequest {
	readonly program: ProgramPath;
	/** Passed as they are: no shell ever sees them. */
	readonly args: readonly string[];
	readonly cwd: string;
	/** Added to the fixed environment; nothing of this process's own environment passes. */
	readonly env?: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
	readonly timeoutMs: number;
	/** Bytes of stdout and of stderr, each, before the process is stopped. */
	readonly maxOutputBytes: number;
	/** Reads stdout as it comes; then `stdout` of the result stays empty. `"stop"` ends the process. */
	readonly onStdout?: (chunk: Buffer) => "continue" | "stop";
}

export interface ProcessResult {
	readonly end: ProcessEnd;
	/** null when a signal ended it. */
	readonly exitCode: number | null;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/** How long after a kill the rest of the output is waited for, in milliseconds. */
const pipeGraceMs = 1000;

/** A host that goes away must leave no orphan: each ends a process that runs. */
const killers = new Set<() => void>();
process.once("exit", () => {
	for (const kill of killers) kill();
});

/** A program could not be started at all. */
export class ProcessNotStarted extends Failure {
	readonly kind = "process_not_started";

	constructor(
		readonly program: string,
		readonly code: string,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `A program that this server needs could not be started (${this.code}).`,
			next: "Run prod-debugger-mcp doctor, which names the program.",
			by: "user",
		};
	}
}

/**
 * What a child process may see of the environment. Windows programs do not start without SystemRoot.
 * The API key is not among them, nor anything through which a program loads code (LD_PRELOAD, NODE_OPTIONS).
 */
function fixedEnvironment(): Record<string, string> {
	const fixed: Record<string, string> = { LC_ALL: "C.UTF-8", PATH: "/usr/local/bin:/usr/bin:/bin" };
	for (const name of ["SystemRoot", "TEMP", "TMP", "TMPDIR"]) {
		const value = process.env[name];
		if (value !== undefined) fixed[name] = value;
	}
	return fixed;
}

/**
 * Runs one program to its end: the only place where this server starts a process.
 *
 * Its stdin is closed, it leads a process group of its own, and the whole group is killed on time-out,
 * on too much output, when the reader stops it, and on cancel.
 *
 * @throws the signal's reason when cancelled, and what `onStdout` throws
 * @throws {ProcessNotStarted} when the program cannot be started
 */
export function runProcess(request: ProcessRequest): Promise<ProcessResult> {
	const { program, args, cwd, env, signal, timeoutMs, maxOutputBytes, onStdout } = request;
	return new Promise((resolve, reject) => {
		if (signal.aborted) return reject(signal.reason);
		const ownGroup = process.platform !== "win32";
		const child = spawn(program, args, {
			cwd,
			env: { ...fixedEnvironment(), ...env },
			stdio: ["ignore", "pipe", "pipe"],
			detached: ownGroup,
			windowsHide: true,
		});
		let end: ProcessEnd = "exited";
		let cancelled = false;
		let failed: { readonly error: unknown } | undefined;
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		let stdoutBytes = 0;
		let stderrBytes = 0;

		const kill = () => {
			try {
				if (ownGroup && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
				else child.kill("SIGKILL");
			} catch {
				// It has ended in the meantime.
			}
			// A process that left the group may hold the pipes open for as long as it likes.
			setTimeout(() => {
				child.stdout.destroy();
				child.stderr.destroy();
			}, pipeGraceMs).unref();
		};
		const finish = (how: ProcessEnd) => {
			if (end === "exited") end = how;
			kill();
		};
		const timer = setTimeout(() => finish("timed_out"), timeoutMs);
		const onAbort = () => {
			cancelled = true;
			kill();
		};
		signal.addEventListener("abort", onAbort, { once: true });
		killers.add(kill);

		const read = (reader: NonNullable<typeof onStdout>, chunk: Buffer) => {
			try {
				if (reader(chunk) === "stop") finish("stopped");
			} catch (error) {
				// Thrown from here, it would end the server.
				failed = { error };
				kill();
			}
		};
		child.stdout.on("data", (chunk: Buffer) => {
			if (failed !== undefined) return;
			if (end !== "exited" || cancelled) return;
			stdoutBytes += chunk.length;
			if (stdoutBytes > maxOutputBytes) return finish("output_limit");
			if (onStdout === undefined) stdout.push(chunk);
			else read(onStdout, chunk);
		});
		child.stderr.on("data", (chunk: Buffer) => {
			stderrBytes += chunk.length;
			if (stderrBytes <= maxOutputBytes) stderr.push(chunk);
		});

		const settle = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", onAbort);
			killers.delete(kill);
		};
		child.once("error", (error: NodeJS.ErrnoException) => {
			settle();
			reject(new ProcessNotStarted(program, error.code ?? "unknown"));
		});
		child.once("close", (exitCode) => {
			settle();
			if (cancelled) return reject(signal.reason);
			if (failed !== undefined) return reject(failed.error);
			resolve({
				end,
				exitCode,
				stdout: Buffer.concat(stdout),
				stderr: Buffer.concat(stderr).toString("utf8"),
			});
		});
	});
}
