/**
 * From spawn to the answer of `tools/list`, and the memory held then, beside other servers that a host attaches:
 * `npx tsx bench/start.ts`. Needs the built server (`npm run build`) and the peers (`npm ci --prefix bench`).
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface StartFigures {
	readonly server: string;
	/** Medians over the rounds: milliseconds from spawn to the answer, and resident MiB at that moment. */
	readonly ms: number;
	readonly mib: number;
	/** Against the first peer, in the same rounds. */
	readonly msRatio: number;
	readonly mibRatio: number;
}

const require = createRequire(import.meta.url);

/** The entry of a package's command, as its package.json names it. */
function commandOf(name: string): string {
	const file = require.resolve(`${name}/package.json`);
	const { bin } = require(file) as { readonly bin: string | Readonly<Record<string, string>> };
	const path = typeof bin === "string" ? bin : (Object.values(bin)[0] ?? "");
	return fileURLToPath(new URL(path, `file://${file}`));
}

/** The first is ours, the second the one that ours is measured against. */
function servers(): readonly (readonly [string, readonly string[]])[] {
	return [
		["prod-debugger-mcp", [fileURLToPath(new URL("../dist/prod-debugger-mcp.js", import.meta.url))]],
		[
			"@modelcontextprotocol/server-filesystem",
			[commandOf("@modelcontextprotocol/server-filesystem"), tmpdir()],
		],
		["mcp-ripgrep", [commandOf("mcp-ripgrep")]],
	];
}

/** One start. Memory is read on Linux only. */
async function start(args: readonly string[]): Promise<{ ms: number; mib: number }> {
	const started = performance.now();
	const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "ignore"] });
	const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
	const closed = new Promise((resolve) => child.once("close", resolve));
	send({
		id: 1,
		method: "initialize",
		params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
	});
	try {
		for await (const line of createInterface({ input: child.stdout })) {
			const { id } = JSON.parse(line) as { readonly id?: number };
			if (id === 1) {
				send({ method: "notifications/initialized" });
				send({ id: 2, method: "tools/list" });
			}
			if (id === 2) {
				const ms = performance.now() - started;
				const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
				return { ms, mib: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024 };
			}
		}
		throw new Error(`${args[0]} ended without an answer`);
	} finally {
		child.kill();
		await closed;
	}
}

function median(values: readonly number[]): number {
	return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** @param rounds each starts every server once, in turn, so that what else the machine does meets all alike */
export async function measureStart(rounds = 21): Promise<readonly StartFigures[]> {
	const all = servers();
	const runs = all.map(() => [] as { ms: number; mib: number }[]);
	for (let round = 0; round < rounds; round += 1) {
		for (const [index, [, args]] of all.entries()) runs[index]?.push(await start(args));
	}
	const peer = runs[1] ?? [];
	return all.map(([server], index) => {
		const own = runs[index] ?? [];
		const ratio = (of: "ms" | "mib") =>
			median(own.map((run, round) => run[of] / (peer[round]?.[of] ?? Number.NaN)));
		return {
			server,
			ms: median(own.map(({ ms }) => ms)),
			mib: median(own.map(({ mib }) => mib)),
			msRatio: ratio("ms"),
			mibRatio: ratio("mib"),
		};
	});
}

export function printStart(figures: readonly StartFigures[]): void {
	console.log(
		"Start to tools/list, and memory then; ratios against server-filesystem, median of paired rounds",
	);
	console.table(
		figures.map(({ server, ms, mib, msRatio, mibRatio }) => ({
			server,
			ms: ms.toFixed(0),
			"× time": msRatio.toFixed(2),
			MiB: mib.toFixed(1),
			"× memory": mibRatio.toFixed(2),
		})),
	);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) printStart(await measureStart());
