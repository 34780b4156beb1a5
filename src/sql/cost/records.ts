// How wide the records are that a program sorts and keeps, by what it puts into their registers.
import { type Operation, perOpcode } from "../engine/compiled.ts";
import type { Loops } from "./loops.ts";

/** The widths of a record's fields. */
type Fields = readonly number[];

const plain = 9;
/** Aggregates whose result is a value that they were given. */
const isText = /^(?:min|max|first_value|last_value|nth_value|lag|lead)\(/;

/** The operations that move values. */
const moving = new Set(
	"Column Function PureFunc Concat AggFinal AggValue Copy SCopy Move MakeRecord Insert IdxInsert SorterInsert SorterData RowData OpenPseudo OpenDup".split(
		" ",
	),
);
const moves = perOpcode((name) => moving.has(name));

/**
 * The widest record of a program, in bytes.
 *
 * @param made characters of the longest text that functions make
 * @param width of a column of production's
 * @see https://sqlite.org/opcode.html
 */
export function widestRecord(
	program: readonly Operation[],
	opened: Loops["opened"],
	made: number,
	width: (table: string, column: string) => number,
): number {
	const registers: number[] = [];
	/** By the register that holds them. */
	const records = new Map<number, Fields>();
	/** What stands in the sorters and temporary tables, by their cursors. */
	const kept = new Map<number, Fields>();
	/** Cursors that read the record of a register, and those that read what another keeps. */
	const pseudo = new Map<number, number>();
	const doubles = new Map<number, number>();
	const original = (cursor: number) => doubles.get(cursor) ?? cursor;
	const fieldsOf = (cursor: number): Fields | undefined => {
		const register = pseudo.get(cursor);
		return register === undefined ? kept.get(original(cursor)) : records.get(register);
	};
	const put = (given: number, fields: Fields = []) => {
		const cursor = original(given);
		const before = kept.get(cursor) ?? [];
		const [longer, other] = fields.length > before.length ? [fields, before] : [before, fields];
		kept.set(
			cursor,
			longer.map((one, at) => Math.max(one, other[at] ?? 0)),
		);
	};
	const told = program.filter(({ opcode }) => moves(opcode));
	let widestColumn = plain;
	let widest = 0;
	// A record may be read further up than where it is made.
	for (let round = 0; round < 2; round += 1) {
		for (const { opcode, p1, p2, p3, p4 } of told) {
			switch (opcode.name) {
				case "Column": {
					const root = opened.get(p1);
					const column = root?.columns[p2];
					const isProductions = root?.table !== undefined && column !== undefined;
					const wide = isProductions ? width(root.table, column) : (fieldsOf(p1)?.[p2] ?? widestColumn);
					if (isProductions) widestColumn = Math.max(widestColumn, wide);
					registers[p3] = wide;
					break;
				}
				case "Function":
				case "PureFunc":
				case "Concat":
					registers[p3] = Math.max(25, made);
					break;
				case "AggFinal":
				case "AggValue":
					registers[opcode.name === "AggValue" ? p3 : p1] = isText.test(p4 ?? "") ? widestColumn : plain;
					break;
				case "Copy":
				case "SCopy":
					registers[p2] = registers[p1] ?? plain;
					break;
				case "Move":
					for (let offset = 0; offset < p3; offset += 1)
						registers[p2 + offset] = registers[p1 + offset] ?? plain;
					break;
				case "MakeRecord": {
					const fields = Array.from({ length: p2 }, (_, offset) => registers[p1 + offset] ?? plain);
					records.set(p3, fields);
					widest = Math.max(
						widest,
						fields.reduce((sum, one) => sum + 1 + one, 8),
					);
					break;
				}
				case "Insert":
				case "IdxInsert":
				case "SorterInsert":
					put(p1, records.get(p2));
					break;
				case "SorterData":
				case "RowData":
					records.set(p2, fieldsOf(p1) ?? []);
					break;
				case "OpenPseudo":
					pseudo.set(p1, p2);
					break;
				case "OpenDup":
					doubles.set(p1, p2);
					break;
			}
		}
		if (round === 0) widest = 0;
	}
	return widest;
}
