// Runs a query on an engine in a process of its own, with a time limit, and says what it took.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Asked, Ran } from "./cost-engine.ts";

export interface CostEngine {
	readonly name: string;
	run(sql: string): Promise<Ran>;
	close(): void;
}

/** By the clock, on a machine that does other things as well; what is judged is processor time. */
const limitMs = 40_000;
/** After a query that took so much the process begins anew: an allocator keeps what it once had. */
const renewBytes = 30_000_000;

/** Milliseconds of processor time so far (proc(5): the 14th and 15th field, in hundredths of a second). */
function spentBy(pid: number | undefined): number {
	const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
		.replace(/^.*\) /, "")
		.split(" ");
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

const stopped = { bytes: Number.NaN, rows: 0, error: "stopped" };

function within<T>(promise: Promise<T>): Promise<T | undefined> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<undefined>((resolve) => {
		timer = setTimeout(() => resolve(undefined), limitMs);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const kilobytes = (pid: number | undefined, name: string) =>
	Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

/** libSQL from npm, or the SQLite that the guard has inside. */
export async function forked(engine: "libsql" | "embedded", path: string): Promise<CostEngine> {
	let child: ChildProcess | undefined;
	const start = async () => {
		const script = join(import.meta.dirname, "cost-engine.ts");
		const next = fork(script, [engine, path], { execArgv: ["--expose-gc", "--import", "tsx"] });
		const [version] = await once(next, "message");
		return { next, version: String(version) };
	};
	const first = await start();
	child = first.next;
	return {
		name: first.version,
		async run(sql) {
			child ??= (await start()).next;
			const current = child;
			const asked: Asked = { sql };
			current.send(asked);
			const begun = spentBy(current.pid);
			const before = engine === "libsql" ? kilobytes(current.pid, "VmRSS") : 0;
			const answer = await within(once(current, "message"));
			const ran: Ran | undefined = answer?.[0];
			if (ran === undefined || (engine === "libsql" && ran.bytes > renewBytes)) {
				const bytes =
					engine === "libsql" && ran === undefined ? kilobytes(current.pid, "VmHWM") - before : Number.NaN;
				const ms = spentBy(current.pid) - begun;
				current.kill("SIGKILL");
				child = undefined;
				return ran ?? { ...stopped, ms, bytes };
			}
			return ran;
		},
		close: () => child?.kill("SIGKILL"),
	};
}

/** Debian's sqlite3; a process each query. */
export async function commandLine(path: string): Promise<CostEngine> {
	const ask = async (sql: string): Promise<Ran> => {
		const child = spawn("sqlite3", ["-readonly", "-batch", path], { stdio: ["pipe", "pipe", "pipe"] });
		let said = "";
		let error = "";
		child.stderr.on("data", (chunk) => {
			error += chunk;
		});
		const timed = new Promise<void>((resolve) => {
			child.stdout.on("data", (chunk) => {
				said = `${said}${chunk}`.slice(-1_000_000);
				if (/^Run Time: .*\n$/m.test(said)) resolve();
			});
			child.on("exit", () => resolve());
		});
		child.stdin.write(`.timer on\n${sql};\n`);
		const before = baseline;
		await within(timed);
		const bytes = child.exitCode === null ? kilobytes(child.pid, "VmHWM") - before : Number.NaN;
		const ms = child.exitCode === null ? spentBy(child.pid) : limitMs;
		child.kill("SIGKILL");
		const [, user, system] = /^Run Time: real \S+ user (\S+) sys (\S+)/m.exec(said) ?? [];
		if (error !== "") return { ms: 0, bytes: 0, rows: 0, error };
		if (user === undefined) return { ...stopped, ms, bytes };
		return {
			ms: (Number(user) + Number(system)) * 1000,
			bytes,
			rows: said.split("\n").length - 2,
			error: undefined,
		};
	};
	let baseline = 0;
	baseline = (await ask("SELECT 1")).bytes;
	const version = spawn("sqlite3", ["--version"]);
	const [text] = await once(version.stdout, "data");
	return { name: `SQLite ${String(text).split(" ")[0]}`, run: ask, close: () => {} };
}
