/**
 * Measures what the guard's cost model lets through: `npx tsx bench/cost.ts [rows,rows] [attacks|honest|blind|all] [refused]`.
 * Needs `npm ci --prefix bench` and Debian's `sqlite3`. With `refused` also runs what is refused, once, on libSQL.
 */
import { renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tables } from "../src/sandbox/schema.ts";
import { createGuard, type Guard } from "../src/sql/index.ts";
import { describeError } from "../src/text/index.ts";
import { borderline, costAttacks } from "../test/sql/corpus/cost-attacks.ts";
import { blindAttacks, blindHonest } from "../test/sql/corpus/cost-blind.ts";
import { costHonest } from "../test/sql/corpus/cost-honest.ts";
import type { Ran } from "./cost-engine.ts";
import { makeProduction } from "./cost-production.ts";
import { type CostEngine, commandLine, forked } from "./cost-run.ts";
import { Libsql } from "./libsql.ts";

const maxMs = 2000;
const maxBytes = 100_000_000;
const maxAgeMs = 45 * 60_000;

interface Judged {
	readonly kind: string;
	readonly sql: string;
	/** What is sent; undefined where it is refused. */
	readonly sent: string | undefined;
	readonly refusal: string;
}

function productionOf(rows: number): string {
	const path = join(tmpdir(), `cost-bench-${rows}.db`);
	// Windows of the last hour hold rows only while the data is new.
	const madeAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
	if (Date.now() - madeAt < maxAgeMs) return path;
	rmSync(`${path}.part`, { force: true });
	makeProduction(`${path}.part`, rows, Math.floor(Date.now() / 1000));
	renameSync(`${path}.part`, path);
	return path;
}

export function guardOn(path: string): Guard {
	const db = new Libsql(path, { readonly: true });
	const names = Object.keys(tables);
	const counts = Object.fromEntries(
		names.map((name) => [name, Number(db.prepare(`SELECT count(*) AS n FROM ${name}`).all()[0]?.n)]),
	);
	return createGuard(
		{
			tables: async () => names,
			columns: async (table) =>
				db
					.prepare(`PRAGMA table_info(${table})`)
					.all()
					.map(({ name, type, notnull, pk }) => ({
						name: String(name),
						type: String(type),
						notNull: notnull === 1,
						primaryKey: Number(pk),
					})),
			rowCounts: async () => counts,
			ask: async ({ text }) => db.prepare(text).all(),
		},
		{
			showPersonalData: false,
			clock: { now: () => Date.now() },
		},
	);
}

export async function judge(guard: Guard, kind: string, sql: string): Promise<Judged> {
	try {
		const { select } = await guard.checkAgent(sql, { limit: 100, signal: new AbortController().signal });
		return { kind, sql, sent: select.text, refusal: "" };
	} catch (error) {
		const words = describeError(error);
		if (words === undefined) throw error;
		return { kind, sql, sent: undefined, refusal: words };
	}
}

function groupsOf(what: string): readonly (readonly [string, readonly string[]])[] {
	const isWanted = (kind: string) => what === kind || what === "all";
	return [
		...(isWanted("attacks") ? [...Object.entries(costAttacks), ["borderline", borderline] as const] : []),
		...(isWanted("honest") ? [["honest", costHonest] as const] : []),
		...(isWanted("blind")
			? [["blind attacks", blindAttacks] as const, ["blind honest", blindHonest] as const]
			: []),
	];
}

const shown = ({ ms, bytes, error }: Ran) =>
	`${ms.toFixed(0)} ms ${(bytes / 1e6).toFixed(0)} MB${error === undefined ? "" : ` (${error.slice(0, 60)})`}`;

async function measure(rows: number, what: string, alsoRefused: boolean): Promise<void> {
	const path = productionOf(rows);
	const guard = guardOn(path);
	const engines = await Promise.all([forked("embedded", path), forked("libsql", path), commandLine(path)]);
	const factor = Math.max(1, (4 * rows) / 1_000_000);
	const groups = groupsOf(what);
	console.log(`${rows} events: ${engines.map(({ name }) => name).join(", ")}`);
	let [sent, refused, over] = [0, 0, 0];
	for (const [kind, texts] of groups) {
		let passed = 0;
		for (const sql of texts) {
			const judged = await judge(guard, kind, sql);
			if (judged.sent === undefined) {
				refused += 1;
				if (kind.endsWith("honest")) console.log(`  REFUSED ${sql}\n    ${judged.refusal}`);
				if (alsoRefused) await showRefused(engines[1], judged);
				continue;
			}
			sent += 1;
			passed += 1;
			const ran: Ran[] = [];
			for (const engine of engines) ran.push(await engine.run(judged.sent));
			const isOver = ran.some(({ ms, bytes }) => ms > maxMs * factor || bytes > maxBytes * factor);
			const isNear = ran.some(
				({ ms, bytes }) => ms > (maxMs * factor) / 2 || bytes > (maxBytes * factor) / 2,
			);
			if (isOver) over += 1;
			if (isOver || isNear || !kind.endsWith("honest") || ran.some(({ error }) => error !== undefined))
				console.log(
					`  ${isOver ? "OVER" : isNear ? "near" : "sent"} ${ran.map(shown).join(" | ")}: ${sql.slice(0, 240)}`,
				);
		}
		console.log(`${kind}: ${passed} of ${texts.length} sent`);
	}
	console.log(
		`${rows} events: ${sent} sent, ${refused} refused, ${over} over ${maxMs * factor} ms or ${(maxBytes * factor) / 1e6} MB`,
	);
	for (const engine of engines) engine.close();
}

/** Whether what is refused would have cost much: on one engine, as it would be sent. */
async function showRefused(engine: CostEngine, { sql, refusal }: Judged): Promise<void> {
	const ran = await engine.run(`SELECT * FROM (${sql.replace(/;\s*$/, "")}) LIMIT 101`);
	const isCheap = ran.error === undefined && ran.ms < maxMs / 4 && ran.bytes < maxBytes / 4;
	console.log(
		`  ${isCheap ? "cheap" : "costly"} ${shown(ran)}: ${sql.slice(0, 160)}\n    ${refusal.slice(0, 200)}`,
	);
}

if (process.argv[1] === import.meta.filename) {
	const [sizes = "100000,1000000", what = "all", refused] = process.argv.slice(2);
	for (const rows of sizes.split(",").map(Number)) await measure(rows, what, refused !== undefined);
	process.exit();
}
