// Counts of many series by hour and by five minutes, as they are read from production and kept.

import type { Row } from "../../source/index.ts";
import {
	type ChosenPart,
	fineSeconds,
	hourSeconds,
	type PartDimension,
	partDimensions,
	perDay,
	perHour,
} from "./history-query.ts";

/** Hour, or five minutes, since the epoch, to count. */
type Places = Map<number, number>;

export interface KeptPart {
	readonly dimension: PartDimension;
	readonly value: string;
	readonly hours: Places;
	readonly fine: Places;
}

export interface KeptCode {
	readonly code: string;
	readonly hours: Places;
	readonly fine: Places;
	readonly parts: Map<string, KeptPart>;
}

/** What was read of a production: its codes, and the parts that moved. */
export class KeptCounts {
	readonly codes = new Map<string, KeptCode>();
	/** The busiest hour of parts that did not move. */
	readonly #quiet = new Map<string, number>();

	/**
	 * Takes rows in. Places that a row names replace what was kept, since an hour that goes on is read again.
	 *
	 * @param from epoch seconds that hours and five minutes are counted from
	 */
	take(rows: readonly Row[], from: number): void {
		for (const row of rows) {
			const code = String(row.c ?? "");
			switch (row.kind) {
				case "hours":
					fill(this.#code(code).hours, readPlaces(row.counts, perDay), from / hourSeconds);
					break;
				case "fine":
					fill(this.#code(code).fine, readPlaces(row.counts, perHour), from / fineSeconds);
					break;
				case "part_hours":
					fill(
						this.part(code, dimensionOf(row.d), row.v).hours,
						readPlaces(row.counts, perDay),
						from / hourSeconds,
					);
					break;
				case "part_fine": {
					const part = this.part(code, dimensionOf(row.d), row.v);
					const found = readPlaces(row.counts, perHour);
					// What is known by the hour is kept by the hour: else the answer would depend on when it was read.
					if (part.hours.size === 0 || part.fine.size > 0) fill(part.fine, found, from / fineSeconds);
					fill(part.hours, byHour(found), from / hourSeconds);
					break;
				}
				case "quiet":
					this.#quiet.set(partKey(code, dimensionOf(row.d), row.v), Number(row.counts));
					break;
			}
		}
	}

	/** The events of each code. */
	totals(): ReadonlyMap<string, number> {
		return new Map(
			[...this.codes].map(([code, { hours }]) => [
				code,
				[...hours.values()].reduce((sum, one) => sum + one, 0),
			]),
		);
	}

	/** Of how many parts of a code those that are kept were chosen. */
	lookedAt(code: string): number {
		const quiet = [...this.#quiet.keys()].filter((key) => key.startsWith(`[${JSON.stringify(code)},`));
		return (this.codes.get(code)?.parts.size ?? 0) + quiet.length;
	}

	/** Whether a new row is of a part that is not kept, and that is busier than it ever was. */
	hasMoved(rows: readonly Row[]): boolean {
		return rows.some((row) => {
			if (row.kind !== "part_fine") return false;
			const code = String(row.c ?? "");
			const key = partKey(code, dimensionOf(row.d), row.v);
			if (this.codes.get(code)?.parts.has(key) === true) return false;
			const most = Math.max(...byHour(readPlaces(row.counts, perHour)).map(([, count]) => count), 0);
			return most > 1.5 * (this.#quiet.get(key) ?? 0) + leastRise;
		});
	}

	/** The rows of parts that are kept. */
	ofKept(rows: readonly Row[]): readonly Row[] {
		return rows.filter(
			(row) =>
				row.kind !== "part_fine" ||
				this.codes
					.get(String(row.c ?? ""))
					?.parts.has(partKey(String(row.c ?? ""), dimensionOf(row.d), row.v)) === true,
		);
	}

	part(code: string, dimension: PartDimension, value: unknown): KeptPart {
		const { parts } = this.#code(code);
		const key = partKey(code, dimension, value);
		const known = parts.get(key);
		if (known !== undefined) return known;
		const part = {
			dimension,
			value: String(value),
			hours: new Map(),
			fine: new Map(),
		};
		parts.set(key, part);
		return part;
	}

	#code(code: string): KeptCode {
		const known = this.codes.get(code);
		if (known !== undefined) return known;
		const made = { code, hours: new Map(), fine: new Map(), parts: new Map() };
		this.codes.set(code, made);
		return made;
	}
}

/** The parts that rows say to read. */
export function chosenParts(rows: readonly Row[]): readonly ChosenPart[] {
	return rows
		.filter(({ kind }) => kind === "moved")
		.map(({ c, d, v }) => ({
			code: String(c),
			dimension: dimensionOf(d),
			value: typeof v === "number" ? v : String(v),
		}));
}

/** So many events more than its busiest hour had, before a part is looked at anew. */
const leastRise = 6;

/** What a part is kept under. */
export function partKey(code: string, dimension: PartDimension, value: unknown): string {
	return JSON.stringify([code, dimension, value]);
}

/** By its number. */
function dimensionOf(cell: unknown): PartDimension {
	return partDimensions[Number(cell)] ?? "skill";
}

/**
 * Groups of places with counts: `12a3b` has 3 at the first place of group 12 and 1 at its second, where a group has
 * `size` places.
 */
export function readPlaces(
	cell: unknown,
	size: number,
): readonly (readonly [place: number, count: number])[] {
	return String(cell ?? "")
		.split(" ")
		.flatMap((group) =>
			[...group.matchAll(/([a-z])(\d*)/g)].map(
				([, letter = "a", count]) =>
					[
						Number.parseInt(group, 10) * size + letter.charCodeAt(0) - "a".charCodeAt(0),
						Number(count || 1),
					] as const,
			),
		);
}

function byHour(found: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
	const hours = new Map<number, number>();
	for (const [place, count] of found) {
		const hour = Math.floor(place / perHour);
		hours.set(hour, (hours.get(hour) ?? 0) + count);
	}
	return [...hours];
}

function fill(places: Places, found: readonly (readonly [number, number])[], first: number): void {
	for (const [place, count] of found) places.set(first + place, count);
}
