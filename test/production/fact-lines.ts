// An answer's facts for a snapshot, one a line, so that a difference shows which fact has changed.

/** Numbers on one line: a day by the hour. */
const numbersOnALine = 24;

/** A longer text in a list is a sentence, such as a finding, and a fact of its own. */
const nameLength = 60;

/** `path: value` each; a table's row is one fact. */
export function factLines(facts: object): string {
	return linesOf("", facts).join("\n");
}

function linesOf(path: string, value: unknown): readonly string[] {
	if (Array.isArray(value)) return linesOfList(path, value);
	if (typeof value !== "object" || value === null) return [`${path}: ${JSON.stringify(value)}`];
	return Object.entries(value).flatMap(([name, inner]) =>
		linesOf(path === "" ? name : `${path}.${name}`, inner),
	);
}

function linesOfList(path: string, list: readonly unknown[]): readonly string[] {
	if (list.length > numbersOnALine && list.every((one) => typeof one === "number"))
		return chunks(list).map((part, at) => `${path}[${at * numbersOnALine}…]: ${JSON.stringify(part)}`);
	const isRow = (one: unknown) => Array.isArray(one) || (typeof one === "string" && one.length > nameLength);
	if (list.some(isRow)) return list.map((row, at) => `${path}[${at}]: ${JSON.stringify(row)}`);
	if (list.some((one) => typeof one === "object" && one !== null))
		return list.flatMap((one, at) => linesOf(`${path}[${at}]`, one));
	return [`${path}: ${JSON.stringify(list)}`];
}

function chunks(list: readonly unknown[]): readonly (readonly unknown[])[] {
	const starts = Array.from(
		{ length: Math.ceil(list.length / numbersOnALine) },
		(_, at) => at * numbersOnALine,
	);
	return starts.map((start) => list.slice(start, start + numbersOnALine));
}
