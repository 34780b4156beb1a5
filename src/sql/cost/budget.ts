// What a query may spend of production's time and memory, and what an estimate of it comes out at in them.
import type { Estimate } from "./plan.ts";
import type { Work } from "./work.ts";

/** Seconds of the slowest engine, and bytes at once, that a query may take. */
const maxSeconds = 2;
const maxBytes = 64_000_000;
/** A larger production is a larger machine, up to a million rows. */
const ordinaryRows = 250_000;
const maxAllowance = 4;
/** Bytes that a record takes beside its fields. */
const recordBytes = 40;
/** A longer key goes on in pages of its own (https://sqlite.org/fileformat2.html#cell_payload_overflow_pages). */
const maxKeyBytes = 1000;
const pageBytes = 8192;
/** What operations were measured to take, against what is supposed of each. */
const calibration = 0.6;
const seekMicroseconds = 2.5;
const glanceMicroseconds = 0.5;
/** SQLite's cache of a temporary table; what does not fit goes through a file. */
const cacheBytes = 2_000_000;
const placedMicroseconds = 10;
const indexedMicroseconds = 5;
const joinedFactor = 4.5;
const keptMicroseconds = 1;

export interface Spent {
	readonly seconds: number;
	readonly bytes: number;
}

export function spentOn(
	{ visits, most, glances, seeks, kept, placed, indexed, peak, windowed }: Estimate,
	work: Work,
	joined: readonly number[],
): Spent {
	const windows = work.windows * (windowed > 0 ? windowed : peak);
	const record = work.width + recordBytes;
	const microseconds =
		calibration *
		// No loop has more rows than the largest has.
		(Math.min(visits * work.perRow, most * work.perRowOfAll) +
			glances * glanceMicroseconds +
			seeks * seekMicroseconds +
			(kept + windows) * keptMicroseconds);
	const beyondCache = (rows: number, each: number) => (rows * record > cacheBytes ? rows * each : 0);
	const written = beyondCache(placed, placedMicroseconds) + beyondCache(indexed, indexedMicroseconds);
	const pages = record > maxKeyBytes ? (placed + indexed) * pageBytes : 0;
	return {
		seconds: (microseconds + written) / 1e6,
		// What is joined doubles as it grows, and is copied once.
		bytes:
			(kept + windows) * record +
			pages +
			joined.reduce((sum, one) => sum + one, 0) * work.length * joinedFactor,
	};
}

export function allowanceOf(largest: number): number {
	return Math.min(maxAllowance, Math.max(1, largest / ordinaryRows));
}

export function isBorne({ seconds, bytes }: Spent, largest: number): boolean {
	const allowance = allowanceOf(largest);
	return seconds <= maxSeconds * allowance && bytes <= maxBytes * allowance;
}
