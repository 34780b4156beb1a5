// Episodes of several codes that are one trouble: they begin together, and hit the same people or parts.

import type { CodeEpisode } from "../../episodes/index.ts";
import type { Row } from "../../source/index.ts";
import type { TimeStorage } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { logSharedTail } from "./shared-tail.ts";
import { type EpisodePair, pairRows, pairsQuery, sharedDimensions } from "./trouble-query.ts";

/** The most pairs that are looked at, those of the strongest episodes. */
const maxPairs = 12;
/** Onsets this near begin together even where their intervals do not overlap, in seconds. */
const nearSeconds = 600;
/** The chance that two episodes share so many users or sessions, if they were independent. */
const falseChance = 0.001;
/** Fewer shared sessions or users say nothing. */
const leastShared = 3;
/** So much of both codes lies in the same values of a dimension, and so little of the others. */
const sameShare = 0.8;
const restShare = 0.4;
/** For shared parts alone the onsets must be so near and so well known, in seconds. */
const sharpSeconds = 1800;
/** Of the sessions with both codes, in so many one comes first before it is called the cause. */
const leadShare = 0.7;
const leastLed = 5;

/** The episodes of one trouble: the likely cause first. */
export type Trouble = readonly CodeEpisode[];

interface Link {
	readonly pair: EpisodePair;
	/** 1 where the first leads, -1 where the second does, 0 where it cannot be said. */
	readonly leads: -1 | 0 | 1;
}

/** What was found of the pairs that were looked at: they are asked for once. */
export type KnownPairs = Map<string, Link | undefined>;

/**
 * Two episodes are one trouble where they begin together and share users or sessions beyond chance (a hypergeometric
 * tail over those with any error in the same time), or where both lie in the same skill, provider or organization
 * and the rest of the errors does not. Of the two, the code that comes first within the sessions they share is the
 * likely cause.
 *
 * @param known what was found before; new pairs are added
 * @returns troubles of two codes and more
 */
export async function findTroubles(
	database: Database,
	episodes: readonly CodeEpisode[],
	{ storage, known }: { readonly storage: TimeStorage; readonly known: KnownPairs },
	signal: AbortSignal,
): Promise<readonly Trouble[]> {
	const pairs = pairsOf(episodes);
	const unknown = pairs.filter((pair) => !known.has(keyOf(pair)));
	if (unknown.length > 0) {
		const query = pairsQuery(unknown, storage);
		const rows = await database.rows({ query, maxRows: pairRows(unknown.length) }, signal);
		unknown.forEach((pair, index) => {
			known.set(
				keyOf(pair),
				linkOf(
					pair,
					rows.filter((row) => row.pair === index),
				),
			);
		});
	}
	return joined(pairs.flatMap((pair) => known.get(keyOf(pair)) ?? []));
}

function keyOf({ one, other }: EpisodePair): string {
	return JSON.stringify([one, other].map(({ code, where, since, until }) => [code, where, since, until]));
}

/** Pairs of different codes that begin together, the strongest first. */
function pairsOf(episodes: readonly CodeEpisode[]): readonly EpisodePair[] {
	const strongest = [...episodes]
		.filter(({ kind }) => kind !== "growing")
		.sort((one, other) => one.logChance - other.logChance);
	return strongest
		.flatMap((other, index) => strongest.slice(0, index).map((one) => ({ one, other })))
		.filter(({ one, other }) => one.code !== other.code && beginTogether(one, other))
		.slice(0, maxPairs);
}

function beginTogether(one: CodeEpisode, other: CodeEpisode): boolean {
	if ((one.kind === "recurring") !== (other.kind === "recurring")) return false;
	if (one.kind === "recurring" && one.hours?.join() !== other.hours?.join()) return false;
	const overlap = one.between[0] <= other.between[1] && other.between[0] <= one.between[1];
	return overlap || Math.abs(one.since - other.since) <= nearSeconds;
}

function linkOf(pair: EpisodePair, rows: readonly Row[]): Link | undefined {
	const people = rows.filter(({ kind }) => kind === "users" || kind === "sessions").map(readShared);
	const isShared = people.some(
		({ all, one, other, both }) =>
			both >= leastShared && logSharedTail({ all, one, other, both }) < Math.log(falseChance / maxPairs),
	);
	if (!isShared && !(isSharp(pair) && sharedDimensions.some((kind) => sharesPart(rows, kind))))
		return undefined;
	const sessions = people.find(({ kind }) => kind === "sessions");
	const led = (sessions?.oneFirst ?? 0) + (sessions?.otherFirst ?? 0);
	const share = led < leastLed ? 0.5 : (sessions?.oneFirst ?? 0) / led;
	return { pair, leads: share >= leadShare ? 1 : share <= 1 - leadShare ? -1 : 0 };
}

function isSharp({ one, other }: EpisodePair): boolean {
	const width = ({ between }: CodeEpisode) => between[1] - between[0];
	return (
		Math.abs(one.since - other.since) <= sharpSeconds &&
		Math.max(width(one), width(other)) <= 4 * sharpSeconds
	);
}

function readShared(row: Row) {
	const of = (cell: string) => Number(row[cell] ?? 0);
	return {
		kind: row.kind,
		all: of("n"),
		one: of("a"),
		other: of("b"),
		both: of("ab"),
		oneFirst: of("a_first"),
		otherFirst: of("b_first"),
	};
}

/** Whether both codes lie in the same values of a dimension, and the rest does not. */
function sharesPart(rows: readonly Row[], kind: string): boolean {
	const values = rows.filter((row) => row.kind === kind);
	const sum = (cell: string) => values.reduce((total, row) => total + Number(row[cell] ?? 0), 0);
	const total = { a: sum("a"), b: sum("b"), n: sum("n") };
	if (total.a === 0 || total.b === 0) return false;
	const common = (x: "a" | "b", y: "a" | "b" | "n") =>
		values
			.filter(({ v }) => v !== null && v !== "")
			.reduce(
				(shared, row) =>
					shared + Math.min(Number(row[x]) / Math.max(1, total[x]), Number(row[y]) / Math.max(1, total[y])),
				0,
			);
	return common("a", "b") >= sameShare && common("a", "n") <= restShare && common("b", "n") <= restShare;
}

/** Linked episodes together; within, those that lead first, then by onset. */
function joined(links: readonly Link[]): readonly Trouble[] {
	const groups: Set<CodeEpisode>[] = [];
	for (const { pair } of links) {
		const touching = groups.filter((group) => group.has(pair.one) || group.has(pair.other));
		const merged = new Set([...touching.flatMap((group) => [...group]), pair.one, pair.other]);
		for (const group of touching) groups.splice(groups.indexOf(group), 1);
		groups.push(merged);
	}
	const lead = (episode: CodeEpisode) =>
		links.reduce(
			(sum, { pair, leads }) => sum + (pair.one === episode ? leads : pair.other === episode ? -leads : 0),
			0,
		);
	return groups.map((group) =>
		[...group].sort((one, other) => lead(other) - lead(one) || one.since - other.since),
	);
}
