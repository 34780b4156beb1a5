import type { SandboxDatabase } from "../../../src/sandbox/database.ts";
import { addedColumns, generateQuery } from "./generate.ts";
import { canaryWord, type Production, startProduction } from "./productions.ts";

export interface Interference {
	readonly queries: number;
	/** Answered by both. */
	readonly accepted: number;
	/** Told apart, by the query: answers that differ, or that hold a canary. */
	readonly differing: readonly string[];
}

/** Two productions that differ in withheld data alone, which get more secrets after the guard has seen their schemas. */
export async function startPair(
	options: {
		readonly showPersonalData?: boolean;
		/** Done to each before the guard sees its schema. */
		readonly before?: (database: SandboxDatabase) => void;
	} = {},
): Promise<[Production, Production]> {
	const { before, ...others } = options;
	const pair = await Promise.all([
		startProduction("alpha", { small: true, ...others }),
		startProduction("omega", { small: true, ...others }),
	]);
	for (const { database } of pair) before?.(database);
	const signal = new AbortController().signal;
	for (const [index, production] of pair.entries()) {
		await production.services.queries.tables(signal);
		for (const table of [
			"users",
			"organizations",
			"skills",
			"error_events",
			"roles",
			"user_roles",
			"sessions",
		]) {
			for (const column of addedColumns) {
				production.database.run(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`);
				production.database.run(
					`UPDATE ${table} SET ${column} = '${canaryWord}' || (rowid * ${17 + index * 6} % 23)`,
				);
			}
		}
	}
	return pair;
}

/** Asks both the same generated queries, through the whole tool. */
export async function measureInterference(
	[one, other]: readonly [Production, Production],
	from: number,
	queries: number,
): Promise<Interference> {
	const texts = Array.from({ length: queries }, (_, index) => generateQuery(from + index));
	return compareAnswers([one, other], texts);
}

/** Asks both the same queries, one after the other. */
export async function compareAnswers(
	[one, other]: readonly [Production, Production],
	texts: readonly string[],
): Promise<Interference> {
	let accepted = 0;
	const differing: string[] = [];
	for (const sql of texts) {
		const [told, elsewhere] = await Promise.all([one.ask(sql, 50), other.ask(sql, 50)]);
		if (!told.isError) accepted += 1;
		const same =
			told.isError === elsewhere.isError &&
			(told.isError ? told.text === elsewhere.text : facts(told.structured) === facts(elsewhere.structured));
		if (!same || told.text.includes(canaryWord) || facts(told.structured).includes(canaryWord))
			differing.push(sql);
	}
	return { queries: texts.length, accepted, differing };
}

/** All but how long it took. */
function facts(structured: Readonly<Record<string, unknown>> | undefined): string {
	return JSON.stringify({ ...structured, duration_ms: 0 });
}
