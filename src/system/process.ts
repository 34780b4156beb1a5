// Starts processes: the only place that does.

import { spawn } from "node:child_process";
import { type Explanation, Failure } from "../text/index.ts";
import type { ProgramPath } from "./programs.ts";

/** How a process ended. `stopped`: by our own reader. */
export type ProcessEnd = "exited" | "stopped" | "timed_out" | "output_limit";

export interface ProcessRequest {
	readonly program: ProgramPath;
	/** Passed unchanged, without a shell. */
	readonly args: readonly string[];
	readonly cwd: string;
	/** Added to the fixed environment; this process's own environment is not inherited. */
	readonly env?: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
	readonly timeoutMs: number;
	/** Upper bound in bytes of stdout and of stderr, each; above it the process is stopped. */
	readonly maxOutputBytes: number;
	/** Given on stdin, which is closed otherwise. */
	readonly input?: string | Buffer;
	/** Reads stdout as it arrives; then the result's `stdout` stays empty. `"stop"` ends the process. */
	readonly onStdout?: (chunk: Buffer) => "continue" | "stop";
}

export interface ProcessResult {
	readonly end: ProcessEnd;
	/** null when a signal ended it. */
	readonly exitCode: number | null;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/** How long to wait for remaining output after a kill, in milliseconds. */
const pipeGraceMs = 1000;

/** Each ends a running process, so that none is orphaned when the host goes away. */
const killers = new Set<() => void>();
process.once("exit", () => {
	for (const kill of killers) kill();
});

/** A program could not be started. */
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
 * A child process's environment. Windows programs do not start without SystemRoot. It has neither the API key nor
 * variables by which a program loads code (LD_PRELOAD, NODE_OPTIONS).
 */
export function fixedEnvironment(
	env: NodeJS.ProcessEnv = process.env,
	platform: NodeJS.Platform = process.platform,
): Record<string, string> {
	const { SystemRoot: root = "C:\\Windows" } = env;
	const path = platform === "win32" ? `${root}\\System32;${root}` : "/usr/local/bin:/usr/bin:/bin";
	const fixed: Record<string, string> = { LC_ALL: "C.UTF-8", PATH: path };
	for (const name of ["SystemRoot", "TEMP", "TMP", "TMPDIR"]) {
		const value = env[name];
		if (value !== undefined) fixed[name] = value;
	}
	return fixed;
}

/**
 * Runs one program to its end. Its stdin is closed, it leads its own process group, and the whole group is killed on
 * time-out, on too much output, when the reader stops it, and on cancel.
 *
 * @throws the signal's reason when cancelled, and what `onStdout` throws
 * @throws {ProcessNotStarted} when the program cannot be started
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
	request.signal.throwIfAborted();
	return new RunningProcess(request).untilEnd();
}

/** Windows has no process groups. */
const ownGroup = process.platform !== "win32";

/** What ends a process of Windows with all that it has started. */
export function treeKiller(
	pid: number,
	env: NodeJS.ProcessEnv = process.env,
): { readonly program: string; readonly args: readonly string[] } {
	const { SystemRoot: root = "C:\\Windows" } = env;
	return { program: `${root}\\System32\\taskkill.exe`, args: ["/PID", String(pid), "/T", "/F"] };
}

function start({ program, args, cwd, env, input }: ProcessRequest) {
	const options = {
		cwd,
		env: { ...fixedEnvironment(), ...env },
		detached: ownGroup,
		windowsHide: true,
	};
	if (input === undefined) return spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
	const child = spawn(program, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
	// A program that ends before it has read everything says why by its exit code.
	child.stdin.on("error", () => {});
	child.stdin.end(input);
	return child;
}

/** Without taskkill at least the process itself ends. */
function killTree(child: ReturnType<typeof start>, pid: number): void {
	const { program, args } = treeKiller(pid);
	const killing = spawn(program, args, { stdio: "ignore", windowsHide: true });
	killing.on("error", () => child.kill("SIGKILL"));
	killing.on("exit", (code) => code === 0 || child.kill("SIGKILL"));
}

/** A process, its output so far, and why it was ended early. */
class RunningProcess {
	readonly #request: ProcessRequest;
	readonly #child: ReturnType<typeof start>;
	readonly #timer: NodeJS.Timeout;
	readonly #stdout: Buffer[] = [];
	readonly #stderr: Buffer[] = [];
	#stdoutBytes = 0;
	#stderrBytes = 0;
	#end: ProcessEnd = "exited";
	#cancelled = false;
	#failed: { readonly error: unknown } | undefined;

	constructor(request: ProcessRequest) {
		this.#request = request;
		this.#child = start(request);
		this.#timer = setTimeout(() => this.#stop("timed_out"), request.timeoutMs);
		request.signal.addEventListener("abort", this.#cancel, { once: true });
		killers.add(this.#kill);
		this.#child.stdout.on("data", (chunk: Buffer) => this.#onStdout(chunk));
		this.#child.stderr.on("data", (chunk: Buffer) => this.#onStderr(chunk));
	}

	async untilEnd(): Promise<ProcessResult> {
		const exitCode = await this.#untilClosed();
		if (this.#cancelled) throw this.#request.signal.reason;
		if (this.#failed !== undefined) throw this.#failed.error;
		return {
			end: this.#end,
			exitCode,
			stdout: Buffer.concat(this.#stdout),
			stderr: Buffer.concat(this.#stderr).toString("utf8"),
		};
	}

	#untilClosed(): Promise<number | null> {
		return new Promise((resolve, reject) => {
			this.#child.once("error", (error: NodeJS.ErrnoException) => {
				this.#release();
				reject(new ProcessNotStarted(this.#request.program, error.code ?? "unknown"));
			});
			this.#child.once("close", (exitCode) => {
				this.#release();
				resolve(exitCode);
			});
		});
	}

	/** Immediately after it has ended: its id may soon belong to another process. */
	#release(): void {
		clearTimeout(this.#timer);
		this.#request.signal.removeEventListener("abort", this.#cancel);
		killers.delete(this.#kill);
	}

	#onStdout(chunk: Buffer): void {
		if (this.#failed !== undefined || this.#end !== "exited" || this.#cancelled) return;
		this.#stdoutBytes += chunk.length;
		const { onStdout, maxOutputBytes } = this.#request;
		if (this.#stdoutBytes > maxOutputBytes) this.#stop("output_limit");
		else if (onStdout === undefined) this.#stdout.push(chunk);
		else this.#hand(chunk, onStdout);
	}

	#hand(chunk: Buffer, reader: NonNullable<ProcessRequest["onStdout"]>): void {
		try {
			if (reader(chunk) === "stop") this.#stop("stopped");
		} catch (error) {
			// An exception here would end the server.
			this.#failed = { error };
			this.#kill();
		}
	}

	#onStderr(chunk: Buffer): void {
		this.#stderrBytes += chunk.length;
		if (this.#stderrBytes <= this.#request.maxOutputBytes) this.#stderr.push(chunk);
	}

	/** The first reason is the one that counts. */
	#stop(end: ProcessEnd): void {
		if (this.#end === "exited") this.#end = end;
		this.#kill();
	}

	readonly #cancel = (): void => {
		this.#cancelled = true;
		this.#kill();
	};

	readonly #kill = (): void => {
		try {
			const { pid } = this.#child;
			if (ownGroup && pid !== undefined) process.kill(-pid, "SIGKILL");
			else if (pid !== undefined && this.#child.exitCode === null) killTree(this.#child, pid);
		} catch {
			// It has ended meanwhile.
		}
		// A process that left the group may keep the pipes open.
		setTimeout(() => {
			this.#child.stdout.destroy();
			this.#child.stderr.destroy();
		}, pipeGraceMs).unref();
	};
}
