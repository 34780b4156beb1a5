/**
 * The long run of the property that test/sql/non-interference.test.ts holds: `npx tsx bench/non-interference.ts [queries]
 * [first seed]`. Prints each query that the two productions answer differently.
 */
import { measureInterference, startPair } from "../test/sql/corpus/interference.ts";

const queries = Number(process.argv[2] ?? 20_000);
const first = Number(process.argv[3] ?? 1);
const step = 1000;
const pair = await startPair();
let accepted = 0;
let differing = 0;
for (let from = first; from < first + queries; from += step) {
	const result = await measureInterference(pair, from, Math.min(step, first + queries - from));
	accepted += result.accepted;
	differing += result.differing.length;
	for (const sql of result.differing) console.log(`differs: ${sql}`);
}
console.log(`${queries} queries, ${accepted} accepted and answered, ${differing} answered differently`);
await Promise.all(pair.map((production) => production.close()));
process.exitCode = differing === 0 ? 0 : 1;
