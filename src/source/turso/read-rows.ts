// Reads a statement's result as rows, as the API gives them.

import type { CheckedSelect } from "../../sql/index.ts";
import { databasePeer, UnexpectedAnswer } from "../failures/index.ts";
import type { Cell, Row } from "../row.ts";
import { refuseOtherColumns } from "../source.ts";
import type { StatementResult, Value } from "./answers.ts";

/**
 * The rows by name. An integer beyond 2^53 is a text, as in the API's answers; a blob is refused in the words in which the
 * API's answer with one is, since the guard makes hex of the columns that hold bytes.
 *
 * @throws {UnexpectedAnswer} for other columns or more rows than were checked
 */
export function readRows({ cols, rows }: StatementResult, select: CheckedSelect): readonly Row[] {
	if (rows.length > select.maxRows)
		throw new UnexpectedAnswer("too_large", "more rows than were asked for", databasePeer);
	const names = cols.map(({ name }) => name ?? "");
	const read = rows.map((values, at) => {
		if (values.length !== names.length)
			throw new UnexpectedAnswer("wrong_shape", "a row has more or fewer cells than columns", databasePeer);
		return Object.fromEntries(
			names.map((name, index) => [name, cellOf(values[index], `data.rows.${at}.${name}`)]),
		);
	});
	refuseOtherColumns(read, select.columns, databasePeer);
	return read;
}

function cellOf(value: Value | undefined, path: string): Cell {
	switch (value?.type) {
		case "integer": {
			const number = Number(value.value);
			return Number.isSafeInteger(number) ? number : value.value;
		}
		case "float":
		case "text":
			return value.value;
		case "null":
		case undefined:
			return null;
		case "blob":
			throw new UnexpectedAnswer("wrong_shape", `field ${path} is missing or of another type`, databasePeer);
	}
}
