import { lstat, readlink, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type ProcessResult, runProcess } from "./process.ts";
import { findProgram, ProgramMissing, type ProgramPath } from "./programs.ts";
import { isInside, type RepositoryRoot } from "./repository.ts";

/** A command that may do anything, and what it gets to see. */
export interface SandboxedRequest {
	/** A line for the shell: the user's own, never an agent's. stderr goes where stdout goes. */
	readonly command: string;
	/** The one folder of this machine that it may write to. */
	readonly writable: string;
	/** Where it finds that folder: at the place of the repository, which is not there then. */
	readonly at: string;
	/** Folders that it may read, and where it finds them. */
	readonly readOnly: readonly { readonly from: string; readonly at: string }[];
	/** Folders within those that are empty and writable for it, and forgotten at the end. */
	readonly ephemeral: readonly string[];
	readonly signal: AbortSignal;
	readonly timeoutMs: number;
	readonly onOutput: (chunk: Buffer) => void;
}

/** Why there is no sandbox. */
export type NoSandbox = "platform" | "not_installed" | "not_permitted";

export type SandboxState =
	| { readonly available: true; readonly run: (request: SandboxedRequest) => Promise<ProcessResult> }
	| { readonly available: false; readonly reason: NoSandbox };

/**
 * Looks for a sandbox: bubblewrap on Linux, tried out once.
 *
 * In it a command has processes of its own (so that it cannot read this process's environment, the API key in it,
 * from `/proc`), no network, no home, and of the file system the installed programs, read-only, and the folders
 * that it is given. Limits of memory and disk are not set.
 */
export async function findSandbox(root: RepositoryRoot, signal: AbortSignal): Promise<SandboxState> {
	if (process.platform !== "linux") return { available: false, reason: "platform" };
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
	return { available: true, run: (request) => run(program, base, request) };
}

function run(
	program: ProgramPath,
	base: readonly string[],
	request: SandboxedRequest,
): Promise<ProcessResult> {
	const { command, writable, at, readOnly, ephemeral, signal, timeoutMs, onOutput } = request;
	return runProcess({
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
			"-c",
			`exec 2>&1\n${command}`,
		],
		cwd: "/",
		signal,
		timeoutMs,
		maxOutputBytes: Number.MAX_SAFE_INTEGER,
		onStdout: (chunk) => {
			onOutput(chunk);
			return "continue";
		},
	});
}

/** What programs need of `/etc`; the rest of it may hold secrets. */
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

/** Node and npm where a version manager put them; of a home folder nothing but their own place. */
function nodeFolders(node: string): readonly string[] {
	if (isInside("/usr", node) || isInside("/opt", node) || isInside("/nix/store", node)) return [];
	const prefix = dirname(dirname(node));
	const isWide = isInside(prefix, homedir()) || prefix === dirname(prefix);
	const place = isWide ? node : prefix;
	return ["--ro-bind", place, place];
}

/**
 * Runs the user's command without a sandbox, as the user and with all his rights. For those who said so.
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
		args: ["-c", `exec 2>&1\n${command}`],
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
