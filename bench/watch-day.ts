/**
 * `watch` as a service for a day of its production's time, by an accelerated clock, with production away for an hour:
 * `node --expose-gc --import tsx bench/watch-day.ts [minutes between rounds]`, 5 by default.
 *
 * It is the command's own loop over real HTTP. While production is away, its port is closed. The budget of requests a
 * minute is raised, since rounds follow at once: what a round sends is counted instead.
 */
import { readdir } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { runWatch } from "../src/cli/watch.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import { createServices } from "../src/services.ts";
import { temporaryFolder } from "../test/codebase/corpus/lay-out.ts";
import { event } from "../test/production/rows.ts";
import { randomNumbers } from "../test/random-numbers.ts";

const hour = 3600;
const day = 24 * hour;
/** A Tuesday. */
const start = Date.parse("2026-11-17T00:00:00Z") / 1000;
const troubleFrom = start + 9 * hour;
const troubleTo = start + 15 * hour;
const awayFrom = start + 12 * hour;

export interface DayFigures {
	readonly rounds: number;
	/** What was told: when, in hours of the day, and which alerts. */
	readonly told: readonly { readonly hour: number; readonly alerts: string; readonly id: string }[];
	/** What is no alert: that production is away, and that it answers again. */
	readonly notes: readonly string[];
	/** Of one round. */
	readonly mostRequests: number;
	readonly requests: number;
	/** Every twelfth of the day, after a collection where the process has one. */
	readonly samples: readonly { readonly heapMiB: number; readonly handles: number | undefined }[];
	readonly seconds: number;
}

export async function watchDay({ minutes }: { readonly minutes: number }): Promise<DayFigures> {
	const began = performance.now();
	let time = start;
	const folder = await temporaryFolder();
	const sandbox = await startSandbox({
		rateLimit: 1_000_000,
		time: () => time,
		fill: (database) => database.insert("error_events", rows()),
	});
	const gate = await Gate.before(Number(new URL(sandbox.url).port));
	const services = createServices(
		{
			apiUrl: `http://127.0.0.1:${gate.port}`,
			apiKey: sandbox.keys.superAdmin,
			repository: undefined,
			timeoutMs: 30_000,
			maxCallsPerMinute: 1_000_000,
			showPersonalData: false,
			readableColumns: [],
			stateFolder: folder.root,
			check: undefined,
			logLevel: "error",
		},
		{ now: () => time * 1000 },
	);
	const [told, notes, samples]: [DayFigures["told"][number][], string[], DayFigures["samples"][number][]] = [
		[],
		[],
		[],
	];
	let [rounds, requests, mostRequests] = [0, 0, 0];
	const code = await runWatch(
		services,
		{ json: true, once: false, everyMs: minutes * 60_000, failOn: [], limits: [], exec: undefined },
		{
			note: (words) => notes.push(words),
			async print(line) {
				const { alerts, id } = JSON.parse(line);
				told.push({ hour: (time - start) / hour, alerts: alerts.join("+"), id });
			},
			async wait(ms) {
				rounds += 1;
				requests += sandbox.requests.length;
				mostRequests = Math.max(mostRequests, sandbox.requests.length);
				sandbox.forgetRequests();
				time += ms / 1000;
				if (rounds % Math.ceil((24 * 60) / minutes / 12) === 0) samples.push(await sample());
				await gate.set(time < awayFrom || time >= awayFrom + hour);
				if (time > start + day) process.emit("SIGTERM");
			},
		},
	);
	if (code !== 0) throw new Error(`the watch ended with ${code}`);
	await services.close();
	await gate.close();
	await sandbox.close();
	await folder.remove();
	const seconds = (performance.now() - began) / 1000;
	return { rounds, told, notes, mostRequests, requests, samples, seconds };
}

/** Two weeks of a usual code, and one trouble of the day. */
function rows() {
	const random = randomNumbers(7);
	const all: ReturnType<typeof event>[] = [];
	const add = (code: string, from: number, to: number, perHour: number) => {
		for (let at = from; at < to; at += (-Math.log(1 - random()) / perHour) * hour)
			all.push(event({ id: `event-${all.length}`, error_code: code, created_at: Math.floor(at) }));
	};
	add("LLM_TIMEOUT", start - 15 * day, start + day, 3);
	add("ATS_TIMEOUT", start - 15 * day, start + day, 0.5);
	add("ATS_TIMEOUT", troubleFrom, troubleTo, 40);
	return all;
}

async function sample(): Promise<DayFigures["samples"][number]> {
	global.gc?.();
	const open = await readdir("/proc/self/fd").catch(() => undefined);
	return { heapMiB: process.memoryUsage().heapUsed / 1024 / 1024, handles: open?.length };
}

/** A port before production's that can be closed: a connection is refused, as by a machine that is down. */
class Gate {
	#server: Server;
	readonly #sockets = new Set<Socket>();

	private constructor(
		readonly port: number,
		server: Server,
	) {
		this.#server = server;
		server.on("connection", (socket) => {
			this.#sockets.add(socket);
			socket.once("close", () => this.#sockets.delete(socket));
		});
	}

	static async before(target: number): Promise<Gate> {
		const server = createServer((socket) => {
			const onward = connect(target, "127.0.0.1");
			socket.pipe(onward).pipe(socket);
			for (const end of [socket, onward]) {
				end.on("error", () => {});
				end.once("close", () => {
					socket.destroy();
					onward.destroy();
				});
			}
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		return new Gate(port, server);
	}

	async set(isOpen: boolean): Promise<void> {
		if (isOpen === this.#server.listening) return;
		if (!isOpen) return this.close();
		await new Promise<void>((resolve) => this.#server.listen(this.port, "127.0.0.1", resolve));
	}

	async close(): Promise<void> {
		const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
		for (const socket of this.#sockets) socket.destroy();
		await closed;
	}
}

if (process.argv[1]?.endsWith("watch-day.ts")) {
	const figures = await watchDay({ minutes: Number(process.argv[2] ?? 5) });
	const { rounds, told, notes, requests, mostRequests, samples, seconds } = figures;
	const heaps = samples.map(({ heapMiB }) => heapMiB.toFixed(1)).join(" ");
	console.log(`${rounds} rounds in ${seconds.toFixed(1)} s`);
	console.log(`requests: ${requests}, at most ${mostRequests} a round`);
	console.log(`heap, MiB, each twelfth of the day: ${heaps}`);
	console.log(`open handles: ${samples.map(({ handles }) => handles ?? "?").join(" ")}`);
	for (const { hour: at, alerts } of told) console.log(`told at ${at.toFixed(2)} h: ${alerts}`);
	for (const words of notes) console.log(`noted: ${words}`);
}
