/**
 * The process in which the guard is measured. `bench/guard.ts` bundles it the way the product is bundled, and starts it.
 * It uses no network: the schema is the sandbox's. Prints the figures as JSON.
 */
import { tables } from "../src/sandbox/schema.ts";
import { type Catalog, createGuard, type Guard } from "../src/sql/guard.ts";
import { systemClock } from "../src/system/clock.ts";
import { honest } from "../test/sql/corpus/honest.ts";

const signal = new AbortController().signal;

export interface GuardRun {
	/** From nothing to the first verdict, milliseconds: the engine loaded, the tables mirrored. */
	readonly readyMs: number;
	/** One check of an honest query of the corpus, microseconds. */
	readonly p50: number;
	readonly p99: number;
	readonly checks: number;
	/** The engine's memory in use after a tenth of the checks, and after all. */
	readonly engineBytes: readonly [number, number];
	/** JavaScript's heap at the same two moments, after a collection where the process has one (`node --expose-gc`). */
	readonly heapBytes: readonly [number, number];
}

function catalogOfSandbox(): Catalog {
	return {
		tables: async () => Object.keys(tables),
		async columns(table) {
			const definitions: readonly string[] = tables[table as keyof typeof tables] ?? [];
			const key = /^PRIMARY KEY \((.*)\)$/.exec(definitions.at(-1) ?? "")?.[1]?.split(", ") ?? [];
			return definitions
				.filter((definition) => !definition.startsWith("PRIMARY"))
				.map((definition) => {
					const [name = "", type = ""] = definition.split(" ");
					const place = definition.includes("PRIMARY KEY") ? 1 : key.indexOf(name) + 1;
					return { name, type, notNull: definition.includes("NOT NULL"), primaryKey: place };
				});
		},
		rowCounts: async () => Object.fromEntries(Object.keys(tables).map((table) => [table, 50_000])),
	};
}

async function measure(checks: number): Promise<GuardRun> {
	const started = performance.now();
	const guard = createGuard(catalogOfSandbox(), { showPersonalData: false, clock: systemClock });
	await guard.checkAgent("SELECT error_code, count(*) FROM error_events GROUP BY error_code", {
		limit: 100,
		signal,
	});
	const readyMs = performance.now() - started;

	const accepted = checks === 0 ? [] : await acceptedBy(guard);
	const times = new Float64Array(checks);
	let early: readonly [number, number] = [0, 0];
	for (let index = 0; index < checks; index += 1) {
		const sql = accepted[index % accepted.length] ?? "SELECT 1";
		// No two texts are the same.
		const distinct = `${sql.replace(/;$/, "")} -- ${index}`;
		const begun = performance.now();
		await guard.checkAgent(distinct, { limit: 100, signal });
		times[index] = (performance.now() - begun) * 1000;
		if (index === Math.floor(checks / 10)) early = [await guard.memoryUsed(), heapBytes()];
	}
	const late = [await guard.memoryUsed(), heapBytes()] as const;
	times.sort();
	return {
		readyMs,
		p50: times[Math.floor(checks * 0.5)] ?? Number.NaN,
		p99: times[Math.floor(checks * 0.99)] ?? Number.NaN,
		checks,
		engineBytes: [early[0], late[0]],
		heapBytes: [early[1], late[1]],
	};
}

/** At 50,000 rows a table, some honest queries are too much. */
async function acceptedBy(guard: Guard): Promise<readonly string[]> {
	const accepted: string[] = [];
	for (const sql of honest) {
		const verdict = await guard.checkAgent(sql, { limit: 100, signal }).then(
			() => true,
			() => false,
		);
		if (verdict) accepted.push(sql);
	}
	return accepted;
}

function heapBytes(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}

process.stdout.write(JSON.stringify(await measure(Number(process.argv[2]))));
