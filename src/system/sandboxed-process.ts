// Runs the user's commands in a sandbox (bubblewrap, or macOS's own), or unsandboxed if the user allows it.

import { lstat, readlink, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { macEnvironment, macProfile } from "./mac-profile.ts";
import { type ProcessResult, runProcess } from "./process.ts";
import { findProgram, ProgramMissing, type ProgramPath } from "./programs.ts";
import { isInside, type RepositoryRoot } from "./repository.ts";
import { SignFromWithin, shellArguments } from "./sign-from-within.ts";

/** An untrusted command, and the folders that it may access. */
export interface SandboxedRequest {
	/** The user's own, never an agent's: a line for the shell, or words that no shell reads. stderr is merged into stdout. */
	readonly command: string | readonly string[];
	/** The only folder that it may write to. */
	readonly writable: string;
	/**
	 * Where that folder appears: at the repository's path, which it hides. In a sandbox that shows folders in place, the
	 * folder in it where the command starts.
	 */
	readonly at: string;
	/** Folders that it may read, and where they appear. */
	readonly readOnly: readonly { readonly from: string; readonly at: string }[];
	/** Folders within those that appear empty and writable, and are discarded at the end. */
	readonly ephemeral: readonly string[];
	readonly signal: AbortSignal;
	readonly timeoutMs: number;
	readonly onOutput: (chunk: Buffer) => void;
}

/** Why no sandbox is available. */
export type NoSandbox = "platform" | "not_installed" | "not_permitted";

/** A command's end. `begun` is false where the sandbox was not made, so that nothing of the command has run. */
export type SandboxedResult = ProcessResult & { readonly begun: boolean };

export type SandboxState =
	| {
			readonly available: true;
			/** Folders cannot appear elsewhere than where they are: packages have to be copied. */
			readonly inPlace: boolean;
			readonly run: (request: SandboxedRequest) => Promise<SandboxedResult>;
	  }
	| { readonly available: false; readonly reason: NoSandbox };

/** Looks for a sandbox, and tries it: inside another one, most cannot be made. */
export async function findSandbox(
	root: RepositoryRoot,
	signal: AbortSignal,
	platform: NodeJS.Platform = process.platform,
): Promise<SandboxState> {
	switch (platform) {
		case "linux":
			return findBubblewrap(root, signal);
		case "darwin":
			return findMacSandbox(root, signal);
		default:
			return { available: false, reason: "platform" };
	}
}

/**
 * Bubblewrap on Linux.
 *
 * In it a command has its own process namespace (so that it cannot read this process's environment with the API key
 * from `/proc`), no network, no home, and of the file system only the installed programs, read-only, and the given
 * folders. Memory and disk are not limited.
 */
async function findBubblewrap(root: RepositoryRoot, signal: AbortSignal): Promise<SandboxState> {
	let program: ProgramPath;
	try {
		program = await findProgram("bwrap", root);
	} catch (error) {
		if (error instanceof ProgramMissing) return { available: false, reason: "not_installed" };
		throw error;
	}
	const base = await baseArguments();
	const tried = await runProcess({
		program,
		args: [...base, "--", "/bin/sh", "-c", "exit 0"],
		cwd: "/",
		signal,
		timeoutMs: 10_000,
		maxOutputBytes: 64 * 1024,
	});
	if (tried.exitCode !== 0) return { available: false, reason: "not_permitted" };
	return { available: true, inPlace: false, run: (request) => run(program, base, request) };
}

async function run(
	program: ProgramPath,
	base: readonly string[],
	request: SandboxedRequest,
): Promise<SandboxedResult> {
	const { command, writable, at, readOnly, ephemeral, signal, timeoutMs, onOutput } = request;
	const sign = new SignFromWithin(onOutput);
	const result = await runProcess({
		program,
		args: [
			...base,
			"--bind",
			writable,
			at,
			...readOnly.flatMap((folder) => ["--ro-bind", folder.from, folder.at]),
			...ephemeral.flatMap((folder) => ["--tmpfs", folder]),
			"--chdir",
			at,
			"--",
			"/bin/sh",
			...shellArguments(command, sign.text),
		],
		cwd: "/",
		signal,
		timeoutMs,
		maxOutputBytes: Number.MAX_SAFE_INTEGER,
		onStdout: (chunk) => {
			sign.read(chunk);
			return "continue";
		},
	});
	return { ...result, begun: sign.isSeen };
}

/** The parts of `/etc` that programs need; the rest may hold secrets. */
const etc = [
	"alternatives",
	"ca-certificates",
	"ca-certificates.conf",
	"group",
	"hosts",
	"java",
	"ld.so.cache",
	"ld.so.conf",
	"ld.so.conf.d",
	"localtime",
	"nsswitch.conf",
	"passwd",
	"pki",
	"python3",
	"ssl",
	"timezone",
];

async function baseArguments(): Promise<readonly string[]> {
	const node = await realpath(process.execPath);
	const path = [dirname(node), "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
	const environment = {
		CI: "1",
		HOME: "/tmp/home",
		LC_ALL: "C.UTF-8",
		NO_COLOR: "1",
		PATH: [...new Set(path)].join(":"),
		TMPDIR: "/tmp",
	};
	return [
		"--unshare-all",
		"--die-with-parent",
		"--new-session",
		"--cap-drop",
		"ALL",
		"--clearenv",
		...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
		"--ro-bind",
		"/usr",
		"/usr",
		...(await systemFolders()),
		...["/opt", "/nix/store", "/run/current-system/sw"].flatMap((folder) => [
			"--ro-bind-try",
			folder,
			folder,
		]),
		...etc.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
		"--proc",
		"/proc",
		"--dev",
		"/dev",
		"--tmpfs",
		"/tmp",
		"--dir",
		"/tmp/home",
		...nodeFolders(node),
	];
}

/** Links into `/usr` on most systems, folders on others. */
async function systemFolders(): Promise<readonly string[]> {
	const found: string[] = [];
	for (const folder of ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]) {
		const there = await lstat(folder).catch(() => undefined);
		if (there?.isSymbolicLink()) found.push("--symlink", await readlink(folder), folder);
		else if (there?.isDirectory()) found.push("--ro-bind", folder, folder);
	}
	return found;
}

/**
 * macOS's own sandbox, with the same promises but one: a process that leaves its group is not ended with the others,
 * and stays in the sandbox. Its profile is tested as text only.
 */
async function findMacSandbox(root: RepositoryRoot, signal: AbortSignal): Promise<SandboxState> {
	let program: ProgramPath;
	try {
		program = await findProgram("sandbox-exec", root);
	} catch (error) {
		if (error instanceof ProgramMissing) return { available: false, reason: "not_installed" };
		throw error;
	}
	const node = await realpath(process.execPath);
	const start = (writable: string, command: readonly string[]) => [
		"-p",
		macProfile({ writable, readable: [nodePlace(node)] }),
		"/usr/bin/env",
		"-i",
		...Object.entries(macEnvironment(writable, dirname(node))).map(([name, value]) => `${name}=${value}`),
		...command,
	];
	const tried = await runProcess({
		program,
		args: start("/private/var/empty", ["/bin/sh", "-c", "exit 0"]),
		cwd: "/",
		signal,
		timeoutMs: 10_000,
		maxOutputBytes: 64 * 1024,
	});
	if (tried.exitCode !== 0) return { available: false, reason: "not_permitted" };
	return {
		available: true,
		inPlace: true,
		run: async ({ command, writable, at, signal: own, timeoutMs, onOutput }) => {
			const sign = new SignFromWithin(onOutput);
			const folder = await realpath(writable);
			const result = await runProcess({
				program,
				args: start(folder, ["/bin/sh", ...shellArguments(command, sign.text)]),
				cwd: at,
				signal: own,
				timeoutMs,
				maxOutputBytes: Number.MAX_SAFE_INTEGER,
				onStdout: (chunk) => {
					sign.read(chunk);
					return "continue";
				},
			});
			return { ...result, begun: sign.isSeen };
		},
	};
}

/** The folders of Node and npm if a version manager installed them; nothing else of a home folder. */
function nodeFolders(node: string): readonly string[] {
	if (isInside("/usr", node) || isInside("/opt", node) || isInside("/nix/store", node)) return [];
	const place = nodePlace(node);
	return ["--ro-bind", place, place];
}

/** The folder in which Node is installed; Node alone, where that folder holds the home folder. */
function nodePlace(node: string): string {
	const prefix = dirname(dirname(node));
	return isInside(prefix, homedir()) || prefix === dirname(prefix) ? node : prefix;
}

/**
 * Runs the user's command without a sandbox, with all of the user's permissions. Only if the user has allowed it.
 *
 * @throws {ProgramMissing} where there is no POSIX shell
 */
export async function runUnsandboxed(
	request: Pick<SandboxedRequest, "command" | "signal" | "timeoutMs" | "onOutput"> & { readonly cwd: string },
	root: RepositoryRoot,
): Promise<ProcessResult> {
	const { command, cwd, signal, timeoutMs, onOutput } = request;
	const program = await findProgram("sh", root);
	return runProcess({
		program,
		args: shellArguments(command),
		cwd,
		env: {
			CI: "1",
			HOME: homedir(),
			NO_COLOR: "1",
			PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
			TMPDIR: join(cwd, ".."),
		},
		signal,
		timeoutMs,
		maxOutputBytes: Number.MAX_SAFE_INTEGER,
		onStdout: (chunk) => {
			onOutput(chunk);
			return "continue";
		},
	});
}
