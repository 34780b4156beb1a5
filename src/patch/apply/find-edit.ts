// Finds what an edit replaces: its lines exactly, else read as models write them.

import type { MatchProblem } from "../failures/index.ts";
import { lenientReadings, type Reading } from "./lenient.ts";
import { findLines, onlyPlace, type Shift, severalPlaces, shiftLines } from "./match.ts";
import type { Wanted } from "./wanted.ts";

type FoundEdit = (Omit<Reading, "note"> & { readonly note?: string }) | { readonly problem: MatchProblem };

/**
 * Each leniency must leave exactly one place, or one that is nearest to the hint.
 *
 * @param numberOf the line number to show for an index
 */
export function findEdit(
	lines: readonly string[],
	wanted: Wanted,
	numberOf: (index: number) => number,
): FoundEdit {
	const found = findLines(lines, wanted, numberOf);
	if ("place" in found) {
		const { at, shift } = found.place;
		const after = shift === undefined ? wanted.replacement : shiftLines(wanted.replacement, shift);
		const count = wanted.lines.length;
		if (after !== undefined)
			return { at, count, after, ...(shift === undefined ? {} : { note: shiftNote(shift) }) };
	} else if (found.problem.kind !== "none" && found.problem.kind !== "part_of_line") return found;
	const readings = lenientReadings(lines, wanted);
	const [first] = readings;
	if (first === undefined) {
		return "problem" in found ? found : { problem: onlyIndented(lines, wanted, numberOf(found.place.at)) };
	}
	const only = onlyPlace(readings, wanted.hint, numberOf);
	return only ?? { problem: severalPlaces(lines, readings, first.count, numberOf) };
}

/** A new line has less indentation than is to be taken away. */
function onlyIndented(lines: readonly string[], { lines: own }: Wanted, line: number): MatchProblem {
	const [inFile, inEdit] = [lines[line - 1] ?? "", own[0] ?? ""];
	return {
		kind: "none",
		nearest: { line, differsAt: line, inFile, inEdit, how: "whitespace", same: 0, of: own.length },
	};
}

function shiftNote({ indent, removed }: Shift): string {
	return `its lines were found with ${removed ? "less" : "more"} indentation (${JSON.stringify(indent)} on each line), and the new lines were indented the same way`;
}
