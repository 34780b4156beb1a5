// Counts of many series by hour and by five minutes, as they are read from production and kept.

import type { Row } from "../../source/index.ts";
import { fineSeconds, hourSeconds, type PartDimension, partDimensions } from "./history-query.ts";

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
	 * @param from epoch seconds that hours are counted from
	 * @param fineFrom epoch seconds that five minutes are counted from
	 */
	take(rows: readonly Row[], from: number, fineFrom: number): void {
		for (const row of rows) {
			const code = String(row.c ?? "");
			switch (row.kind) {
				case "hours":
					fill(this.#code(code).hours, row.counts, from / hourSeconds);
					break;
				case "fine":
					fill(this.#code(code).fine, row.counts, fineFrom / fineSeconds);
					break;
				case "part":
					fill(this.part(code, row.d, row.v).hours, row.counts, from / hourSeconds);
					break;
				case "quiet":
					this.#quiet.set(partKey(code, row.d, row.v), Number(row.counts));
					break;
			}
		}
	}

	/** Whether a new row is of a part that is not kept, and that is busier than it ever was. */
	hasMoved(rows: readonly Row[]): boolean {
		return rows.some((row) => {
			if (row.kind !== "part") return false;
			const code = String(row.c ?? "");
			const key = partKey(code, row.d, row.v);
			if (this.codes.get(code)?.parts.has(key) === true) return false;
			const most = Math.max(...readPlaces(row.counts).map(([, count]) => count), 0);
			return most > 1.5 * (this.#quiet.get(key) ?? 0) + leastRise;
		});
	}

	/** The rows of parts that are kept. */
	ofKept(rows: readonly Row[]): readonly Row[] {
		return rows.filter(
			(row) =>
				row.kind !== "part" ||
				this.codes.get(String(row.c ?? ""))?.parts.has(partKey(String(row.c ?? ""), row.d, row.v)) === true,
		);
	}

	part(code: string, dimension: unknown, value: unknown): KeptPart {
		const { parts } = this.#code(code);
		const key = partKey(code, dimension, value);
		const known = parts.get(key);
		if (known !== undefined) return known;
		const part = {
			dimension: dimensionOf(dimension),
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

/** So many events more than its busiest hour had, before a part is looked at anew. */
const leastRise = 6;

function partKey(code: string, dimension: unknown, value: unknown): string {
	return JSON.stringify([code, dimension, value]);
}

function dimensionOf(cell: unknown): PartDimension {
	return partDimensions.find((dimension) => dimension === cell) ?? "skill";
}

/** `place:count` pairs. */
export function readPlaces(cell: unknown): readonly (readonly [place: number, count: number])[] {
	return String(cell ?? "")
		.split(" ")
		.flatMap((pair) => {
			const [place, count] = pair.split(":").map(Number);
			return place === undefined || count === undefined ? [] : [[place, count] as const];
		});
}

function fill(places: Places, cell: unknown, first: number): void {
	for (const [place, count] of readPlaces(cell)) places.set(first + place, count);
}
