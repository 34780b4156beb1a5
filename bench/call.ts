/**
 * What a tool call costs on top of its HTTP requests: `npx tsx bench/call.ts`. Needs the built server.
 *
 * The built server, warm and called over stdio, against undici that sends the same requests to the same production.
 * They take turns, each in a separate process.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type SeenRequest, startSandbox } from "../src/sandbox/server.ts";
import type { BareRequest } from "./bare-undici.ts";
import { type Figure, leastRounds, milliseconds, renderFigures, sideBySide } from "./figures.ts";
import { openHost } from "./plain-host.ts";

const sql = "SELECT error_code, COUNT(*) AS n FROM error_events GROUP BY error_code ORDER BY n DESC LIMIT 20";

/** Milliseconds that a warm call may take longer than the same SQL with bare undici. */
const maxAboveMs = 5;

/** Calls until V8 has compiled what they run. The first few take up to five times as long, ours and the peer's. */
const warmUps = 30;

const calls: readonly { tool: string; arguments: Record<string, unknown>; bound?: true }[] = [
	{ tool: "query_database", arguments: { sql }, bound: true },
	{ tool: "fetch_errors", arguments: {} },
	{ tool: "error_stats", arguments: {} },
];

export async function measureCall(rounds = 2 * leastRounds): Promise<readonly Figure[]> {
	const sandbox = await startSandbox({ rateLimit: 1_000_000 });
	const server = await openHost(
		{
			SKILLOMATIC_API_URL: sandbox.url,
			SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
			PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: "1000",
		},
		"/",
	);
	const peer = openBareClient();
	const bare = (seen: readonly SeenRequest[]) =>
		peer.send(
			seen.map(({ method, path, body }) => ({
				url: `${sandbox.url}${path}`,
				method: method === "GET" ? "GET" : "POST",
				key: sandbox.keys.superAdmin,
				...(method === "GET" ? {} : { body }),
			})),
		);
	try {
		const figures: Figure[] = [];
		for (const { tool, arguments: given, bound } of calls) {
			const call = () => server.call(tool, given);
			for (let round = 0; round < warmUps; round += 1) await call();
			const before = sandbox.requests.length;
			await call();
			const asked = sandbox.requests.slice(before);
			for (let round = 0; round < warmUps; round += 1) await bare(asked);
			const {
				ours,
				peer: bareMs,
				ratio,
				difference,
				runs,
			} = await sideBySide(
				() => milliseconds(call),
				() => bare(asked),
				rounds,
			);
			const many = asked.length === 1 ? "its request" : `its ${asked.length} requests`;
			figures.push(
				{
					what: `${tool}, warm, over stdio`,
					unit: "ms",
					ours,
					peer: { name: `${many} by bare undici`, value: bareMs },
					ratio,
					runs,
				},
				{
					what: `${tool}: above bare undici`,
					unit: "ms",
					ours: difference,
					...(bound === undefined ? {} : { bound: `≤ ${maxAboveMs} ms` }),
					runs,
				},
			);
		}
		return figures;
	} finally {
		peer.close();
		await server.close();
		await sandbox.close();
	}
}

function openBareClient() {
	const child = spawn(
		process.execPath,
		["--import", "tsx", fileURLToPath(new URL("bare-undici.ts", import.meta.url))],
		{ stdio: ["pipe", "pipe", "inherit"] },
	);
	const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	return {
		/** Milliseconds that the requests took together. */
		async send(requests: readonly BareRequest[]): Promise<number> {
			child.stdin.write(`${JSON.stringify(requests)}\n`);
			return Number((await answers.next()).value);
		},
		close: () => child.stdin.end(),
	};
}

if (process.argv[1] === import.meta.filename) {
	process.stdout.write(`${renderFigures(await measureCall())}\n`);
}
