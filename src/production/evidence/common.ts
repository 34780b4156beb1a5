// What an episode's events have in common that others do not have.

import { type CodeEpisode, logBetaBinomialTail } from "../../episodes/index.ts";
import type { Row } from "../../source/index.ts";
import type { Dimension } from "../filters.ts";
import { allField, type CommonField, commonFields, commonKind } from "./common-query.ts";

/** A value that is over-represented. */
export interface InCommon {
	readonly field: CommonField;
	readonly value: string;
	/** Of the episode's sessions, 0 to 1. */
	readonly share: number;
	/** Of what is nearest to it: the same code before, else other codes meanwhile, else runs that succeeded. */
	readonly usual: number;
	readonly against: "before" | "others" | "runs";
}

/** Values that are told of one episode; of a new code's, which other codes need not have, fewer. */
const maxTold = 3;
const maxToldOfNew = 2;
/** A reference with fewer sessions or runs says nothing. */
const enough = 10;
const least = 6;
/** What fewer have in common is not the episode's. */
const leastShare = 1 / 3;
/** The share is so much above the reference's. */
const above = 1.5;
/** ln of the chance below which a value is told, all values that were looked at together. */
const unlikely = Math.log(0.01);
/** Squared coefficient of variation of a share from one day to the next. */
const drift = 0.1;

/** @param rows of one episode @returns the most telling first */
export function readCommon(
	rows: readonly Row[],
	{ where = [] }: CodeEpisode,
	filtered: readonly Dimension[],
): readonly InCommon[] {
	const told = new Set<string>([...where.map(({ dimension }) => dimension), ...filtered]);
	const of = (field: string) => rows.filter(({ kind }) => kind === `${commonKind}${field}`);
	const [all] = of(allField);
	if (all === undefined) return [];
	const looked = commonFields.reduce((sum, field) => sum + Number(of(field)[0]?.d ?? 0), 0);
	return commonFields
		.filter((field) => !told.has(field))
		.flatMap((field) => of(field).flatMap((row) => readValue(field, row, all, looked)))
		.sort((one, other) => one.logChance - other.logChance)
		.filter(({ against }, index) => index < (against === "others" ? maxToldOfNew : maxTold))
		.map(({ logChance: _, ...one }) => one);
}

/** @param total counts all, of which the row's are shares */
function readValue(
	field: CommonField,
	row: Row,
	total: Row,
	looked: number,
): readonly (InCommon & { readonly logChance: number })[] {
	const of = (cell: string) => Number(row[cell] ?? 0);
	const totalOf = (cell: string) => Number(total[cell] ?? 0);
	const [count, all] = [of("n"), totalOf("n")];
	if (all < least || count < leastShare * all) return [];
	const references = (
		[
			{ against: "before", some: of("a"), among: totalOf("a") },
			{ against: "others", some: of("b"), among: totalOf("b") },
			{ against: "runs", some: of("c"), among: hasRuns(field) ? totalOf("c") : 0 },
		] as const
	).filter((one) => one.among >= enough);
	const chances = references.map(({ some, among }) => {
		const share = Math.min(0.999, (some + 0.5) / (among + 1));
		const variance = drift + (1 - share) / (share * (among + 1));
		return count / all < (above * some) / among ? 0 : logBetaBinomialTail(count, all, share, variance);
	});
	const [nearest] = references;
	const logChance = Math.max(...chances, Number.NEGATIVE_INFINITY);
	if (nearest === undefined || logChance + Math.log(Math.max(1, looked)) >= unlikely) return [];
	const { against, some, among } = nearest;
	return [{ field, value: String(row.times), share: count / all, usual: some / among, against, logChance }];
}

/** Runs have no provider, action or status, and their skills go by other names. */
function hasRuns(field: CommonField): boolean {
	return field === "organization" || field === "tier" || field === "account";
}
